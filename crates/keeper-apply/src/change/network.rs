//! Joining a Wi-Fi, and leaving it again when nobody says that the device is still reached.
//!
//! netplan's file is ours alone; where there is no netplan it is a connection of NetworkManager's. What was before lies
//! in a file of root's until somebody confirms, a timer of systemd's runs out, or the device starts anew.

use std::os::unix::ffi::OsStrExt as _;

use anyhow::{Context as _, Result, bail};
use camino::Utf8Path;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use setup::{Secret, Wifi};

use super::check::refuse;
use super::hands::{Hands, Kept, has, may, must};
use super::journal::{Journal, Saved, Was};
use super::steps::put;
use super::{By, below, lock, texts};
use crate::apply::Apply;
use crate::first_boot;

/// Seconds within which somebody has to confirm.
const SECONDS: u32 = 90;
const NETPLAN: &str = "etc/netplan/60-keeper-wifi.yaml";
const NETWORK_MANAGER: &str = "etc/NetworkManager/system-connections/keeper-wifi.nmconnection";
const COUNTRY: &str = "etc/modprobe.d/keeper-wifi-country.conf";
/// What joining a Wi-Fi writes, below the root.
pub(super) const FILES: [&str; 3] = [NETPLAN, NETWORK_MANAGER, COUNTRY];
/// What was before a network that nobody has confirmed; below the root.
pub(super) const UNCONFIRMED: &str = "var/lib/keeper-apply/network-back.json";
/// The transient timer, and the service that it starts.
const TIMER: &str = "keeper-network-back.timer";
const SERVICE: &str = "keeper-network-back";
/// Where the image has this program.
const PROGRAM: &str = "/usr/libexec/keeper/keeper-apply";

/// See [`UNCONFIRMED`].
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unconfirmed {
    files: Vec<Saved>,
}

/// What has become of it.
#[derive(Debug, Default)]
pub(super) struct Joined {
    pub(super) changed: bool,
    /// Seconds within which somebody has to confirm.
    pub(super) confirm: Option<u32>,
}

/// Whether anything on the device can join a Wi-Fi.
pub(super) fn is_possible(root: &Utf8Path) -> bool {
    has(root, "netplan") || has(root, "nmcli")
}

/// Joins what the journal says.
pub(super) fn join(
    apply: &Apply<'_>,
    hands: &dyn Hands,
    journal: &Journal,
    again: bool,
) -> Result<Joined> {
    let Some(wifi) = &journal.wifi else {
        return Ok(Joined::default());
    };
    let (path, text) = file(&apply.root, wifi);
    let (path, country) = (below(apply, path), below(apply, COUNTRY));
    let rules = texts::country(&wifi.country);
    let is = |path: &Utf8Path, text: &str| fs::read(path).is_ok_and(|now| now == text.as_bytes());
    if is(&path, &text) && is(&country, &rules) && !again {
        return Ok(Joined::default());
    }
    // A preset has nobody who could confirm, nor has a device that has just lost its power.
    let confirm = journal.by != By::Preset && !again && hands.is_running();
    if confirm {
        remember(apply, hands, journal)?;
        arm(hands)?;
    }
    put(hands, &country, rules.as_bytes(), Kept::PUBLIC)?;
    put(hands, &path, text.as_bytes(), Kept::SECRET)?;
    take_effect(apply, hands, Some(&wifi.country))?;
    Ok(Joined {
        changed: true,
        confirm: confirm.then_some(SECONDS),
    })
}

fn file(root: &Utf8Path, wifi: &Wifi) -> (&'static str, String) {
    let interface = interface(root);
    let join = texts::Join {
        interface: &interface,
        name: &wifi.name,
        password: wifi.password.as_ref().map(Secret::reveal),
    };
    if has(root, "netplan") {
        (NETPLAN, texts::netplan(&join))
    } else {
        (NETWORK_MANAGER, texts::network_manager(&join))
    }
}

/// The first network interface that is a radio; a Raspberry Pi's own, when none is seen.
pub(super) fn interface(root: &Utf8Path) -> String {
    let entries = fs::read_dir(root.join("sys/class/net"));
    let names = entries.into_iter().flatten().flatten().filter_map(|entry| {
        let radio = ["wireless", "phy80211"];
        let is_radio = radio.iter().any(|file| entry.path().join(file).exists());
        // The kernel takes other bytes too; no interface of ours has them.
        let name = entry.file_name();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
        let good = name.as_bytes().iter().all(plain) && name.as_bytes()[0] != b'-';
        (is_radio && good).then(|| name.to_string_lossy().into_owned())
    });
    names.min().unwrap_or_else(|| "wlan0".to_owned())
}

