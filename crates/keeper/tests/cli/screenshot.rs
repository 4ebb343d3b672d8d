//! `keeper screenshot`: a whole picture, or none and the reason.

use crate::harness::{StandIn, answered, rest, stderr, stdout, terminal};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

const REQUEST: &str = "{\"ask\":\"screenshot\"}";
const LINE: &[u8] = b"{\"reply\":\"picture\"}\n";

fn png() -> Vec<u8> {
    let end = b"\0\0\0\0IEND\xae\x42\x60\x82";
    [b"\x89PNG\r\n\x1a\n", &vec![7; 300_000][..], end].concat()
}

fn sending(picture: &[u8]) -> StandIn {
    StandIn::new(answered(REQUEST, [LINE, picture].concat()))
}

/// Takes a picture to `name` in the stand-in's directory.
fn take(keeperd: &StandIn, name: &str) -> Output {
    let file = keeperd.dir().join(name);
    keeperd.ask(&["screenshot", file.to_str().expect("a UTF-8 path")])
}

#[track_caller]
fn assert_fails(output: &Output, message: &str) {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(stderr(output).starts_with(message), "{}", stderr(output));
}

fn names(keeperd: &StandIn) -> Vec<String> {
    let entries = fs::read_dir(keeperd.dir()).expect("the directory");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("UTF-8"));
    names.filter(|name| name != "keeperd.sock").collect()
}

#[test]
fn a_picture_becomes_a_file_for_its_owner_alone() {
    let keeperd = sending(&png());
    fs::write(keeperd.dir().join("a.png"), "old").expect("an older picture");
    let output = take(&keeperd, "a.png");
    assert!(output.status.success(), "{output:?}");
    assert_eq!((stdout(&output), stderr(&output)), Default::default());
    let file = keeperd.dir().join("a.png");
    assert!(fs::read(&file).expect("the picture") == png());
    let mode = fs::metadata(&file).expect("its mode").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(names(&keeperd), ["a.png"]);
}

#[test]
fn a_picture_goes_to_stdout() {
    let output = sending(&png()).ask(&["screenshot", "-"]);
    assert!(output.status.success());
    assert!(output.stdout == png());
}

#[test]
fn a_terminal_gets_none() {
    let keeperd = StandIn::absent();
    let (ours, theirs) = terminal();
    let mut command = keeperd.command(&["screenshot", "-"]);
    let output = command.stdout(theirs).stderr(std::process::Stdio::piped());
    let output = output.spawn().expect("starting keeper").wait_with_output();
    drop(command);
    let expected = "error: a picture is nothing for a terminal\n\
                    hint: `keeper screenshot FILE.png` writes a file\n";
    let output = output.expect("its end");
    assert_fails(&output, expected);
    assert_eq!(rest(ours), "");
}

#[test]
fn what_is_no_whole_picture_leaves_the_old_one() {
    let whole = png();
    let half = &whole[..200_000];
    for (picture, message) in [
        (
            half,
            "error: the picture broke off after 200000 bytes\nhint: try again; ",
        ),
        (b"", "error: the picture broke off after 0 bytes\n"),
        (b"<html>", "error: what keeperd sent is no PNG\n"),
    ] {
        let keeperd = sending(picture);
        fs::write(keeperd.dir().join("a.png"), "old").expect("an older picture");
        assert_fails(&take(&keeperd, "a.png"), message);
        assert_eq!(names(&keeperd), ["a.png"]);
        let left = fs::read(keeperd.dir().join("a.png")).expect("the older picture");
        assert_eq!(left, b"old");
        // On stdout part of it is there already; only the exit status can say so.
        assert_fails(&sending(picture).ask(&["screenshot", "-"]), message);
    }
}

#[test]
fn a_refusal_leaves_no_file() {
    for (answer, message) in [
        (
            &b"{\"reply\":\"error\",\"message\":\"the desktop is not there\"}\n"[..],
            "error: keeperd refuses: the desktop is not there\n",
        ),
        (
            b"{\"reply\":\"done\",\"message\":\"\"}\n",
            "error: keeperd answered something else than it was asked\n",
        ),
        (b"\x89PNG\r\n", "error: keeperd's answer makes no sense: "),
    ] {
        let keeperd = StandIn::new(answered(REQUEST, answer));
        assert_fails(&take(&keeperd, "a.png"), message);
        assert_eq!(names(&keeperd), [""; 0]);
    }
}

#[test]
fn a_place_that_takes_no_file_is_named() {
    let keeperd = StandIn::absent();
    fs::create_dir(keeperd.dir().join("b")).expect("a directory");
    let output = take(&keeperd, "b");
    assert_fails(&output, "error: ");
    assert!(stderr(&output).contains("/b is there and is no file\nhint: "));
    let output = keeperd.ask(&["screenshot", "/dev/null"]);
    assert_fails(&output, "error: /dev/null is there and is no file\n");
    let output = take(&keeperd, "nowhere/a.png");
    assert_fails(&output, "error: writing ");
    assert!(stderr(&output).contains("nowhere/a.png: No such file or directory"));
    // Nobody was asked for a picture that nobody could have kept.
    assert_fails(&take(&keeperd, "a.png"), "error: keeperd is not running");
    assert_eq!(names(&keeperd), ["b"]);
}
