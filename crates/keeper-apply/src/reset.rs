//! Making the device new again: its people, what they have set and what its programs have kept are removed, and it starts
//! into first boot. The image's own files and updates stay.
//!
//! It is asked for on the running device or by a file on the boot partition, and done at the next start: nobody is
//! logged in then, and a power cut only means one start more.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use anyhow::{Context as _, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::accounts::{Facts, Person};
use crate::change::texts;
use crate::disk;
use crate::first_boot::{self, Place};
use crate::generation::{Generation, STORE, Store};
use crate::hint::hinted;

/// It is to be done, or has begun; below the store.
const JOURNAL: &str = "resetting";
/// What an owner puts on the boot partition. Windows adds the ending by itself.
const MARKERS: [&str; 2] = ["keeper-reset", "keeper-reset.txt"];
/// Accounts of people begin here, and end before `nobody`.
const PEOPLE: std::ops::Range<u32> = 1000..65534;
/// The image's own keeper.toml.
const SETTINGS: &str = include_str!("../../../overlay/keeper/root/etc/keeper/keeper.toml");

/// Removed, each with all in it.
const GONE: [&str; 11] = [
    "etc/keeper/tunnel.toml",
    "etc/netplan/60-keeper-wifi.yaml",
    "etc/NetworkManager/system-connections/keeper-wifi.nmconnection",
    "etc/modprobe.d/keeper-wifi-country.conf",
    "etc/xrdp/keeper",
    "run/keeper-rdp-fingerprint",
    // cloud-init gives people of user-data's the right to everything, by their names.
    "etc/sudoers.d/90-cloud-init-users",
    "run/keeper-apply/problems",
    "run/keeper-apply/remarks",
    "run/keeper-apply/setup-begun",
    "run/keeper-apply/setup-ends",
];
/// Emptied: other programs or the image made the directories.
const EMPTIED: [&str; 9] = [
    "root/.ssh",
    "var/log/journal",
    "etc/keeper/secrets",
    // The desktop, with the browser's profile.
    "home/keeper",
    "home/keeper-setup",
    // keeperd.
    "var/lib/keeper",
    // The key to the Colab machines.
    "var/lib/keeper-shell",
    "var/lib/keeper-ddns",
    "var/lib/keeper-router",
];
/// What programs keep for a person outside their home; their name comes behind.
const PERSONAL: [&str; 4] = [
    "var/mail",
    "var/spool/mail",
    "var/spool/cron/crontabs",
    "var/lib/systemd/linger",
];

/// How somebody has confirmed that they mean it.
#[derive(Debug, Clone, Copy)]
pub enum Consent<'a> {
    /// By an option.
    Option,
    /// By the device's name, as they have typed it.
    Name(&'a str),
}

/// Has the device made new at its next start, which is now.
///
/// # Errors
/// It is not meant, or cannot be noted. Nothing has changed then.
pub fn reset(place: &Place<'_>, consent: Consent<'_>) -> Result<()> {
    let name = first_boot::hostname(&place.root);
    if let Consent::Name(typed) = consent
        && typed.trim() != name
    {
        return Err(hinted(
            format!("this device is called {name}; nothing has changed"),
            "sudo keeper reset",
        ));
    }
    begin(&place.root)?;
    place
        .house
        .reboot()
        .context("starting the device anew; it is reset at its next start")
}

/// Whether a reset is to be done or has begun.
pub(crate) fn is_under_way(root: &Utf8Path) -> bool {
    journal(root).exists()
}

/// Notes a reset that the boot partition asks for. The file that asks is removed: one that stays would ask again and again.
///
/// # Errors
/// It cannot be removed, and nothing is reset.
pub(crate) fn take_marker(place: &Place<'_>) -> Result<()> {
    let Some(boot) = &place.boot else {
        return Ok(());
    };
    for marker in MARKERS.map(|name| boot.join(name)) {
        if marker.exists() {
            let under_way = is_under_way(&place.root);
            begin(&place.root)?;
            let removed = disk::remove(&marker);
            if removed.is_err() && !under_way {
                disk::remove(&journal(&place.root))?;
            }
            removed?;
        }
    }
    Ok(())
}

fn begin(root: &Utf8Path) -> Result<()> {
    Store::new(root).prepare()?;
    disk::write(&journal(root), "", 0o600).context("noting the reset")
}

fn journal(root: &Utf8Path) -> Utf8PathBuf {
    root.join(STORE).join(JOURNAL)
}

