//! The wizard, from a new device to one that keeps notebooks; and what happens to answers on the way.

use crate::harness::Daemon;
use crate::root::{Root, part, say};
use crate::web::{address, assert_has, get, post, send, token};
use control::State;
use setup::{Ask, Change};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(60);

pub(crate) const PASSWORD: &str = "quiet-heron-42-lake";
const WIFI: &str = "seven-blue-otters";

/// A keeperd on a device without an owner.
pub(crate) fn new_device(config: &str) -> Daemon {
    let dir = tempfile::tempdir().expect("a scratch directory");
    std::fs::write(dir.path().join("keeper.toml"), config).expect("writing the configuration");
    start(dir)
}

fn start(dir: tempfile::TempDir) -> Daemon {
    let mark = dir.path().join("mark");
    Daemon::start_with(dir, &["--set-up", mark.to_str().expect("UTF-8")])
}

pub(crate) fn wait<T>(mut found: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + SOON;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < end, "it never came");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Answers all pages but the last.
pub(crate) fn answer_all(daemon: &Daemon) {
    for (step, next, fields) in [
        ("language", "place", &[("language", "en")][..]),
        (
            "place",
            "network",
            &[
                ("keyboard", "jp"),
                ("timezone", "Asia/Tokyo"),
                ("hostname", "study"),
            ],
        ),
        (
            "network",
            "owner",
            &[
                ("network", "other"),
                ("wifi_country", "JP"),
                ("wifi_name", "Upstairs"),
                ("wifi", WIFI),
            ],
        ),
        (
            "owner",
            "runtime",
            &[
                ("owner", "hanako"),
                ("password", PASSWORD),
                ("again", PASSWORD),
                ("keys", ""),
            ],
        ),
        ("runtime", "notebook", &[("runtime", "colab")]),
        (
            "notebook",
            "tunnel",
            &[
                ("notebooks", "https://127.0.0.1:1/x"),
                ("reload_minutes", "10"),
            ],
        ),
        ("tunnel", "summary", &[("ddns_provider", "")]),
    ] {
        let answer = post(daemon, &format!("/setup/{step}"), fields);
        assert_has(&answer, "303", &[&format!("location: /setup/{next}\r\n")]);
    }
}

/// The progress page, once nothing is under way any more.
pub(crate) fn outcome(daemon: &Daemon, base: &str) -> String {
    wait(|| {
        let page = get(daemon, &format!("{base}/progress"));
        (!page.contains("http-equiv")).then_some(page)
    })
}

/// All that keeperd has written, and says.
pub(crate) fn traces(dir: &Path) -> String {
    let mut traces = String::new();
    for entry in std::fs::read_dir(dir).expect("the directory").flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        traces += &String::from_utf8_lossy(&bytes);
    }
    traces
}

#[test]
fn a_new_device_keeps_nothing_until_it_is_set_up_and_then_without_a_restart() {
    let daemon = new_device("browser.notebooks = [\"https://127.0.0.1:1/\"]");
    let status = daemon.status();
    assert_eq!(
        (status.state, &*status.reason),
        (State::Idle, "the device is not set up yet")
    );
    assert_eq!((status.kiosk, status.notebooks[0].reloads), (None, 0));
    assert_has(&get(&daemon, "/"), "303", &["location: /setup\r\n"]);
    assert_has(&get(&daemon, "/settings"), "303", &["location: /\r\n"]);
    std::fs::write(daemon.dir.path().join("mark"), "").expect("writing the mark");
    assert_eq!(daemon.status().state, State::Waiting);
    assert!(daemon.status().kiosk.is_some());
    // Its own watch has begun: the browser, on whose port nobody listens, is missed.
    wait(|| (daemon.status().notebooks[0].reason != "not opened yet").then_some(()));
    assert_has(&get(&daemon, "/setup"), "303", &["location: /\r\n"]);
}

