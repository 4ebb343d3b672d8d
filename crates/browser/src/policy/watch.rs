//! The watch over one notebook.

mod deciding;

use super::jitter::Jitter;
use super::notice::Teller;
use super::{Action, Conditions, Limits, Notice, Outcome, Sighting, Time, next_turn, show};
use crate::recognise::Wants;
use control::NotebookState;
use std::mem::discriminant;
use std::time::Duration;

/// One notebook, as it was last seen, and what is planned for it.
#[derive(Debug)]
pub struct Watch {
    limits: Limits,
    jitter: Jitter,
    teller: Teller,
    seen: Option<Sighting>,
    /// Since when the sighting has been of this kind.
    seen_since: Time,
    /// The notebook's server did not answer when we wanted to go there.
    unreachable: Option<String>,
    /// Whether there has been a browser, and since when.
    met: Option<Time>,
    state: NotebookState,
    reason: String,
    since: Time,
    next_look: Time,
    /// When to reload, and by which interval that was planned.
    due: Option<Time>,
    interval: Time,
    asked: bool,
    last_reload: Option<Time>,
    reloads: u64,
    /// No attempt to recover before.
    retry: Time,
    /// Attempts since the notebook was last there for a while; those after a death; ends elsewhere.
    attempts: u32,
    deaths: u32,
    strays: u32,
    stepped: Time,
}

impl Watch {
    /// A notebook of which nothing is known but how often it was reloaded in earlier runs.
    pub fn new(limits: Limits, seed: u64, reloads: u64, now: Time) -> Self {
        Self {
            limits,
            jitter: Jitter::new(seed),
            teller: Teller::default(),
            seen: None,
            seen_since: now,
            unreachable: None,
            met: None,
            state: NotebookState::Starting,
            reason: "looking for the notebook's tab".to_owned(),
            since: now,
            next_look: now,
            due: None,
            interval: Time::ZERO,
            asked: false,
            last_reload: None,
            reloads,
            retry: now,
            attempts: 0,
            deaths: 0,
            strays: 0,
            stepped: now,
        }
    }

    /// What is to be done now; nothing until [`Watch::wake`], or until something is seen or asked for.
    pub fn next(&mut self, now: Time, conditions: &Conditions) -> Option<Action> {
        if now.saturating_sub(self.stepped) > self.limits.gap {
            self.resume(now);
        }
        self.stepped = now;
        if conditions.hold.is_some() {
            // Whatever was is to be looked at anew, afterwards.
            (self.next_look, self.due, self.asked) = (now, None, false);
            self.show(now, conditions);
            return None;
        }
        if self.is_at_notebook() && (self.due.is_none() || self.interval != conditions.interval) {
            self.plan(now, conditions);
        }
        self.show(now, conditions);
        if now >= self.next_look {
            self.next_look = next_turn(now, self.limits.look);
            return Some(Action::Look);
        }
        let action = self
            .recovery(now, conditions)
            .or_else(|| self.reload(now, conditions))?;
        if matches!(action, Action::Reload { .. }) {
            self.enter(
                NotebookState::Reloading,
                "saving and reloading".to_owned(),
                now,
            );
        }
        Some(action)
    }

    /// Takes in what was seen.
    pub fn observe(&mut self, sighting: Sighting, now: Time) {
        let same = self
            .seen
            .as_ref()
            .is_some_and(|seen| discriminant(seen) == discriminant(&sighting));
        if !same {
            self.seen_since = now;
        }
        match &sighting {
            Sighting::NoBrowser(_) => {}
            _ => {
                let gone = matches!(self.seen, None | Some(Sighting::NoBrowser(_)));
                self.met = self.met.filter(|_| !gone).or(Some(now));
            }
        }
        if let Sighting::Here(wants) = &sighting {
            self.strays = 0;
            if *wants == Wants::Nothing && now.saturating_sub(self.seen_since) >= self.limits.stable
            {
                (self.attempts, self.deaths) = (0, 0);
            }
        }
        self.seen = Some(sighting);
        self.next_look = next_turn(now, self.limits.look);
        if !self.is_at_notebook() {
            self.due = None;
        }
    }

    /// Something has happened: a look soon is worth while.
    pub fn stir(&mut self, now: Time) {
        self.next_look = self.next_look.min(now + self.limits.stir);
    }

