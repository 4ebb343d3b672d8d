//! keeperd's unix socket: how many may connect, how much they may send, how long they may take.
//!
//! Everything that comes in is bounded: connections, the length of a line, the time it takes. The
//! protocol is the `control` crate's; who may ask is in `people`, what is answered in `answer` and
//! `picture`.

use crate::answer::{Known, answer};
use crate::journal;
use crate::people::People;
use crate::picture::Pictures;
use anyhow::{Context as _, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use control::{Reply, Request};
use std::convert::Infallible;
use std::fs::Permissions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader,
};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Connections at the same time.
const CONNECTIONS: usize = 16;

/// How long a whole request may take to arrive, and a reply to be fetched.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait when no connection can be accepted (no file descriptors are left).
const RECOVERY: Duration = Duration::from_millis(200);

/// The listening socket; it disappears with this value.
pub(crate) struct Socket {
    listener: UnixListener,
    path: Utf8PathBuf,
}

impl Socket {
    /// Listens at `path`. Everybody may connect; `people` knows who may ask.
    ///
    /// # Errors
    /// When another keeperd answers there, or something that is no socket is in the way.
    pub(crate) fn bind(path: &Utf8Path) -> Result<Self> {
        remove_left_over(path)?;
        let listener = UnixListener::bind(path).with_context(|| format!("listening on {path}"))?;
        let socket = Self {
            listener,
            path: path.to_owned(),
        };
        std::fs::set_permissions(path, Permissions::from_mode(0o666))
            .with_context(|| format!("setting the permissions of {path}"))?;
        Ok(socket)
    }

    /// Answers whoever connects, for ever.
    pub(crate) async fn serve(
        &self,
        people: People,
        known: Rc<Known>,
        pictures: Pictures,
    ) -> Infallible {
        let pictures = Rc::new(pictures);
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    journal::warning(format_args!("accepting a connection: {error}"));
                    tokio::time::sleep(RECOVERY).await;
                    continue;
                }
            };
            if let Err(reason) = people.admit(&stream) {
                turn_away(stream, reason);
                continue;
            }
            let Ok(place) = places.clone().try_acquire_owned() else {
                turn_away(stream, format!("more than {CONNECTIONS} connections"));
                continue;
            };
            let (known, pictures) = (known.clone(), pictures.clone());
            tokio::task::spawn_local(async move {
                // A peer that goes away in the middle is its own business.
                let _ = converse(stream, &known, &pictures).await;
                drop(place);
            });
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            journal::warning(format_args!("removing {}: {error}", self.path));
        }
    }
}

/// Removes the socket of a keeperd that was killed.
fn remove_left_over(path: &Utf8Path) -> Result<()> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("looking at {path}")),
        Ok(found) if !found.file_type().is_socket() => {
            bail!("listening on {path}: something that is no socket is there")
        }
        Ok(_) => {}
    }
    match std::os::unix::net::UnixStream::connect(path) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
            std::fs::remove_file(path).with_context(|| format!("removing the left-over {path}"))
        }
        Err(error) => Err(error).with_context(|| format!("trying {path}")),
        Ok(_) => bail!("listening on {path}: another keeperd answers there"),
    }
}

/// Says why without waiting for anything: the line fits into the empty buffer of a new connection.
fn turn_away(stream: UnixStream, reason: String) {
    let refusal = control::to_line(&refusal(reason));
    if let (Ok(line), Ok(mut stream)) = (refusal, stream.into_std()) {
        let _ = stream.write_all(line.as_bytes());
    }
}

/// Answers request after request until the peer ends, breaks the rules, or gets a picture.
async fn converse(
    mut stream: UnixStream,
    known: &Known,
    pictures: &Pictures,
) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let mut read = BufReader::with_capacity(1024, read);
    loop {
        let (reply, last) = match timeout(PATIENCE, next_line(&mut read)).await {
            Ok(Ok(Line::Complete(line))) => match control::from_line(&line) {
                Ok(Request::Screenshot {}) => return pictures.send(&mut write).await,
                Ok(request) => (answer(request, known).await, false),
                Err(error) => (refusal(error.to_string()), false),
            },
            Ok(Ok(Line::TooLong)) => (
                refusal(format!("longer than {} bytes", control::MAX_REQUEST)),
                true,
            ),
            Ok(Ok(Line::End)) => return Ok(()),
            Ok(Err(error)) => return Err(error),
            Err(_) => (
                refusal(format!("no complete line within {} s", PATIENCE.as_secs())),
                true,
            ),
        };
        timeout(
            PATIENCE,
            write.write_all(control::to_line(&reply)?.as_bytes()),
        )
        .await??;
        if last {
            return Ok(());
        }
    }
}

fn refusal(message: String) -> Reply {
    Reply::Error { message }
}

enum Line {
    Complete(Vec<u8>),
    TooLong,
    /// The peer has ended; the half of a line that it may have left is no request.
    End,
}

async fn next_line(read: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Line> {
    let mut line = Vec::new();
    read.take(control::MAX_REQUEST as u64 + 1)
        .read_until(b'\n', &mut line)
        .await?;
    Ok(match line.pop() {
        Some(b'\n') => Line::Complete(line),
        Some(_) if line.len() == control::MAX_REQUEST => Line::TooLong,
        _ => Line::End,
    })
}
