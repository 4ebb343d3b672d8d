//! The Chrome DevTools Protocol, as little of it as is needed.
//!
//! `targets` asks over HTTP which tabs there are and opens one; `session` talks to one tab over a
//! WebSocket that `socket` has made; `event` is what a tab tells by itself. The JSON is untyped as
//! far as it can be: every version of Chromium has events that the one before did not have.

mod event;
mod session;
mod socket;
mod targets;

pub use event::{Dialog, Event};
pub use session::Session;
pub use targets::{Target, list, open};

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// Where the browser is, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Its debugging port.
    pub address: SocketAddr,
    /// The most time for one answer.
    pub limit: Duration,
}

/// Why a tab or the browser did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Nobody listens on the debugging port.
    Gone(String),
    /// No answer in time.
    Silent(Duration),
    /// The connection has ended, or what came over it makes no sense.
    Broken(String),
    /// The browser has understood and refused.
    Refused(String),
    /// Something has happened to the tab meanwhile, so that there may be no answer; it waits to be
    /// taken as an event.
    Interrupted,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(why) | Self::Broken(why) => f.write_str(why),
            Self::Silent(limit) => write!(f, "no answer within {} s", limit.as_secs()),
            Self::Refused(why) => write!(f, "the browser refuses: {why}"),
            Self::Interrupted => f.write_str("the tab has other troubles"),
        }
    }
}

impl std::error::Error for Error {}

/// The longest piece of others' text in an error, in characters.
const SHOWN: usize = 120;

fn broken(why: impl fmt::Display) -> Error {
    Error::Broken(crate::line(&why.to_string(), SHOWN))
}
