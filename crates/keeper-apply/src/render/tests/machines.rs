//! What the files say of enrolled Colab machines.

use super::*;
use crate::accounts::Machine;
use tunnel::{PublicKey, Time};

fn enrolled() -> Facts {
    let key = PublicKey::parse(KEY).expect("a key");
    let machine = |expires, expiry: &str| Machine {
        dial_key: key.clone(),
        host_key: key.clone(),
        expires: Time::at(expires),
        expiry: expiry.to_owned(),
    };
    Facts {
        machines: vec![
            machine(1_797_940_680, "202612221158Z"),
            machine(1_798_761_600, "202701010000"),
        ],
        ..device()
    }
}

#[test]
fn an_enrolled_machine_may_listen_at_the_entrance_until_its_time() {
    assert!(!file("", "tunnel.keys").contains("ssh-ed25519"));
    let files = rendered("tunnel.entrance = 2022", &enrolled());
    let options = "restrict,port-forwarding,permitlisten=\"localhost:2022\"";
    let expected: Vec<String> = ["202612221158Z", "202701010000"]
        .iter()
        .map(|expiry| format!("{options},expiry-time=\"{expiry}\" {KEY}"))
        .collect();
    let lines: Vec<&str> = files["tunnel.keys"].lines().skip(1).collect();
    assert_eq!(lines, expected);
}

#[test]
fn the_shell_knows_machines_by_their_keys_alone() {
    let files = rendered("tunnel.entrance = 2022", &enrolled());
    let known: Vec<&str> = files["vm_known_hosts"].lines().skip(1).collect();
    assert_eq!(
        known,
        [format!("colab-vm {KEY}"), format!("colab-vm {KEY}")]
    );
    for line in [
        "Port 2022",
        "HostKeyAlias colab-vm",
        "StrictHostKeyChecking yes",
        "GlobalKnownHostsFile /dev/null",
        "UserKnownHostsFile /etc/keeper/applied/vm_known_hosts",
        "EscapeChar none",
        "PermitLocalCommand no",
    ] {
        let lines = files["vm_ssh_config"].lines().map(str::trim);
        has(&lines.map(str::to_owned).collect::<Vec<_>>(), line);
    }
}

#[test]
fn its_connection_ends_when_sshd_no_longer_takes_its_key() {
    let text = |facts: &Facts| rendered("", facts)["expiry.conf"].clone();
    let with = text(&enrolled());
    let lines: Vec<&str> = with.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "[Timer]",
            "OnCalendar=2026-12-22 11:58:05 UTC",
            "OnCalendar=2027-01-01 00:00:05 UTC",
        ]
    );
    assert!(text(&device()).ends_with("\n[Timer]\n"));
}
