//! A real keeperd, started for one scenario.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use cmd::Cmd;
use control::{NotebookState, NotebookStatus, Reply, Request, Status};
use e2e::chromium::Chromium;
use tempfile::TempDir;

/// keeperd, with its directory.
pub struct Keeper {
    child: Child,
    dir: TempDir,
}

impl Keeper {
    /// Starts it for these notebooks. `haste` is how fast their time goes.
    pub fn start(chromium: &Chromium, notebooks: &[String], haste: u32, more: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let config = format!("[browser]\nreload_minutes = 1\nnotebooks = {notebooks:?}\n");
        fs_err::write(dir.path().join("keeper.toml"), config).expect("the configuration");
        let child = launch(chromium, &dir, haste, more);
        Self { child, dir }
    }

    /// Ends it and starts it again, with what it has saved.
    pub fn restart(&mut self, chromium: &Chromium, haste: u32) {
        self.end();
        self.child = launch(chromium, &self.dir, haste, &[]);
    }

    pub fn status(&self) -> Option<Status> {
        match self.ask(&Request::Status {}).ok()? {
            Reply::Status(status) => Some(status),
            other => panic!("no status: {other:?}"),
        }
    }

    pub fn ask(&self, request: &Request) -> std::io::Result<Reply> {
        let mut stream = UnixStream::connect(self.dir.path().join("socket"))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(control::to_line(request)?.as_bytes())?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(control::from_line(line.as_bytes())?)
    }

    /// Waits until notebook `number` is so; how it is then, and after how long.
    #[track_caller]
    pub fn wait(
        &self,
        number: usize,
        limit: Duration,
        wanted: impl Fn(&NotebookStatus) -> bool,
    ) -> (NotebookStatus, Duration) {
        let (started, mut last) = (Instant::now(), None);
        while started.elapsed() < limit {
            let notebooks = self
                .status()
                .map(|status| status.notebooks)
                .unwrap_or_default();
            if let Some(notebook) = notebooks.into_iter().nth(number - 1) {
                if wanted(&notebook) {
                    return (notebook, started.elapsed());
                }
                last = Some(notebook);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!(
            "not within {} s: {last:?}\n{}",
            limit.as_secs(),
            self.journal()
        );
    }

    /// As [`Keeper::wait`], for a state.
    #[track_caller]
    pub fn becomes(&self, state: NotebookState, limit: Duration) -> (NotebookStatus, Duration) {
        self.wait(1, limit, |notebook| notebook.state == state)
    }

    /// Bytes of memory that are its alone.
    pub fn anonymous(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = fs_err::read_to_string(status).expect("it runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let size = line
            .and_then(|line| line.trim().strip_suffix(" kB"))
            .expect("a size");
        size.parse::<u64>().expect("a number") * 1024
    }

    /// Seconds of processor time that it has used.
    pub fn processor(&self) -> f64 {
        let stat =
            fs_err::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it runs");
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .expect("fields")
            .split(' ')
            .collect();
        let ticks: f64 = [12, 13]
            .iter()
            .map(|at| fields[*at].parse::<f64>().expect("ticks"))
            .sum();
        ticks / 100.0
    }

    /// Whether it has asked for a restart of the browser.
    pub fn wants_restart(&self) -> Option<String> {
        fs_err::read_to_string(self.dir.path().join("restart")).ok()
    }

    pub fn journal(&self) -> String {
        fs_err::read_to_string(self.dir.path().join("journal")).unwrap_or_default()
    }

    fn end(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        // Fails only for a process that is gone already.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.child.wait();
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.end();
    }
}

fn launch(chromium: &Chromium, dir: &TempDir, haste: u32, more: &[&str]) -> Child {
    let path = |name: &str| dir.path().join(name);
    let journal = fs_err::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path("journal"));
    let mut command = Cmd::new(e2e::setting("E2E_KEEPERD"))
        .arg("--config")
        .arg(path("keeper.toml"))
        .arg("--socket")
        .arg(path("socket"))
        .arg("--state")
        .arg(path("state.json"))
        .arg("--answers")
        .arg(path("setup.json"))
        // A device at work.
        .arg("--set-up")
        .arg(dir.path())
        .arg("--session")
        .arg(path("session"))
        .arg("--sign-in")
        .arg(path("sign-in"))
        .arg("--restart-browser")
        .arg(path("restart"))
        .arg("--browser")
        .arg(chromium.address().to_string())
        .args(["--web", "127.0.0.1:0", "--haste"])
        .arg(haste.to_string())
        .args(more)
        .command();
    command
        .stdout(Stdio::null())
        .stderr(journal.expect("a journal").into_file());
    command.spawn().expect("keeperd starts")
}
