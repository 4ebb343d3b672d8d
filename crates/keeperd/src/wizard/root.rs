//! Asking keeper-apply, which is root: a question a connection, and what it answers until it has said its last.
//! It is trusted with secrets, but not to be there, to be quick, or to make sense.

use camino::Utf8PathBuf;
use setup::{Answer, Ask, MAX_LINE, Progress, Work};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use web::Failure;

/// The most lines of an answer. Each part of a change begins and ends once.
const LINES: usize = 100;

/// How long keeper-apply may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// To be connected to, and to take the question.
    pub(super) connect: Duration,
    /// For an answer that comes at once, or after a look at the air.
    pub(super) answer: Duration,
    /// From one line to the next, while it changes something.
    pub(super) silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            silence: Duration::from_secs(180),
        }
    }
}

/// Why a change is not known to be made; in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It was not: keeper-apply says so, or was never asked.
    Failed(String),
    /// It may be, or be made yet: keeper-apply is no longer heard of, or not understood.
    Unknown(String),
}

/// The way to keeper-apply. One change at a time, and one question beside it: a look at the air takes long.
pub(super) struct Root {
    path: Utf8PathBuf,
    limits: Limits,
    questions: Semaphore,
    changes: Semaphore,
}

impl Root {
    pub(super) fn new(path: Utf8PathBuf, limits: Limits) -> Self {
        Self {
            path,
            limits,
            questions: Semaphore::new(1),
            changes: Semaphore::new(1),
        }
    }

    /// Asks what is answered in one line.
    ///
    /// # Errors
    /// It is asked something else already, does not answer, or refuses.
    pub(super) async fn ask(&self, ask: &Ask) -> Result<Answer, Failure> {
        let Ok(_place) = self.questions.try_acquire() else {
            return Err(Failure::Busy);
        };
        let mut last = Err(Failure::NoAnswer("it says nothing".to_owned()));
        let exchange = async {
            let stream = self.begin(ask).await?;
            listen(stream, self.limits.answer, |answer| last = Ok(answer)).await
        };
        match timeout(self.limits.connect + self.limits.answer, exchange).await {
            Ok(Ok(())) => {}
            Ok(Err(why)) => return Err(Failure::NoAnswer(why)),
            Err(_) => return Err(Failure::NoAnswer(late(self.limits.answer))),
        }
        match last? {
            Answer::Refused { message } | Answer::Failed { message } => {
                Err(Failure::Refused(browser::line(&message, 300)))
            }
            answer => Ok(answer),
        }
    }

    /// Has it change something, and tells how far that is. Waits for its turn. The seconds within which the network
    /// must be confirmed.
    ///
    /// # Errors
    /// In words, as for the owner: it was not done, or nobody knows.
    pub(super) async fn change(
        &self,
        ask: &Ask,
        mut tell: impl FnMut(Work, Progress),
    ) -> Result<Option<u32>, Trouble> {
        let _place = self
            .changes
            .acquire()
            .await
            .map_err(|_| Trouble::Failed("keeperd is ending".to_owned()))?;
        // A question without its end is none: nothing was begun.
        let stream = self.begin(ask).await.map_err(Trouble::Failed)?;
        let mut end = None;
        let conversation = listen(stream, self.limits.silence, |answer| match answer {
            Answer::Progress { work, progress } => tell(work, progress),
            last => end = Some(last),
        });
        conversation.await.map_err(Trouble::Unknown)?;
        match end {
            Some(Answer::Done { confirm }) => Ok(confirm),
            Some(Answer::Refused { message } | Answer::Failed { message }) => {
                Err(Trouble::Failed(browser::line(&message, 600)))
            }
            Some(Answer::Networks { .. } | Answer::Progress { .. }) | None => {
                let why = "keeper-apply answers something else";
                Err(Trouble::Unknown(why.to_owned()))
            }
        }
    }

    async fn begin(&self, ask: &Ask) -> Result<UnixStream, String> {
        let line = setup::to_line(ask).map_err(|error| error.to_string())?;
        let begin = async {
            let mut stream = UnixStream::connect(&self.path)
                .await
                .map_err(|error| format!("connecting to keeper-apply at {}: {error}", self.path))?;
            let sent = stream.write_all(&line).await;
            sent.map_err(|error| format!("asking keeper-apply: {error}"))?;
            Ok(stream)
        };
        let begun = timeout(self.limits.connect, begin).await;
        begun.unwrap_or_else(|_| Err(late(self.limits.connect)))
    }
}

/// Hands on each answer up to the last.
async fn listen(
    stream: UnixStream,
    patience: Duration,
    mut hear: impl FnMut(Answer),
) -> Result<(), String> {
    let mut stream = BufReader::new(stream);
    for _ in 0..LINES {
        let mut line = Vec::new();
        let mut bounded = (&mut stream).take(MAX_LINE as u64);
        let read = timeout(patience, bounded.read_until(b'\n', &mut line)).await;
        match read {
            Err(_) => return Err(late(patience)),
            Ok(Err(error)) => return Err(format!("listening to keeper-apply: {error}")),
            Ok(Ok(_)) if line.last() != Some(&b'\n') => {
                return Err("keeper-apply has gone away before it was done".to_owned());
            }
            Ok(Ok(_)) => {}
        }
        let answer: Answer = setup::parse_line(&line)
            .map_err(|_| "keeper-apply says what makes no sense".to_owned())?;
        let last = answer.is_last();
        hear(answer);
        if last {
            return Ok(());
        }
    }
    Err("keeper-apply does not come to an end".to_owned())
}

fn late(limit: Duration) -> String {
    format!("keeper-apply does not answer within {} s", limit.as_secs())
}

#[cfg(test)]
#[path = "root_tests.rs"]
mod tests;
