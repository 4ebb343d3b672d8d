//! How the browser is started, with a stand-in for it that says its arguments.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use e2e::harness::trial;
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("the_kiosk_shows_the_notebooks_and_can_be_steered", kiosk),
        trial("a_window_is_no_kiosk", window),
        trial("for_a_sign_in_nothing_steers_the_browser", sign_in),
    ]
}

const PAGES: &str = "http://127.0.0.1:8470/start/1 http://127.0.0.1:8470/start/2";

fn script(path: &Path, text: &str) {
    fs_err::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The browser's arguments, one a line.
#[allow(
    clippy::disallowed_methods,
    reason = "the script is started as systemd would"
)]
fn arguments(mode: &str, sign_in: bool) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    script(&dir.join("browser"), "printf '%s\\n' \"$@\"");
    script(&dir.join("curl"), "exit 0");
    if sign_in {
        fs_err::write(dir.join("sign-in"), "").unwrap();
    }
    let path = std::env::var("PATH").unwrap();
    let output =
        Command::new(e2e::repository().join("overlay/kiosk/root/usr/libexec/keeper/kiosk"))
            .env("PATH", format!("{}:{path}", dir.display()))
            .env("HOME", dir)
            .env("KEEPER_SIGN_IN", dir.join("sign-in"))
            .env("KEEPER_BROWSER_COMMAND", dir.join("browser"))
            .env("KEEPER_BROWSER_PROFILE", "profile")
            .env("KEEPER_BROWSER_MODE", mode)
            .env("KEEPER_BROWSER_PAGES", PAGES)
            .env("KEEPER_DISPLAY_KIND", "virtual")
            .output()
            .unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    // Which directory this test has is of no interest.
    let home = format!("{}/", dir.display());
    said.lines().map(|line| line.replace(&home, "")).collect()
}

#[track_caller]
fn has(arguments: &[String], wanted: &[&str], unwanted: &[&str]) {
    for one in wanted
        .iter()
        .chain(["--user-data-dir=profile", "--password-store=basic"].iter())
    {
        assert!(
            arguments.iter().any(|have| have == one),
            "{one} is not in {arguments:?}"
        );
    }
    for one in unwanted {
        assert!(
            !arguments.iter().any(|have| have.contains(one)),
            "{one} is in {arguments:?}"
        );
    }
}

fn pages(arguments: &[String]) -> Vec<&str> {
    let pages = arguments.iter().map(String::as_str);
    pages
        .filter(|argument| !argument.starts_with('-'))
        .collect()
}

fn kiosk() {
    let arguments = arguments("kiosk", false);
    has(
        &arguments,
        &["--kiosk", "--remote-debugging-port=9222"],
        &["--start-maximized"],
    );
    assert_eq!(pages(&arguments), PAGES.split(' ').collect::<Vec<_>>());
}

fn window() {
    let arguments = arguments("window", false);
    has(
        &arguments,
        &["--start-maximized", "--remote-debugging-port=9222"],
        &["--kiosk"],
    );
    assert_eq!(pages(&arguments), PAGES.split(' ').collect::<Vec<_>>());
}

fn sign_in() {
    for mode in ["kiosk", "window"] {
        let arguments = arguments(mode, true);
        has(
            &arguments,
            &["--start-maximized"],
            &["--kiosk", "debugging", "automation", "start/"],
        );
        assert_eq!(pages(&arguments), ["http://127.0.0.1:8470/sign-in"]);
    }
}
