//! A stand-in for keeper-apply: its socket, what it was asked, and what it answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(60);

/// The socket, with a thread behind it.
pub(crate) struct Root {
    asked: Receiver<String>,
}

impl Root {
    /// Listens in `dir`, where the harness has keeperd look. Each question is handed to `answer` with the connection.
    pub(crate) fn start(
        dir: &Path,
        answer: impl Fn(&str, &mut UnixStream) + Send + 'static,
    ) -> Self {
        let listener = UnixListener::bind(dir.join("apply.sock")).expect("a socket");
        let (send, asked) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("a connection");
                let mut reader = BufReader::new(stream);
                let mut line = String::new();
                let most = setup::MAX_LINE as u64;
                let read = (&mut reader).take(most).read_line(&mut line);
                if read.is_err() || send.send(line.clone()).is_err() {
                    break;
                }
                answer(&line, &mut reader.into_inner());
            }
        });
        Self { asked }
    }

    /// The next question, as it came.
    pub(crate) fn asked(&self) -> String {
        self.asked.recv_timeout(SOON).expect("a question")
    }

    /// Whether nothing was asked so far.
    pub(crate) fn was_left_alone(&self) -> bool {
        self.asked.try_recv().is_err()
    }
}

/// Says something; who has gone away is not told.
pub(crate) fn say(stream: &mut UnixStream, line: &str) {
    let _ = stream.write_all(line.as_bytes());
    let _ = stream.write_all(b"\n");
}

/// A part that is done.
pub(crate) fn part(stream: &mut UnixStream, work: &str) {
    for progress in ["begun", "done"] {
        say(
            stream,
            &format!(r#"{{"answer":"progress","work":"{work}","progress":"{progress}"}}"#),
        );
    }
}
