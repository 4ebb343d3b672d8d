//! The verbs that tell keeperd to do something: asked, done, and what keeperd says of it.

use crate::client::{Connection, Error};
use crate::output::{plain, print};
use crate::words::say;
use anyhow::Result;
use camino::Utf8Path;
use control::{Reply, Request};

/// Has keeperd do what `request` asks.
pub(crate) fn run(socket: &Utf8Path, request: &Request) -> Result<()> {
    match Connection::open(socket)?.ask(request)? {
        Reply::Done { message } => print(&format!("{}\n", say(&plain(&message), &[]))),
        _ => Err(Error::Beside.into()),
    }
}
