//! Looks at a remote desktop as a person does, without a monitor.
//!
//! ```text
//! Screen   an X server in memory; its picture is read out of that memory
//! Picture  what a screen showed: colours are counted, a PNG is kept, its words are read
//! Client   a real RDP client on a screen
//! Hands    keys and a mouse for whatever is on a screen
//! ```
//!
//! All of it works inside `image::sandbox` with the tools of [`LOOK`], in directories that the
//! caller made visible to them (`Tools::show`). What is looked at, and what ought to be seen, is
//! the caller's business.

mod client;
mod hands;
mod picture;
mod png;
mod screen;
mod words;

use std::path::Path;

use anyhow::Result;
use image::progress::Progress;
use image::tools::{ToolSet, Tools};

pub use client::{Client, Login, Security};
pub use hands::Hands;
pub use picture::{Colour, Picture};
pub use screen::Screen;
pub use words::{has_words, read_words};

/// What it takes to look: an X server, an RDP client, hands, something that reads, and clients of
/// the other doors. What their installation scripts would have done is [`open`]'s. Xvfb starts
/// xkbcomp through /bin/sh.
pub const LOOK: ToolSet = ToolSet {
    name: "look",
    packages: &[
        "dash",
        "freerdp3-x11",
        "openssh-client",
        "openssl",
        "ssh-audit",
        "tesseract-ocr",
        "tesseract-ocr-eng",
        "x11-xkb-utils",
        "xdotool",
        "xkb-data",
        "xvfb",
    ],
};

/// Fetches the tools unless they are in `cache`, and does what their installation scripts would have
/// done. Inside the sandbox only; the caller holds the cache's lock.
///
/// # Errors
/// The archive cannot be reached, or the cache cannot be written.
pub fn open(cache: &Path, mirror: &str, progress: &Progress) -> Result<Tools> {
    let tools = Tools::acquire(cache, LOOK, mirror, false, progress)?;
    // ssh wants to know who we are.
    fs_err::write(tools.file("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")?;
    Ok(tools)
}
