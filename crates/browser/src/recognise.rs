//! What a page is and what it wants from a person, from what a look at it has brought.
//!
//! The tables are in `words`. Whatever is recognised is reported and nothing more: no table says what
//! to click, and none ever will. A dialog that no table knows is reported as unknown.

mod place;
mod words;

pub use place::{Notebook, Place};

use crate::page::{Look, Trouble};
use crate::policy::Sighting;

/// What a page wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// Nothing: it is as it should be.
    Nothing,
    /// That somebody signs in, at this host.
    SignIn(String),
    /// A proof that a person is there.
    Captcha,
    /// An answer to the question whether somebody is still there.
    StillThere,
    /// That the machine behind the notebook is connected again.
    Runtime,
    /// That other notebooks' sessions are ended.
    Sessions,
    /// An answer to a dialog that is not known; what it says.
    Unknown(String),
}

impl Wants {
    /// In words, for a person.
    pub fn words(&self) -> String {
        match self {
            Self::Nothing => "the notebook is open".to_owned(),
            Self::SignIn(host) => format!("somebody has to sign in at {host}"),
            Self::Captcha => "a CAPTCHA waits for a person".to_owned(),
            Self::StillThere => "the notebook asks whether somebody is still there".to_owned(),
            Self::Runtime => "the notebook's runtime is disconnected".to_owned(),
            Self::Sessions => "too many sessions are active".to_owned(),
            Self::Unknown(text) => format!("unknown dialog: {text}"),
        }
    }
}

/// The longest piece of a dialog that is reported, in characters.
const SHOWN: usize = 160;

/// What the page wants that was looked at. `hosts` are sign-in hosts that the tables do not have.
pub fn wants(look: &Look, hosts: &[String]) -> Wants {
    if let Some(host) = words::sign_in(&look.url, hosts) {
        return Wants::SignIn(host);
    }
    if words::is_captcha(&look.url) || look.frames.iter().any(|frame| words::is_captcha(frame)) {
        return Wants::Captcha;
    }
    let known = look.dialogs.iter().find_map(|text| words::dialog(text));
    let unknown = || {
        look.dialogs
            .first()
            .map(|text| Wants::Unknown(crate::line(text, SHOWN)))
    };
    known.or_else(unknown).unwrap_or(Wants::Nothing)
}

/// How the tab of `notebook` is that was looked at. `hosts` as for [`wants`].
pub fn sight(look: &Look, notebook: &Notebook, hosts: &[String]) -> Sighting {
    let wants = wants(look, hosts);
    // Where somebody has to sign in or to prove something is on the way to the notebook.
    if matches!(wants, Wants::SignIn(_)) || words::is_captcha(&look.url) {
        return Sighting::Here(wants);
    }
    match notebook.place(&look.url) {
        Place::Notebook => Sighting::Here(wants),
        Place::Start => Sighting::Start("waiting for the notebook's server".to_owned()),
        Place::Error => Sighting::Error(Trouble::Failed.to_string()),
        Place::Elsewhere(host) => Sighting::Elsewhere(host),
    }
}

#[cfg(test)]
#[path = "recognise/tests.rs"]
mod tests;
