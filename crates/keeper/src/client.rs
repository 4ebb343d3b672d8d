//! Asks keeperd over its socket. The protocol is the `control` crate's.

use crate::output::plain;
use crate::words::say;
use camino::Utf8Path;
use control::{Reply, Request};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How long keeperd may think.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Error {
    /// Nobody listens.
    NotRunning { socket: String, source: io::Error },
    /// The socket is closed to us.
    NotAllowed { socket: String, source: io::Error },
    /// No answer in time.
    Silent,
    /// The connection broke.
    Broken(io::Error),
    /// The answer is none.
    Nonsense(serde_json::Error),
    /// The answer is one to another question.
    Beside,
    /// keeperd says no, in words.
    Refused(String),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Self::NotRunning { socket, .. } => {
                say("keeperd is not running: connecting to {}", &[socket])
            }
            Self::NotAllowed { socket, .. } => say(
                "not allowed to talk to keeperd: connecting to {}",
                &[socket],
            ),
            Self::Silent => say(
                "keeperd does not answer within {} s",
                &[&PATIENCE.as_secs()],
            ),
            Self::Broken(_) => say("talking to keeperd", &[]),
            Self::Nonsense(_) => say("keeperd's answer makes no sense", &[]),
            Self::Beside => say("keeperd answered something else than it was asked", &[]),
            Self::Refused(reason) => say("keeperd refuses: {}", &[&plain(reason)]),
        };
        f.write_str(&text)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotRunning { source, .. }
            | Self::NotAllowed { source, .. }
            | Self::Broken(source) => Some(source),
            Self::Nonsense(source) => Some(source),
            Self::Silent | Self::Beside | Self::Refused(_) => None,
        }
    }
}

impl Error {
    /// What to type next.
    pub(crate) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotRunning { .. } | Self::Silent => "`systemctl status keeperd` says why",
            Self::NotAllowed { .. } => "use sudo, or an account in the group keeper-people",
            Self::Broken(_) | Self::Nonsense(_) | Self::Beside => {
                "`journalctl -u keeperd -n 20` may say more"
            }
            Self::Refused(_) => return None,
        };
        Some(say(hint, &[]))
    }
}

/// A connection to keeperd.
pub(crate) struct Connection(BufReader<UnixStream>);

impl Connection {
    /// Connects to the keeperd that listens at `socket`.
    pub(crate) fn open(socket: &Utf8Path) -> Result<Self, Error> {
        let stream = UnixStream::connect(socket).map_err(|source| {
            let socket = socket.to_string();
            match source.kind() {
                ErrorKind::PermissionDenied => Error::NotAllowed { socket, source },
                _ => Error::NotRunning { socket, source },
            }
        })?;
        let timeout = Some(PATIENCE);
        let set = stream.set_read_timeout(timeout);
        set.and_then(|()| stream.set_write_timeout(timeout))
            .map_err(Error::Broken)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends `request` and waits for its reply.
    pub(crate) fn ask(&mut self, request: &Request) -> Result<Reply, Error> {
        let line = control::to_line(request).map_err(Error::Nonsense)?;
        match self.0.get_mut().write_all(line.as_bytes()) {
            // Whoever is turned away is told why before anything is asked.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            written => written.map_err(silent)?,
        }
        let mut line = Vec::new();
        (&mut self.0)
            .take(control::MAX_REPLY as u64 + 1)
            .read_until(b'\n', &mut line)
            .map_err(silent)?;
        if line.pop() != Some(b'\n') {
            return Err(Error::Broken(ErrorKind::UnexpectedEof.into()));
        }
        match control::from_line(&line).map_err(Error::Nonsense)? {
            Reply::Error { message } => Err(Error::Refused(message)),
            reply => Ok(reply),
        }
    }

    /// What comes after the reply.
    pub(crate) fn rest(&mut self) -> &mut impl Read {
        &mut self.0
    }
}

/// A timeout of a socket shows as `WouldBlock`.
pub(crate) fn silent(error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Error::Silent,
        _ => Error::Broken(error),
    }
}
