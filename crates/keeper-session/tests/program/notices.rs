//! Notices, with a stand-in for notify-send that notes what it was given.

use std::os::unix::fs::PermissionsExt as _;

use control::session::{Notice, SessionRequest};
use control::to_line;
use tempfile::TempDir;

use crate::{Helper, NO_DISPLAY};

/// A directory with a `notify-send` that is a script.
fn with_script(script: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notify-send");
    let new = dir.path().join("new");
    // By rename, since a program that is still open for writing cannot be started.
    std::fs::write(&new, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(new, path).unwrap();
    dir
}

fn notice(title: &str, text: &str, urgent: bool) -> Vec<u8> {
    // As a sender who does not care would make it.
    let request = SessionRequest::Notify(Notice {
        about: "note book-1".into(),
        title: title.into(),
        text: text.into(),
        urgent,
    });
    to_line(&request).unwrap().into_bytes()
}

#[test]
fn the_words_of_a_notice_are_arguments_behind_the_options() {
    let dir = with_script("printf '<%s>' \"$@\" >>\"${0%/*}/said\"");
    let helper = Helper::start_in(dir, NO_DISPLAY);
    for (title, text, urgent, said) in [
        (
            "It's \"so\"",
            "$(id) `id`\nb",
            true,
            "<critical>TAG<--><It's \"so\"><$(id) `id`\nb>",
        ),
        ("--help", "-u", false, "<normal>TAG<--><--help><-u>"),
        (
            "a\u{1b}[1m\nb",
            "\u{202e}x\0",
            false,
            "<normal>TAG<--><a [1m b>< x >",
        ),
        ("", "", false, "<normal>TAG<--><Colab Keeper><>"),
    ] {
        assert_eq!(
            helper.ask(&notice(title, text, urgent)),
            "{\"reply\":\"done\"}\n"
        );
        let file = helper.dir.path().join("said");
        let front = "<--app-name=Colab Keeper><--urgency>";
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            format!(
                "{front}{}",
                said.replace("TAG", "<--hint=string:x-dunst-stack-tag:notebook-1>")
            )
        );
        std::fs::remove_file(file).unwrap();
    }
    let long = "x".repeat(3000);
    assert_eq!(
        helper.ask(&notice("a", &long, false)),
        "{\"reply\":\"done\"}\n"
    );
    let said = std::fs::read_to_string(helper.dir.path().join("said")).unwrap();
    assert!(said.ends_with("xx…>") && said.len() < 700, "{said}");
}

#[test]
fn a_notice_that_nobody_shows_is_an_error() {
    let helper = Helper::start_in(
        with_script("echo 'nobody is there' >&2; exit 1"),
        NO_DISPLAY,
    );
    let answer = helper.ask(&notice("a", "b", false));
    for words in ["\"reply\":\"error\"", "showing a notice", "exit status: 1"] {
        assert!(answer.contains(words), "{answer}");
    }
    let helper = Helper::start(NO_DISPLAY);
    let answer = helper.ask(&notice("a", "b", false));
    assert!(answer.contains("showing a notice"), "{answer}");
}

#[test]
fn a_notice_that_hangs_is_given_up() {
    let helper = Helper::start_in(with_script("exec sleep 600"), NO_DISPLAY);
    let answer = helper.ask(&notice("a", "b", false));
    assert!(answer.contains("exit status: 124"), "{answer}");
}