/// Does all of a reset that is not done yet. A step that fails does not keep the others from being done.
///
/// # Errors
/// Something is still there; the next start tries again, and until then the device is nobody's.
pub(crate) fn carry_on(place: &Place<'_>) -> Result<()> {
    let root = &place.root;
    let mut results = vec![place.house.quieten()];
    // Also who is in no group of ours: a former owner may have left themselves a way in.
    let everybody = Facts::everybody(root)?;
    let people = everybody.iter().filter(|one| PEOPLE.contains(&one.uid));
    results.extend(people.map(|person| remove_person(place, person)));
    results.extend(GONE.map(|path| disk::remove(&root.join(path))));
    results.extend(EMPTIED.map(|path| disk::empty(&root.join(path), &[])));
    results.push(remove_host_keys(root));
    results.push(settings(root));
    results.push(name(root));
    results.push(place.house.lock_setup());
    if let Some(boot) = &place.boot {
        results.extend(first_boot::USED.map(|used| disk::remove(&boot.join(used))));
    }
    let failed: Vec<String> = results
        .into_iter()
        .filter_map(Result::err)
        .map(|error| format!("{error:#}"))
        .collect();
    ensure!(
        failed.is_empty(),
        "the reset is not complete: {}",
        failed.join("; ")
    );
    first_boot::forget_preset(root)?;
    forget(root)
}

/// The home first: once the account is gone, nobody knows where it was.
fn remove_person(place: &Place<'_>, person: &Person) -> Result<()> {
    let root = &place.root;
    let homes: &Utf8Path = "/home".into();
    // Whatever else stands in /etc/passwd may be a directory of the system's.
    if person.home.parent() == Some(homes) && person.home.file_name().is_some() {
        let home = person.home.strip_prefix("/").unwrap_or(&person.home);
        disk::remove(&root.join(home)).with_context(|| format!("removing {}", person.home))?;
    }
    for dir in PERSONAL {
        disk::remove(&root.join(dir).join(&person.name))?;
    }
    disk::cut::point()?;
    place.house.remove_account(&person.name)
}

/// sshd's; the next start makes another.
fn remove_host_keys(root: &Utf8Path) -> Result<()> {
    let dir = root.join("etc/ssh");
    let Ok(entries) = dir.read_dir_utf8() else {
        return Ok(());
    };
    for entry in entries.flatten() {
        if entry.file_name().starts_with("ssh_host_") {
            disk::remove(entry.path())?;
        }
    }
    Ok(())
}

/// The image's keeper.toml, for the same to read as before; and the image's generation in force.
fn settings(root: &Utf8Path) -> Result<()> {
    let path = root.join(config::DEFAULT_PATH.trim_start_matches('/'));
    let before = fs::symlink_metadata(&path)
        .ok()
        .filter(|data| data.is_file());
    let mode = before
        .as_ref()
        .map_or(0o640, |data| data.permissions().mode() & 0o777);
    disk::write(&path, SETTINGS, mode)?;
    let owner = before.map(|data| (data.uid(), data.gid()));
    let group = || Facts::group(root, "keeperd").map(|gid| gid.map(|gid| (0, gid)));
    let owner = owner.map_or_else(group, |owner| Ok(Some(owner)))?;
    if let Some((uid, gid)) = owner
        && rustix::process::geteuid().is_root()
    {
        fs::os::unix::fs::chown(&path, Some(uid), Some(gid))?;
    }
    disk::cut::point()?;
    Store::new(root).switch(&Generation::Defaults)
}

/// The image's name, and that name in /etc/hosts.
fn name(root: &Utf8Path) -> Result<()> {
    let config = config::Config::default();
    let new = config::Text::as_str(&config.device.hostname);
    let hosts = root.join("etc/hosts");
    if let Some(text) = disk::read_bounded(&hosts, 64 * 1024)? {
        disk::write_changed(&hosts, &texts::hosts(&text, new), 0o644)?;
    }
    disk::write_changed(&root.join("etc/hostname"), &format!("{new}\n"), 0o644).map(drop)
}

/// All that keeper-apply itself remembers, and at last that there was something to forget.
fn forget(root: &Utf8Path) -> Result<()> {
    let store = root.join(STORE);
    // Whoever holds a lock holds the file.
    disk::empty(&store, &[JOURNAL, "lock", "change.lock"])?;
    disk::remove(&journal(root))
}

#[cfg(test)]
pub(crate) mod tests;