/// Has the files take effect. The cable is left alone, which `netplan apply` does not do everywhere.
fn take_effect(apply: &Apply<'_>, hands: &dyn Hands, country: Option<&str>) -> Result<()> {
    if !hands.is_running() {
        return Ok(());
    }
    if let Some(country) = country {
        may(hands, "rfkill", &["unblock", "wifi"]);
        may(hands, "iw", &["reg", "set", country]);
    }
    if !has(&apply.root, "netplan") {
        must(hands, "nmcli", &["connection", "reload"], b"")?;
        if country.is_some() {
            let up = ["--wait", "0", "connection", "up", "id", "keeper-wifi"];
            may(hands, "nmcli", &up);
        }
        return Ok(());
    }
    let unit = format!("netplan-wpa-{}.service", interface(&apply.root));
    may(hands, "systemctl", &["stop", &unit]);
    if !hands.run("netplan", &["generate"], b"")?.success {
        // What it says quotes the file, and with it the password.
        bail!("netplan refuses the file for the Wi-Fi");
    }
    must(hands, "systemctl", &["daemon-reload"], b"")?;
    may(hands, "networkctl", &["reload"]);
    if apply.root.join("run/systemd/system").join(&unit).exists() {
        // Not waited for: it waits for a radio, and while the machine boots for others.
        must(hands, "systemctl", &["--no-block", "start", &unit], b"")?;
    }
    Ok(())
}

/// What was before the first of several networks that nobody has confirmed is what must be gone back to.
fn remember(apply: &Apply<'_>, hands: &dyn Hands, journal: &Journal) -> Result<()> {
    if unconfirmed(apply).is_some() {
        return Ok(());
    }
    let files = FILES.iter().filter_map(|path| journal.saved(path)).cloned();
    let text = serde_json::to_vec(&Unconfirmed {
        files: files.collect(),
    });
    let text = text.context("writing down the network of before")?;
    hands.write(&below(apply, UNCONFIRMED), &text, Kept::SECRET)
}

fn unconfirmed(apply: &Apply<'_>) -> Option<Unconfirmed> {
    let text = fs::read(below(apply, UNCONFIRMED)).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Has the network taken back in so many seconds, from now on.
pub(super) fn arm(hands: &dyn Hands) -> Result<()> {
    disarm(hands);
    // It may be waiting to be tried once more, and its name is wanted again.
    may(hands, "systemctl", &["stop", SERVICE]);
    let seconds = format!("--on-active={SECONDS}");
    let unit = format!("--unit={SERVICE}");
    let run = [
        &*seconds,
        &unit,
        "--timer-property=AccuracySec=1s",
        // Another change may be under way just then.
        "--property=Restart=on-failure",
        "--property=RestartSec=10",
        "--collect",
        "--",
        PROGRAM,
        "network-back",
    ];
    must(hands, "systemd-run", &run, b"")
        .map(drop)
        .context("having the network taken back later")
}

fn disarm(hands: &dyn Hands) {
    may(hands, "systemctl", &["stop", TIMER]);
}

/// The network is the right one. Refused when none waits for that: it may have been taken back.
pub(super) fn confirm(apply: &Apply<'_>, hands: &dyn Hands) -> Result<()> {
    let _lock = lock(apply)?;
    if unconfirmed(apply).is_none() {
        return refuse("no network waits for confirmation");
    }
    if hands.is_running() && !is_joined(apply, hands)? {
        // Whoever says that the device is reached may have reached it by its cable.
        return refuse(
            "the Wi-Fi is not joined yet: its password may be wrong, or the network is not here",
        );
    }
    hands.remove(&below(apply, UNCONFIRMED))?;
    disarm(hands);
    Ok(())
}

/// Whether the radio is in a network whose password was right, and was given an address there.
fn is_joined(apply: &Apply<'_>, hands: &dyn Hands) -> Result<bool> {
    let interface = interface(&apply.root);
    // Up is more than the carrier, which is there while a password is still being tried (RFC 2863).
    let state = below(apply, &format!("sys/class/net/{interface}/operstate"));
    let is_up = fs::read_to_string(state).is_ok_and(|state| state.trim() == "up");
    let asked = [
        "-json", "address", "show", "dev", &interface, "scope", "global",
    ];
    Ok(is_up && !first_boot::addresses(&must(hands, "ip", &asked, b"")?).is_empty())
}

/// Takes back a network that nobody has confirmed, if there is one.
///
/// # Errors
/// It cannot be taken back; the next boot tries again.
pub fn network_back(apply: &Apply<'_>, hands: &dyn Hands) -> Result<()> {
    let _lock = lock(apply)?;
    match unconfirmed(apply) {
        Some(before) => go_back(apply, hands, &before),
        None => Ok(()),
    }
}

fn go_back(apply: &Apply<'_>, hands: &dyn Hands, before: &Unconfirmed) -> Result<()> {
    for saved in &before.files {
        saved.restore(apply, hands)?;
    }
    take_effect(apply, hands, None)?;
    hands.remove(&below(apply, UNCONFIRMED))
}

/// A start of the device ends the time for confirming: the network of before is back. Where there was none, the new
/// one may be the only way to the device, and stays.
pub(super) fn at_boot(apply: &Apply<'_>, hands: &dyn Hands) -> Result<()> {
    let Some(before) = unconfirmed(apply) else {
        return hands.remove(&below(apply, UNCONFIRMED));
    };
    let is_wifi = |saved: &Saved| saved.path != COUNTRY && matches!(saved.was, Was::File { .. });
    if before.files.iter().any(is_wifi) {
        go_back(apply, hands, &before)
    } else {
        hands.remove(&below(apply, UNCONFIRMED))
    }
}

/// A change is taken back whose files are as before again.
pub(super) fn give_up(apply: &Apply<'_>, hands: &dyn Hands) -> Result<()> {
    if hands.is_running() {
        disarm(hands);
    }
    hands.remove(&below(apply, UNCONFIRMED))?;
    take_effect(apply, hands, None)
}
