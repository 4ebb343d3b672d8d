//! What can be asked of the notebooks, what survives, and who is told. What is done in a browser is
//! tried with a real one, in the tests of the whole.

use crate::harness::{Daemon, assert_refused};
use control::{KeepStatus, NotebookState, Reply, Request, SessionReply, State, Status};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(30);

const ONE: &str = "browser.notebooks = [\"https://127.0.0.1:1/a?token=x\"]";

fn ask(daemon: &Daemon, request: &Request) -> Reply {
    daemon.say(control::to_line(request).expect("a request").as_bytes())
}

#[track_caller]
fn done(daemon: &Daemon, request: &Request) -> String {
    match ask(daemon, request) {
        Reply::Done { message } => message,
        other => panic!("not done: {other:?}"),
    }
}

#[track_caller]
fn until(daemon: &Daemon, wanted: impl Fn(&Status) -> bool) -> Status {
    let end = Instant::now() + SOON;
    loop {
        let status = daemon.status();
        if wanted(&status) {
            return status;
        }
        assert!(Instant::now() < end, "{status:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn states(status: &Status) -> Vec<NotebookState> {
    status
        .notebooks
        .iter()
        .map(|notebook| notebook.state)
        .collect()
}

fn keep(status: &Status) -> &KeepStatus {
    status.keep.as_ref().expect("for how long they are kept")
}

#[test]
fn what_was_asked_for_survives_a_kill() {
    let daemon = Daemon::start(ONE);
    let url = "https://127.0.0.1:1/b".to_owned();
    done(&daemon, &Request::Open { url: url.clone() });
    done(&daemon, &Request::Pause {});
    let status = until(&daemon, |status| {
        states(status) == [NotebookState::Paused; 2]
    });
    assert_eq!(status.state, State::Paused);
    let daemon = daemon.killed_and_started();
    let status = until(&daemon, |status| {
        states(status) == [NotebookState::Paused; 2]
    });
    let opened: Vec<_> = status
        .notebooks
        .iter()
        .map(|one| (one.number, one.opened))
        .collect();
    assert_eq!(opened, [(1, false), (2, true)]);
    assert!(keep(&status).paused);
    done(&daemon, &Request::Resume {});
    done(&daemon, &Request::Close { url });
    let status = until(&daemon, |status| {
        states(status) == [NotebookState::Starting]
    });
    assert_eq!(status.state, State::Waiting);
    assert!(
        status.notebooks[0]
            .reason
            .starts_with("waiting for the browser: 127.0.0.1:1")
    );

    let mode = std::fs::metadata(daemon.dir.path().join("state.json"))
        .expect("the file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o007, 0, "addresses may hold tokens");
}

#[test]
fn a_changed_configuration_keeps_what_is_known() {
    let daemon = Daemon::start(ONE);
    until(&daemon, |status| {
        states(status) == [NotebookState::Starting]
    });
    done(&daemon, &Request::Pause {});
    daemon.write_config("browser.notebooks = [\"https://127.0.0.1:1/0\", \"https://127.0.0.1:1/a?token=x\"]\nbrowser.keep_hours = 24");
    daemon.reload();
    let status = until(&daemon, |status| status.notebooks.len() == 2);
    assert_eq!(status.notebooks[1].number, 2);
    assert!((keep(&status).hours, keep(&status).paused) == (24, true));
    daemon.write_config("browser.notebooks = [7]");
    daemon.reload();
    assert_eq!(
        daemon.status().notebooks.len(),
        2,
        "the earlier one stays in force"
    );
    daemon.write_config("");
    daemon.reload();
    until(&daemon, |status| {
        status.notebooks.is_empty() && status.state == State::Idle
    });
}

#[test]
fn what_makes_no_sense_is_refused_in_words() {
    let daemon = Daemon::start(ONE);
    until(&daemon, |status| status.notebooks.len() == 1);
    let open = |url: &str| Request::Open {
        url: url.to_owned(),
    };
    let close = Request::Close {
        url: "https://127.0.0.1:1/a?token=x".to_owned(),
    };
    for (request, reason) in [
        (open("ftp://a/"), "expected an http:// or https:// address"),
        (
            open("javascript:alert(1)"),
            "expected an http:// or https:// address",
        ),
        (open("https://a/ b"), "percent-encoded"),
        (open("https://me:pw@a/"), "a user name or password"),
        (open("https://127.0.0.1:1/a?token=x"), "kept open already"),
        (close, "not opened by request"),
        (
            Request::Reload { notebook: Some(7) },
            "there is no notebook 7, only 1 to 1",
        ),
        (
            Request::Reload { notebook: Some(0) },
            "there is no notebook 0",
        ),
    ] {
        assert_refused(ask(&daemon, &request), reason);
    }
    for number in 0..16 {
        done(&daemon, &open(&format!("https://127.0.0.1:1/{number}")));
    }
    assert_refused(
        ask(&daemon, &open("https://127.0.0.1:1/x")),
        "16 notebooks are open by request already",
    );
    done(&daemon, &Request::Reload { notebook: None });
    done(&daemon, &Request::Pause {});
    assert_refused(ask(&daemon, &Request::Reload { notebook: None }), "paused");
    let nothing = Daemon::start("");
    assert_refused(
        ask(&nothing, &Request::Reload { notebook: None }),
        "there is no notebook",
    );
    let broken = Daemon::start("x = 1");
    assert_refused(
        ask(&broken, &Request::Renew {}),
        "no configuration in force",
    );
}

#[test]
fn keeping_ends_until_it_is_renewed() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    std::fs::write(dir.path().join("keeper.toml"), ONE).expect("writing");
    std::fs::write(dir.path().join("state.json"), "{\"kept_seconds\":43200}").expect("writing");
    let daemon = Daemon::start_in(dir);
    let status = until(&daemon, |status| states(status) == [NotebookState::Capped]);
    assert_eq!(
        (status.state, keep(&status).left_seconds),
        (State::NeedsPerson, 0)
    );
    assert!(status.reason.contains("keeper renew"), "{}", status.reason);
    assert_refused(
        ask(&daemon, &Request::Reload { notebook: None }),
        "keeper renew",
    );
    done(&daemon, &Request::Renew {});
    let status = until(&daemon, |status| {
        states(status) == [NotebookState::Starting]
    });
    assert!(keep(&status).left_seconds > 43_000);
}

#[test]
fn a_sign_in_has_the_browser_started_plainly_and_back() {
    let daemon = Daemon::start(ONE);
    let (file, restart) = (
        daemon.dir.path().join("sign-in"),
        daemon.dir.path().join("restart-browser"),
    );
    let reason = || std::fs::read_to_string(&restart).expect("a request");
    done(&daemon, &Request::SignIn {});
    let mode = std::fs::metadata(&file)
        .expect("the file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o644, "the desktop's user looks for it");
    assert_eq!(reason(), "for a person to sign in\n");
    let status = until(&daemon, |status| {
        states(status) == [NotebookState::SignedOut]
    });
    assert!(keep(&status).signing_in && status.state == State::NeedsPerson);
    std::fs::remove_file(&restart).expect("the session has seen it");
    assert_eq!(
        done(&daemon, &Request::SignIn {}),
        "the browser is open for a sign-in already"
    );
    assert!(!restart.exists(), "who signs in is not thrown out");

    let daemon = daemon.killed_and_started();
    until(&daemon, |status| {
        states(status) == [NotebookState::SignedOut]
    });
    done(&daemon, &Request::SignedIn {});
    assert!(!daemon.dir.path().join("sign-in").exists());
    let reason =
        std::fs::read_to_string(daemon.dir.path().join("restart-browser")).expect("a request");
    assert_eq!(reason, "the sign-in is done\n");
    until(&daemon, |status| {
        states(status) == [NotebookState::Starting]
    });
    assert_eq!(
        done(&daemon, &Request::SignedIn {}),
        "nobody was signing in"
    );
}

#[test]
fn the_desktop_is_asked_whether_somebody_uses_it() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    std::fs::write(dir.path().join("keeper.toml"), ONE).expect("writing");
    let listener = UnixListener::bind(dir.path().join("session.sock")).expect("a socket");
    let idle = Arc::new(AtomicU64::new(3));
    let shared = idle.clone();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut line = String::new();
            let _ = BufReader::new(&stream).read_line(&mut line);
            assert_eq!(line, "{\"ask\":\"idle\"}\n");
            let seconds = shared.load(Ordering::SeqCst);
            if seconds == 0 {
                let _ = stream.write_all(b"moon\n");
                continue;
            }
            let reply = control::to_line(&SessionReply::Idle { seconds }).expect("a reply");
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    let daemon = Daemon::start_with(dir, &["--haste", "100"]);
    until(&daemon, |status| {
        status.keep.as_ref().is_some_and(|keep| keep.person)
    });
    idle.store(4000, Ordering::SeqCst);
    until(&daemon, |status| !keep(status).person);
    idle.store(3, Ordering::SeqCst);
    until(&daemon, |status| keep(status).person);
    // Nonsense for an answer is nobody at the desktop, and told once.
    idle.store(0, Ordering::SeqCst);
    until(&daemon, |status| !keep(status).person);
    std::thread::sleep(Duration::from_secs(1));
    let (_, log) = daemon.end();
    assert_eq!(
        log.matches("nobody is taken to be at the desktop").count(),
        1,
        "{log}"
    );
}

#[test]
fn the_owner_is_told_by_their_command_once() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let told = dir.path().join("told");
    let config = format!(
        "{ONE}\nnotify.command = [\"/bin/sh\", \"-c\", \"cat >> \\\"$0\\\"\", {:?}]",
        told.display()
    );
    std::fs::write(dir.path().join("keeper.toml"), config).expect("writing");
    // After five minutes without a notebook, here a moment.
    let daemon = Daemon::start_with(dir, &["--haste", "1000"]);
    let end = Instant::now() + SOON;
    while std::fs::read_to_string(&told)
        .unwrap_or_default()
        .is_empty()
    {
        assert!(Instant::now() < end, "nobody was told");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_secs(1));
    let text = std::fs::read_to_string(&told).expect("the file");
    assert!(
        text.starts_with("notebook 1: waiting for the browser: 127.0.0.1:1"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1, "{text}");
    let (_, log) = daemon.end();
    assert!(!log.contains("token"), "{log}");
}
