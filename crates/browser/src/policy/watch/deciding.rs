//! What is to be done, from what is known.

use super::Watch;
use crate::policy::{Action, Conditions, Sighting, Time};

impl Watch {
    pub(super) fn reload(&mut self, now: Time, conditions: &Conditions) -> Option<Action> {
        let free = self
            .last_reload
            .is_none_or(|last| now >= last + self.limits.least);
        if !free || now < self.retry || !matches!(self.seen, Some(Sighting::Here(_))) {
            return None;
        }
        let due =
            self.is_at_notebook() && !conditions.person && self.due.is_some_and(|due| now >= due);
        (self.asked || due).then_some(Action::Reload { asked: self.asked })
    }

    /// What brings the notebook back, if it is not there.
    pub(super) fn recovery(&mut self, now: Time, conditions: &Conditions) -> Option<Action> {
        let lasting = now.saturating_sub(self.seen_since);
        let limits = &self.limits;
        // Somebody who uses the desktop may be about to mend it; a dead tab nobody can use.
        let alone = !conditions.person || self.asked;
        let late = |limit| self.asked || lasting >= limit;
        let action = match self.seen.as_ref()? {
            Sighting::NoBrowser(_) | Sighting::Here(_) | Sighting::Asked(_) => return None,
            Sighting::NoTab if alone && self.met.is_some_and(|met| now >= met + limits.settle) => {
                Action::Open
            }
            Sighting::Crashed(_) => Action::Revive,
            Sighting::Silent(_) if alone && late(limits.silence) => Action::Revive,
            Sighting::Error(_) if alone => Action::Return,
            Sighting::Start(_) if alone && late(limits.start) => Action::Return,
            Sighting::Elsewhere(_)
                if alone && late(limits.stray) && (self.asked || self.strays < limits.strays) =>
            {
                Action::Return
            }
            _ => return None,
        };
        if now < self.retry {
            return None;
        }
        Some(self.attempt(action))
    }

    /// Counts an attempt; after too many deaths the browser itself is to blame.
    fn attempt(&mut self, action: Action) -> Action {
        let dead = matches!(action, Action::Open | Action::Revive);
        if dead && self.deaths >= self.limits.deaths {
            self.deaths = 0;
            return Action::Restart(self.reason.clone());
        }
        self.attempts = self.attempts.saturating_add(1);
        self.deaths += u32::from(dead);
        self.strays += u32::from(matches!(self.seen, Some(Sighting::Elsewhere(_))));
        action
    }

    pub(super) fn pause(&self, attempts: u32) -> Time {
        let doublings = attempts.saturating_sub(1).min(16);
        self.limits
            .first
            .saturating_mul(2_u32.pow(doublings))
            .min(self.limits.most)
    }
}
