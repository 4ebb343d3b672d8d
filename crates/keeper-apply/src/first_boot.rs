//! From the first start of a device to the moment at which it has an owner: the setup code and who it lets in, a preset,
//! and what the device says of itself meanwhile ([`show`]). At every later start: what a power cut has left of all that.
//!
//! What is not here: how a change is carried out (`change`), and what removes an owner again (`reset`).

mod address;
mod code;
mod house;
mod notice;
mod partition;
mod preset;
mod redact;

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use setup::Change;

pub use house::{Away, House, Running};
pub(crate) use notice::hostname;
pub use notice::show;
pub(crate) use preset::{OVER as PRESET_OVER, USED};

use crate::change::{self, By, Hands, SET_UP, is_set_up};
use crate::disk;
use crate::generation::Store;
use crate::{Apply, reset};

/// What lasts until the device starts anew, below the root.
const RUN: &str = "run/keeper-apply";
/// There once `setup` was let in since the device has started: then somebody may be looking at the wizard.
const BEGUN: &str = "setup-begun";
/// There while the wizard's last page may still be seen.
const ENDING: &str = "setup-ends";
/// So long can it be seen, in seconds. The page says it too (`web`, `pages::wizard::outcome`).
const LAST_PAGE: u32 = 60;

/// What a power cut leaves of a program that was changing accounts. The next one would wait for it in vain when its number
/// is another program's by now; nobody changes accounts yet when this runs.
const LOCKS: [&str; 6] = [
    "etc/passwd.lock",
    "etc/shadow.lock",
    "etc/group.lock",
    "etc/gshadow.lock",
    "etc/subuid.lock",
    "etc/subgid.lock",
];

/// Where first boot happens.
pub struct Place<'a> {
    /// The root file system.
    pub root: Utf8PathBuf,
    /// The boot partition, where it is mounted.
    pub boot: Option<Utf8PathBuf>,
    /// The device around it.
    pub house: &'a dyn House,
}

impl<'a> Place<'a> {
    /// That of the root file system at `root`; `boot` is its boot partition, which is looked for otherwise.
    pub fn new(root: &Utf8Path, boot: Option<&Utf8Path>, house: &'a dyn House) -> Self {
        Self {
            root: root.to_owned(),
            boot: boot.map_or_else(|| partition::find(root), |boot| Some(boot.to_owned())),
            house,
        }
    }
}

/// What first boot has done by others. A test has another.
pub trait Changes {
    /// Finishes a change that a power cut interrupted.
    ///
    /// # Errors
    /// It can be neither finished nor taken back.
    fn recover(&self) -> Result<()>;

    /// Carries out what a preset asks for; the device has an owner then.
    ///
    /// # Errors
    /// What failed; all is as before.
    fn carry_out(&self, change: &Change) -> Result<()>;

    /// Puts `keeper.toml` in force for the device as it is now.
    ///
    /// # Errors
    /// It has problems, or a service does not take it.
    fn settle(&self) -> Result<()>;
}

/// Changes of this device.
pub struct Ours<'a> {
    /// What puts generations in force.
    pub apply: &'a Apply<'a>,
    /// What makes accounts and the like.
    pub hands: &'a dyn Hands,
    /// The `keeper.toml`.
    pub file: &'a Utf8Path,
}

impl Changes for Ours<'_> {
    fn recover(&self) -> Result<()> {
        change::recover(self.apply, self.hands).map(drop)
    }

    fn carry_out(&self, change: &Change) -> Result<()> {
        let tell = &mut |_, _| {};
        change::carry_out(self.apply, self.hands, change, By::Preset, tell).map(drop)
    }

    fn settle(&self) -> Result<()> {
        self.apply.apply(self.file).map(drop)
    }
}

/// The addresses in what `ip -json address` has said, most useful first.
pub(crate) fn addresses(json: &[u8]) -> Vec<String> {
    address::of_ip(&String::from_utf8_lossy(json))
}

/// Whether the doors of setup are open at `root`: it has no owner yet, or its owner is looking at the last page.
pub(crate) fn is_open(root: &Utf8Path) -> bool {
    !is_set_up(root) || root.join(RUN).join(ENDING).exists()
}

