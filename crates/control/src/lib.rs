//! What `keeper` and `keeperd` say to each other over keeperd's unix socket.
//!
//! The protocol: both sides send JSON objects, one to a line, UTF-8, ended by `\n`. The client asks
//! with a [`Request`], keeperd answers each with one [`Reply`], in order; a connection may carry
//! several. keeperd closes it after a line longer than [`MAX_REQUEST`], and when no complete line
//! has come for some seconds. Both come from the same image, so there is no version to negotiate:
//! what one does not know, it refuses in words.
//!
//! (A reply is one line; it is broken here to be read.)
//!
//! ```text
//! → {"ask":"status"}
//! ← {"reply":"status","version":"0.1.0","pid":1,"state":"idle","reason":"no notebook configured",
//!    "uptime_seconds":5,
//!    "config":{"path":"/etc/keeper/keeper.toml","in_force":"file","problems":[]},
//!    "kiosk":{"state":"running","detail":"Chrome/120.0.6099.224","for_seconds":4,"restarts":0},
//!    "network":{"ok":true,"summary":"192.0.2.7 on eth0","for_seconds":0},
//!    "web":{"address":"127.0.0.1:8470"},
//!    "notebooks":[{"number":1,"url":"https://notebook.example/","state":"open","reason":"it answers",
//!    "for_seconds":80,"reloads":3,"last_reload_seconds":80,"next_reload_seconds":511,"opened":false}],
//!    "keep":{"hours":12,"left_seconds":40100,"paused":false,"person":false,"signing_in":false},
//!    "tunnel":{"state":"up","for_seconds":70,"connected_seconds":72,"round_trip_us":31000,
//!    "gpu":{"name":"Tesla T4","memory_mib":15360}}}
//! → {"ask":"reload","notebook":1}
//! ← {"reply":"done","message":"notebook 1 is being reloaded"}
//! → {"ask":"moon"}
//! ← {"reply":"error","message":"unknown variant `moon`, expected one of `status`, `reload`, …"}
//! → {"ask":"screenshot"}
//! ← {"reply":"picture"}
//! ← the bytes of a PNG, until the end of the connection
//! ```
//!
//! Who may ask is keeperd's business: see its `socket`. What it says to the session helper on the
//! desktop is in [`session`], what it learns of a Colab machine in `tunnel`.
//!
//! Only the messages live here; each side does its own input and output.

mod message;
mod notebook;
pub mod session;
mod status;
mod tunnel;

pub use message::{Reply, Request};
pub use notebook::{KeepStatus, NotebookState, NotebookStatus};
pub use session::{SessionReply, SessionRequest};
pub use status::{
    ConfigStatus, InForce, KioskState, KioskStatus, NetworkStatus, State, Status, WebStatus,
};
pub use tunnel::{
    ASK_MACHINE, Answer, Gpu, MACHINE, MAX_MACHINE, Machine, Question, TunnelState, TunnelStatus,
};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where keeperd listens.
pub const SOCKET: &str = "/run/keeper/keeperd.sock";

/// Where `install-browser` says in one line how far it is; keeperd passes it on.
pub const BROWSER_STATUS: &str = "/run/keeper-browser/status";

/// Where keeperd's pages are.
pub const WEB: &str = "127.0.0.1:8470";

/// The debugging port of the desktop's browser.
pub const BROWSER: &str = "127.0.0.1:9222";

/// The file by which keeperd asks the desktop's session to restart the browser: it makes or replaces
/// it by rename, with the reason as its only line.
pub const RESTART_BROWSER: &str = "/run/keeper/restart-browser";

/// Where keeper-apply can be asked to set the device up, and to change it; only keeperd may.
pub const APPLY: &str = "/run/keeper-apply/ask";

/// The file that is there once the device has an owner.
pub const SET_UP: &str = "/var/lib/keeper-apply/set-up";

/// What was wrong with a preset, or has failed at first boot, a line each; while the device has no owner.
pub const PRESET_PROBLEMS: &str = "/run/keeper-apply/problems";

/// Where the session helper listens.
pub const SESSION: &str = "/run/keeper-session/session.sock";

/// While this file exists the browser is started plainly, for a person to sign in; keeperd makes and
/// removes it, then asks for a restart.
pub const SIGN_IN: &str = "/run/keeper/sign-in";

/// The longest request in bytes, without its line end.
pub const MAX_REQUEST: usize = 4096;

/// The longest reply in bytes, without its line end.
pub const MAX_REPLY: usize = 1024 * 1024;

/// A message as the line that carries it, with its line end.
///
/// # Errors
/// None for the types of this crate: they hold no maps and no floats.
pub fn to_line<T: Serialize>(message: &T) -> serde_json::Result<String> {
    serde_json::to_string(message).map(|line| line + "\n")
}

/// The message that a line carries; a line end is allowed.
///
/// # Errors
/// In words that can be sent back to whoever sent the line.
pub fn from_line<T: DeserializeOwned>(line: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(line)
}

#[cfg(test)]
mod tests;
