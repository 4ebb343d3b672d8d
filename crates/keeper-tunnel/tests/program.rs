//! The program with a stand-in for ssh, which is a shell script: machines that are well, and others.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use cmd::Cmd;
use control::{Answer, Machine};
use tempfile::TempDir;

/// A stand-in that does what the machine's shell is told, with `nvidia-smi` as given.
fn machine(nvidia_smi: &str) -> String {
    format!(
        "for script in \"$@\"; do :; done\nnvidia_smi() {{ {nvidia_smi}; }}\n\
             script=$(echo \"$script\" | sed 's/exec nvidia-smi.*/nvidia_smi/')\neval \"$script\""
    )
}

fn write(path: &Path, text: &str, mode: u32) {
    fs_err::write(path, text).expect("writing");
    let mode = std::fs::Permissions::from_mode(mode);
    fs_err::set_permissions(path, mode).expect("a mode");
}

/// What it answers to question 7 when ssh is this script.
fn answer(ssh: &str) -> Machine {
    let dir = TempDir::new().expect("a scratch directory");
    let file = |name: &str| dir.path().join(name).display().to_string();
    write(
        &dir.path().join("ssh"),
        &format!("#!/bin/sh\n{ssh}\n"),
        0o755,
    );
    write(&dir.path().join("question"), "{\"number\":7}\n", 0o644);
    let path = format!("{}:/usr/bin:/bin", dir.path().display());
    let asked = Cmd::new(env!("CARGO_BIN_EXE_keeper-tunnel"))
        .args(["--question", &file("question"), "--answer", &file("answer")])
        .env("PATH", path);
    asked.run().expect("an answer");
    let line = fs_err::read(dir.path().join("answer")).expect("the answer");
    let Answer { number, machine } = control::from_line(&line).expect("an answer");
    assert_eq!(number, 7);
    machine
}

#[test]
fn a_machine_that_is_well_has_a_round_trip_and_a_gpu() {
    let noisy = format!(
        "echo Welcome; echo; {}",
        machine("echo Tesla T4, 15360; echo Tesla T4, 15360")
    );
    let said = answer(&noisy);
    let Machine::Up {
        round_trip_us,
        gpu: Some(gpu),
    } = said
    else {
        panic!("{said:?}");
    };
    assert!((1..5_000_000).contains(&round_trip_us), "{round_trip_us}");
    assert_eq!((&*gpu.name, gpu.memory_mib), ("Tesla T4", 15360));
    let without = answer(&machine("return 127"));
    assert!(
        matches!(without, Machine::Up { gpu: None, .. }),
        "{without:?}"
    );
}

#[test]
fn a_machine_that_is_not_is_told_apart() {
    assert_eq!(
        answer("echo Host key verification failed. >&2; exit 255"),
        Machine::OtherKey
    );
    assert_eq!(
        answer("echo 'x: Permission denied (publickey).' >&2; exit 255"),
        Machine::Refused
    );
    // A shell that is there and does not do what it is told.
    assert_eq!(
        answer("echo 'Connection closed by 127.0.0.1' >&2; echo keeper-ready"),
        Machine::NoSshd
    );
    assert!(matches!(answer("exit 3"), Machine::Unknown { .. }));
}

#[test]
fn a_machine_that_talks_without_end_is_heard_to_an_end() {
    let start = Instant::now();
    let said = answer("exec yes");
    assert!(matches!(said, Machine::Unknown { .. }), "{said:?}");
    let said = answer("exec cat /dev/zero");
    assert!(matches!(said, Machine::Unknown { .. }), "{said:?}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn what_is_no_question_is_not_asked() {
    let dir = TempDir::new().expect("a scratch directory");
    let question = dir.path().join("question");
    for text in ["", "7", "{\"number\":-1}", "{\"number\":1,\"run\":\"id\"}"] {
        write(&question, text, 0o644);
        let answer = dir.path().join("answer");
        let asked = Cmd::new(env!("CARGO_BIN_EXE_keeper-tunnel"))
            .args(["--question", &question.display().to_string()])
            .args(["--answer", &answer.display().to_string()]);
        assert!(asked.run().is_err(), "{text}");
        assert!(!answer.exists(), "{text}");
    }
}
