//! One question and its answer, and how long each may take. One connection at a time: there is one
//! client, and each of its questions is answered soon.

use std::io::{Error, ErrorKind, Read as _, Result as IoResult, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use anyhow::Result;
use camino::Utf8PathBuf;
use control::session::{SessionReply, SessionRequest};
use control::{MAX_REQUEST, from_line, to_line};

use crate::display::{Display, Name};
use crate::picture::Picture;
use crate::socket::Client;
use crate::timely::Timely;
use crate::{journal, notice};

/// How long a whole request may take to arrive, and a reply to be fetched.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a picture may take, from its first row to its last.
const PICTURE: Duration = Duration::from_secs(30);

/// How long the display may take to answer.
const DISPLAY: Duration = Duration::from_secs(5);

/// How long to wait when no connection can be accepted (no file descriptors are left).
const RECOVERY: Duration = Duration::from_millis(200);

/// The longest message of an error, in characters.
const MESSAGE: usize = 500;

/// What is asked about.
#[derive(Debug)]
pub(crate) struct Desktop {
    pub(crate) display: Name,
    pub(crate) notify_send: Utf8PathBuf,
}

/// Answers whoever may ask, for ever.
pub(crate) fn serve(listener: &UnixListener, client: Client, desktop: &Desktop) -> ! {
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                // A peer that goes away in the middle is its own business.
                let _ = converse(stream, client, desktop);
            }
            Err(error) => {
                journal::warning(format_args!("accepting a connection: {error}"));
                std::thread::sleep(RECOVERY);
            }
        }
    }
}

fn converse(stream: UnixStream, client: Client, desktop: &Desktop) -> IoResult<()> {
    let stranger = client.stranger(&stream)?;
    let mut stream = Timely::new(stream, PATIENCE);
    if let Some(uid) = stranger {
        journal::warning(format_args!("turned away the user {uid}"));
        return say(&mut stream, &refusal("this is for keeperd alone"));
    }
    let line = match next_line(&mut stream) {
        Ok(line) => line,
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
        Err(error) => {
            stream.allow(PATIENCE);
            return say(&mut stream, &refusal(&error.to_string()));
        }
    };
    let answer = match from_line(&line) {
        Ok(request) => answer(request, desktop, &mut stream),
        Err(error) => Ok(Some(refusal(&error.to_string()))),
    };
    let reply = answer.unwrap_or_else(|error| Some(refusal(&format!("{error:#}"))));
    match reply {
        Some(reply) => {
            stream.allow(PATIENCE);
            say(&mut stream, &reply)
        }
        None => Ok(()),
    }
}

/// What to reply; nothing where all of it has been said.
fn answer(
    request: SessionRequest,
    desktop: &Desktop,
    stream: &mut Timely,
) -> Result<Option<SessionReply>> {
    match request {
        SessionRequest::Idle {} => {
            let seconds = Display::open(&desktop.display, DISPLAY)?.idle_seconds()?;
            Ok(Some(SessionReply::Idle { seconds }))
        }
        SessionRequest::Notify(notice) => {
            notice::show(&desktop.notify_send, &notice)?;
            Ok(Some(SessionReply::Done {}))
        }
        SessionRequest::Picture {} => {
            let picture = Picture::begin(Display::open(&desktop.display, PICTURE)?)?;
            stream.allow(PICTURE);
            say(stream, &SessionReply::Picture {})?;
            // The reply has been given: what goes wrong now ends the picture early, which its reader
            // sees.
            if let Err(error) = picture.write(stream) {
                journal::warning(format_args!("the picture broke off: {error:#}"));
            }
            Ok(None)
        }
    }
}

fn refusal(message: &str) -> SessionReply {
    let message = message.chars().take(MESSAGE).collect();
    SessionReply::Error { message }
}

fn say(stream: &mut Timely, reply: &SessionReply) -> IoResult<()> {
    stream.write_all(to_line(reply)?.as_bytes())
}

/// The first line, without its end. What may follow it is of no interest.
fn next_line(stream: &mut Timely) -> IoResult<Vec<u8>> {
    let mut line = [0; MAX_REQUEST + 1];
    let mut length = 0;
    loop {
        let free = &mut line[length..];
        if free.is_empty() {
            let what = format!("longer than {MAX_REQUEST} bytes");
            return Err(Error::new(ErrorKind::InvalidData, what));
        }
        let read = match stream.read(free) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                let what = format!("no complete line within {} s", PATIENCE.as_secs());
                return Err(Error::new(ErrorKind::TimedOut, what));
            }
            read => read?,
        };
        let end = free[..read].iter().position(|byte| *byte == b'\n');
        if let Some(end) = end {
            return Ok(line[..length + end].to_vec());
        }
        length += read;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_of(sent: &[u8]) -> IoResult<Vec<u8>> {
        let (near, mut far) = UnixStream::pair().unwrap();
        far.write_all(sent).unwrap();
        drop(far);
        next_line(&mut Timely::new(near, PATIENCE))
    }

    #[test]
    fn a_line_has_an_end_and_a_greatest_length() {
        let longest = [&[b'x'; MAX_REQUEST][..], b"\n"].concat();
        for (sent, line) in [
            (&b"ab\n"[..], &b"ab"[..]),
            (b"\n", b""),
            (b"ab\ncd", b"ab"),
            (&longest, &longest[..MAX_REQUEST]),
        ] {
            assert_eq!(line_of(sent).unwrap(), line);
        }
        for (sent, kind) in [
            (&b""[..], ErrorKind::UnexpectedEof),
            (b"ab", ErrorKind::UnexpectedEof),
            (&[b'x'; MAX_REQUEST], ErrorKind::UnexpectedEof),
            (&[b'x'; MAX_REQUEST + 1], ErrorKind::InvalidData),
            (&[b'x'; MAX_REQUEST * 2], ErrorKind::InvalidData),
        ] {
            assert_eq!(line_of(sent).unwrap_err().kind(), kind);
        }
    }
}
