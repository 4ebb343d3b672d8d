//! When the browser counts as hung, and when to ask for its restart. A pure state machine: probes and
//! times go in, states and requests come out.

use std::time::{Duration, Instant};

/// The limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    /// So many probes in a row without a reply, though the browser is there, are a hang.
    pub(crate) silent: u32,
    /// How long a start may take on the slowest device.
    pub(crate) start: Duration,
    /// The least time between two requests; doubled for each one that did not help.
    pub(crate) pause: Duration,
    /// The most that the pause grows to.
    pub(crate) most: Duration,
    /// After answering for so long, earlier requests are forgotten.
    pub(crate) stable: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            // A heavy page on a small board can be silent for a minute.
            silent: 5,
            start: Duration::from_secs(180),
            pause: Duration::from_secs(180),
            most: Duration::from_secs(3600),
            stable: Duration::from_secs(600),
        }
    }
}

/// What a probe met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Probe {
    /// A browser of this version.
    Answered(String),
    /// Somebody listens, but does not reply, or with nonsense; in words.
    Silent(String),
    /// Nobody listens; in words.
    Gone(String),
}

/// How the browser is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// It may be on its way.
    Starting,
    /// It answers.
    Running {
        /// As the browser calls itself.
        version: String,
    },
    /// It has been there and does not answer; in words.
    NotAnswering {
        /// What the last probe met.
        why: String,
    },
    /// It has not been seen since keeperd started.
    Absent,
}

/// The browser as the probes have shown it.
#[derive(Debug)]
pub(crate) struct Watch {
    policy: Policy,
    state: State,
    since: Instant,
    /// Whether anybody has ever listened.
    met: bool,
    /// Whether it has answered since its last start.
    answered: bool,
    /// Silent probes in a row.
    silent: u32,
    /// From when on a start is waited for: it came up, went away, or was asked to restart.
    waiting: Instant,
    restarts: u32,
    /// Requests that have not been followed by a stable time.
    in_vain: u32,
    last: Option<Instant>,
}

impl Watch {
    pub(crate) fn new(policy: Policy, now: Instant) -> Self {
        Self {
            policy,
            state: State::Starting,
            since: now,
            met: false,
            answered: false,
            silent: 0,
            waiting: now,
            restarts: 0,
            in_vain: 0,
            last: None,
        }
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Since when it has been in its state.
    pub(crate) fn since(&self) -> Instant {
        self.since
    }

    /// How often a restart has been asked for.
    pub(crate) fn restarts(&self) -> u32 {
        self.restarts
    }

    /// Counts a restart that others have reasons for, if one may be asked for now.
    pub(crate) fn ask(&mut self, now: Instant) -> bool {
        let may = self.may_ask(now);
        if may {
            self.asked(now);
        }
        may
    }

    /// Forgets the browser that was: another one is on its way.
    pub(crate) fn expect(&mut self, now: Instant) {
        (self.met, self.answered, self.silent, self.waiting) = (false, false, 0, now);
        self.enter(State::Starting, now);
    }

    /// Takes in what a probe met. Returns why the browser is to be restarted, if it is.
    pub(crate) fn observe(&mut self, probe: Probe, now: Instant) -> Option<String> {
        match probe {
            Probe::Answered(version) => {
                self.answers(version, now);
                None
            }
            Probe::Silent(why) => {
                if !self.met {
                    (self.met, self.waiting) = (true, now);
                }
                self.silent = self.silent.saturating_add(1);
                self.fails(why, now)
            }
            Probe::Gone(why) => {
                self.silent = 0;
                self.fails(why, now)
            }
        }
    }

    fn answers(&mut self, version: String, now: Instant) {
        (self.met, self.answered, self.silent) = (true, true, 0);
        self.enter(State::Running { version }, now);
        if now.duration_since(self.since) >= self.policy.stable {
            self.in_vain = 0;
        }
    }

    fn fails(&mut self, why: String, now: Instant) -> Option<String> {
        if matches!(self.state, State::Running { .. }) {
            self.waiting = now;
        }
        let waited = now.duration_since(self.waiting);
        let late = waited >= self.policy.start;
        let hung = self.answered && self.silent >= self.policy.silent;
        self.enter(self.failing(&why, late), now);
        if !self.met || !(late || hung) || !self.may_ask(now) {
            return None;
        }
        self.asked(now);
        Some(format!("{why}, for {} s", waited.as_secs()))
    }

    fn asked(&mut self, now: Instant) {
        self.restarts = self.restarts.saturating_add(1);
        self.in_vain = self.in_vain.saturating_add(1);
        (self.last, self.waiting, self.answered, self.silent) = (Some(now), now, false, 0);
    }

    /// The state that a failed probe leads to.
    fn failing(&self, why: &str, late: bool) -> State {
        match &self.state {
            State::Starting | State::Absent if !self.met && late => State::Absent,
            State::Starting if !late => State::Starting,
            State::Absent if !self.met => State::Absent,
            _ => State::NotAnswering {
                why: why.to_owned(),
            },
        }
    }

    fn may_ask(&self, now: Instant) -> bool {
        let doublings = self.in_vain.saturating_sub(1).min(16);
        let pause = self
            .policy
            .pause
            .saturating_mul(2_u32.pow(doublings))
            .min(self.policy.most);
        self.last
            .is_none_or(|last| now.duration_since(last) >= pause)
    }

    /// The time counts from when the kind of state was entered: a new reason or version is no new state.
    fn enter(&mut self, state: State, now: Instant) {
        if std::mem::discriminant(&self.state) != std::mem::discriminant(&state) {
            self.since = now;
        }
        self.state = state;
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
