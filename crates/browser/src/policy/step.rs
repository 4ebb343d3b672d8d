//! What goes into a watch, and what comes out of it.

use crate::recognise::Wants;

/// What a look at a notebook's tab has come to, or what the tab has told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// The browser is not there; in words.
    NoBrowser(String),
    /// It has no tab for this notebook.
    NoTab,
    /// The tab does not answer; in words.
    Silent(String),
    /// The tab's process has died; in words.
    Crashed(String),
    /// The browser shows its own error page; in words.
    Error(String),
    /// keeperd's page that leads to the notebook; why it has not done so yet, in words.
    Start(String),
    /// The tab is at the notebook, or where somebody has to sign in to come there.
    Here(Wants),
    /// It is at another host's page, or at another one of the same.
    Elsewhere(String),
    /// A dialog of the browser's keeps everything waiting; what it says.
    Asked(String),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Look at the tab; [`Watch::observe`](super::Watch::observe) takes what was seen.
    Look,
    /// Open a tab with the notebook.
    Open,
    /// Save and reload it.
    Reload {
        /// A person has asked for it, whoever may use the desktop.
        asked: bool,
    },
    /// Go back to the notebook in the tab.
    Return,
    /// End the tab's process and go to the notebook in it.
    Revive,
    /// Have the browser restarted; why, in words.
    Restart(String),
}

/// What has become of an action other than looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It was not even tried: the notebook's server does not answer. In words.
    Unreachable(String),
    /// It was not even tried: somebody has begun to use the desktop.
    Occupied,
    /// It was tried, and this is how the tab is now.
    Seen(Sighting),
}
