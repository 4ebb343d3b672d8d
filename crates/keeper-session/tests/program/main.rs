//! The program from outside, without a display: hostile peers, a display that is not there or says
//! nothing, and notices. With a display: `tests/device`.

mod notices;
mod peers;
mod start;

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::geteuid;
use tempfile::TempDir;

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(60);

/// A display that is surely not there.
const NO_DISPLAY: &str = ":59999";

/// One at work, in a directory of its own. Dropped, it is gone.
struct Helper {
    child: Child,
    dir: TempDir,
}

#[allow(
    clippy::disallowed_methods,
    reason = "tests start programs as users do"
)]
fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_keeper-session"))
}

impl Helper {
    /// Starts one that looks at `display` and shows notices with `notify-send` of its directory.
    fn start(display: &str) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), display)
    }

    fn start_in(dir: TempDir, display: &str) -> Self {
        let child = program()
            .arg("--socket")
            .arg(dir.path().join("socket"))
            .arg("--notify-send")
            .arg(dir.path().join("notify-send"))
            .args(["--client", &geteuid().as_raw().to_string()])
            .args(["--display", display])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let helper = Self { child, dir };
        let end = Instant::now() + SOON;
        while UnixStream::connect(helper.socket()).is_err() {
            assert!(Instant::now() < end, "it does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        helper
    }

    fn socket(&self) -> std::path::PathBuf {
        self.dir.path().join("socket")
    }

    fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.socket()).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        stream
    }

    /// All that it answers.
    fn ask(&self, sent: &[u8]) -> String {
        let mut stream = self.connect();
        // It may have answered and closed before it has read all.
        let _ = stream.write_all(sent);
        answer(&mut stream)
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All that comes until the end, which may be a rude one.
fn answer(stream: &mut UnixStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}
