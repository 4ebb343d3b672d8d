//! Pictures of the desktop: from the session helper to whoever asks, a piece at a time. keeperd holds
//! no picture and looks at none; whether it is whole, its receiver sees from its end.

use crate::journal;
use camino::Utf8PathBuf;
use control::{MAX_REQUEST, Reply, SessionReply, SessionRequest};
use std::io::{Error, ErrorKind, Result};
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt as _, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader, Take,
};
use tokio::net::UnixStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The bytes that are held at a time.
const PIECE: usize = 16 * 1024;

/// The most bytes of a picture; a large screen, badly compressed, has half of it.
const MOST: u64 = 64 * 1024 * 1024;

/// How long a picture may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Until the helper says that it begins.
    pub(crate) begin: Duration,
    /// From one piece to the next, and for each to be fetched.
    pub(crate) piece: Duration,
    /// All of it.
    pub(crate) whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            begin: Duration::from_secs(8),
            piece: Duration::from_secs(5),
            whole: Duration::from_secs(60),
        }
    }
}

/// Hands on pictures, one at a time.
pub(crate) struct Pictures {
    /// Where the session helper listens.
    helper: Utf8PathBuf,
    limits: Limits,
    place: Semaphore,
}

impl Pictures {
    pub(crate) fn new(helper: Utf8PathBuf, limits: Limits) -> Self {
        Self {
            helper,
            limits,
            place: Semaphore::new(1),
        }
    }

    /// Answers with a picture, or says why there is none. Afterwards the connection is to be closed.
    ///
    /// # Errors
    /// The client does not fetch what it has asked for.
    pub(crate) async fn send(&self, client: &mut (impl AsyncWrite + Unpin)) -> Result<()> {
        let Ok(_place) = self.place.try_acquire() else {
            return self
                .say(client, &refusal("another picture is being made"))
                .await;
        };
        let mut picture = match timeout(self.limits.begin, self.begin()).await {
            Ok(Ok(picture)) => picture,
            Ok(Err(reason)) => return self.say(client, &refusal(&reason)).await,
            Err(_) => {
                return self
                    .say(client, &refusal("the desktop does not answer"))
                    .await;
            }
        };
        self.say(client, &Reply::Picture {}).await?;
        let copied = timeout(self.limits.whole, self.copy(&mut picture, client)).await;
        copied.unwrap_or_else(|_| Err(late("the whole picture")))
    }

    async fn say(&self, client: &mut (impl AsyncWrite + Unpin), reply: &Reply) -> Result<()> {
        let line = control::to_line(reply)?;
        timeout(self.limits.piece, client.write_all(line.as_bytes())).await?
    }

    /// Asks the helper; what comes after its answer is the picture.
    async fn begin(&self) -> std::result::Result<BufReader<Take<UnixStream>>, String> {
        let stream = UnixStream::connect(&self.helper).await.map_err(|error| {
            format!(
                "the desktop is not there: connecting to {}: {error}",
                self.helper
            )
        })?;
        let mut stream = BufReader::with_capacity(PIECE, stream.take(MOST));
        let answer = async {
            let request = control::to_line(&SessionRequest::Picture {})?;
            let helper = stream.get_mut().get_mut();
            helper.write_all(request.as_bytes()).await?;
            let mut line = Vec::new();
            let mut first = (&mut stream).take(MAX_REQUEST as u64);
            first.read_until(b'\n', &mut line).await?;
            Result::Ok(control::from_line(&line)?)
        };
        match answer.await {
            Ok(SessionReply::Picture {}) => Ok(stream),
            Ok(SessionReply::Error { message }) => Err(format!("the desktop refuses: {message}")),
            Ok(_) => Err("the desktop answers something else".to_owned()),
            Err(error) => Err(format!("asking the desktop: {error}")),
        }
    }

    async fn copy(
        &self,
        picture: &mut BufReader<Take<UnixStream>>,
        client: &mut (impl AsyncWrite + Unpin),
    ) -> Result<()> {
        loop {
            // The receiver sees that the picture has no end; why, only the journal knows.
            let piece = match timeout(self.limits.piece, picture.fill_buf()).await {
                Ok(Ok(piece)) => piece,
                broken => {
                    let error = match broken {
                        Ok(Err(error)) => error,
                        _ => late("a piece"),
                    };
                    journal::warning(format_args!("a picture of the desktop broke off: {error}"));
                    return Ok(());
                }
            };
            let length = piece.len();
            if length == 0 {
                return Ok(());
            }
            timeout(self.limits.piece, client.write_all(piece)).await??;
            picture.consume(length);
        }
    }
}

fn late(what: &str) -> Error {
    Error::new(ErrorKind::TimedOut, format!("{what} takes too long"))
}

fn refusal(reason: &str) -> Reply {
    Reply::Error {
        message: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
