//! How keeperd is: the answer to [`Request::Status`](crate::Request::Status), and what
//! `keeper status --json` prints.

use crate::notebook::{KeepStatus, NotebookStatus};
use crate::tunnel::TunnelStatus;
use serde::{Deserialize, Serialize};

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
    /// Every notebook that is kept open, in the order of their numbers.
    #[serde(default)]
    pub notebooks: Vec<NotebookStatus>,
    /// How long they are kept; absent where nothing is to be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<KeepStatus>,
    /// The tunnel from a Colab machine; absent while it is switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tunnel: Option<TunnelStatus>,
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

impl KioskState {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Starting,
        Self::Running,
        Self::NotAnswering,
        Self::Absent,
    ];
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
    /// Notebooks are configured, and not all of them are open yet.
    Waiting,
    /// The notebooks are open and reloaded in time.
    Keeping,
    /// A person must look at a notebook: a sign-in, a question of the page, the end of the hours.
    NeedsPerson,
    /// A person has paused the keeping.
    Paused,
    /// There is no usable configuration.
    Misconfigured,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Idle,
        Self::Waiting,
        Self::Keeping,
        Self::NeedsPerson,
        Self::Paused,
        Self::Misconfigured,
    ];
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
