//! How it is with the notebooks that are kept open, one by one and all together.

use serde::{Deserialize, Serialize};

/// One notebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotebookStatus {
    /// Counted from 1: those of keeper.toml first, then those that were opened besides.
    pub number: usize,
    /// Its address, which may be a secret.
    pub url: String,
    /// How it is.
    pub state: NotebookState,
    /// Why, in words, one line.
    pub reason: String,
    /// Seconds since it came to be so.
    pub for_seconds: u64,
    /// How often it has been reloaded.
    pub reloads: u64,
    /// Seconds since the last reload; absent before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_reload_seconds: Option<u64>,
    /// Seconds until the next reload; absent while none is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_reload_seconds: Option<u64>,
    /// Opened by [`Request::Open`](crate::Request::Open), not by keeper.toml.
    pub opened: bool,
}

/// How a notebook is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotebookState {
    /// It is on its way into the browser.
    Starting,
    /// Its page is there and answers.
    Open,
    /// It is being reloaded.
    Reloading,
    /// The page asks something that only a person may answer.
    WaitingForPerson,
    /// The browser shows a sign-in page in its place.
    SignedOut,
    /// Its page has crashed or hangs.
    Crashed,
    /// Its server cannot be reached.
    Offline,
    /// The hours are over; it is not reloaded until they are renewed.
    Capped,
    /// A person has paused the keeping.
    Paused,
}

impl NotebookState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Starting,
        Self::Open,
        Self::Reloading,
        Self::WaitingForPerson,
        Self::SignedOut,
        Self::Crashed,
        Self::Offline,
        Self::Capped,
        Self::Paused,
    ];
}

/// How long the notebooks are kept, and what keeps them from being kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepStatus {
    /// For how many hours after each renewal.
    pub hours: u32,
    /// Seconds until they are over.
    pub left_seconds: u64,
    /// A person has paused the keeping.
    pub paused: bool,
    /// A person is using the desktop: nothing is reloaded meanwhile.
    pub person: bool,
    /// The browser is started plainly, for a person to sign in.
    pub signing_in: bool,
}
