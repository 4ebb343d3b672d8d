//! The preset on the boot partition: read, put in force, and its secrets taken off the card. What it may say is the
//! `setup` crate's.

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};

use super::{Changes, Place, redact};
use crate::disk;
use crate::generation::STORE;

/// Where an owner puts it.
const NAME: &str = "keeper.toml";
/// What is left of it.
pub(crate) const USED: &str = "keeper.toml.used";

/// Says that the preset on the card is the one that was put in force, or is being: from the moment on at which it may be,
/// until its secrets are gone.
fn mark(root: &Utf8Path) -> Utf8PathBuf {
    root.join(STORE).join("preset-used")
}

/// Puts the preset in force, if there is one. Returns what is wrong with it, in words without secrets.
pub(super) fn put_in_force(place: &Place<'_>, changes: &dyn Changes) -> Vec<String> {
    let Some(file) = place.boot.as_ref().map(|boot| boot.join(NAME)) else {
        return Vec::new();
    };
    let text = match disk::read_bounded(&file, config::MAX_BYTES as u64) {
        Ok(Some(text)) => text,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![format!("{NAME}: {error:#}")],
    };
    let preset = match setup::parse_preset(&text) {
        Ok(preset) => preset,
        Err(problems) => {
            let lines = problems.lines();
            return lines.map(|line| redact::message(line, &text)).collect();
        }
    };
    match carry_out(&place.root, &preset.change, changes) {
        Ok(()) => Vec::new(),
        Err(error) => vec![redact::message(format!("{NAME}: {error:#}"), &text)],
    }
}

fn carry_out(root: &Utf8Path, change: &setup::Change, changes: &dyn Changes) -> Result<()> {
    disk::write(&mark(root), "", 0o600)?;
    let done = changes.carry_out(change);
    if done.is_err() {
        disk::remove(&mark(root))?;
    }
    done
}

/// Takes the secrets of a preset that was put in force off the card, if that was not done yet.
///
/// # Errors
/// They are still there.
pub(super) fn tidy(place: &Place<'_>) -> Result<()> {
    let mark = mark(&place.root);
    let Some(boot) = place.boot.as_ref().filter(|_| mark.exists()) else {
        return Ok(());
    };
    scrub(boot).context("taking the preset's secrets off the card")?;
    disk::remove(&mark)
}

fn scrub(boot: &Utf8Path) -> Result<()> {
    let file = boot.join(NAME);
    let Some(text) = disk::read_bounded(&file, config::MAX_BYTES as u64)? else {
        return Ok(());
    };
    // A power cut may have come between blanking and removing it.
    if text.chars().any(|c| c != '\n') {
        disk::write(&boot.join(USED), &setup::without_secrets(&text), 0o600)?;
        disk::blank(&file)?;
    }
    disk::remove(&file)
}

/// Forgets that a preset was put in force.
pub(crate) fn forget(root: &Utf8Path) -> Result<()> {
    disk::remove(&mark(root))
}
