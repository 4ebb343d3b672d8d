//! `keeper status`: keeperd's answer as a table for people or as JSON, once or again and again.

mod table;

use crate::client::{Connection, Error};
use crate::output::{Paint, print};
use crate::watch;
use anyhow::Result;
use camino::Utf8Path;
use control::{Reply, Request, Status};

/// Asks keeperd and prints what it says.
pub(crate) fn run(socket: &Utf8Path, json: bool, again: bool) -> Result<()> {
    let paint = Paint::for_stdout();
    match (json, again) {
        (true, false) => print(&format!(
            "{}\n",
            serde_json::to_string_pretty(&ask(socket)?)?
        )),
        (false, false) => print(&table::table(&ask(socket)?, paint)),
        // A line each, so that a script sees where one ends.
        (true, true) => watch::lines(|| Ok(control::to_line(&ask(socket)?)?)),
        (false, true) => watch::screen(|| Ok(table::table(&ask(socket)?, paint))),
    }
}

fn ask(socket: &Utf8Path) -> Result<Status, Error> {
    match Connection::open(socket)?.ask(&Request::Status {})? {
        Reply::Status(status) => Ok(status),
        _ => Err(Error::Beside),
    }
}
