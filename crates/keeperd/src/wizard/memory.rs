//! What has been answered so far: on the card what may lie there, in memory alone what may not.
//! Without a clock and without I/O but the store's.

use super::base::Base;
use super::fields;
use super::store::{Saved, Store};
use setup::{Draft, Fault, Field, Network, Purpose, Reason, Secrets, Step};
use std::sync::Arc;
use std::time::Duration;

/// For so long secrets are kept of which nobody makes use.
pub(super) const KEPT: Duration = Duration::from_secs(3600);

/// The answers, and what was found out for their pages.
pub(super) struct Memory {
    store: Store,
    pub(super) saved: Saved,
    pub(super) secrets: Secrets,
    pub(super) networks: Option<Vec<Network>>,
    pub(super) router: Option<Result<String, String>>,
    /// The time zones that there are; none when nobody knows.
    pub(super) zones: Arc<[String]>,
    /// When the pages were last made use of.
    used: Duration,
}

impl Memory {
    /// Takes up what an earlier keeperd has left for this purpose, or begins.
    pub(super) fn new(store: Store, purpose: Purpose, base: impl FnOnce() -> Base) -> Self {
        let left = store.load();
        let usable = left.filter(|saved| saved.purpose == purpose);
        let saved = usable.unwrap_or_else(|| {
            // That of a device which had no owner says who its owner is.
            store.remove();
            begun(purpose, base())
        });
        Self {
            store,
            saved,
            secrets: Secrets::default(),
            networks: None,
            router: None,
            zones: Arc::default(),
            used: Duration::ZERO,
        }
    }

    /// Brings it up to date before each use: another purpose, or settings that nobody has touched while the
    /// file became another, begin anew. Secrets are forgotten after [`KEPT`].
    pub(super) fn refresh(
        &mut self,
        purpose: Purpose,
        digest: impl Fn() -> Option<String>,
        base: impl FnOnce() -> Base,
    ) {
        let untouched = self.saved.visited.is_empty();
        if self.saved.purpose != purpose || untouched && self.is_stale(digest) {
            self.begin(purpose, base());
        }
    }

    /// Forgets secrets of which nobody has made use for so long.
    pub(super) fn tire(&mut self, now: Duration) {
        if now.saturating_sub(self.used) >= KEPT {
            self.secrets = Secrets::default();
        }
    }

    /// Somebody makes use of the pages.
    pub(super) fn wake(&mut self, now: Duration) {
        self.tire(now);
        self.used = now;
    }

    /// Whether the keeper.toml that settings were made from is another one now.
    pub(super) fn is_stale(&self, digest: impl Fn() -> Option<String>) -> bool {
        self.saved.purpose == Purpose::Settings && self.saved.instead_of != digest()
    }

    /// Forgets all answers.
    pub(super) fn begin(&mut self, purpose: Purpose, base: Base) {
        self.saved = begun(purpose, base);
        self.secrets = Secrets::default();
        (self.networks, self.router) = (None, None);
        self.store.remove();
    }

    /// What is wrong with a page as it is, or with all of them.
    pub(super) fn check(&self, step: Option<Step>) -> Vec<Fault> {
        let Saved { purpose, draft, .. } = &self.saved;
        let mut faults = setup::check(draft, &self.secrets, *purpose, step);
        let field = Field::Timezone;
        let asked = step.is_none_or(|step| step == field.step());
        if asked && !self.has_zone() && faults.iter().all(|fault| fault.field != field) {
            let reason = Reason::Form;
            faults.push(Fault { field, reason });
        }
        faults
    }

    /// Whether the device has the time zone of the answers. Where nobody knows, keeper-apply finds out.
    fn has_zone(&self) -> bool {
        self.zones.is_empty() || self.zones.contains(&self.saved.draft.timezone)
    }

    /// Takes over the answers of a page; what is wrong with that page.
    pub(super) fn take(&mut self, step: Step, mut answers: Vec<(Field, String)>) -> Vec<Fault> {
        answers.retain(|(field, _)| field.step() == step);
        let draft = &mut self.saved.draft;
        let mut faults = fields::take(draft, &mut self.secrets, answers);
        for fault in self.check(Some(step)) {
            if faults.iter().all(|known| known.field != fault.field) {
                faults.push(fault);
            }
        }
        faults.sort_by_key(|fault| fault.field);
        self.saved.visited.retain(|visited| *visited != step);
        if !faults.iter().any(hinders) {
            self.saved.visited.push(step);
            self.saved.visited.sort_unstable();
        }
        self.store.save(&self.saved);
        faults
    }

    /// Adds SSH keys to those of the owner that are there.
    pub(super) fn add_keys(&mut self, keys: Vec<String>) {
        let Draft { keys: known, .. } = &mut self.saved.draft;
        for key in keys {
            let same = |line: &str| {
                line.split_whitespace()
                    .take(2)
                    .eq(key.split_whitespace().take(2))
            };
            if !known.lines().any(same) {
                if !known.is_empty() && !known.ends_with('\n') {
                    known.push('\n');
                }
                known.push_str(&key);
            }
        }
        self.store.save(&self.saved);
    }
}

fn begun(purpose: Purpose, base: Base) -> Saved {
    Saved {
        purpose,
        instead_of: base.digest.filter(|_| purpose == Purpose::Settings),
        visited: Vec::new(),
        draft: Draft::of(&base.config),
    }
}

/// Whether a fault is more than a warning.
pub(super) fn hinders(fault: &Fault) -> bool {
    fault.reason != Reason::NoKey
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
