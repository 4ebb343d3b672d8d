//! One connection of the socket: who asks, what, and what they are told. One question, a line of JSON; what is wrong
//! with it is never quoted, since it may hold a password.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use setup::{Answer, Ask, Change, MAX_LINE};

use super::{By, Hands, Refused, carry_out, network, scan};
use crate::accounts::Facts;
use crate::apply::Apply;

/// Who may ask.
const ASKS: &str = "keeperd";
/// How long a whole question may take to come, and each answer to be fetched.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest message in an answer, in bytes.
const MAX_MESSAGE: usize = 4096;

/// Serves one connection: who asks, one line, its answers.
///
/// # Errors
/// Somebody else asks, or nothing comes that could be answered. Refusals and failures are answers.
pub fn answer(apply: &Apply<'_>, hands: &dyn Hands, stream: UnixStream) -> Result<()> {
    only_keeperd(apply, &stream)?;
    stream.set_nonblocking(false)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let last = match question(&stream, PATIENCE) {
        Ok(ask) => reply(apply, hands, ask, &mut |one| {
            // keeperd may have been started anew meanwhile: the change goes on.
            let _ = say(&stream, one);
        }),
        Err(error) => refused(&error),
    };
    say(&stream, &last).context("answering")
}

fn only_keeperd(apply: &Apply<'_>, stream: &UnixStream) -> Result<()> {
    let peer = rustix::net::sockopt::socket_peercred(stream).context("asking who asks")?;
    let accounts = Facts::read(&apply.root, false)?;
    let Some(uid) = accounts.uids.get(ASKS) else {
        bail!("there is no account {ASKS}");
    };
    ensure!(
        peer.uid.as_raw() == *uid,
        "only {ASKS} may ask, and this is the account {}",
        peer.uid.as_raw()
    );
    Ok(())
}

/// The one line, in its time.
pub(super) fn question(stream: &UnixStream, patience: Duration) -> Result<Ask> {
    let (end, mut line, mut part) = (Instant::now() + patience, Vec::new(), [0; 4096]);
    let line = loop {
        let left = end.saturating_duration_since(Instant::now());
        ensure!(!left.is_zero(), "the question took too long");
        stream.set_read_timeout(Some(left))?;
        let mut reader = stream;
        let count = match reader.read(&mut part) {
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => bail!("the question did not come in time"),
        };
        ensure!(count > 0, "the question has no end");
        line.extend_from_slice(&part[..count]);
        let whole = line.iter().position(|byte| *byte == b'\n');
        let length = whole.map_or(line.len(), |at| at + 1);
        ensure!(
            length <= MAX_LINE,
            "the question is longer than {MAX_LINE} bytes"
        );
        if let Some(at) = whole {
            ensure!(at + 1 == line.len(), "something follows the question");
            break &line[..at];
        }
    };
    // What serde says may quote the line.
    let ask = serde_json::from_slice(line);
    ask.map_err(|_| anyhow::anyhow!("this is no question that keeper-apply knows"))
}

fn reply(apply: &Apply<'_>, hands: &dyn Hands, ask: Ask, say: &mut dyn FnMut(&Answer)) -> Answer {
    let mut change = |change: &Change, by| {
        let mut tell = |work, progress| say(&Answer::Progress { work, progress });
        carry_out(apply, hands, change, by, &mut tell).map(|confirm| Answer::Done { confirm })
    };
    let answered = match ask {
        Ask::Scan { country } => {
            scan::scan(apply, hands, &country).map(|networks| Answer::Networks { networks })
        }
        Ask::SetUp(wanted) => change(&wanted, By::Wizard),
        Ask::Change(wanted) => change(&wanted, By::Person),
        Ask::Confirm {} => network::confirm(apply, hands).map(|()| Answer::Done { confirm: None }),
    };
    answered.unwrap_or_else(|error| {
        if error.downcast_ref::<Refused>().is_some() {
            return refused(&error);
        }
        eprintln!("error: {error:#}");
        Answer::Failed {
            message: short(&error),
        }
    })
}

fn refused(error: &anyhow::Error) -> Answer {
    Answer::Refused {
        message: short(error),
    }
}

fn short(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    text[..text.floor_char_boundary(MAX_MESSAGE)].to_owned()
}

fn say(mut stream: &UnixStream, answer: &Answer) -> Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    Ok(stream.write_all(&line)?)
}
