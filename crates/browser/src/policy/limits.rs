//! The times and numbers that the policy goes by.

use std::time::Duration;

/// The limits of one notebook's watch.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The time between two looks at a page. It is most of the time in which a dead page is noticed,
    /// and most of what keeperd costs.
    pub look: Duration,
    /// How soon a page is looked at in which something has happened.
    pub stir: Duration,
    /// The least time between two reloads.
    pub least: Duration,
    /// A page that has not answered for so long is ended. A heavy one on a small board can be silent
    /// for half a minute.
    pub silence: Duration,
    /// How long a browser that has just come up may take to open its tabs by itself.
    pub settle: Duration,
    /// How long a tab may be elsewhere before it is taken back.
    pub stray: Duration,
    /// How long keeperd's own page may take to lead to the notebook; it looks every ten seconds.
    pub start: Duration,
    /// The pause after the first attempt to recover; doubled with each that does not help.
    pub first: Duration,
    /// The most that this pause grows to.
    pub most: Duration,
    /// After so long at the notebook, earlier attempts are forgotten.
    pub stable: Duration,
    /// So many deaths in a row, and the browser is to be restarted.
    pub deaths: u32,
    /// So many times in a row the notebook's address leads elsewhere, and a person has to see to it.
    pub strays: u32,
    /// The pause after asking for a restart of the browser.
    pub restart: Duration,
    /// After so long without the notebook a person is told.
    pub down: Duration,
    /// The least time between two notices of the same.
    pub remind: Duration,
    /// A longer time between two steps is a suspended machine, or one that was very busy.
    pub gap: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            look: seconds(10),
            stir: seconds(1),
            least: seconds(60),
            silence: seconds(35),
            settle: seconds(15),
            stray: seconds(60),
            start: seconds(90),
            first: seconds(5),
            most: seconds(30),
            stable: seconds(300),
            deaths: 3,
            strays: 2,
            restart: seconds(45),
            down: seconds(300),
            remind: seconds(1800),
            gap: seconds(90),
        }
    }
}
