//! The preset on the boot partition: read, put in force, and its secrets taken off the card. What it may say is the
//! `setup` crate's.

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};

use super::{Changes, Place, notice, redact};
use crate::disk;

/// What an owner may call it. Windows adds the ending by itself, and hides it.
const NAMES: [&str; 2] = ["keeper.toml", "keeper.toml.txt"];
/// What is left of each.
pub(crate) const USED: [&str; 2] = ["keeper.toml.used", "keeper.toml.txt.used"];

/// There from the moment on at which the device has an owner, however it got one: a preset on the card is of no more use
/// then, and loses its secrets; until it has. Below the root.
pub(crate) const OVER: &str = "var/lib/keeper-apply/preset-used";

fn mark(root: &Utf8Path) -> Utf8PathBuf {
    root.join(OVER)
}

/// Those that the card has, by name.
fn names_on(boot: &Utf8Path) -> Vec<&'static str> {
    let mut names = NAMES.to_vec();
    names.retain(|name| fs_err::symlink_metadata(boot.join(name)).is_ok());
    names
}

/// Puts the preset in force, if there is one. Returns what is wrong with it, in words without secrets.
pub(super) fn put_in_force(place: &Place<'_>, changes: &dyn Changes) -> Vec<String> {
    let Some(boot) = &place.boot else {
        return Vec::new();
    };
    let name = match names_on(boot)[..] {
        [] => return Vec::new(),
        [name] => name,
        [one, other, ..] => {
            return vec![format!(
                "{one} and {other} are both there: remove the one that is not meant"
            )];
        }
    };
    let text = match disk::read_bounded(&boot.join(name), config::MAX_BYTES as u64) {
        Ok(Some(text)) => text,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![format!("{name}: {error:#}")],
    };
    let preset = match setup::parse_preset(&text) {
        Ok(preset) => preset,
        Err(problems) => {
            let problems = problems.in_file(name.into());
            let lines = problems.lines();
            return lines.map(|line| redact::message(line, &text)).collect();
        }
    };
    match changes.carry_out(&preset.change) {
        Ok(()) => Vec::new(),
        Err(error) => vec![redact::message(format!("{name}: {error:#}"), &text)],
    }
}

/// Notes that from now on a preset is of no more use.
pub(super) fn is_over(root: &Utf8Path) -> Result<()> {
    disk::write(&mark(root), "", 0o600)
}

/// Takes the secrets of a preset off the card that was there when the device got its owner, if that was not done yet.
///
/// # Errors
/// They are still there.
pub(super) fn tidy(place: &Place<'_>) -> Result<()> {
    let mark = mark(&place.root);
    let Some(boot) = place.boot.as_ref().filter(|_| mark.exists()) else {
        return Ok(());
    };
    for name in names_on(boot) {
        if !scrub(boot, name).context("taking the preset's secrets off the card")? {
            let removed = format!(
                "{name} was removed from the boot partition: it could not be read, and may have held passwords"
            );
            notice::remark(&place.root, &[removed])?;
        }
    }
    disk::remove(&mark)
}

/// Leaves what a preset says besides its secrets; whether anything could be left of it.
fn scrub(boot: &Utf8Path, name: &str) -> Result<bool> {
    let file = boot.join(name);
    // What cannot be read at all is no text, or a longer one than a preset may be.
    let text = disk::read_bounded(&file, config::MAX_BYTES as u64);
    let text = text.ok().flatten();
    // A power cut may have come between blanking and removing it.
    let is_blank = |text: &String| text.chars().all(|c| c == '\n');
    if text.as_ref().is_some_and(is_blank) {
        return disk::remove(&file).map(|()| true);
    }
    let left = text.and_then(|text| setup::without_secrets(&text));
    if let Some(left) = &left {
        disk::write(&boot.join(format!("{name}.used")), left, 0o600)?;
    }
    disk::blank(&file)?;
    disk::remove(&file)?;
    Ok(left.is_some())
}
