//! keeperd's pages over HTTP: to the notebook when its server answers, a diagnosis when it does not.

use crate::harness::{Daemon, command};
use crate::web::{address, assert_has, get};
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(60);

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
fn the_dashboard_shows_the_device_its_log_and_the_notebook_for_colab() {
    let system = tempfile::tempdir().expect("a scratch directory");
    std::fs::create_dir(system.path().join("proc")).expect("a directory");
    let memory = "MemTotal: 4194304 kB\nMemAvailable: 1048576 kB\n";
    std::fs::write(system.path().join("proc/meminfo"), memory).expect("writing");
    let dir = tempfile::tempdir().expect("a scratch directory");
    let config =
        "tunnel.high_ram = true\nddns = { provider = \"duckdns\", name = \"x.duckdns.org\" }";
    std::fs::write(dir.path().join("keeper.toml"), config).expect("writing");
    let root = system.path().to_str().expect("UTF-8");
    let daemon = Daemon::start_with(dir, &["--system", root]);
    assert_has(&get(&daemon, "/"), "200", &["x.duckdns.org", "GB"]);
    let log = get(&daemon, "/logs");
    assert_has(&log, "200", &["keeper.toml", "pages at http://127.0.0.1:"]);
    let notebook = get(&daemon, "/notebook.ipynb");
    assert_has(&notebook, "200", &["\"machine_shape\": \"hm\""]);
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
