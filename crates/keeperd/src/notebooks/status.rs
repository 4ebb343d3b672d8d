//! How the notebooks are, for `keeper status`.

use super::Notebooks;
use browser::policy::Hold;
use config::Text as _;
use control::{KeepStatus, NotebookState, NotebookStatus, State};

impl Notebooks {
    /// Each notebook.
    pub(crate) fn status(&self) -> Vec<NotebookStatus> {
        let now = self.clock.now();
        let entries = self.entries.borrow();
        let status = entries.iter().map(|entry| {
            let watch = entry.watch.borrow();
            let (state, reason, since) = watch.state();
            let (reloads, last) = watch.reloads();
            NotebookStatus {
                number: entry.place.get().0,
                url: entry.url.as_str().to_owned(),
                state,
                reason: reason.to_owned(),
                for_seconds: now.saturating_sub(since).as_secs(),
                reloads,
                last_reload_seconds: last.map(|last| now.saturating_sub(last).as_secs()),
                next_reload_seconds: watch.due().map(|due| due.saturating_sub(now).as_secs()),
                opened: entry.opened,
            }
        });
        status.collect()
    }

    /// For how long they are kept; none without a configuration.
    pub(crate) fn keep_status(&self) -> Option<KeepStatus> {
        let hours = self.hours();
        self.count();
        (hours > 0).then(|| KeepStatus {
            hours,
            left_seconds: self.keep.get().left(hours).as_secs(),
            paused: self.paused.get(),
            person: self.person.get(),
            signing_in: self.signing_in.get(),
        })
    }

    /// What keeperd is doing as a whole, and why.
    pub(crate) fn summary(&self) -> (State, String) {
        let (state, reason) = self.parts.settings.state();
        if state == State::Misconfigured {
            return (state, reason);
        }
        let notebooks = self.status();
        if notebooks.is_empty() {
            return (State::Idle, reason);
        }
        let first =
            |wanted: &[NotebookState]| notebooks.iter().find(|one| wanted.contains(&one.state));
        let named = |one: &NotebookStatus| format!("notebook {}: {}", one.number, one.reason);
        match self.hold() {
            Some(Hold::Paused) => {
                return (State::Paused, "paused; keeper resume goes on".to_owned());
            }
            Some(Hold::Capped(hours)) => {
                return (
                    State::NeedsPerson,
                    format!("kept for {hours} h; keeper renew goes on"),
                );
            }
            Some(Hold::SigningIn) => {
                return (
                    State::NeedsPerson,
                    "somebody signs in; keeper signed-in ends that".to_owned(),
                );
            }
            None => {}
        }
        if let Some(one) = first(&[
            NotebookState::WaitingForPerson,
            NotebookState::SignedOut,
            NotebookState::Capped,
        ]) {
            return (State::NeedsPerson, named(one));
        }
        if let Some(one) = first(&[
            NotebookState::Starting,
            NotebookState::Crashed,
            NotebookState::Offline,
        ]) {
            return (State::Waiting, named(one));
        }
        let count = notebooks.len();
        let many = if count == 1 {
            "1 notebook is".to_owned()
        } else {
            format!("{count} notebooks are")
        };
        (State::Keeping, format!("{many} kept open"))
    }
}
