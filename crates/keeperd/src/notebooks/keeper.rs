//! The task of one notebook: it does what the policy says and tells it what came of it.

use super::Notebooks;
use super::entry::Entry;
use super::tab::Tab;
use crate::clock::Alarm;
use browser::policy::{Action, Outcome};
use control::NotebookState;
use std::rc::Rc;
use std::time::Duration;

/// Keeps one notebook for ever.
pub(super) async fn keep(all: Rc<Notebooks>, entry: Rc<Entry>) {
    let mut tab = Tab::new(&all, &entry);
    let mut alarm = Alarm::new();
    loop {
        let (now, conditions) = (all.clock.now(), all.conditions());
        let action = entry.watch.borrow_mut().next(now, &conditions);
        tell(&all, &entry);
        let Some(action) = action else {
            if conditions.hold.is_some() {
                tab.let_go();
            }
            let wake = entry.watch.borrow().wake(&conditions);
            tokio::select! {
                () = tab.event() => {}
                () = all.clock.sleep_until(wake, &mut alarm) => {}
                () = entry.nudge.notified() => {}
            }
            continue;
        };
        if action == Action::Look {
            let sighting = tab.look().await;
            entry.watch.borrow_mut().observe(sighting, all.clock.now());
            if entry.watch.borrow().is_unreachable()
                && all.parts.network.trouble(&entry.url).await.is_none()
            {
                entry.watch.borrow_mut().reached(all.clock.now());
            }
            continue;
        }
        let outcome = tab.act(&action).await;
        report(&all, &entry, &action, &outcome);
        entry
            .watch
            .borrow_mut()
            .done(&action, outcome, all.clock.now());
        if matches!(action, Action::Reload { .. }) {
            all.save();
        }
    }
}

/// Tells the journal of a new state, and the owner of what they have to know.
fn tell(all: &Notebooks, entry: &Entry) {
    let now = all.clock.now();
    let (state, reason) = {
        let watch = entry.watch.borrow();
        let (state, reason, _) = watch.state();
        (state, reason.to_owned())
    };
    let before = entry.told.replace(state);
    // A reload is what is expected; the journal need not know of hundreds a day.
    let usual = |state| matches!(state, NotebookState::Open | NotebookState::Reloading);
    if before != state && !(usual(before) && usual(state)) {
        all.tell(entry, usual(state), &reason);
    }
    let notice = entry.watch.borrow_mut().notice(now);
    if let Some(notice) = notice {
        let (number, _) = entry.place.get();
        all.parts.notices.tell(
            &format!("notebook-{number}"),
            &format!("notebook {number}: {}", notice.text),
            notice.urgent,
        );
    }
}

/// What was done about a notebook that was not as it should be, for the journal.
fn report(all: &Notebooks, entry: &Entry, action: &Action, outcome: &Outcome) {
    let what = match action {
        Action::Look | Action::Restart(_) => return,
        Action::Reload { .. } => "reloading it",
        Action::Open => "opening a tab for it",
        Action::Return => "going back to it",
        Action::Revive => "ending its page and going back to it",
    };
    match outcome {
        Outcome::Done if matches!(action, Action::Reload { .. }) => {}
        Outcome::Done => all.tell(entry, true, what),
        Outcome::Unreachable(_) | Outcome::Occupied => {}
        Outcome::Seen(sighting) => all.tell(entry, false, &format!("{what} came to {sighting:?}")),
    }
}

/// The longest time that one action may take: saving, dying, loading.
pub(super) const LOAD: Duration = Duration::from_secs(120);
