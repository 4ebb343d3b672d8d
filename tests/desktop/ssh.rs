//! sshd: how strong it is, who gets in, and what the device's people reach through it.

use std::time::Duration;

use e2e::guest::{Guest, HANAKO, Key, Owner, TANAKA};
use e2e::patience::{self, Said};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("ssh_audit_finds_no_fault", audit),
        scenario("hanako_reaches_her_three_doors_and_no_other", forwards),
        scenario("no_password_opens_ssh", no_password),
        scenario("root_cannot_log_in_with_a_right_key", no_root),
        scenario("keys_of_keeper_toml_are_the_peoples", keys_of_keeper_toml),
    ]
}

const AUDIT: Duration = Duration::from_secs(180);
/// The first OpenSSH with a key exchange that a quantum computer does not undo.
const POST_QUANTUM: u64 = 9;

fn audit(guest: &Guest) {
    let port = guest.ssh_port().to_string();
    let command = guest.tools.cmd("ssh-audit").args([
        "--json",
        "--skip-rate-test",
        "--timeout=60",
        "--port",
        &port,
        "127.0.0.1",
    ]);
    let said = patience::run(command, "", AUDIT);
    let report: Value = serde_json::from_str(&said.stdout)
        .unwrap_or_else(|error| panic!("expected ssh-audit's report: {error}; seen: {said:#?}"));
    let software = report["banner"]["software"].as_str().unwrap_or_default();
    let version = software.trim_start_matches("OpenSSH_").split('.').next();
    let version: Option<u64> = version.and_then(|major| major.parse().ok());
    let Some(version) = version else {
        panic!("expected OpenSSH, seen {software:?}")
    };
    let (mut seen, mut faults) = (0, Vec::new());
    for kind in ["kex", "key", "enc", "mac"] {
        for algorithm in report[kind].as_array().into_iter().flatten() {
            seen += 1;
            for level in ["fail", "warn"] {
                let notes = algorithm["notes"][level].as_array();
                let notes = notes.into_iter().flatten().filter_map(Value::as_str);
                let faulty = notes.filter(|note| {
                    !(level == "warn" && version < POST_QUANTUM && note.contains("quantum"))
                });
                let name = &algorithm["algorithm"];
                faults.extend(faulty.map(|note| format!("{kind} {name} {level}: {note}")));
            }
        }
    }
    assert!(
        seen >= 4,
        "expected ssh-audit to have seen algorithms: {said:#?}"
    );
    assert!(
        faults.is_empty(),
        "expected no fail and no warn from ssh-audit for {software}; seen:\n{}",
        faults.join("\n")
    );
}

fn forwards(guest: &Guest) {
    let desktop = guest.through("127.0.0.1:5901", "");
    assert!(
        desktop.stdout.starts_with("RFB "),
        "expected VNC's greeting: {desktop:#?}"
    );
    let request = "GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:8470\r\n\r\n";
    let pages = guest.through("localhost:8470", request);
    assert!(
        pages.stdout.contains(" 200 OK"),
        "expected keeperd's answer: {pages:#?}"
    );
    // Nobody is there yet: refused by the device, and not by sshd.
    let entrance = guest.through("127.0.0.1:20022", "");
    assert!(
        !is_prohibited(&entrance),
        "expected sshd to allow the entrance: {entrance:#?}"
    );
    let host = format!("10.0.2.2:{}", guest.notebook.port());
    for target in [
        "127.0.0.1:22",
        "127.0.0.1:3350",
        "127.0.0.1:3389",
        "127.0.0.1:9222",
        "[::1]:5901",
        "0.0.0.0:5901",
        "10.0.2.15:5901",
        &host,
    ] {
        let said = guest.through(target, request);
        assert!(
            said.code != Some(0) && said.stdout.is_empty() && is_prohibited(&said),
            "expected sshd to prohibit hanako's way to {target}: {said:#?}"
        );
    }
    for forward in [
        "localhost:20022:127.0.0.1:9",
        "8080:127.0.0.1:9",
        "/tmp/x.sock:127.0.0.1:9",
    ] {
        let key = Key::File(&guest.owner.key);
        let args = ["-N", "-o", "ExitOnForwardFailure=yes", "-R", forward];
        let said = guest.attempt(HANAKO, key, &args);
        assert!(
            said.stderr.contains("forwarding failed"),
            "expected hanako's -R {forward} to be refused: {said:#?}"
        );
    }
}

fn is_prohibited(said: &Said) -> bool {
    said.stderr.contains("administratively prohibited")
}

fn no_password(guest: &Guest) {
    for user in [HANAKO, TANAKA, "keeper"] {
        let said = guest.attempt(user, Key::None, &["id"]);
        assert!(
            said.code == Some(255) && said.stderr.contains("Permission denied (publickey)"),
            "expected sshd to take nothing but keys from {user}: {said:#?}"
        );
    }
}

fn no_root(guest: &Guest) {
    let key = Owner::public(&guest.owner.key);
    let script = format!(
        "mkdir -p /root/.ssh; chmod 700 /root/.ssh; echo '{key}' >/root/.ssh/authorized_keys"
    );
    guest.root(&script).well();
    let said = guest.attempt("root", Key::File(&guest.owner.key), &["id"]);
    guest.root("rm /root/.ssh/authorized_keys").well();
    assert!(
        said.code == Some(255) && said.stderr.contains("Permission denied"),
        "expected sshd to refuse root with a key that /root/.ssh names: {said:#?}"
    );
}

fn keys_of_keeper_toml(guest: &Guest) {
    let key = Key::File(&guest.owner.second_key);
    let said = guest.attempt(HANAKO, key, &["id", "-un"]);
    assert_eq!(
        said.stdout.trim(),
        HANAKO,
        "expected the key in keeper.toml to open hanako's account: {said:#?}"
    );
    let said = guest.attempt(TANAKA, key, &["id", "-un"]);
    assert!(
        said.code == Some(255) && said.stderr.contains("Permission denied"),
        "expected the people's key not to open {TANAKA}'s account: {said:#?}"
    );
    let own = Key::File(&guest.owner.tanakas_key);
    let said = guest.attempt(TANAKA, own, &["id", "-un"]);
    assert_eq!(
        said.stdout.trim(),
        TANAKA,
        "expected tanaka's own key to work: {said:#?}"
    );
    let said = guest.attempt(TANAKA, own, &["-W", "127.0.0.1:5901"]);
    assert!(
        said.stdout.is_empty() && is_prohibited(&said),
        "expected sshd to forward nothing for {TANAKA}: {said:#?}"
    );
}
