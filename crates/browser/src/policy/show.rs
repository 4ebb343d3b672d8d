//! The state that is shown of a notebook, with its reason.

use super::{Conditions, Hold, Sighting};
use crate::recognise::Wants;
use control::NotebookState;

/// The state of a notebook that was last seen so, under these conditions.
pub(super) fn state(
    seen: Option<&Sighting>,
    met: bool,
    unreachable: Option<&str>,
    conditions: &Conditions,
) -> (NotebookState, String) {
    if let Some(hold) = conditions.hold {
        return held(hold);
    }
    if let Some(why) = unreachable {
        return (NotebookState::Offline, why.to_owned());
    }
    let Some(seen) = seen else {
        return (
            NotebookState::Starting,
            "looking for the notebook's tab".to_owned(),
        );
    };
    match seen {
        Sighting::NoBrowser(why) if met => (
            NotebookState::Crashed,
            format!("the browser is gone: {why}"),
        ),
        Sighting::NoBrowser(why) => (
            NotebookState::Starting,
            format!("waiting for the browser: {why}"),
        ),
        Sighting::NoTab => (
            NotebookState::Starting,
            "the browser has no tab for it yet".to_owned(),
        ),
        Sighting::Silent(why) => (
            NotebookState::Crashed,
            format!("the page does not answer: {why}"),
        ),
        Sighting::Crashed(why) => (NotebookState::Crashed, why.clone()),
        Sighting::Error(why) | Sighting::Start(why) => (NotebookState::Offline, why.clone()),
        Sighting::Elsewhere(host) => (
            NotebookState::WaitingForPerson,
            format!("the tab is at another page, of {host}"),
        ),
        Sighting::Asked(text) => (
            NotebookState::WaitingForPerson,
            format!("a dialog waits for an answer: {text}"),
        ),
        Sighting::Here(wants) => here(wants, conditions),
    }
}

fn held(hold: Hold) -> (NotebookState, String) {
    match hold {
        Hold::SigningIn => (
            NotebookState::SignedOut,
            "the browser is there for somebody to sign in; keeper signed-in ends that".to_owned(),
        ),
        Hold::Paused => (
            NotebookState::Paused,
            "paused; keeper resume goes on".to_owned(),
        ),
        Hold::Capped(hours) => (
            NotebookState::Capped,
            format!("kept for {hours} h; keeper renew goes on"),
        ),
    }
}

fn here(wants: &Wants, conditions: &Conditions) -> (NotebookState, String) {
    let state = match wants {
        Wants::Nothing if conditions.person => {
            let reason = "somebody uses the desktop, reloads wait";
            return (NotebookState::Open, reason.to_owned());
        }
        Wants::Nothing => NotebookState::Open,
        Wants::SignIn(_) => NotebookState::SignedOut,
        _ => NotebookState::WaitingForPerson,
    };
    (state, wants.words())
}
