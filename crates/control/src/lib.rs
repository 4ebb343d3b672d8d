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
//!    "web":{"address":"127.0.0.1:8470"}}
//! → {"ask":"moon"}
//! ← {"reply":"error","message":"unknown variant `moon`, expected `status` at line 1 column 13"}
//! ```
//!
//! Only the messages live here; each side does its own input and output.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

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

/// The longest request in bytes, without its line end.
pub const MAX_REQUEST: usize = 4096;

/// The longest reply in bytes, without its line end.
pub const MAX_REPLY: usize = 1024 * 1024;

/// What can be asked of keeperd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// How are you? Answered by [`Reply::Status`].
    Status {},
}

/// What keeperd answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one reply at a time, and mostly this one"
)]
pub enum Reply {
    /// To [`Request::Status`].
    Status(Status),
    /// The request was refused or failed.
    Error {
        /// Why, in words.
        message: String,
    },
}

/// How keeperd is; also what `keeper status --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// keeperd's version.
    pub version: String,
    /// keeperd's process id.
    pub pid: u32,
    /// What it is doing.
    pub state: State,
    /// Why, in words.
    pub reason: String,
    /// Seconds since it started.
    pub uptime_seconds: u64,
    /// Its configuration.
    pub config: ConfigStatus,
    /// How far the browser's installation is, in words; absent where the image brings the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// The browser itself, as keeperd's watch sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kiosk: Option<KioskStatus>,
    /// The way to the notebooks; absent until it has been looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkStatus>,
    /// keeperd's own pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<WebStatus>,
}

/// The desktop's browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskStatus {
    /// How it is.
    pub state: KioskState,
    /// Running: its version. Not answering: what the last look met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Seconds since it came to be so.
    pub for_seconds: u64,
    /// How often keeperd has asked for its restart.
    pub restarts: u32,
}

/// How the desktop's browser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KioskState {
    /// It may be on its way.
    Starting,
    /// It answers.
    Running,
    /// It has been there and does not answer.
    NotAnswering,
    /// It has not been seen since keeperd started.
    Absent,
}

/// The way to the notebooks' servers: the first thing that is wrong with it, or that nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkStatus {
    /// Whether the notebooks' servers answer; without notebooks, whether there is a way out.
    pub ok: bool,
    /// The notebook that this is about, counted from 1; absent without notebooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notebook: Option<usize>,
    /// In words, one line.
    pub summary: String,
    /// Seconds since the server has answered or has not; 0 without notebooks.
    pub for_seconds: u64,
}

/// keeperd's own pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebStatus {
    /// Where they are.
    pub address: String,
    /// Why they are not there; keeperd goes on trying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What keeperd is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is to be done: no notebook is configured.
    Idle,
    /// Notebooks are configured and wait to be opened.
    Waiting,
    /// There is no usable configuration.
    Misconfigured,
}

/// The configuration that keeperd works with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigStatus {
    /// The file it is read from.
    pub path: String,
    /// Which configuration is in force.
    pub in_force: InForce,
    /// What is wrong with the file, one line each; empty when nothing is.
    pub problems: Vec<String>,
}

/// Which configuration is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InForce {
    /// The file as it was last read.
    File,
    /// The last good one: the file has been found broken since.
    Earlier,
    /// None: the file has been broken since keeperd started.
    Nothing,
}

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
mod tests {
    use super::*;

    #[test]
    fn a_request_is_what_the_protocol_says() {
        let line = to_line(&Request::Status {}).expect("a request is JSON");
        assert_eq!(line, "{\"ask\":\"status\"}\n");
        assert_eq!(
            from_line::<Request>(line.as_bytes()).expect("a request"),
            Request::Status {}
        );
    }

    #[test]
    fn what_is_no_request_is_refused_in_words() {
        for (line, reason) in [
            (
                "{\"ask\":\"moon\"}",
                "unknown variant `moon`, expected `status`",
            ),
            ("{\"ask\":\"status\",\"x\":1}", "unknown field `x`"),
            ("{}", "missing field `ask`"),
            ("7", "invalid type"),
            ("status", "expected value"),
            ("", "EOF while parsing"),
        ] {
            let error = from_line::<Request>(line.as_bytes())
                .expect_err(line)
                .to_string();
            assert!(
                error.starts_with(reason) || error.contains(reason),
                "{line}: {error}"
            );
        }
        assert!(from_line::<Request>("[".repeat(MAX_REQUEST).as_bytes()).is_err());
        assert!(from_line::<Request>(b"\xff").is_err());
    }

    #[test]
    fn a_reply_survives_its_line() {
        let status = Reply::Status(Status {
            version: "0.1.0".into(),
            pid: 7,
            state: State::Misconfigured,
            reason: "line\nbreak".into(),
            uptime_seconds: 1,
            config: ConfigStatus {
                path: "/x".into(),
                in_force: InForce::Nothing,
                problems: vec!["家".into()],
            },
            browser: Some("installing 45%".into()),
            kiosk: Some(KioskStatus {
                state: KioskState::NotAnswering,
                detail: Some("no reply".into()),
                for_seconds: 20,
                restarts: 1,
            }),
            network: Some(NetworkStatus {
                ok: false,
                notebook: Some(1),
                summary: "no link".into(),
                for_seconds: 5,
            }),
            web: Some(WebStatus {
                address: WEB.into(),
                problem: None,
            }),
        });
        let line = to_line(&status).expect("a reply is JSON");
        assert_eq!(line.find('\n'), Some(line.len() - 1));
        assert_eq!(
            from_line::<Reply>(line.as_bytes()).expect("a reply"),
            status
        );
    }
}
