//! A real Chromium on this machine, unpacked and not installed, started as the device starts it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::panic::AssertUnwindSafe;
use std::process::{Child, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use browser::cdp::{self, Session, Target, Way};
use image::progress::Progress;
use image::tools::{ToolSet, Tools};
use libtest_mimic::Trial;
use look::Screen;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness;
use crate::patience::wait_for;

/// The browser and what it is shown on.
const CHROMIUM: ToolSet = ToolSet {
    name: "chromium",
    packages: &[
        "chromium",
        "dash",
        "fonts-dejavu-core",
        // As in the image: without it Japanese pages are rows of boxes.
        "fonts-noto-cjk",
        "x11-xkb-utils",
        "xkb-data",
        "xvfb",
    ],
};

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(90);

/// A scenario in the browser that all of a part's share; the first one starts it.
pub fn scenario(name: &'static str, play: impl Fn(&mut Chromium) + Send + 'static) -> Trial {
    static BROWSER: Mutex<Option<Chromium>> = Mutex::new(None);
    Trial::test(name, move || {
        let mut browser = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
        let browser = browser.get_or_insert_with(Chromium::start);
        let started = Instant::now();
        let played = harness::run(AssertUnwindSafe(|| play(browser)));
        eprintln!("    {name}: {:.0} s", started.elapsed().as_secs_f64());
        if played.is_err() {
            eprintln!("the browser says:\n{}", browser.log());
        }
        played
    })
}

/// A browser on a screen in memory. It is gone when this is dropped.
pub struct Chromium {
    tools: Tools,
    screen: Screen,
    dir: TempDir,
    port: u16,
    child: Option<Child>,
}

impl Chromium {
    /// Fetches it unless it is in the cache, and starts it. Inside the sandbox only.
    ///
    /// # Panics
    /// It cannot be had, or does not start.
    pub fn start() -> Self {
        let tools = crate::tool_set(CHROMIUM, &Progress::new(true));
        let dir = tempfile::tempdir().expect("a scratch directory");
        let screen = Screen::start(&tools, &dir.path().join("screen"), (1024, 768));
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("it is bound").port();
        // Whoever holds it would send Chromium to another address.
        drop(free);
        let mut chromium = Self {
            screen: screen.expect("a screen"),
            tools,
            dir,
            port,
            child: None,
        };
        chromium.launch();
        chromium
    }

    /// Where its debugging port is.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Starts it again, after [`Chromium::kill`].
    ///
    /// # Panics
    /// It does not start.
    pub fn launch(&mut self) {
        let profile = self.dir.path().join("profile");
        for name in ["SingletonLock", "SingletonSocket", "SingletonCookie"] {
            let _ = fs_err::remove_file(profile.join(name));
        }
        let command = self.screen.cmd(&self.tools, "chromium").args([
            // The sandbox of these tests leaves nothing to make Chromium's own from.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--ozone-platform=x11",
            "--kiosk",
            "--no-first-run",
            "--no-default-browser-check",
            "--noerrdialogs",
            "--disable-session-crashed-bubble",
            "--hide-crash-restore-bubble",
            "--password-store=basic",
            "--disable-component-update",
            "--disable-background-networking",
        ]);
        let command = command
            .arg(format!("--remote-debugging-port={}", self.port))
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank");
        let log = fs_err::File::create(self.dir.path().join("log")).expect("a log");
        let mut command = command.command();
        command.stdout(Stdio::null()).stderr(log.into_file());
        self.child = Some(command.spawn().expect("chromium starts"));
        let up = wait_for("the browser", SOON, || self.try_tabs().ok());
        assert!(up.is_some(), "{}", self.log());
    }

    /// Ends it as the kernel does when memory runs out.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Both fail only for a process that is gone already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// What it said.
    pub fn log(&self) -> String {
        fs_err::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    fn try_tabs(&self) -> Result<Vec<Target>, cdp::Error> {
        block(cdp::list(self.way()))
    }

    /// The id of the tab whose address begins so.
    pub fn tab(&self, url: &str) -> Option<String> {
        let tabs = self.try_tabs().unwrap_or_default();
        tabs.into_iter()
            .find(|tab| tab.url.starts_with(url))
            .map(|tab| tab.id)
    }

    /// Opens a tab, which shows nothing yet; its id.
    ///
    /// # Panics
    /// The browser refuses.
    pub fn open(&self) -> String {
        let opened = block(cdp::open(self.way(), "about:blank"));
        opened.unwrap_or_else(|error| panic!("{error}")).id
    }

    /// Whether there is a tab with this id, whatever it shows.
    pub fn has_tab(&self, id: &str) -> bool {
        let tabs = self.try_tabs().unwrap_or_default();
        tabs.iter().any(|tab| tab.id == id)
    }

    /// Calls a method in a tab, as a person's hand or a developer's tool; what it answers.
    ///
    /// # Panics
    /// The tab is gone, or refuses.
    pub fn call(&self, tab: &str, method: &str, params: Value) -> Value {
        let answer = block(async {
            let mut session = Session::connect(self.way(), tab).await?;
            session.call(method, params).await
        });
        let answer = answer.unwrap_or_else(|error| panic!("{method}: {error}"));
        serde_json::from_str(&answer).expect("JSON")
    }

    /// As [`Chromium::call`], without an answer.
    pub fn send(&self, tab: &str, method: &str, params: Value) {
        let sent = block(async {
            let mut session = Session::connect(self.way(), tab).await?;
            session.send(method, params).await?;
            // The connection's end would overtake it.
            tokio::time::sleep(Duration::from_millis(200)).await;
            Ok::<_, cdp::Error>(())
        });
        sent.unwrap_or_else(|error| panic!("{method}: {error}"));
    }

    /// Clicks into a tab: the gesture after which a page may ask before it is left.
    pub fn click(&self, tab: &str) {
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({"type": kind, "x": 5, "y": 5, "button": "left", "clickCount": 1});
            self.call(tab, "Input.dispatchMouseEvent", params);
        }
    }

    fn way(&self) -> Way {
        Way {
            address: self.address(),
            limit: Duration::from_secs(20),
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.kill();
    }
}

fn block<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}
