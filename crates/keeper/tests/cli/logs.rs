//! `keeper logs`: what journalctl is told, and what is said where it would say nothing.

use crate::harness::{keeper, stderr, stdout};
use cmd::Cmd;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// A program that says what it was told and ends with 7.
fn journalctl(dir: &Path) -> String {
    let program = dir.join("journalctl");
    fs::write(&program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n").expect("writing");
    mode(&program, 0o755);
    program.to_str().expect("a UTF-8 path").to_owned()
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn logs_are_journalctls() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let program = journalctl(dir.path());
    let journal = dir.path().to_str().expect("a UTF-8 path");
    let start = ["logs", "--program", &program, "--journal", journal];
    let options = ["-n", "5", "-f", "--since", "1 hour ago"];
    let output = keeper(&[&start[..], &options].concat());
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    let told = stdout(&output);
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(told[..3], ["--lines=5", "--follow", "--since=1 hour ago"]);
    for unit in [
        "_SYSTEMD_UNIT=keeperd.service",
        "UNIT=keeperd.service",
        "_SYSTEMD_USER_UNIT=keeper-kiosk.service",
    ] {
        assert!(told.contains(&unit), "{unit}: {told:?}");
    }
}

#[test]
fn without_journalctl_there_are_words() {
    let output = keeper(&[
        "logs",
        "--program",
        "/nowhere/journalctl",
        "--journal",
        "/x",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "error: starting /nowhere/journalctl: No such file or directory (os error 2)\n\
                    hint: this works on the device itself, which has systemd\n";
    assert_eq!(stderr(&output), expected);
}

/// journalctl itself would show an empty journal.
#[test]
fn a_closed_journal_names_the_groups() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    mode(dir.path(), 0o755);
    let program = journalctl(dir.path());
    let journal = dir.path().join("journal");
    let machine = journal.join("0123456789abcdef");
    fs::create_dir_all(&machine).expect("a directory");
    let file = machine.join("system.journal");
    fs::write(&file, "LPKSHHRH").expect("writing");
    mode(&file, 0o000);
    let keeper = dir.path().join("keeper");
    fs::copy(env!("CARGO_BIN_EXE_keeper"), &keeper).expect("a copy that everybody may start");

    let journal = journal.to_str().expect("a UTF-8 path");
    let arguments = ["logs", "--program", &program, "--journal", journal];
    // Root reads whatever it likes; another account does not.
    let start = if rustix::process::geteuid().is_root() {
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
        Cmd::new("setpriv").args(nobody).arg(&keeper)
    } else {
        Cmd::new(&keeper)
    };
    let mut command = start.args(arguments).env("LC_ALL", "C").command();
    let output = command.output().expect("starting keeper");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let expected = "error: not allowed to read the journal\n\
                    hint: use sudo, or an account in the group adm or systemd-journal: \
                    `sudo adduser NAME systemd-journal`\n";
    assert_eq!(stderr(&output), expected);

    mode(&file, 0o644);
    let output = command.output().expect("starting keeper");
    assert_eq!(output.status.code(), Some(7), "{output:?}");
}
