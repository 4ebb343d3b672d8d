//! Asks keeperd one thing over its socket. The protocol is the `control` crate's.

use camino::Utf8Path;
use control::{Reply, Request};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How long keeperd may think.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("keeperd is not running: connecting to {socket}")]
    NotRunning { socket: String, source: io::Error },
    #[error("not allowed to talk to keeperd: connecting to {socket}")]
    NotAllowed { socket: String, source: io::Error },
    #[error("keeperd does not answer within {} s", PATIENCE.as_secs())]
    Silent,
    #[error("talking to keeperd")]
    Broken(#[from] io::Error),
    #[error("keeperd's answer makes no sense")]
    Nonsense(#[from] serde_json::Error),
    #[error("keeperd refuses: {0}")]
    Refused(String),
}

impl Error {
    /// What to type next.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotRunning { .. } | Self::Silent => Some("`systemctl status keeperd` says why"),
            Self::NotAllowed { .. } => Some("use sudo, or an account in the group keeperd"),
            Self::Broken(_) | Self::Nonsense(_) => {
                Some("`journalctl -u keeperd -n 20` may say more")
            }
            Self::Refused(_) => None,
        }
    }
}

/// Sends `request` to the keeperd that listens at `socket` and waits for its reply.
pub(crate) fn ask(socket: &Utf8Path, request: &Request) -> Result<Reply, Error> {
    let mut stream = connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream
        .write_all(control::to_line(request)?.as_bytes())
        .map_err(silent)?;
    let mut line = Vec::new();
    BufReader::new(stream.take(control::MAX_REPLY as u64 + 1))
        .read_until(b'\n', &mut line)
        .map_err(silent)?;
    if line.pop() != Some(b'\n') {
        return Err(io::Error::from(ErrorKind::UnexpectedEof).into());
    }
    match control::from_line(&line)? {
        Reply::Error { message } => Err(Error::Refused(message)),
        reply => Ok(reply),
    }
}

fn connect(socket: &Utf8Path) -> Result<UnixStream, Error> {
    UnixStream::connect(socket).map_err(|source| {
        let socket = socket.to_string();
        match source.kind() {
            ErrorKind::PermissionDenied => Error::NotAllowed { socket, source },
            _ => Error::NotRunning { socket, source },
        }
    })
}

/// A timeout of a socket shows as `WouldBlock`.
fn silent(error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Error::Silent,
        _ => Error::Broken(error),
    }
}
