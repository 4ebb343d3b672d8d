//! From a request's line to the reply's. No input or output here.

use crate::settings::Settings;
use control::{Reply, Request, Status};
use std::time::Instant;

/// The reply to one line.
pub(crate) fn answer(line: &[u8], settings: &Settings, since: Instant) -> Reply {
    match control::from_line(line) {
        Ok(Request::Status {}) => Reply::Status(status(settings, since)),
        Err(error) => Reply::Error {
            message: error.to_string(),
        },
    }
}

fn status(settings: &Settings, since: Instant) -> Status {
    let (state, reason) = settings.state();
    Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        state,
        reason,
        uptime_seconds: since.elapsed().as_secs(),
        config: settings.status(),
    }
}
