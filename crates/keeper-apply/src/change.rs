//! A whole change of the device: its settings, name, place, secrets, network and owner, all of it or nothing.
//!
//! Data flow: a [`setup::Change`] → `check` (with root's own eyes) → `journal`, one file that says what was and what is
//! to be, durable before anything is touched → `steps` → the journal goes. When a step fails, `back` leads back; when
//! the power fails, [`recover`] finishes at the next boot what the journal says.
//!
//! What is not here: files for the services (`render`, and [`Apply`] puts them in force), and who asks ([`answer()`] alone
//! knows the socket).

mod account;
mod answer;
mod approval;
mod back;
mod check;
mod device;
mod hands;
mod journal;
mod network;
mod scan;
mod secrets;
mod steps;
pub(crate) mod texts;

#[cfg(test)]
mod tests;

use anyhow::{Context as _, Result, anyhow};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use setup::{Change, Progress, Work};

use crate::apply::Apply;
use crate::generation::{STORE, Store};
use crate::hint::hinted;
use crate::lock::{self, Lock};

pub use answer::answer;
pub use device::DeviceHands;
pub use hands::{Hands, Kept, Said};
use journal::Journal;
pub use network::network_back;

/// Present once the device has an owner; below the root.
pub const SET_UP: &str = "var/lib/keeper-apply/set-up";

/// How a change's progress is told.
pub type Tell<'a> = &'a mut dyn FnMut(Work, Progress);

/// Who asks for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The wizard of a device without an owner.
    Wizard,
    /// A file on the boot partition of a device without an owner.
    Preset,
    /// Somebody who approves of it with their password.
    Person,
}

/// Why a change was not begun: nothing is other than before.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// Whether the device has an owner.
pub fn is_set_up(root: &Utf8Path) -> bool {
    root.join(SET_UP).exists()
}

/// Carries out a change; `tell` gets each part's progress. Returns the seconds within which the network must be
/// confirmed, where it was changed.
///
/// # Errors
/// [`Refused`] when it was not begun. Else what failed; then all is as before, and if not, the error says so.
pub fn carry_out(
    apply: &Apply<'_>,
    hands: &dyn Hands,
    change: &Change,
    by: By,
    tell: Tell<'_>,
) -> Result<Option<u32>> {
    let _lock = lock(apply)?;
    finish_left_over(apply, hands)?;
    tell(Work::Check, Progress::Begun);
    let checked = check::check(apply, hands, change, by)?;
    let journal = Journal::begin(apply, hands, checked, by)?;
    journal.write(apply, hands)?;
    tell(Work::Check, Progress::Done);
    match steps::all(apply, hands, &journal, false, tell) {
        Ok(confirm) => {
            if let Err(error) = Journal::remove(apply, hands) {
                // All is done. The next boot does it once more, which changes nothing.
                eprintln!("warning: {error:#}");
            }
            Ok(confirm)
        }
        Err(error) => Err(taken_back(apply, hands, journal, &error)),
    }
}

/// Finishes a change that a power cut interrupted, and takes a network back that nobody has confirmed; true when there
/// was such a change.
///
/// # Errors
/// The device is neither as before nor as it was to be. The journal stays, and the next boot tries again.
pub fn recover(apply: &Apply<'_>, hands: &dyn Hands) -> Result<bool> {
    let _lock = lock(apply)?;
    let found = finish_left_over(apply, hands)?;
    if apply.boot {
        network::at_boot(apply, hands)?;
    }
    Ok(found)
}

/// One change at a time, and none while one is finished. The generations' lock is another, since each step takes it.
fn lock(apply: &Apply<'_>) -> Result<Lock> {
    Store::new(&apply.root).prepare()?;
    lock::take(&below(apply, STORE).join("change.lock"))
}

fn finish_left_over(apply: &Apply<'_>, hands: &dyn Hands) -> Result<bool> {
    let Some(journal) = Journal::read(apply, hands)? else {
        return Ok(false);
    };
    if journal.back || journal.wants_confirmation() {
        // Nobody could confirm after a power cut that the network is the right one.
        take_back(apply, hands, journal)?;
        return Ok(true);
    }
    match steps::all(apply, hands, &journal, true, &mut |_, _| {}) {
        Ok(_) => Journal::remove(apply, hands)?,
        Err(error) => {
            eprintln!("warning: an interrupted change is taken back: {error:#}");
            take_back(apply, hands, journal)?;
        }
    }
    Ok(true)
}

/// After a step has failed. Returns the error to end with.
fn taken_back(
    apply: &Apply<'_>,
    hands: &dyn Hands,
    journal: Journal,
    error: &anyhow::Error,
) -> anyhow::Error {
    match take_back(apply, hands, journal) {
        Ok(()) => anyhow!("{error:#}; all is as it was before"),
        Err(second) => hinted(
            format!("{error:#}; going back failed too: {second:#}"),
            "restart the device: it tries again to go back",
        ),
    }
}

fn take_back(apply: &Apply<'_>, hands: &dyn Hands, mut journal: Journal) -> Result<()> {
    // From here on a power cut leads back too: forward is where it failed.
    journal.back = true;
    journal.write(apply, hands)?;
    back::all(apply, hands, &journal).context("going back")?;
    Journal::remove(apply, hands)
}

/// A path of the device below the root that is worked on.
fn below(apply: &Apply<'_>, path: &str) -> Utf8PathBuf {
    apply.root.join(path.trim_start_matches('/'))
}