#[test]
fn a_device_is_set_up_by_keeper_apply_and_nothing_is_left_of_the_answers() {
    let daemon = new_device("notify.webhook = \"https://example.org/hook\"");
    let mark = daemon.dir.path().join("mark");
    let root = Root::start(daemon.dir.path(), move |_, stream| {
        for work in ["check", "settings", "name", "owner"] {
            part(stream, work);
        }
        std::fs::write(&mark, "").expect("writing the mark");
        part(stream, "finish");
        say(stream, r#"{"answer":"done"}"#);
    });
    answer_all(&daemon);
    let answer = post(&daemon, "/setup/apply", &[]);
    assert_has(&answer, "303", &["location: /setup/progress\r\n"]);
    let Ask::SetUp(change) = serde_json::from_str(&root.asked()).expect("a question") else {
        panic!("something else was asked");
    };
    let Change {
        keeper_toml,
        instead_of,
        owner,
        wifi,
        approval,
        ..
    } = *change;
    let config = config::parse(&keeper_toml).expect("a configuration");
    let expected = config::parse(
        "device.hostname = \"study\"\ndevice.timezone = \"Asia/Tokyo\"\ndevice.keyboard = \"jp\"\n\
         browser.notebooks = [\"https://127.0.0.1:1/x\"]\nnotify.webhook = \"https://example.org/hook\"",
    );
    assert_eq!(Ok(config), expected);
    let owner = owner.expect("an owner");
    assert_eq!(owner.name, "hanako");
    assert_eq!(owner.password.expect("a password").reveal(), PASSWORD);
    let wifi = wifi.expect("a network");
    assert_eq!((&*wifi.country, &*wifi.name), ("JP", "Upstairs"));
    assert_eq!(wifi.password.expect("a password").reveal(), WIFI);
    assert_eq!((instead_of, approval), (None, None));

    let page = outcome(&daemon, "/setup");
    assert_has(&page, "200", &["hanako", "study"]);
    assert!(!daemon.dir.path().join("setup.json").exists());
    assert_has(&get(&daemon, "/settings/place"), "200", &[]);
    assert!(root.was_left_alone());
    let shown = format!("{:?} {page}", daemon.status()) + &traces(daemon.dir.path());
    let (_, log) = daemon.end();
    for secret in [PASSWORD, WIFI] {
        assert!(!log.contains(secret) && !shown.contains(secret));
    }
}

#[test]
fn who_does_not_set_the_device_up_says_so_and_the_answers_stay() {
    for (answer, shown) in [
        (
            "{\"answer\":\"refused\",\"message\":\"the disk is full\"}\n",
            "the disk is full",
        ),
        (
            "{\"answer\":\"failed\",\"message\":\"netplan says no\"}\n",
            "netplan says no",
        ),
        ("nonsense \u{7}\n", "makes no sense"),
        (
            "{\"answer\":\"progress\",\"work\":\"check\",\"progress\":\"begun\"}\n",
            "gone away",
        ),
        ("", "gone away"),
        (
            "{\"answer\":\"networks\",\"networks\":[]}\n",
            "something else",
        ),
        // It quotes what it was given.
        (
            "{\"answer\":\"failed\",\"message\":\"bad: PASSWORD\"}\n",
            "bad: (not shown)",
        ),
    ] {
        let daemon = new_device("");
        let answer = answer.replace("PASSWORD", PASSWORD);
        let said = answer.clone();
        let _root = Root::start(daemon.dir.path(), move |_, stream| {
            let said = said.strip_suffix('\n').unwrap_or_default();
            if !said.is_empty() {
                say(stream, said);
            }
        });
        answer_all(&daemon);
        let begun = post(&daemon, "/setup/apply", &[]);
        assert_has(&begun, "303", &["location: /setup/progress\r\n"]);
        let known = answer.contains("refused") || answer.contains("failed");
        if known {
            assert_has(&outcome(&daemon, "/setup"), "200", &[shown, "taken back"]);
            assert_has(&get(&daemon, "/setup/owner"), "200", &["hanako"]);
            // All of it is still there, the secrets too: it can be tried again at once.
            let again = post(&daemon, "/setup/apply", &[]);
            assert_has(&again, "303", &["location: /setup/progress\r\n"]);
        } else {
            // It may be done, or be done yet.
            let page = wait(|| {
                let page = get(&daemon, "/setup/progress");
                page.contains("not known").then_some(page)
            });
            assert_has(&page, "200", &[shown]);
            assert!(!page.contains("taken back"), "{page}");
        }
        let (_, log) = daemon.end();
        assert!(!log.contains(PASSWORD), "{log}");
    }
}

#[test]
fn without_keeper_apply_there_are_words_and_no_wait() {
    let daemon = new_device("");
    let answer = post(
        &daemon,
        "/setup/network",
        &[("go", "scan"), ("network", "none")],
    );
    assert_has(&answer, "502", &[]);
    answer_all(&daemon);
    post(&daemon, "/setup/apply", &[]);
    assert_has(
        &outcome(&daemon, "/setup"),
        "200",
        &["connecting to keeper-apply"],
    );
}

#[test]
fn networks_are_shown_that_keeper_apply_has_seen() {
    let daemon = new_device("");
    let root = Root::start(daemon.dir.path(), |_, stream| {
        let seen = r#"{"name":"<Upstairs>","signal":70,"secured":true}"#;
        say(
            stream,
            &format!(r#"{{"answer":"networks","networks":[{seen}]}}"#),
        );
    });
    let fields = [("go", "scan"), ("network", "none"), ("wifi_country", "JP")];
    let answer = post(&daemon, "/setup/network", &fields);
    assert_has(&answer, "303", &["location: /setup/network"]);
    assert_eq!(root.asked(), "{\"ask\":\"scan\",\"country\":\"JP\"}\n");
    let page = get(&daemon, "/setup/network");
    assert_has(&page, "200", &["&lt;Upstairs&gt;"]);
}

#[test]
fn answers_survive_a_kill_and_secrets_do_not() {
    let daemon = new_device("");
    answer_all(&daemon);
    let file = daemon.dir.path().join("setup.json");
    let mode = file.metadata().expect("the answers").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let written = traces(daemon.dir.path());
    assert!(written.contains("hanako"));
    assert!(
        !written.contains(PASSWORD) && !written.contains(WIFI),
        "{written}"
    );

    let mut daemon = daemon;
    let _ = daemon.child.kill();
    let _ = daemon.child.wait();
    let other = tempfile::tempdir().expect("a scratch directory");
    let dir = std::mem::replace(&mut daemon.dir, other);
    std::fs::remove_file(dir.path().join("notify")).expect("the socket of before");
    let daemon = start(dir);
    for (step, answer) in [
        ("place", "study"),
        ("owner", "hanako"),
        ("network", "Upstairs"),
    ] {
        assert_has(&get(&daemon, &format!("/setup/{step}")), "200", &[answer]);
    }
    // Without its password there is no owner.
    let refused = post(&daemon, "/setup/apply", &[]);
    assert!(!refused.starts_with("HTTP/1.1 303"), "{refused}");
}

#[test]
fn a_damaged_file_of_answers_is_put_aside() {
    for bytes in [&b""[..], b"{\"draft\":", b"\0\0\0\0", b"[]"] {
        let dir = tempfile::tempdir().expect("a scratch directory");
        std::fs::write(dir.path().join("keeper.toml"), "").expect("writing");
        std::fs::write(dir.path().join("setup.json"), bytes).expect("writing");
        let daemon = start(dir);
        assert_has(
            &get(&daemon, "/setup"),
            "303",
            &["location: /setup/language\r\n"],
        );
        let aside = daemon.dir.path().join("setup.json.damaged");
        assert!(std::fs::read(aside).expect("the damaged file") == bytes);
        let answer = post(&daemon, "/setup/language", &[("language", "ja")]);
        assert_has(&answer, "303", &["location: /setup/place\r\n"]);
        // From now on all of it is in the language of the answers.
        assert_has(&get(&daemon, "/setup/place"), "200", &["<html lang=\"ja\""]);
    }
}

#[test]
fn two_tabs_that_write_at_once_lose_nothing_of_each_other() {
    let daemon = new_device("");
    let address = address(&daemon);
    let token = token(&address, "/setup/place");
    let file = daemon.dir.path().join("setup.json");
    std::thread::scope(|scope| {
        for (path, field) in [("/setup/place", "hostname"), ("/setup/owner", "owner")] {
            let (address, token, file) = (&address, &token, &file);
            scope.spawn(move || {
                for number in 0..25 {
                    let value = format!("{field}-{number}");
                    let answer = send(address, token, path, &[("go", "back"), (field, &value)]);
                    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
                    let text = std::fs::read(file).expect("the answers");
                    let saved: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
                    assert_eq!(saved["draft"][field], *value);
                }
            });
        }
    });
    let text = std::fs::read(&file).expect("the answers");
    let saved: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    assert_eq!(saved["draft"]["hostname"], "hostname-24");
    assert_eq!(saved["draft"]["owner"], "owner-24");
}
