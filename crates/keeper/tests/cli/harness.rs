//! The program under test, stand-ins for the keeperd that it asks, and a terminal.

use control::{ConfigStatus, InForce, Reply, State, Status};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// `keeper` in English, whatever the language of whoever runs the tests.
#[allow(
    clippy::disallowed_methods,
    reason = "the program itself is under test"
)]
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keeper"));
    command.args(arguments);
    for variable in ["LC_ALL", "LC_MESSAGES", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.env("LANG", "C.UTF-8").env("TERM", "xterm");
    command
}

pub fn keeper(arguments: &[&str]) -> Output {
    command(arguments).output().expect("starting keeper")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on stdout")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8 on stderr")
}

/// A keeperd in a directory of its own. It takes connection after connection, and answers each as it
/// was told; then it is gone.
pub struct StandIn {
    dir: tempfile::TempDir,
}

impl StandIn {
    /// Expects these requests, and gives these answers.
    pub fn new(exchanges: Vec<(String, Vec<u8>)>) -> Self {
        let stand_in = Self::absent();
        stand_in.begin(exchanges);
        stand_in
    }

    /// Nobody listens yet.
    pub fn absent() -> Self {
        let dir = tempfile::tempdir().expect("a scratch directory");
        Self { dir }
    }

    pub fn begin(&self, exchanges: Vec<(String, Vec<u8>)>) {
        let path = self.path();
        let listener = UnixListener::bind(&path).expect("a socket");
        std::thread::spawn(move || {
            for (request, answer) in exchanges {
                let (stream, _) = listener.accept().expect("a connection");
                converse(&stream, &request, &answer);
            }
            let _ = std::fs::remove_file(path);
        });
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("keeperd.sock")
    }

    /// Runs `keeper` with `arguments` and this socket.
    pub fn ask(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("starting keeper")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.arg("--socket").arg(self.path());
        command
    }
}

fn converse(stream: &UnixStream, request: &str, answer: &[u8]) {
    let mut line = String::new();
    BufReader::new(stream)
        .read_line(&mut line)
        .expect("a request");
    assert_eq!(line, format!("{request}\n"));
    let _ = { stream }.write_all(answer);
}

/// One exchange.
pub fn answered(request: &str, answer: impl Into<Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    vec![(request.to_owned(), answer.into())]
}

/// `number` times the status `status`.
pub fn statuses(number: usize, status: &Status) -> Vec<(String, Vec<u8>)> {
    let line = control::to_line(&Reply::Status(status.clone())).expect("a reply");
    let exchange = ("{\"ask\":\"status\"}".to_owned(), line.into_bytes());
    vec![exchange; number]
}

pub fn idle() -> Status {
    Status {
        version: "0.1.0".into(),
        pid: 7,
        state: State::Idle,
        reason: "no notebook configured".into(),
        uptime_seconds: 5,
        config: ConfigStatus {
            path: "/x".into(),
            in_force: InForce::File,
            problems: Vec::new(),
        },
        browser: None,
        kiosk: None,
        network: None,
        web: None,
        notebooks: Vec::new(),
        keep: None,
        tunnel: None,
    }
}

/// A terminal: where it is looked at, and where a program writes.
pub fn terminal() -> (File, File) {
    // Were it handed on, no program would ever see its terminal go.
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags).expect("a terminal");
    grantpt(&master).expect("a terminal");
    unlockpt(&master).expect("a terminal");
    let name = ptsname(&master, Vec::new()).expect("its name");
    let name = name.into_string().expect("UTF-8 in its name");
    let mut options = File::options();
    options.read(true).write(true);
    // Ours it shall not be.
    options.custom_flags(rustix::fs::OFlags::NOCTTY.bits() as i32);
    (
        File::from(master),
        options.open(name).expect("the terminal"),
    )
}

/// Reads until what was read has `part`; returns all of it.
pub fn until(reader: &mut impl std::io::Read, part: &str) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&text).ends_with(part) {
        match reader.read(&mut byte) {
            Ok(1) => text.push(byte[0]),
            end => panic!(
                "{end:?} before {part:?}: {:?}",
                String::from_utf8_lossy(&text)
            ),
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// What is left; the end of a terminal is an error.
pub fn rest(mut reader: impl std::io::Read) -> String {
    let mut text = Vec::new();
    let _ = reader.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}
