//! The watch over the desktop's browser: is it there, does it answer, and if it hangs, who is told.
//!
//! Looking is in `probe`, deciding in `policy`, asking for a restart in `restart`; here they are put
//! together, once every [`Ways::period`]. What the browser shows is not looked at.

mod policy;
mod probe;
mod restart;

use crate::clock::Alarm;
use crate::journal;
use camino::Utf8PathBuf;
use control::{KioskState, KioskStatus};
use policy::{Policy, Probe, State, Watch};
use std::cell::Cell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How the browser is watched.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    /// The browser's debugging port.
    pub(crate) address: SocketAddr,
    /// The file that asks for a restart.
    pub(crate) restart: Utf8PathBuf,
    /// The time between two probes.
    pub(crate) period: Duration,
    /// How long the browser may take to reply.
    pub(crate) limit: Duration,
    pub(crate) policy: Policy,
}

impl Ways {
    pub(crate) fn new(address: SocketAddr, restart: Utf8PathBuf) -> Self {
        Self {
            address,
            restart,
            period: Duration::from_secs(20),
            limit: Duration::from_secs(10),
            policy: Policy::default(),
        }
    }
}

/// The watch and what it knows.
pub(crate) struct Kiosk {
    ways: Ways,
    watch: Mutex<Watch>,
    /// Somebody signs in, in a browser without a debugging port: there is nothing to look at.
    resting: Cell<bool>,
    /// The last probe that was answered.
    probed: Cell<Option<Instant>>,
    /// The last time that a tab has shown that the same browser is there.
    heard: Cell<Option<Instant>>,
}

impl Kiosk {
    pub(crate) fn new(ways: Ways) -> Self {
        let watch = Mutex::new(Watch::new(ways.policy, Instant::now()));
        Self {
            ways,
            watch,
            resting: Cell::new(false),
            probed: Cell::new(None),
            heard: Cell::new(None),
        }
    }

    /// Watches for ever; `beat` is called before each probe.
    pub(crate) async fn watch(&self, beat: impl Fn()) -> Infallible {
        let mut alarm = Alarm::new();
        loop {
            beat();
            if !self.resting.get() {
                self.turn().await;
            }
            alarm.next(self.ways.period).await;
        }
    }

    async fn turn(&self) {
        let probe = match self.lately() {
            Some(version) => Probe::Answered(version),
            None => self.probe().await,
        };
        let before = self.known().state().clone();
        let request = self.known().observe(probe, Instant::now());
        tell(&before, self.known().state());
        if let Some(reason) = request {
            self.request(&reason);
        }
    }

    async fn probe(&self) -> Probe {
        let probe = probe::probe(self.ways.address, self.ways.limit).await;
        if matches!(probe, Probe::Answered(_)) {
            self.probed.set(Some(Instant::now()));
        }
        probe
    }

    /// The browser, if a tab has answered since the last turn: then it need not be asked again.
    fn lately(&self) -> Option<String> {
        let lately = self
            .heard
            .get()
            .is_some_and(|at| at.elapsed() < self.ways.period);
        match self.known().state() {
            State::Running { version } if lately => Some(version.clone()),
            _ => None,
        }
    }

    /// A tab has answered over a connection that is there since `since`. The browser may be another one
    /// than was probed before that.
    pub(crate) fn hear(&self, since: Instant) {
        if self.probed.get().is_some_and(|probed| probed > since) {
            self.heard.set(Some(Instant::now()));
        }
    }

    /// Has the browser restarted for a reason that its notebooks have, unless it was a short while ago.
    pub(crate) fn restart(&self, reason: &str) {
        if self.known().ask(Instant::now()) {
            self.request(reason);
        }
    }

    /// The browser is only to be expected from now on.
    pub(crate) fn expect(&self) {
        self.known().expect(Instant::now());
    }

    /// Leaves the browser alone in which somebody signs in, or looks after the one that comes after it.
    pub(crate) fn rest(&self, resting: bool) {
        self.resting.set(resting);
        self.known().expect(Instant::now());
    }

    /// Has the browser restarted in any case.
    pub(crate) fn request(&self, reason: &str) {
        journal::warning(format_args!(
            "asking for a restart of the browser: {reason}"
        ));
        if let Err(error) = restart::request(&self.ways.restart, reason) {
            journal::error(format_args!(
                "asking for a restart of the browser: {error:#}"
            ));
        }
    }

    pub(crate) fn status(&self) -> KioskStatus {
        let watch = self.known();
        let (state, detail) = match watch.state() {
            State::Starting => (KioskState::Starting, None),
            State::Running { version } => (KioskState::Running, Some(version)),
            State::NotAnswering { why } => (KioskState::NotAnswering, Some(why)),
            State::Absent => (KioskState::Absent, None),
        };
        KioskStatus {
            state,
            detail: detail.cloned(),
            for_seconds: watch.since().elapsed().as_secs(),
            restarts: watch.restarts(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A change, for the journal; a new reason for the same state is none.
fn tell(before: &State, after: &State) {
    match after {
        // An upgrade beneath it, and a restart since.
        State::Running { version } if *before != *after => {
            journal::info(format_args!("the browser answers: {version}"));
        }
        _ if std::mem::discriminant(before) == std::mem::discriminant(after) => {}
        State::Starting | State::Running { .. } => {}
        State::NotAnswering { why } => {
            journal::warning(format_args!("the browser does not answer: {why}"))
        }
        State::Absent => journal::warning(format_args!("no browser has come up")),
    }
}

#[cfg(test)]
#[path = "kiosk/tests.rs"]
mod tests;
