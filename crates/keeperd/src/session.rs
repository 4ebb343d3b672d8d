//! The desktop session's helper, as keeperd asks it: how long nobody has used the desktop, and to
//! show something there. It is not always there, and then nobody is taken to be at the desktop.

use crate::journal;
use camino::Utf8PathBuf;
use control::session::Notice;
use control::{SessionReply, SessionRequest};
use std::cell::Cell;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest answer in bytes.
const MOST: u64 = 4096;

/// Somebody who has touched nothing for so long does not use the desktop.
const IDLE: u64 = 180;

/// The way to the helper.
pub(crate) struct Session {
    path: Utf8PathBuf,
    /// Whether it was said that it is not there.
    missed: Cell<bool>,
}

impl Session {
    pub(crate) fn new(path: Utf8PathBuf) -> Self {
        Self {
            path,
            missed: Cell::new(false),
        }
    }

    /// Whether somebody uses the desktop.
    pub(crate) async fn is_used(&self) -> bool {
        let answer = self.ask(&SessionRequest::Idle {}).await;
        let missed = self.missed.replace(answer.is_err());
        match answer {
            Ok(SessionReply::Idle { seconds }) => seconds < IDLE,
            Ok(_) => false,
            Err(why) => {
                if !missed {
                    journal::warning(format_args!(
                        "the desktop's session cannot be asked ({why}): nobody is taken to be at the desktop"
                    ));
                }
                false
            }
        }
    }

    /// Shows a notification on the desktop; nothing when there is no desktop.
    pub(crate) async fn notify(&self, notice: Notice) {
        let request = SessionRequest::Notify(notice);
        if let Ok(SessionReply::Error { message }) = self.ask(&request).await {
            let message = browser::line(&message, 120);
            journal::warning(format_args!("showing a notification: {message}"));
        }
    }

    /// Asks; the answer, and what follows it.
    ///
    /// # Errors
    /// In words: nobody listens, or no answer comes.
    pub(crate) async fn ask(&self, request: &SessionRequest) -> Result<SessionReply, String> {
        let (reply, _) = self.begin(request).await?;
        Ok(reply)
    }

    /// As [`Session::ask`], with the rest of the connection: a picture's bytes.
    ///
    /// # Errors
    /// As [`Session::ask`].
    pub(crate) async fn begin(
        &self,
        request: &SessionRequest,
    ) -> Result<(SessionReply, BufReader<UnixStream>), String> {
        let exchange = async {
            let mut stream = UnixStream::connect(&self.path).await?;
            let line = control::to_line(request)?;
            stream.write_all(line.as_bytes()).await?;
            let mut stream = BufReader::with_capacity(1024, stream);
            let mut line = Vec::new();
            (&mut stream)
                .take(MOST)
                .read_until(b'\n', &mut line)
                .await?;
            Ok::<_, std::io::Error>((control::from_line(&line)?, stream))
        };
        match timeout(PATIENCE, exchange).await {
            Ok(answer) => answer.map_err(|error| browser::line(&error.to_string(), 120)),
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }
}
