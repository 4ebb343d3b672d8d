//! Waiting for what takes its time in emulation, aloud; and running a program that might not end.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use cmd::Cmd;

const POLL: Duration = Duration::from_millis(500);
const SHORT: Duration = Duration::from_millis(20);
/// Who has said something and then nothing for so long waits for an answer.
const SILENCE: Duration = Duration::from_secs(2);
/// Whoever waits longer wants to know for what.
const WORTH_A_LINE: Duration = Duration::from_secs(3);

/// What a program said.
#[derive(Debug, Default, Clone)]
pub struct Said {
    /// Its exit status; none when it was killed, or did not end in time.
    pub code: Option<i32>,
    /// Its stdout.
    pub stdout: String,
    /// Its stderr.
    pub stderr: String,
}

impl Said {
    /// Its stdout, without the last line break. It must have ended well.
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, Some(0), "expected success: {self:#?}");
        self.stdout.trim_end().to_owned()
    }
}

/// Asks until there is an answer: `None` after `limit`.
pub fn wait_for<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        let answer = ask();
        let passed = started.elapsed();
        if answer.is_some() {
            if passed > WORTH_A_LINE {
                eprintln!("    {what}: after {:.0} s", passed.as_secs_f64());
            }
            return answer;
        }
        if passed > limit {
            return None;
        }
        std::thread::sleep(POLL);
    }
}

/// Runs `command` with `stdin`, and kills it after `limit`.
///
/// # Panics
/// It cannot be started.
pub fn run(command: Cmd, stdin: &str, limit: Duration) -> Said {
    let mut program = Program::start(command, stdin);
    // The end of its input.
    program.stdin = None;
    let started = Instant::now();
    let code = loop {
        match program.ended() {
            Some(code) => break code,
            None if started.elapsed() > limit => break None,
            None => std::thread::sleep(SHORT),
        }
    };
    program.end(code)
}

/// As [`run`], without an end of its input, for what would hang up at that; it is killed once it has
/// said something and fallen silent.
///
/// # Panics
/// It cannot be started.
pub fn converse(command: Cmd, stdin: &str, limit: Duration) -> Said {
    let (mut program, started) = (Program::start(command, stdin), Instant::now());
    let (mut length, mut since) = (0, Instant::now());
    let code = loop {
        if let Some(code) = program.ended() {
            break code;
        }
        let now = program.stdout.length();
        if now != length {
            (length, since) = (now, Instant::now());
        }
        if started.elapsed() > limit || (length > 0 && since.elapsed() > SILENCE) {
            break None;
        }
        std::thread::sleep(SHORT);
    };
    program.end(code)
}

/// A program and its pipes.
struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Listener,
    stderr: Listener,
}

impl Program {
    fn start(command: Cmd, stdin: &str) -> Self {
        let mut command = command.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let spawned = command.stderr(Stdio::piped()).spawn();
        let mut child = spawned.expect("the tools are there");
        let mut pipe = child.stdin.take().expect("it is piped");
        // No script of ours is longer than a pipe holds; who ends without reading it is no fault.
        let _ = pipe.write_all(stdin.as_bytes());
        Self {
            stdin: Some(pipe),
            stdout: Listener::to(child.stdout.take().expect("it is piped")),
            stderr: Listener::to(child.stderr.take().expect("it is piped")),
            child,
        }
    }

    fn ended(&mut self) -> Option<Option<i32>> {
        let status = self.child.try_wait().expect("it is our child");
        status.map(|status| status.code())
    }

    fn end(mut self, code: Option<i32>) -> Said {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        Said {
            code,
            stdout: self.stdout.end(),
            stderr: self.stderr.end(),
        }
    }
}

/// Collects what comes out of a pipe.
struct Listener {
    heard: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl Listener {
    fn to(mut pipe: impl Read + Send + 'static) -> Self {
        let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
        let shared = Arc::clone(&heard);
        let thread = std::thread::spawn(move || {
            let mut piece = [0; 4096];
            // What came before a break still counts.
            while let Ok(length @ 1..) = pipe.read(&mut piece) {
                let mut heard = shared.lock().expect("no thread panicked");
                heard.extend_from_slice(&piece[..length]);
            }
        });
        Self { heard, thread }
    }

    fn length(&self) -> usize {
        self.heard.lock().expect("no thread panicked").len()
    }

    fn end(self) -> String {
        self.thread.join().expect("reading does not panic");
        let heard = self.heard.lock().expect("no thread panicked");
        String::from_utf8_lossy(&heard).into_owned()
    }
}
