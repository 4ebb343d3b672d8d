//! A keeperd in a directory of its own, and the stand-in for systemd that it reports to.

use control::{Reply, Request, Status};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(30);

/// A running keeperd in a directory of its own. Killed when dropped.
pub(crate) struct Daemon {
    pub(crate) dir: tempfile::TempDir,
    told: Receiver<String>,
    pub(crate) child: Child,
}

#[allow(
    clippy::disallowed_methods,
    reason = "the daemon is started as systemd would, without the builder's wrapper"
)]
pub(crate) fn command(dir: &tempfile::TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keeperd"));
    command
        .arg("--config")
        .arg(dir.path().join("keeper.toml"))
        .arg("--socket")
        .arg(dir.path().join("keeperd.sock"))
        .arg("--browser-status")
        .arg(dir.path().join("browser"))
        .arg("--restart-browser")
        .arg(dir.path().join("restart-browser"))
        .arg("--state")
        .arg(dir.path().join("state.json"))
        .arg("--sign-in")
        .arg(dir.path().join("sign-in"))
        .arg("--session")
        .arg(dir.path().join("session.sock"))
        .arg("--answers")
        .arg(dir.path().join("setup.json"))
        .arg("--apply")
        .arg(dir.path().join("apply.sock"))
        .arg("--preset-problems")
        .arg(dir.path().join("preset-problems"))
        // A device at work, unless a test replaces this.
        .arg("--set-up")
        .arg(dir.path())
        .arg("--accounts")
        .arg(dir.path())
        // Any port, and one on which nobody listens.
        .args(["--web", "127.0.0.1:0", "--browser", "127.0.0.1:1"]);
    command
}

impl Daemon {
    /// Starts it with `config` and waits until it says that it is ready.
    pub(crate) fn start(config: &str) -> Self {
        let dir = tempfile::tempdir().expect("a scratch directory");
        std::fs::write(dir.path().join("keeper.toml"), config).expect("writing the configuration");
        Self::start_in(dir)
    }

    pub(crate) fn start_in(dir: tempfile::TempDir) -> Self {
        Self::start_with(dir, &[])
    }

    /// As [`Self::start_in`], with options that replace the harness's own.
    pub(crate) fn start_with(dir: tempfile::TempDir, options: &[&str]) -> Self {
        let socket = dir.path().join("notify");
        let notify = UnixDatagram::bind(&socket).expect("a socket for sd_notify");
        let told = listen(notify);
        let child = command(&dir)
            .args(options)
            .env("NOTIFY_SOCKET", &socket)
            .env("WATCHDOG_USEC", "200000")
            .stderr(Stdio::piped())
            .spawn()
            .expect("starting keeperd");
        let daemon = Self { dir, told, child };
        daemon.told("READY=1");
        daemon
    }

    /// Waits for a notification that holds `line`; returns it.
    pub(crate) fn told(&self, line: &str) -> String {
        let end = Instant::now() + SOON;
        while let Ok(text) = self
            .told
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            if text.lines().any(|found| found.starts_with(line)) {
                return text;
            }
        }
        panic!("keeperd never said {line}");
    }

    pub(crate) fn write_config(&self, text: &str) {
        std::fs::write(self.dir.path().join("keeper.toml"), text)
            .expect("writing the configuration");
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("sending a signal");
    }

    /// SIGHUP, until keeperd says that it is done with it.
    pub(crate) fn reload(&self) {
        self.signal(Signal::HUP);
        self.told("RELOADING=1");
        self.told("READY=1");
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.dir.path().join("keeperd.sock")
    }

    pub(crate) fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.socket()).expect("connecting to keeperd");
        stream.set_read_timeout(Some(SOON)).expect("a timeout");
        stream
    }

    /// Sends `bytes`; the one line that comes back.
    pub(crate) fn say(&self, bytes: &[u8]) -> Reply {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("sending");
        reply(&mut BufReader::new(stream))
    }

    pub(crate) fn status(&self) -> Status {
        match self.say(
            control::to_line(&Request::Status {})
                .expect("a request")
                .as_bytes(),
        ) {
            Reply::Status(status) => status,
            other => panic!("no status: {other:?}"),
        }
    }

    /// SIGKILL, and another one in the same directory.
    pub(crate) fn killed_and_started(mut self) -> Self {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let other = tempfile::tempdir().expect("a scratch directory");
        let dir = std::mem::replace(&mut self.dir, other);
        std::fs::remove_file(dir.path().join("notify")).expect("the socket of before");
        Self::start_in(dir)
    }

    /// SIGTERM, then its exit status and what it wrote to stderr.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        self.signal(Signal::TERM);
        self.told("STOPPING=1");
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .expect("stderr")
            .read_to_string(&mut log)
            .expect("reading stderr");
        (self.child.wait().expect("waiting for keeperd"), log)
    }
}

/// Takes notifications off the socket as they come, as systemd does: a full one would stop keeperd.
fn listen(notify: UnixDatagram) -> Receiver<String> {
    let (send, told) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length) = notify.recv(&mut buffer) {
            if send
                .send(String::from_utf8_lossy(&buffer[..length]).into_owned())
                .is_err()
            {
                break;
            }
        }
    });
    told
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn reply(stream: &mut BufReader<UnixStream>) -> Reply {
    let mut line = Vec::new();
    stream
        .read_until(b'\n', &mut line)
        .expect("a line from keeperd");
    control::from_line(&line).expect("a reply")
}

#[track_caller]
pub(crate) fn assert_refused(reply: Reply, reason: &str) {
    match reply {
        Reply::Error { message } => assert!(message.contains(reason), "{message}"),
        other => panic!("not refused: {other:?}"),
    }
}