    /// Takes in what has become of an action.
    pub fn done(&mut self, action: &Action, outcome: Outcome, now: Time) {
        self.stepped = now;
        self.next_look = now;
        let came_about = outcome == Outcome::Done;
        match outcome {
            Outcome::Unreachable(why) => {
                self.unreachable = Some(why);
                self.retry = now + self.pause(self.attempts.max(1));
                return;
            }
            Outcome::Occupied => {
                self.retry = now + self.limits.most;
                return;
            }
            Outcome::Done => self.unreachable = None,
            Outcome::Seen(sighting) => {
                self.unreachable = None;
                self.observe(sighting, now);
                self.next_look = now;
            }
        }
        match action {
            Action::Reload { .. } => {
                self.reloads += u64::from(came_about);
                (self.last_reload, self.due, self.asked) = (Some(now), None, false);
            }
            Action::Restart(_) => self.retry = now + self.limits.restart,
            Action::Look => {}
            Action::Open | Action::Return | Action::Revive => {
                // What comes of it has its own time.
                (self.asked, self.seen_since) = (false, now);
                self.retry = now + self.pause(self.attempts);
            }
        }
    }

    /// A person wants it to be reloaded; in how long it will be.
    pub fn ask(&mut self, now: Time) -> Duration {
        self.asked = true;
        self.retry = now;
        let free = self
            .last_reload
            .map_or(now, |last| last + self.limits.least);
        free.saturating_sub(now)
    }

    /// Whether the notebook's server did not answer when we wanted to go there.
    pub fn is_unreachable(&self) -> bool {
        self.unreachable.is_some()
    }

    /// It answers again.
    pub fn reached(&mut self, now: Time) {
        (self.unreachable, self.retry) = (None, now);
    }

    /// When to call [`Watch::next`] again at the latest.
    pub fn wake(&self, conditions: &Conditions) -> Time {
        if conditions.hold.is_some() {
            return self.stepped + self.limits.most;
        }
        let times = [self.due, Some(self.retry)].into_iter().flatten();
        let later = times.filter(|time| *time > self.stepped);
        later.fold(self.next_look, Time::min)
    }

    /// How it is: the state, why, and since when.
    pub fn state(&self) -> (NotebookState, &str, Time) {
        (self.state, &self.reason, self.since)
    }

    /// How often it was reloaded, and when last.
    pub fn reloads(&self) -> (u64, Option<Time>) {
        (self.reloads, self.last_reload)
    }

    /// When it is to be reloaded.
    pub fn due(&self) -> Option<Time> {
        self.due
    }

    /// What a person is to be told now.
    pub fn notice(&mut self, now: Time) -> Option<Notice> {
        let stray = matches!(self.seen, Some(Sighting::Elsewhere(_)));
        if stray && self.strays < self.limits.strays {
            return None;
        }
        let (state, since) = (self.state, self.since);
        self.teller
            .notice(&self.limits, (state, &self.reason), since, now)
    }

    /// After a time in which nothing was done, all that was seen is old.
    fn resume(&mut self, now: Time) {
        (self.next_look, self.seen_since, self.retry) = (now, now, now);
        let later = now + self.jitter.up_to(self.limits.most);
        self.due = self.due.map(|due| due.max(later));
    }

    /// Whether it is where reloads belong.
    fn is_at_notebook(&self) -> bool {
        matches!(
            &self.seen,
            Some(Sighting::Here(Wants::Nothing | Wants::Unknown(_)))
        )
    }

    fn plan(&mut self, now: Time, conditions: &Conditions) {
        self.interval = conditions.interval;
        let interval = self
            .jitter
            .around(conditions.interval)
            .max(self.limits.least);
        self.due = Some(now + interval);
    }

    fn show(&mut self, now: Time, conditions: &Conditions) {
        let unreachable = self.unreachable.as_deref();
        let (state, reason) = show::state(
            self.seen.as_ref(),
            self.met.is_some(),
            unreachable,
            conditions,
        );
        self.enter(state, reason, now);
    }

    /// The time counts from when the state was entered: a new reason is no new state.
    fn enter(&mut self, state: NotebookState, reason: String, now: Time) {
        if self.state != state {
            self.since = now;
        }
        (self.state, self.reason) = (state, reason);
    }
}
