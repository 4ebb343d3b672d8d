//! `keeper-session`, keeperd's eyes and voice on the desktop: it runs in the desktop's session as
//! its user, and tells keeperd how long nobody has used it, what it looks like, and shows notices.
//!
//! keeperd is another user, whom the display does not let in. Its questions are the `control` crate's
//! `session`; this program answers them one at a time, to keeperd's user and its own alone:
//!
//! ```text
//! socket   who may connect
//! serve    one question, one answer, and how long each may take
//! display  the X server, asked anew for each question: it may have been restarted in between
//! picture  what is on it, stripe by stripe; `format` has the colours of a pixel
//! notice   notify-send
//! ```
//!
//! What a notice says, and what follows from somebody's using the desktop, is keeperd's.

mod cli;
mod display;
mod encode;
mod format;
mod hint;
mod journal;
mod notice;
mod picture;
mod serve;
mod socket;
mod timely;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;
use cli::Args;

/// The program: serves until it is ended by a signal. Exit codes: 1 failed, 2 wrong usage.
pub fn start(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Err(error) = run(&Args::parse_from(args));
    journal::error(format_args!("error: {error:#}"));
    if let Some(hint) = hint::hint_of(&error) {
        journal::error(format_args!("hint: {hint}"));
    }
    ExitCode::FAILURE
}

fn run(args: &Args) -> Result<std::convert::Infallible> {
    let desktop = serve::Desktop {
        display: display::Name::of(args.display.as_deref())?,
        notify_send: args.notify_send.clone(),
    };
    let client = socket::Client::of(&args.client)?;
    let listener = socket::bind(&args.socket)?;
    let socket = &args.socket;
    journal::info(format_args!("listening on {socket} for {}", args.client));
    serve::serve(&listener, client, &desktop)
}
