//! Which Wi-Fi networks are there: asking the device's programs. Reading what they say is `parse`'s.

mod parse;

use anyhow::{Result, bail};
use setup::Network;

use super::check::refuse;
use super::hands::{Hands, has, may};
use super::{below, network};
use crate::apply::Apply;
use crate::{disk, lock};

/// One at a time: a radio that is looking around says that it is busy. Below the root.
const LOCK: &str = "run/keeper-apply/scan.lock";

/// Networks that are seen, strongest first.
///
/// # Errors
/// There is no radio, or nothing on the device can use it.
pub(super) fn scan(apply: &Apply<'_>, hands: &dyn Hands, country: &str) -> Result<Vec<Network>> {
    let named = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !country.is_empty() && !named {
        return refuse("the country is not two capital letters");
    }
    // One of its own: looking around takes many seconds, and a change is not to wait for it, nor to be refused.
    let file = below(apply, LOCK);
    disk::make_dir(file.parent().unwrap_or(&apply.root))?;
    let _lock = lock::take(&file)?;
    if has(&apply.root, "rfkill") {
        may(hands, "rfkill", &["unblock", "wifi"]);
    }
    if named && has(&apply.root, "iw") {
        may(hands, "iw", &["reg", "set", country]);
    }
    let interface = network::interface(&apply.root);
    may(hands, "ip", &["link", "set", "dev", &interface, "up"]);
    for program in ["iw", "nmcli", "wpa_cli"] {
        if !has(&apply.root, program) {
            continue;
        }
        if let Some(said) = ask(hands, program, &interface)? {
            let networks = match program {
                "iw" => parse::iw(&said),
                "nmcli" => parse::nmcli(&said),
                _ => parse::wpa_cli(&said),
            };
            return Ok(parse::strongest(networks));
        }
    }
    bail!("the radio {interface} does not look for networks")
}

/// What a program says of the networks it sees; none when it cannot see.
fn ask(hands: &dyn Hands, program: &str, interface: &str) -> Result<Option<Vec<u8>>> {
    let fields = [
        "-t",
        "-f",
        "SIGNAL,SECURITY,SSID",
        "device",
        "wifi",
        "list",
        "--rescan",
        "yes",
    ];
    // A radio that is looking already says that it is busy, and has what it has seen.
    let ways: [&[&str]; 2] = match program {
        "iw" => [
            &["dev", interface, "scan"],
            &["dev", interface, "scan", "dump"],
        ],
        "nmcli" => [&fields, &fields[..6]],
        // Its own `scan` only begins one, and it looks around by itself.
        _ => [
            &["-i", interface, "scan_results"],
            &["-i", interface, "scan_results"],
        ],
    };
    for arguments in ways {
        let said = hands.run(program, arguments, b"")?;
        if said.success {
            return Ok(Some(said.stdout));
        }
    }
    Ok(None)
}
