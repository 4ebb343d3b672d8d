//! A change looked at with root's own eyes: keeperd, which hands it over, is not believed. What may be a name and what
//! a password is the `setup` crate's, what may be a setting the `config` crate's; whether it is true on this device is
//! seen here.

use camino::Utf8Path;
use config::Text as _;
use fs_err as fs;
use setup::{Change, Secret, Wifi};
use sha2::{Digest as _, Sha256};

use super::account::{self, Wanted};
use super::journal::KEEPER_TOML;
use super::{By, Hands, Refused, approval, below, is_set_up, network};
use crate::apply::Apply;

/// Where the system has its time zones, below the root.
const ZONES: &str = "usr/share/zoneinfo";
/// Where X has its keyboard layouts, below the root.
const LAYOUTS: &str = "usr/share/X11/xkb/symbols";

/// A change that is in order.
pub(super) struct Checked {
    pub(super) keeper_toml: String,
    pub(super) owner: Option<Wanted>,
    pub(super) wifi: Option<Wifi>,
    pub(super) ddns_secret: Option<Secret>,
}

/// Looks at all of it.
///
/// # Errors
/// [`Refused`]; anything else means that the device cannot be looked at.
pub(super) fn check(
    apply: &Apply<'_>,
    hands: &dyn Hands,
    change: &Change,
    by: By,
) -> anyhow::Result<Checked> {
    right_time(apply, change, by)?;
    if let Some(approval) = &change.approval {
        // Before anything else is said about the device.
        approval::approve(apply, hands, approval)?;
    }
    the_same_device(apply, change, by)?;
    settings(&apply.root, &change.keeper_toml)?;
    if let Some(wifi) = &change.wifi {
        network(&apply.root, wifi)?;
    }
    let ddns = change.ddns_secret.as_ref();
    if ddns.is_some_and(|secret| setup::ddns_secret(secret.reveal()).is_err()) {
        return refuse(
            "the secret of the provider of names has a character that ddclient cannot take",
        );
    }
    Ok(Checked {
        keeper_toml: change.keeper_toml.clone(),
        owner: account::check(apply, change.owner.as_ref(), by)?,
        wifi: change.wifi.clone(),
        ddns_secret: change.ddns_secret.clone(),
    })
}

/// A refusal.
pub(super) fn refuse<T>(why: impl Into<String>) -> anyhow::Result<T> {
    Err(Refused(why.into()).into())
}

/// A device gets its owner once; only then does anybody else ask for anything.
fn right_time(apply: &Apply<'_>, change: &Change, by: By) -> anyhow::Result<()> {
    match (by, is_set_up(&apply.root)) {
        (By::Wizard | By::Preset, true) => refuse("this device is set up already"),
        (By::Person, false) => refuse("this device is not set up yet"),
        (By::Wizard | By::Preset, false) if change.approval.is_some() => {
            refuse("a new device has nobody who could approve")
        }
        (By::Person, true) if change.approval.is_none() => {
            refuse("somebody of the group sudo has to approve of it")
        }
        _ => Ok(()),
    }
}

/// Whoever made this change saw the settings that are there.
fn the_same_device(apply: &Apply<'_>, change: &Change, by: By) -> anyhow::Result<()> {
    let Some(instead_of) = &change.instead_of else {
        return if by == By::Person {
            refuse("it is not said which settings this change was made from")
        } else {
            Ok(())
        };
    };
    let present = fs::read(below(apply, KEEPER_TOML)).unwrap_or_default();
    let digest = Sha256::digest(&present);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if digest.eq_ignore_ascii_case(instead_of) {
        Ok(())
    } else {
        refuse("the settings have been changed elsewhere in the meantime")
    }
}

fn settings(root: &Utf8Path, text: &str) -> anyhow::Result<()> {
    let config = match config::parse(text) {
        Ok(config) => config,
        Err(problems) => return refuse(format!("the settings are refused\n{problems}")),
    };
    let zone = config.device.timezone.as_str();
    if !is_zone(root, zone) {
        return refuse(format!("this device knows no time zone {zone}"));
    }
    let layout = config.device.keyboard.as_str();
    let layouts = root.join(LAYOUTS);
    if layouts.is_dir() && !layouts.join(layout).is_file() {
        return refuse(format!("this device knows no keyboard layout {layout}"));
    }
    Ok(())
}

/// A file that begins as RFC 8536 has it: there are tables and scripts in that directory too.
fn is_zone(root: &Utf8Path, zone: &str) -> bool {
    let file = root.join(ZONES).join(zone);
    fs::metadata(&file).is_ok_and(|data| data.is_file())
        && fs::read(&file).is_ok_and(|bytes| bytes.starts_with(b"TZif"))
}

fn network(root: &Utf8Path, wifi: &Wifi) -> anyhow::Result<()> {
    let country = wifi.country.as_bytes();
    if country.len() != 2 || !country.iter().all(u8::is_ascii_uppercase) {
        return refuse("the country of the Wi-Fi is not two capital letters");
    }
    if setup::wifi_name(&wifi.name).is_err() {
        return refuse("the name of the Wi-Fi is not 1 to 32 bytes without control characters");
    }
    let password = wifi.password.as_ref();
    if password.is_some_and(|password| setup::wifi_password(password.reveal()).is_err()) {
        return refuse("the password of the Wi-Fi is not 8 to 63 characters of ASCII");
    }
    if !network::is_possible(root) {
        return refuse("this device has nothing that could join a Wi-Fi");
    }
    Ok(())
}
