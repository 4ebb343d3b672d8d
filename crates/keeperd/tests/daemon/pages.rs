//! keeperd's pages over HTTP: to the notebook when its server answers, a diagnosis when it does not.

use crate::harness::{Daemon, command};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(60);

/// What is answered to a GET of `path`, head and body.
fn get(daemon: &Daemon, path: &str) -> String {
    let address = address(daemon);
    let mut stream = TcpStream::connect(&address).expect("connecting to the pages");
    stream.set_read_timeout(Some(SOON)).expect("a timeout");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").expect("asking");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// Where the pages are, as soon as they are there.
fn address(daemon: &Daemon) -> String {
    let end = Instant::now() + SOON;
    loop {
        let web = daemon.status().web.expect("a status of the pages");
        if web.problem.is_none() {
            return web.address;
        }
        assert!(Instant::now() < end, "{web:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[track_caller]
fn assert_has(answer: &str, status: &str, parts: &[&str]) {
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {status}")),
        "{answer}"
    );
    for part in parts {
        assert!(answer.contains(part), "{part}: {answer}");
    }
}

#[test]
fn the_browser_is_sent_to_a_notebook_that_answers() {
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = server.local_addr().expect("its address").port();
    let url = format!("https://127.0.0.1:{port}/lab?token=x#y");
    let daemon = Daemon::start(&format!("browser.notebooks = [\"{url}\"]"));
    let answer = get(&daemon, "/start/1");
    assert_has(
        &answer,
        "303",
        &[
            &format!("location: {url}\r\n"),
            "referrer-policy: no-referrer\r\n",
        ],
    );
    let network = daemon.status().network.expect("a look at the network");
    assert_eq!((network.ok, network.notebook), (true, Some(1)));
    assert_has(
        &get(&daemon, "/start/2"),
        "200",
        &["There is no notebook 2"],
    );
    assert_has(&get(&daemon, "/healthz"), "200", &["\r\n\r\nok\n"]);
}

#[test]
fn a_notebook_that_does_not_answer_is_diagnosed_and_found_again() {
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!(
        "https://{}/lab?token=secret",
        server.local_addr().expect("its address")
    );
    drop(server);
    let daemon = Daemon::start(&format!("browser.notebooks = [\"{url}\"]"));
    let answer = get(&daemon, "/start/1");
    assert_has(
        &answer,
        "503",
        &["refuses connections on port", "Trying again in 10 s"],
    );
    assert!(!answer.contains("secret"), "{answer}");
    let network = daemon.status().network.expect("a look at the network");
    assert!(!network.ok);

    // A reload brings new notebooks, and another language, without a restart.
    daemon.write_config(&format!(
        "device.language = \"ja\"\nbrowser.notebooks = [\"{url}\", \"{url}&2\"]"
    ));
    daemon.reload();
    assert_has(&get(&daemon, "/start/2"), "503", &["<html lang=\"ja\">"]);
    daemon.write_config("");
    daemon.reload();
    assert_has(
        &get(&daemon, "/start/1"),
        "200",
        &["No notebook is configured yet", "sudo keeper apply"],
    );
}

#[test]
fn a_configuration_with_problems_is_shown() {
    let daemon = Daemon::start("browser.mode = \"<moon>\"");
    let answer = get(&daemon, "/start/1");
    assert_has(
        &answer,
        "200",
        &["The settings have a mistake", "&lt;moon&gt;"],
    );
}

#[test]
fn a_port_that_is_taken_is_told_and_tried_again() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let wanted = taken.local_addr().expect("its address").to_string();
    let dir = tempfile::tempdir().expect("a scratch directory");
    std::fs::write(dir.path().join("keeper.toml"), "").expect("writing the configuration");
    let daemon = Daemon::start_with(dir, &["--web", &wanted]);
    let end = Instant::now() + SOON;
    let problem = loop {
        let problem = daemon.status().web.and_then(|web| web.problem);
        match problem {
            Some(problem) if problem.contains("in use") => break problem,
            other => assert!(Instant::now() < end, "{other:?}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(
        problem.starts_with(&format!("listening on {wanted}: ")),
        "{problem}"
    );
    daemon.told("WATCHDOG=1");
    drop(taken);
    assert_eq!(address(&daemon), wanted);
    assert_has(&get(&daemon, "/healthz"), "200", &[]);
}

#[test]
fn numbers_and_the_sign_in_come_from_the_same_status() {
    let daemon = Daemon::start("");
    let answer = get(&daemon, "/metrics");
    assert_has(
        &answer,
        "200",
        &[
            "content-type: text/plain; version=0.0.4; charset=utf-8\r\n",
            "\nkeeper_state{state=\"idle\"} 1\n",
            "\nkeeper_notebooks 0\n",
        ],
    );
    let answer = get(&daemon, "/sign-in");
    assert_has(&answer, "200", &["No sign-in is under way"]);
}

#[test]
fn pages_are_for_this_machine_alone() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    for address in [
        "0.0.0.0:8470",
        "192.0.2.1:8470",
        "[::]:8470",
        "8470",
        "localhost:8470",
    ] {
        let refused = command(&dir)
            .args(["--web", address])
            .output()
            .expect("starting keeperd");
        assert_eq!(refused.status.code(), Some(2), "{address}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("such as 127.0.0.1:8470"));
    }
}
