//! A change's steps, each of which can be done again: first what others need, then keeper.toml and all that is made of
//! it, then the network, and at last the end of the setup.

use anyhow::{Context as _, Result, anyhow};
use camino::Utf8Path;
use config::{Config, Text as _};
use fs_err as fs;
use setup::{Progress, Work};
use std::os::unix::fs::PermissionsExt as _;

use super::hands::{Hands, Kept, has, may, must};
use super::journal::{DDNS_SECRET, Journal, KEEPER_TOML};
use super::{By, Tell, account, below, network, texts};
use crate::apply::Apply;
use crate::concerned::Service;
use crate::first_boot;

/// keeper.toml holds addresses that may be secrets: root writes it, keeperd reads it.
const KEEPER_TOML_MODE: u32 = 0o640;

/// Does all of it. `again`: an earlier try was interrupted, anywhere.
pub(super) fn all(
    apply: &Apply<'_>,
    hands: &dyn Hands,
    journal: &Journal,
    again: bool,
    tell: Tell<'_>,
) -> Result<Option<u32>> {
    let config = config::parse(&journal.keeper_toml).map_err(|problems| anyhow!("{problems}"))?;
    // ddclient is told with the settings, and wants its secret then.
    part(tell, Work::Secrets, || secrets(apply, hands, journal))?;
    // The end of an enrolment is rendered in the device's own time.
    part(tell, Work::Place, || place(apply, hands, &config))?;
    part(tell, Work::Name, || name(apply, hands, &config, again))?;
    // The firewall knows people by their numbers.
    part(tell, Work::Owner, || owner(apply, hands, journal, again))?;
    part(tell, Work::Settings, || settings(apply, hands, journal))?;
    let mut confirm = None;
    part(tell, Work::Network, || {
        let joined = network::join(apply, hands, journal, again)?;
        confirm = joined.confirm;
        Ok(joined.changed)
    })?;
    part(tell, Work::Finish, || end(apply, journal))?;
    if confirm.is_some() {
        // What came after has taken its time too.
        network::arm(hands)?;
    }
    Ok(confirm)
}

fn part(tell: Tell<'_>, work: Work, done: impl FnOnce() -> Result<bool>) -> Result<()> {
    tell(work, Progress::Begun);
    let changed = done().with_context(|| doing(work).to_owned())?;
    tell(
        work,
        if changed {
            Progress::Done
        } else {
            Progress::Unchanged
        },
    );
    Ok(())
}

fn doing(work: Work) -> &'static str {
    match work {
        Work::Check => "looking at the change",
        Work::Settings => "putting the settings in force",
        Work::Name => "naming the device",
        Work::Place => "setting time zone and keyboard",
        Work::Secrets => "storing the secret of the public name",
        Work::Network => "joining the Wi-Fi",
        Work::Owner => "making the owner's account",
        Work::Finish => "ending the setup",
    }
}

fn secrets(apply: &Apply<'_>, hands: &dyn Hands, journal: &Journal) -> Result<bool> {
    let Some(secret) = &journal.ddns_secret else {
        return Ok(false);
    };
    let path = below(apply, DDNS_SECRET);
    put(
        hands,
        &path,
        format!("{}\n", secret.reveal()).as_bytes(),
        Kept::SECRET,
    )
}

fn place(apply: &Apply<'_>, hands: &dyn Hands, config: &Config) -> Result<bool> {
    let zone = config.device.timezone.as_str();
    let (link, target) = (
        below(apply, "etc/localtime"),
        format!("/usr/share/zoneinfo/{zone}"),
    );
    let mut changed = false;
    if fs::read_link(&link).ok().as_deref() != Some(std::path::Path::new(&target)) {
        hands.link(&link, &target)?;
        changed = true;
    }
    let named = below(apply, "etc/timezone");
    if named.exists() {
        // Debian's own; what reads it must not see another zone.
        changed |= put(hands, &named, format!("{zone}\n").as_bytes(), Kept::PUBLIC)?;
    }
    let path = below(apply, "etc/default/keyboard");
    let text = texts::keyboard(&text_of(&path), config.device.keyboard.as_str());
    changed |= put(hands, &path, text.as_bytes(), Kept::PUBLIC)?;
    Ok(changed)
}

fn name(apply: &Apply<'_>, hands: &dyn Hands, config: &Config, again: bool) -> Result<bool> {
    let name = config.device.hostname.as_str();
    let (path, hosts) = (below(apply, "etc/hostname"), below(apply, "etc/hosts"));
    let mut changed = put(hands, &path, format!("{name}\n").as_bytes(), Kept::PUBLIC)?;
    let text = texts::hosts(&text_of(&hosts), name);
    changed |= put(hands, &hosts, text.as_bytes(), Kept::PUBLIC)?;
    if changed || again {
        call(apply, hands, name)?;
    }
    Ok(changed)
}

/// The running device takes a name, and says so on the network.
pub(super) fn call(apply: &Apply<'_>, hands: &dyn Hands, name: &str) -> Result<()> {
    if !hands.is_running() {
        return Ok(());
    }
    // hostnamed tells networkd; while the machine boots it may not be there.
    let asked = has(&apply.root, "hostnamectl")
        && hands
            .run("hostnamectl", &["set-hostname", name], b"")?
            .success;
    if !asked {
        must(hands, "hostname", &[name], b"")?;
    }
    let avahi = ["--no-block", "try-restart", "avahi-daemon.service"];
    may(hands, "systemctl", &avahi);
    Ok(())
}

fn owner(apply: &Apply<'_>, hands: &dyn Hands, journal: &Journal, again: bool) -> Result<bool> {
    let Some(owner) = &journal.owner else {
        return Ok(false);
    };
    account::make(apply, hands, owner, again)?;
    Ok(true)
}

fn settings(apply: &Apply<'_>, hands: &dyn Hands, journal: &Journal) -> Result<bool> {
    let path = below(apply, KEEPER_TOML);
    let keeperd = account::group(apply, "keeperd").map_or(0, |(gid, _)| gid);
    let kept = Kept {
        mode: KEEPER_TOML_MODE,
        uid: 0,
        gid: keeperd,
    };
    let written = put(hands, &path, journal.keeper_toml.as_bytes(), kept)?;
    let outcome = apply.apply(&path)?;
    let ddns = journal.ddns_secret.is_some() && !outcome.told.contains(&Service::Ddns);
    if ddns && !apply.boot {
        apply.system.tell(Service::Ddns)?;
    }
    Ok(written || !outcome.changed.is_empty())
}

/// From here on the device has an owner; that is the last durable act of a setup but the journal's end.
fn end(apply: &Apply<'_>, journal: &Journal) -> Result<bool> {
    if journal.by == By::Person {
        return Ok(false);
    }
    first_boot::finish(&apply.root)?;
    if journal.by == By::Preset || apply.boot {
        // The wizard's own session must still show its last page; what ends it applies then.
        apply.apply(&below(apply, KEEPER_TOML))?;
    }
    Ok(true)
}

/// Writes a file unless it is so already; whether it was not.
pub(super) fn put(hands: &dyn Hands, path: &Utf8Path, bytes: &[u8], kept: Kept) -> Result<bool> {
    let mode = fs::symlink_metadata(path).map(|data| data.permissions().mode() & 0o7777);
    let same = mode.is_ok_and(|mode| mode == kept.mode)
        && fs::read(path).is_ok_and(|present| present == bytes);
    if !same {
        hands.write(path, bytes, kept)?;
    }
    Ok(!same)
}

/// What is in a file of /etc; nothing when there is none.
fn text_of(path: &Utf8Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
