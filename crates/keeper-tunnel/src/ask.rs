//! One conversation with the machine, by the distribution's ssh.

use crate::judge;
use cmd::Cmd;
use control::Machine;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// The first word of what runs on the machine: its own scripts may have said something before.
const READY: &str = "keeper-ready";

/// What the machine's shell runs: it gives back every line until an empty one, then names its GPU.
const SCRIPT: &str = r#"echo keeper-ready
while read -r line && [ -n "$line" ]; do echo "$line"; done
exec nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits 2>/dev/null"#;

/// How often it is measured; the shortest counts, since anything may come between.
const ROUNDS: u32 = 3;

/// The most bytes of each of ssh's outputs that are read.
const MOST: u64 = 16 * 1024;

/// How the machine is behind `ssh`, which lacks host and command; it takes no longer than `limit`.
pub(crate) fn ask(ssh: Cmd, limit: Duration) -> Machine {
    let end = Instant::now() + limit;
    let ssh = ssh.args(["-T", "colab-vm", SCRIPT]);
    let mut command = ssh.command();
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return judge::unknown(&format!("starting ssh: {error}")),
    };
    let machine = converse(&mut child, end);
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
    machine
}

fn converse(child: &mut Child, end: Instant) -> Machine {
    let (Some(stdin), Some(stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return judge::unknown("ssh has no pipes");
    };
    let said = Lines::of(stdout, end);
    let complained = Lines::of(stderr, end);
    match said.round_trip(stdin) {
        Ok(round_trip) => Machine::Up {
            round_trip_us: u64::try_from(round_trip.as_micros()).unwrap_or(u64::MAX),
            // It may take its time, or hang: the machine is up all the same.
            gpu: said.next().ok().and_then(|line| judge::gpu(&line)),
        },
        Err(RecvTimeoutError::Timeout) => Machine::Silent,
        Err(RecvTimeoutError::Disconnected) => judge::complaint(complained.last().as_deref()),
    }
}

/// The lines of a stream as they come, up to a moment.
struct Lines {
    lines: Receiver<String>,
    end: Instant,
}

impl Lines {
    fn of(stream: impl Read + Send + 'static, end: Instant) -> Self {
        let (sender, lines) = sync_channel(64);
        thread::spawn(move || read(stream, &sender));
        Self { lines, end }
    }

    fn next(&self) -> Result<String, RecvTimeoutError> {
        let left = self.end.saturating_duration_since(Instant::now());
        self.lines.recv_timeout(left)
    }

    /// The last line that is not empty, when the stream has ended.
    fn last(&self) -> Option<String> {
        let lines = std::iter::from_fn(|| self.next().ok());
        lines.filter(|line| !line.trim().is_empty()).last()
    }

    /// The time that the machine's shell takes to give a line back.
    fn round_trip(&self, mut stdin: ChildStdin) -> Result<Duration, RecvTimeoutError> {
        while self.next()? != READY {}
        let mut shortest = Duration::MAX;
        for round in 0..ROUNDS {
            let start = Instant::now();
            // Where the line is broken, the answer does not come.
            let _ = writeln!(stdin, "{round}");
            while self.next()? != round.to_string() {}
            shortest = shortest.min(start.elapsed());
        }
        let _ = writeln!(stdin);
        Ok(shortest)
    }
}

fn read(stream: impl Read, to: &SyncSender<String>) {
    let lines = BufReader::new(stream.take(MOST)).split(b'\n');
    for line in lines.map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if to.send(line).is_err() {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_says_nothing_is_given_up_on() {
        let start = Instant::now();
        let ssh = Cmd::new("sh").args(["-c", "exec sleep 60"]);
        assert_eq!(ask(ssh, Duration::from_secs(1)), Machine::Silent);
        assert!(start.elapsed() < Duration::from_secs(20));
        let dead = Cmd::new("sh").args(["-c", "echo keeper-ready; exec sleep 60"]);
        assert_eq!(ask(dead, Duration::from_secs(1)), Machine::Silent);
        let none = ask(Cmd::new("/no/such/ssh"), Duration::from_secs(1));
        assert!(matches!(none, Machine::Unknown { .. }), "{none:?}");
    }

    #[test]
    fn a_gpu_that_hangs_does_not_make_the_machine_silent() {
        let script = "echo keeper-ready; while read -r line && [ -n \"$line\" ]; do echo \"$line\"; done; exec sleep 60";
        let said = ask(Cmd::new("sh").args(["-c", script]), Duration::from_secs(2));
        assert!(matches!(said, Machine::Up { gpu: None, .. }), "{said:?}");
    }
}
