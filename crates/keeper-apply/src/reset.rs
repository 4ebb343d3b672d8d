//! Making the device new again: its people, what they have set and what its programs have kept are removed, and it starts
//! into first boot. The image's own files and updates stay.
//!
//! It is asked for on the running device or by a file on the boot partition, and done at the next start: nobody is
//! logged in then, and a power cut only means one start more.

mod accounts;

use std::os::unix::fs::MetadataExt as _;

use anyhow::{Context as _, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::accounts::{Facts, Person};
use crate::change::texts;
use crate::disk::{self, Kept};
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

/// What a former owner's machines still could get in with, if it stayed.
const TUNNEL: &str = "etc/keeper/tunnel.toml";
/// Removed, each with all in it.
const GONE: [&str; 17] = [
    "etc/netplan/60-keeper-wifi.yaml",
    "etc/NetworkManager/system-connections/keeper-wifi.nmconnection",
    "etc/modprobe.d/keeper-wifi-country.conf",
    "etc/xrdp/keeper",
    "run/keeper-rdp-fingerprint",
    // cloud-init gives people of user-data's the right to everything, by their names.
    "etc/sudoers.d/90-cloud-init-users",
    // What whoever changes accounts leaves of those before: hashes too.
    "etc/passwd-",
    "etc/shadow-",
    "etc/group-",
    "etc/gshadow-",
    "etc/subuid-",
    "etc/subgid-",
    "run/keeper-apply/problems",
    "run/keeper-apply/remarks",
    "run/keeper-apply/approvals.json",
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
/// Emptied too, unless it is a link to another of them: what programs keep for people, root among them.
const SPOOLS: [&str; 3] = ["var/mail", "var/spool/mail", "var/spool/cron/crontabs"];
/// Whose systemd runs without them; of those who stay it is the image's.
const LINGER: &str = "var/lib/systemd/linger";
/// Of what is ours, all that would bring the former owner back or keep a new one away. Below the store.
const REMEMBERED: [&str; 5] = [
    "change.json",
    "network-back.json",
    "setup-code",
    "preset-used",
    "set-up",
];
/// What could not be removed, for whoever sets the device up; below the store.
const LEFT: &str = "reset-left";
/// More than all of it.
const MOST: u64 = 64 * 1024;

/// What is said when somebody could still get in.
const BLOCKED: &str = "the reset is not complete, and nobody new is let in before it is (if this stays, write the image onto \
                       the card anew)";

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
/// What would let a former owner in must be gone, or the reset is not done: while their accounts and keys are good, nobody is
/// shown a new code. Whatever else cannot be removed, such as a file that the card cannot read any more, keeps nobody out:
/// it is [told of](left).
///
/// # Errors
/// Somebody could still get in; the next start tries again, and until then the device is nobody's.
pub(crate) fn carry_on(place: &Place<'_>) -> Result<()> {
    let root = &place.root;
    let everybody = accounts::everybody(root).context(BLOCKED)?;
    let mut rest = vec![place.house.quieten()];
    for person in everybody.iter().filter(|one| accounts::goes(one)) {
        rest.push(place.house.put_out(&person.name));
    }
    // First of all, since the rest may take a card many minutes: should it be broken off, nobody gets in meanwhile.
    let closed = [
        accounts::remove(root, &everybody).context("removing the accounts"),
        disk::remove(&root.join(TUNNEL)),
        settings(root).context("putting the image's settings in force"),
    ];
    rest.extend(homes(root, &everybody));
    rest.extend(GONE.map(|path| disk::remove(&root.join(path))));
    rest.extend(EMPTIED.map(|path| disk::empty(&root.join(path), &[])));
    rest.extend(SPOOLS.map(|path| spool(&root.join(path))));
    rest.push(remove_host_keys(root));
    rest.push(name(root));
    rest.push(place.house.lock_setup());
    if let Some(boot) = &place.boot {
        rest.extend(first_boot::USED.map(|used| disk::remove(&boot.join(used))));
    }
    let (closed, left) = (said(closed), said(rest));
    ensure!(
        closed.is_empty(),
        "{BLOCKED}: {}",
        [closed, left].concat().join("; ")
    );
    forget(root, left)
}

/// What has failed.
fn said(results: impl IntoIterator<Item = Result<()>>) -> Vec<String> {
    let failed = results.into_iter().filter_map(Result::err);
    failed.map(|error| format!("{error:#}")).collect()
}

/// What the last reset could not remove.
pub(crate) fn left(root: &Utf8Path) -> Vec<String> {
    let text = disk::read_bounded(&root.join(STORE).join(LEFT), MOST);
    let text = text.ok().flatten().unwrap_or_default();
    let lines = text
        .lines()
        .map(|line| format!("a reset could not remove all that was there: {line}"));
    lines.collect()
}

/// Whoever set the device up has been told.
pub(crate) fn forget_left(root: &Utf8Path) -> Result<()> {
    disk::remove(&root.join(STORE).join(LEFT))
}

/// All in /home, and whose systemd lingers, but for accounts that stay. It is not asked whose a home is: the account may be
/// gone since an earlier start, and with it where its home was. Any other home may be a directory of the system's.
fn homes(root: &Utf8Path, everybody: &[Person]) -> [Result<()>; 2] {
    let stay: Vec<&Person> = everybody
        .iter()
        .filter(|one| !accounts::goes(one))
        .collect();
    let homes = stay
        .iter()
        .filter(|one| one.home.parent() == Some("/home".into()));
    let homes: Vec<&str> = homes.filter_map(|one| one.home.file_name()).collect();
    let names: Vec<&str> = stay.iter().map(|one| &*one.name).collect();
    [
        disk::empty(&root.join("home"), &homes),
        disk::empty(&root.join(LINGER), &names),
    ]
}

fn spool(dir: &Utf8Path) -> Result<()> {
    if dir.is_symlink() {
        return Ok(());
    }
    disk::empty(dir, &[])
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
    let before = fs::symlink_metadata(&path).ok();
    let before = before.filter(|data| data.is_file());
    let kept = match before {
        Some(data) => Kept {
            mode: data.mode() & 0o777,
            uid: data.uid(),
            gid: data.gid(),
        },
        None => Kept {
            gid: Facts::group(root, "keeperd")?.unwrap_or_default(),
            ..Kept::roots(0o640)
        },
    };
    disk::release(&path);
    disk::replace(&path, SETTINGS.as_bytes(), kept)?;
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
fn forget(root: &Utf8Path, mut left: Vec<String>) -> Result<()> {
    let store = root.join(STORE);
    for name in REMEMBERED {
        disk::remove(&store.join(name))?;
    }
    // Whoever holds a lock holds the file.
    let kept = [JOURNAL, LEFT, "lock", "change.lock"];
    left.extend(said([disk::empty(&store, &kept)]));
    for one in &left {
        eprintln!("warning: the reset leaves something: {one}");
    }
    if left.is_empty() {
        forget_left(root)?;
    } else {
        disk::write(&store.join(LEFT), &(left.join("\n") + "\n"), 0o600)?;
    }
    disk::remove(&journal(root))
}

#[cfg(test)]
pub(crate) mod tests;