/// At each start of the device. Whatever fails, the rest is done, and the notice says what is wrong.
///
/// # Errors
/// What failed. The next start tries again.
pub fn first_boot(place: &Place<'_>, changes: &dyn Changes) -> Result<()> {
    Store::new(&place.root).prepare()?;
    let begun = notice::begin(&place.root);
    for lock in LOCKS {
        disk::remove(&place.root.join(lock))?;
    }
    let asked = reset::take_marker(place).context("looking for keeper-reset");
    if reset::is_under_way(&place.root) {
        let emptied = reset::carry_on(place);
        if emptied.is_ok() {
            // Until it starts anew, the notice may be shown once more.
            notice::end(&place.root)?;
            return place.house.reboot();
        }
        return told(place, vec![begun, emptied]);
    }
    let recovered = changes.recover().context("finishing a change");
    let mut wrong = Vec::new();
    if !is_set_up(&place.root) {
        wrong = preset::put_in_force(place, changes);
    }
    let done = if is_set_up(&place.root) {
        vec![close(place), preset::tidy(place)]
    } else {
        vec![open(place)]
    };
    let settled = changes.settle();
    let mut all = vec![begun, asked, recovered, settled];
    all.extend(done);
    all.push(notice::remember(&place.root, &wrong));
    told(place, all)
}

/// Shows the notice, with what has failed in it. Returns the first failure.
fn told(place: &Place<'_>, mut results: Vec<Result<()>>) -> Result<()> {
    let failed: Vec<String> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .map(|error| format!("{error:#}"))
        .collect();
    for one in &failed {
        eprintln!("warning: {one}");
    }
    results.push(notice::end(&place.root));
    results.push(notice::remark(&place.root, &failed));
    results.push(show(place));
    results.into_iter().collect()
}

/// Lets `setup` in.
fn open(place: &Place<'_>) -> Result<()> {
    let run = place.root.join(RUN);
    let code = code::keep(&place.root)?;
    place.house.let_setup_in(&code)?;
    disk::make_dir(&run)?;
    disk::write(&run.join(BEGUN), "", 0o600)
}

/// On a device that has an owner: whatever of setup is left.
fn close(place: &Place<'_>) -> Result<()> {
    let root = &place.root;
    let results = [
        place.house.lock_setup(),
        code::forget(root),
        reset::forget_left(root),
        disk::remove(&root.join(RUN).join(ENDING)),
        disk::remove(&root.join(RUN).join(BEGUN)),
    ];
    results.into_iter().collect()
}

/// The last step of a change that gives the device an owner: from here on it has one. Where somebody looks at the wizard,
/// they may look at its last page for a moment; then [`end_setup`] ends it.
///
/// # Errors
/// The device has no owner; [`first_boot`] lets `setup` in again.
pub(crate) fn finish(root: &Utf8Path) -> Result<()> {
    finish_at(&Place::new(root, None, house::of(root)))
}

pub(crate) fn finish_at(place: &Place<'_>) -> Result<()> {
    let run = place.root.join(RUN);
    let seen = run.join(BEGUN).exists() && !is_set_up(&place.root);
    if seen {
        // Before all else: whoever renders meanwhile, as the owner's new account has it done, must not end the page.
        disk::write(&run.join(ENDING), "", 0o600)?;
    }
    let owned = give_owner(place);
    if owned.is_err() {
        disk::remove(&run.join(ENDING))?;
        return owned;
    }
    // What fails from here on is made good by the next start of the device; nothing is to be taken back for it.
    let after = [
        if seen {
            place.house.end_later(LAST_PAGE)
        } else {
            Ok(())
        },
        show(place),
    ];
    for error in after.into_iter().filter_map(Result::err) {
        eprintln!("warning: {error:#}");
    }
    Ok(())
}

fn give_owner(place: &Place<'_>) -> Result<()> {
    let set_up = place.root.join(SET_UP);
    // The code is forgotten at the end only: a change that fails yet goes on with it.
    place.house.lock_setup()?;
    if set_up.exists() {
        return Ok(());
    }
    // One that was refused is left on the card too, with its passwords.
    preset::is_over(&place.root)?;
    disk::write(&set_up, "", 0o644).context("noting that the device has an owner")
}

/// Ends the wizard's session and all that came in with the setup code, and starts the desktop. It can be done again. On a
/// device that has no owner after all, since its change was taken back at its very end, the wizard goes on.
///
/// # Errors
/// What failed; all else is done.
pub fn end_setup(place: &Place<'_>, changes: &dyn Changes) -> Result<()> {
    if !is_set_up(&place.root) {
        disk::remove(&place.root.join(RUN).join(ENDING))?;
        return told(place, vec![open(place)]);
    }
    let results = [
        close(place),
        changes.settle(),
        place.house.end_sessions().context("ending setup"),
        place.house.begin_desktop().context("starting the desktop"),
    ];
    // What a card that cannot be written does not take is left to the next start: whoever has this tried again has the
    // sessions ended again, and those are the owner's by then.
    let card = vec![
        preset::tidy(place),
        // Nobody is to mend what is of no more use.
        notice::remember(&place.root, &[]),
    ];
    if let Err(error) = told(place, card) {
        eprintln!("warning: {error:#}");
    }
    results.into_iter().collect()
}

#[cfg(test)]
pub(crate) mod tests;
