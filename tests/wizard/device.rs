//! A device of which only keeperd is real: new, or at work. What keeper-apply would answer is `root`'s.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use cmd::Cmd;
use control::{Reply, Request};
use e2e::chromium::Chromium;
use e2e::patience::wait_for;
use tempfile::TempDir;

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(60);

/// Nobody listens there: the browser of most of these tests is a person's, and not kept by keeperd.
const NOBODY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// The time zones that it has.
const ZONES: [&str; 4] = ["America/New_York", "Asia/Tokyo", "Europe/Berlin", "UTC"];

/// A directory with a keeperd in it. Both are gone when this is dropped.
pub struct Device {
    dir: TempDir,
    /// Where its pages are, in all its lives: those of before know no other.
    port: u16,
    /// The browser that it keeps notebooks in.
    browser: SocketAddr,
    child: Child,
    at_work: bool,
}

impl Device {
    /// One without an owner, in Japan as the image has it.
    pub fn new() -> Self {
        Self::with("", false, NOBODY)
    }

    /// One that is set up.
    pub fn at_work(config: &str) -> Self {
        Self::with(config, true, NOBODY)
    }

    /// The same, with notebooks in this browser.
    pub fn keeping(chromium: &Chromium, config: &str) -> Self {
        Self::with(config, true, chromium.address())
    }

    fn with(config: &str, at_work: bool, browser: SocketAddr) -> Self {
        let dir = tempfile::tempdir().expect("a scratch directory");
        fs_err::write(dir.path().join("keeper.toml"), config).expect("the configuration");
        let zones = dir.path().join("system/usr/share/zoneinfo");
        let mut table = String::new();
        for zone in ZONES {
            let file = zones.join(zone);
            fs_err::create_dir_all(file.parent().expect("a directory")).expect("a directory");
            fs_err::write(file, "").expect("a zone");
            table += &format!("Z {zone} 0 - X\n");
        }
        fs_err::write(zones.join("tzdata.zi"), table).expect("the zones");
        if at_work {
            fs_err::write(dir.path().join("mark"), "").expect("the mark");
        }
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let mut device = Self {
            child: launch(dir.path(), port, browser),
            dir,
            port,
            browser,
            at_work,
        };
        device.wait();
        device
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// SIGKILL, as the kernel does when memory runs out; then another one with what is left.
    pub fn killed_and_started(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.child = launch(self.dir.path(), self.port, self.browser);
        self.wait();
    }

    /// Has other settings put in force, past the pages: SIGHUP, as keeper-apply has systemd send it.
    pub fn configure(&self, config: &str) {
        fs_err::write(self.path("keeper.toml"), config).expect("the configuration");
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::HUP).expect("it runs");
    }

    /// The beginning of all its addresses.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The address of one of its pages, such as `/setup/owner`.
    pub fn url(&self, path: &str) -> String {
        self.origin() + path
    }

    /// Sends answers past the browser, as if they had been given before.
    ///
    /// # Panics
    /// The page refuses them.
    #[track_caller]
    pub fn answer(&self, step: &str, fields: &[(&str, &str)]) {
        let base = if self.at_work { "settings" } else { "setup" };
        let page = self.exchange(&format!("GET /{base}/place HTTP/1.1\r\n"), "");
        let (_, rest) = page.split_once("name=\"token\" value=\"").expect("a token");
        let mut body = format!("token={}", rest.split('"').next().unwrap_or_default());
        for (name, value) in fields {
            body += &format!("&{name}=");
            for byte in value.bytes() {
                body += &format!("%{byte:02X}");
            }
        }
        let head = format!(
            "POST /{base}/{step} HTTP/1.1\r\nOrigin: {}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n",
            self.origin(),
            body.len()
        );
        let answer = self.exchange(&head, &body);
        assert!(answer.starts_with("HTTP/1.1 303"), "{step}: {answer}");
    }

    fn exchange(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("the pages");
        stream.set_read_timeout(Some(SOON)).expect("a timeout");
        let request = format!(
            "{head}Host: 127.0.0.1:{}\r\nConnection: close\r\n\r\n{body}",
            self.port
        );
        stream.write_all(request.as_bytes()).expect("asking");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// What keeperd says in the journal.
    pub fn journal(&self) -> String {
        fs_err::read_to_string(self.path("journal")).unwrap_or_default()
    }

    fn wait(&mut self) {
        let up = wait_for("keeperd", SOON, || self.serves().then_some(()));
        assert!(up.is_some(), "{}", self.journal());
    }

    fn serves(&self) -> bool {
        let ask = || -> std::io::Result<Reply> {
            let mut stream = UnixStream::connect(self.path("socket"))?;
            stream.set_read_timeout(Some(SOON))?;
            stream.write_all(control::to_line(&Request::Status {})?.as_bytes())?;
            let mut line = String::new();
            BufReader::new(stream).read_line(&mut line)?;
            Ok(control::from_line(line.as_bytes())?)
        };
        match ask() {
            Ok(Reply::Status(status)) => status.web.is_some_and(|web| web.problem.is_none()),
            _ => false,
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn launch(dir: &Path, port: u16, browser: SocketAddr) -> Child {
    let journal = fs_err::OpenOptions::new()
        .create(true)
        .append(true)
        .open(dir.join("journal"));
    let mut command = Cmd::new(e2e::setting("E2E_KEEPERD"));
    for (option, name) in [
        ("--config", "keeper.toml"),
        ("--socket", "socket"),
        ("--state", "state.json"),
        ("--answers", "setup.json"),
        ("--set-up", "mark"),
        ("--apply", "apply"),
        ("--preset-problems", "problems"),
        ("--system", "system"),
        ("--session", "session"),
        ("--sign-in", "sign-in"),
        ("--restart-browser", "restart"),
        ("--browser-status", "browser"),
    ] {
        command = command.arg(option).arg(dir.join(name));
    }
    let mut command = command
        .arg("--web")
        .arg(format!("127.0.0.1:{port}"))
        .arg("--browser")
        .arg(browser.to_string())
        .args(["--github", "http://127.0.0.1:1"])
        .command();
    command
        .stdout(Stdio::null())
        .stderr(journal.expect("a journal").into_file());
    command.spawn().expect("keeperd starts")
}
