//! What all notebooks share.

use std::time::Duration;

/// What holds for all notebooks at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    /// The time between two reloads.
    pub interval: Duration,
    /// Why nothing is done, if so.
    pub hold: Option<Hold>,
    /// Whether somebody uses the desktop.
    pub person: bool,
}

/// Why nothing is done to any page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Somebody signs in, in a browser that has no debugging port.
    SigningIn,
    /// Somebody has paused it.
    Paused,
    /// Keeping has to be renewed, after so many hours.
    Capped(u32),
}
