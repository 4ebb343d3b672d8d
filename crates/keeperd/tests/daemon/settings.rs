//! Other settings for a device at work: from the file that they were made from, approved by somebody.

use crate::harness::Daemon;
use crate::root::{Root, part, say};
use crate::web::{assert_has, get, post};
use crate::wizard::{PASSWORD, traces, wait};
use control::InForce;
use setup::Ask;

#[test]
fn settings_are_asked_for_with_what_they_were_made_from_and_an_approval() {
    let daemon = Daemon::start("device.hostname = \"study\"");
    let root = Root::start(daemon.dir.path(), |_, stream| {
        part(stream, "check");
        say(stream, r#"{"answer":"done","confirm":90}"#);
    });
    let page = get(&daemon, "/settings/place");
    assert_has(&page, "200", &["study"]);
    let fields = [
        ("keyboard", "us"),
        ("timezone", "UTC"),
        ("hostname", "attic"),
    ];
    let answer = post(&daemon, "/settings/place", &fields);
    assert_has(&answer, "303", &["location: /settings/network\r\n"]);
    let approval = [("approver", "hanako"), ("approval", PASSWORD)];
    let answer = post(&daemon, "/settings/apply", &approval);
    assert_has(&answer, "303", &["location: /settings/progress\r\n"]);
    let Ask::Change(change) = serde_json::from_str(&root.asked()).expect("a question") else {
        panic!("something else was asked");
    };
    assert_eq!(
        change.approval.as_ref().expect("an approval").name,
        "hanako"
    );
    assert_eq!(change.instead_of.as_deref().map(str::len), Some(64));
    assert!(change.owner.is_none() && change.wifi.is_none());
    assert!(change.keeper_toml.contains("attic"));
    wait(|| {
        let page = get(&daemon, "/settings/progress");
        page.contains("Keep this network").then_some(())
    });
    let answer = post(&daemon, "/settings/confirm", &[]);
    assert_has(&answer, "303", &["location: /settings/progress\r\n"]);
    assert_eq!(root.asked(), "{\"ask\":\"confirm\"}\n");
    assert!(!traces(daemon.dir.path()).contains(PASSWORD));
    let (_, log) = daemon.end();
    assert!(!log.contains(PASSWORD), "{log}");
}

#[test]
fn stale_settings_are_not_asked_for() {
    let daemon = Daemon::start("device.hostname = \"study\"");
    let root = Root::start(daemon.dir.path(), |_, stream| {
        say(stream, r#"{"answer":"done"}"#);
    });
    let fields = [
        ("keyboard", "us"),
        ("timezone", "UTC"),
        ("hostname", "attic"),
    ];
    post(&daemon, "/settings/place", &fields);
    daemon.write_config("device.hostname = \"cellar\"");
    daemon.reload();
    let approval = [("approver", "hanako"), ("approval", PASSWORD)];
    let answer = post(&daemon, "/settings/apply", &approval);
    assert!(!answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(root.was_left_alone());
    // Even a broken file can be mended here, once the answers are begun anew.
    daemon.write_config("device.hostname = 7");
    daemon.reload();
    assert_eq!(daemon.status().config.in_force, InForce::Earlier);
    post(&daemon, "/settings/summary", &[("go", "anew")]);
    assert_has(&get(&daemon, "/settings/place"), "200", &["cellar"]);
    let answer = post(&daemon, "/settings/apply", &approval);
    assert_has(&answer, "303", &["location: /settings/progress\r\n"]);
    assert!(root.asked().contains("cellar"));
}

#[test]
fn an_approval_is_given_for_one_form_whatever_becomes_of_it() {
    let daemon = Daemon::start("device.hostname = \"study\"");
    let root = Root::start(daemon.dir.path(), |_, stream| {
        say(
            stream,
            r#"{"answer":"failed","message":"the disk is full"}"#,
        );
    });
    let approval = [("approver", "hanako"), ("approval", PASSWORD)];
    let without = [("approver", "hanako"), ("approval", "")];
    let lacks = || {
        let answer = post(&daemon, "/settings/apply", &without);
        assert_has(&answer, "422", &[]);
    };
    // Pressed by mistake, wrong elsewhere, and begun.
    post(
        &daemon,
        "/settings/summary",
        &[("go", "back"), approval[0], approval[1]],
    );
    lacks();
    post(&daemon, "/settings/place", &[("hostname", "My Study")]);
    assert_has(&post(&daemon, "/settings/apply", &approval), "422", &[]);
    post(&daemon, "/settings/place", &[("hostname", "attic")]);
    lacks();
    assert!(root.was_left_alone());
    let begun = post(&daemon, "/settings/apply", &approval);
    assert_has(&begun, "303", &["location: /settings/progress\r\n"]);
    wait(|| {
        get(&daemon, "/settings/progress")
            .contains("the disk is full")
            .then_some(())
    });
    lacks();
}
