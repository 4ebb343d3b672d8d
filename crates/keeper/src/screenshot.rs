//! `keeper screenshot`: a picture of the desktop, whole or not at all.

use crate::client::{Connection, Error as Failed};
use crate::output;
use crate::picture::{Error, copy};
use anyhow::Result;
use camino::Utf8Path;
use control::{Reply, Request};
use std::io;
use tempfile::NamedTempFile;

/// Takes a picture and writes it to `file`; `-` is stdout.
pub(crate) fn run(socket: &Utf8Path, file: &Utf8Path) -> Result<()> {
    if file == "-" {
        return to_stdout(socket);
    }
    let path = file.as_str();
    let unwritten = |source: io::Error| {
        let path = path.to_owned();
        Error::Unwritten { path, source }
    };
    // Renaming would put a file in the place of a device, too.
    if std::fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        let path = path.to_owned();
        return Err(Error::NoFile { path }.into());
    }
    let beside = match file.parent() {
        Some(parent) if parent != "" => parent,
        _ => Utf8Path::new("."),
    };
    // Of mode 0600: a notebook is on it.
    let mut whole = NamedTempFile::new_in(beside).map_err(unwritten)?;
    copy(begin(socket)?.rest(), &mut whole, path)?;
    whole
        .persist(file)
        .map_err(|error| unwritten(error.error))?;
    Ok(())
}

/// What is wrong with it, its reader learns from the exit status.
fn to_stdout(socket: &Utf8Path) -> Result<()> {
    if output::is_terminal() {
        return Err(Error::Terminal.into());
    }
    copy(begin(socket)?.rest(), &mut io::stdout().lock(), "stdout")
}

/// A connection on which a picture is next.
fn begin(socket: &Utf8Path) -> Result<Connection> {
    let mut connection = Connection::open(socket)?;
    match connection.ask(&Request::Screenshot {})? {
        Reply::Picture {} => Ok(connection),
        _ => Err(Failed::Beside.into()),
    }
}
