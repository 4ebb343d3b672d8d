//! `start-netplan-wifi` against stand-ins for netplan and systemctl.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use e2e::harness::trial;
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("an_old_netplan_is_spared_a_key", || {
            let refuse = "grep -q regulatory-domain \"$NETPLAN\" && { echo \"unknown key 'regulatory-domain'\"; exit 1; }";
            assert_eq!(after(refuse), DESCRIBED.replace(COUNTRY, ""));
        }),
        trial("a_newer_netplan_keeps_the_country", || {
            assert_eq!(after("true"), DESCRIBED);
        }),
        trial("another_mistake_is_left_to_its_owner", || {
            assert_eq!(after("echo unknown key \"'dhcp5'\" >&2; exit 1"), DESCRIBED);
        }),
    ]
}

const COUNTRY: &str = "      regulatory-domain: \"JP\"\n";
const DESCRIBED: &str = "network:\n  version: 2\n  wifis:\n    wlan0:\n      regulatory-domain: \"JP\"\n      dhcp4: true\n";

/// The file that cloud-init wrote, after the script has run with a netplan that does this.
#[allow(
    clippy::disallowed_methods,
    reason = "the script is started as systemd would"
)]
fn after(netplan: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("50-cloud-init.yaml");
    fs_err::write(&file, DESCRIBED).unwrap();
    fs_err::write(dir.path().join("netplan-wpa-wlan0.service"), "").unwrap();
    program(dir.path(), "netplan", netplan);
    program(dir.path(), "systemctl", "echo \"$@\" >>\"${0%/*}/calls\"");
    let script = "overlay/base/root/usr/libexec/keeper/start-netplan-wifi";
    let path = std::env::var("PATH").unwrap();
    let output = Command::new(e2e::repository().join(script))
        .env("PATH", format!("{}:{path}", dir.path().display()))
        .env("NETPLAN", &file)
        .env("KEEPER_NETPLAN", dir.path())
        .env("KEEPER_UNITS", dir.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let mode = fs_err::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds a password");
    let calls = fs_err::read_to_string(dir.path().join("calls")).unwrap();
    assert_eq!(
        calls,
        "daemon-reload\n--no-block start netplan-wpa-wlan0.service\n"
    );
    fs_err::read_to_string(file).unwrap()
}

fn program(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs_err::write(&path, format!("#!/bin/sh\n{text}\nexit 0\n")).unwrap();
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
