//! From start to end: signals, watchdog, configuration, the socket that is left behind.

use crate::harness::{Daemon, command};
use control::{InForce, State};
use rustix::process::Signal;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;

#[test]
fn it_starts_answers_and_ends_without_a_trace() {
    let daemon = Daemon::start("");
    let status = daemon.status();
    assert_eq!(status.pid, daemon.child.id());
    assert_eq!(status.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        (status.state, status.reason.as_str()),
        (State::Idle, "no notebook configured")
    );
    assert_eq!(
        (status.config.in_force, status.config.problems.len()),
        (InForce::File, 0)
    );
    let mode = std::fs::metadata(daemon.socket())
        .expect("the socket")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o666);
    daemon.told("WATCHDOG=1");
    daemon.told("WATCHDOG=1");

    let socket = daemon.socket();
    let _open = daemon.connect();
    let (status, log) = daemon.end();
    assert!(status.success(), "{status}: {log}");
    assert!(!socket.exists());
    assert!(log.lines().all(|line| line.starts_with("<6>")), "{log}");
}

#[test]
fn a_broken_configuration_is_reported_and_survived() {
    let daemon = Daemon::start("[browser]\nreload_minutes = 0\n");
    let status = daemon.status();
    assert_eq!(
        (status.state, status.config.in_force),
        (State::Misconfigured, InForce::Nothing)
    );
    assert!(
        status.config.problems[0].contains("keeper.toml:2: browser.reload_minutes = 0: "),
        "{status:?}"
    );

    daemon.write_config("browser.notebooks = [\"https://a/\"]");
    daemon.reload();
    assert_eq!(daemon.status().state, State::Waiting);

    daemon.write_config("browser.notebooks = [\"https://a/\", 1]\nx = 1");
    daemon.signal(Signal::HUP);
    assert!(daemon.told("RELOADING=1").contains("MONOTONIC_USEC="));
    assert!(
        daemon
            .told("READY=1")
            .contains("STATUS=1 notebook configured; the changed configuration has problems")
    );
    let status = daemon.status();
    assert_eq!(
        (status.state, status.config.in_force),
        (State::Waiting, InForce::Earlier)
    );
    assert_eq!(status.config.problems.len(), 2);

    std::fs::remove_file(daemon.dir.path().join("keeper.toml"))
        .expect("removing the configuration");
    daemon.reload();
    assert_eq!(daemon.status().config.in_force, InForce::Earlier);
    let (status, log) = daemon.end();
    assert!(status.success());
    assert!(log.contains("<3>") && log.contains("No such file"), "{log}");
}

#[test]
fn the_browsers_installation_is_passed_on() {
    let daemon = Daemon::start("");
    assert_eq!(daemon.status().browser, None);
    let file = daemon.dir.path().join("browser");
    std::fs::write(&file, "installing 45%: Download\n").expect("writing");
    assert_eq!(
        daemon.status().browser.as_deref(),
        Some("installing 45%: Download")
    );
    std::fs::write(&file, vec![b'x'; 1 << 20]).expect("writing");
    assert_eq!(daemon.status().browser.map(|line| line.len()), Some(200));
}

#[test]
fn a_socket_left_over_is_replaced_and_nothing_else_is() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let socket = dir.path().join("keeperd.sock");
    std::fs::write(dir.path().join("keeper.toml"), "").expect("writing the configuration");
    drop(UnixListener::bind(&socket).expect("a socket nobody listens on"));
    let daemon = Daemon::start_in(dir);

    let second = command(&daemon.dir)
        .output()
        .expect("starting a second keeperd");
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another keeperd answers there"));
    assert_eq!(daemon.status().state, State::Idle);

    let dir = tempfile::tempdir().expect("a scratch directory");
    std::fs::write(dir.path().join("keeperd.sock"), "precious").expect("writing a file");
    let refused = command(&dir).output().expect("starting keeperd");
    assert!(!refused.status.success());
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("something that is no socket is there")
    );
    assert_eq!(
        std::fs::read(dir.path().join("keeperd.sock")).expect("the file"),
        b"precious"
    );
}
