//! The X server: opening it, and how long nobody has used it.
//!
//! It is opened anew for each question, which takes a millisecond: so nothing is held that a restart
//! of the display could break, and nothing at rest.

use std::io::{Error, ErrorKind, Result as IoResult};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use x11rb::connection::Connection as _;
use x11rb::cookie::Cookie;
use x11rb::errors::ReplyError;
use x11rb::protocol::screensaver::ConnectionExt as _;
use x11rb::protocol::xproto::Screen;
use x11rb::reexports::x11rb_protocol::xauth::{Family, get_auth};
use x11rb::rust_connection::{DefaultStream, PollMode, RustConnection, Stream};
use x11rb::utils::RawFdContainer;

use crate::hint::hinted;

/// Where X servers listen, each under its number.
const SOCKETS: &str = "/tmp/.X11-unix/X";

/// Which display is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    shown: String,
    socket: String,
    number: u16,
    screen: usize,
}

impl Name {
    /// The display `name`, and without one that of `$DISPLAY`: `:1`, `:1.0`, or the path of a socket.
    ///
    /// # Errors
    /// None is named, or it is not one of this machine.
    pub(crate) fn of(name: Option<&str>) -> Result<Self> {
        let name = name.map(str::to_owned);
        let Some(shown) = name.or_else(|| std::env::var("DISPLAY").ok()) else {
            return Err(hinted(
                "looking for the display: $DISPLAY is not set",
                "systemctl --user start keeper-session-helper.service",
            ));
        };
        Self::parse(&shown).ok_or_else(|| {
            hinted(
                format!("{shown:?} is no display of this machine"),
                "keeper-session --display :1",
            )
        })
    }

    fn parse(name: &str) -> Option<Self> {
        let shown = name.to_owned();
        if name.starts_with('/') {
            return Some(Self {
                socket: shown.clone(),
                shown,
                number: 0,
                screen: 0,
            });
        }
        let name = name.strip_prefix(':')?;
        let (number, screen) = name.split_once('.').unwrap_or((name, "0"));
        let (number, screen) = (number.parse().ok()?, screen.parse().ok()?);
        Some(Self {
            shown,
            socket: format!("{SOCKETS}{number}"),
            number,
            screen,
        })
    }
}

/// A display that is open.
#[derive(Debug)]
pub(crate) struct Display {
    pub(crate) connection: RustConnection<Patient>,
    screen: usize,
}

impl Display {
    /// Opens it. All that is done with it must be done within `limit`.
    ///
    /// # Errors
    /// It is not there, does not let us in, or does not answer.
    pub(crate) fn open(name: &Name, limit: Duration) -> Result<Self> {
        let opened = Self::try_open(name, limit);
        opened.with_context(|| format!("opening the display {}", name.shown))
    }

    fn try_open(name: &Name, limit: Duration) -> Result<Self> {
        let stream = connected(&name.socket)?;
        let (stream, (family, address)) = DefaultStream::from_unix_stream(stream)?;
        let (kind, cookie) = cookie(family, &address, name.number);
        let stream = Patient {
            stream,
            until: Instant::now() + limit,
        };
        let screen = name.screen;
        let connection =
            RustConnection::connect_to_stream_with_auth_info(stream, screen, kind, cookie)?;
        Ok(Self { connection, screen })
    }

    /// Its only screen.
    ///
    /// # Errors
    /// It has none.
    pub(crate) fn screen(&self) -> Result<&Screen> {
        let screens = &self.connection.setup().roots;
        screens
            .get(self.screen)
            .context("the display has no screen")
    }

    /// Seconds since the last key, click or movement, be it by somebody who sees it from afar.
    ///
    /// # Errors
    /// It does not answer, or does not know.
    pub(crate) fn idle_seconds(&self) -> Result<u64> {
        let asked = self.connection.screensaver_query_info(self.screen()?.root);
        let info = asked.map_err(ReplyError::from).and_then(Cookie::reply);
        let info = info.context("asking the display how long nobody has used it")?;
        Ok(u64::from(info.ms_since_user_input) / 1000)
    }
}

/// What lets us in, from the file that `$XAUTHORITY` names. A display may also let us in without.
fn cookie(family: Family, address: &[u8], display: u16) -> (Vec<u8>, Vec<u8>) {
    let found = get_auth(family, address, display).ok().flatten();
    found.unwrap_or_default()
}

/// Connects without ever waiting: where the server has hung for long, its queue is full.
fn connected(path: &str) -> Result<UnixStream> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket: OwnedFd = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    let address = SocketAddrUnix::new(path)?;
    match connect(&socket, &address) {
        Err(rustix::io::Errno::AGAIN) => bail!("it accepts no connection"),
        connected => connected?,
    }
    Ok(socket.into())
}

/// The display's connection, on which nothing is waited for beyond one moment.
#[derive(Debug)]
pub(crate) struct Patient {
    stream: DefaultStream,
    until: Instant,
}

impl Stream for Patient {
    fn poll(&self, mode: PollMode) -> IoResult<()> {
        let mut flags = PollFlags::empty();
        flags.set(PollFlags::IN, mode.readable());
        flags.set(PollFlags::OUT, mode.writable());
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::new(ErrorKind::TimedOut, "it does not answer"));
            }
            let left = Timespec::try_from(left).map_err(Error::other)?;
            match poll(&mut [PollFd::new(&self.stream, flags)], Some(&left)) {
                // Nothing yet: the time is up, or it has been interrupted.
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                ready => return Ok(ready.map(drop)?),
            }
        }
    }

    fn read(&self, buffer: &mut [u8], fds: &mut Vec<RawFdContainer>) -> IoResult<usize> {
        self.stream.read(buffer, fds)
    }

    fn write(&self, bytes: &[u8], fds: &mut Vec<RawFdContainer>) -> IoResult<usize> {
        self.stream.write(bytes, fds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_display_of_this_machine_is_one() {
        for (name, socket, number, screen) in [
            (":1", "/tmp/.X11-unix/X1", 1, 0),
            (":0.2", "/tmp/.X11-unix/X0", 0, 2),
            ("/run/x", "/run/x", 0, 0),
        ] {
            let expected = Name {
                shown: name.into(),
                socket: socket.into(),
                number,
                screen,
            };
            assert_eq!(Name::of(Some(name)).unwrap(), expected);
        }
        for name in [
            "",
            "1",
            ":",
            ":x",
            ":1.",
            ":65536",
            "192.0.2.1:0",
            "a.example:0",
        ] {
            let error = Name::of(Some(name)).unwrap_err().to_string();
            assert!(error.contains("is no display of this machine"), "{error}");
        }
    }
}
