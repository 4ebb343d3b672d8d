//! Starting it: what it refuses, and how it says so.

use std::os::unix::net::UnixListener;
use std::process::Output;

use crate::{Helper, NO_DISPLAY, program};

fn refused(args: &[&str], words: &[&str]) {
    let output = program().args(args).env_remove("DISPLAY").output().unwrap();
    let Output { status, stderr, .. } = output;
    assert_eq!(status.code(), Some(1));
    let said = String::from_utf8(stderr).unwrap();
    for word in words {
        assert!(said.contains(word), "{word:?} is not in {said}");
    }
}

#[test]
fn what_cannot_be_is_said_with_what_to_type() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    refused(
        &["--client", "0"],
        &["<3>error: looking for the display", "<3>hint: systemctl"],
    );
    refused(
        &["--display", "far.example:0"],
        &[
            "no display of this machine",
            "hint: keeper-session --display :1",
        ],
    );
    refused(
        &["--display", ":1", "--client", "nobody at all"],
        &[
            "there is no user \"nobody at all\"",
            "hint: sudo systemd-sysusers",
        ],
    );
    let at = |socket: &str, words: &[&str]| {
        refused(
            &["--display", ":1", "--client", "0", "--socket", socket],
            words,
        );
    };
    at(
        &path("none/socket"),
        &[
            "its directory is not there",
            "hint: sudo systemd-tmpfiles --create",
        ],
    );
    std::fs::write(path("file"), "").unwrap();
    at(&path("file"), &["something that is no socket is there"]);
    let _other = UnixListener::bind(path("taken")).unwrap();
    at(
        &path("taken"),
        &["another keeper-session answers there", "hint: "],
    );
    at(&"x".repeat(200), &["listening on", "SUN_LEN"]);
}

#[test]
fn the_socket_of_one_that_was_killed_is_taken_over() {
    let mut first = Helper::start(NO_DISPLAY);
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    assert!(first.socket().exists());
    let dir = std::mem::replace(&mut first.dir, tempfile::tempdir().unwrap());
    let second = Helper::start_in(dir, NO_DISPLAY);
    assert!(second.ask(b"{}\n").contains("missing field `ask`"));
}

#[test]
fn the_help_has_examples() {
    let output = program().arg("--help").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && said.contains("Examples:"),
        "{said}"
    );
}
