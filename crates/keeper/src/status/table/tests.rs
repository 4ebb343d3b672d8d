//! The table in English; in Japanese the program's own tests have it.

use super::*;

fn broken() -> Status {
    Status {
        version: "0.1.0".into(),
        pid: 7,
        state: State::Misconfigured,
        reason: "/x has problems".into(),
        uptime_seconds: 61,
        config: ConfigStatus {
            path: "/x".into(),
            in_force: InForce::Nothing,
            problems: vec!["/x:1: one".into(), "/x:2: two".into()],
        },
        browser: Some("waiting-for-network".into()),
        kiosk: None,
        network: None,
        web: None,
        notebooks: Vec::new(),
        keep: None,
        tunnel: None,
    }
}

fn shown(status: &Status) -> String {
    table(status, Paint::none())
}

#[test]
fn durations() {
    let cases = [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3661, "1 h 1 min"),
        (90_000, "1 d 1 h"),
    ];
    for (seconds, text) in cases {
        assert_eq!(duration(seconds), text);
    }
}

#[test]
fn browser_network_and_pages_are_a_line_each() {
    let kiosk = |status: &KioskStatus| super::kiosk(status, Paint::none());
    let mut status = KioskStatus {
        state: KioskState::Running,
        detail: Some("Chrome/120.0".into()),
        for_seconds: 61,
        restarts: 0,
    };
    assert_eq!(
        kiosk(&status),
        "the browser answers, for 1 min (Chrome/120.0)"
    );
    (status.state, status.restarts) = (KioskState::NotAnswering, 2);
    status.detail = Some("no reply".into());
    assert_eq!(
        kiosk(&status),
        "the browser does not answer, for 1 min, restarts asked for: 2 (no reply)"
    );
    let mut status = NetworkStatus {
        ok: true,
        notebook: None,
        summary: "192.0.2.7 on eth0".into(),
        for_seconds: 0,
    };
    assert_eq!(network(&status), "192.0.2.7 on eth0");
    (status.notebook, status.summary) = (Some(2), "a.example answers".into());
    assert_eq!(network(&status), "notebook 2: a.example answers, for 0 s");
    let mut status = WebStatus {
        address: "127.0.0.1:8470".into(),
        problem: None,
    };
    assert_eq!(pages(&status), "http://127.0.0.1:8470/");
    status.problem = Some("taken".into());
    assert_eq!(pages(&status), "none: taken");
}

#[test]
fn a_broken_configuration_is_shown_in_full() {
    let expected = "keeperd  0.1.0, pid 7, up 1 min\n\
                    state    misconfigured: /x has problems\n\
                    config   /x: 2 problems; none is in force\n         \
                    /x:1: one\n         /x:2: two\n\
                    browser  waiting-for-network\n";
    assert_eq!(shown(&broken()), expected);
}

#[test]
fn notebooks_have_three_lines_and_labels_line_up() {
    let mut status = broken();
    status.config.problems.clear();
    status.config.in_force = InForce::File;
    (status.state, status.reason) = (State::NeedsPerson, "notebook 2 is signed out".into());
    status.browser = None;
    let notebook = NotebookStatus {
        number: 1,
        url: "https://a.example/".into(),
        state: NotebookState::Open,
        reason: "it answers".into(),
        for_seconds: 80,
        reloads: 6,
        last_reload_seconds: Some(80),
        next_reload_seconds: Some(511),
        opened: false,
    };
    let second = NotebookStatus {
        number: 2,
        state: NotebookState::SignedOut,
        reason: "a sign-in\x1b[2J page\nis shown".into(),
        reloads: 0,
        last_reload_seconds: None,
        next_reload_seconds: None,
        opened: true,
        ..notebook.clone()
    };
    status.notebooks = vec![notebook, second];
    status.keep = Some(KeepStatus {
        hours: 12,
        left_seconds: 39_000,
        paused: true,
        person: true,
        signing_in: true,
    });
    let expected = "keeperd    0.1.0, pid 7, up 1 min\n\
                    state      a person is needed: notebook 2 is signed out\n\
                    config     /x: in force\n\
                    notebook 1 open, for 1 min: it answers\n           \
                    https://a.example/\n           \
                    reloads: 6, the last one 1 min ago, the next one in 8 min\n\
                    notebook 2 signed out, for 1 min: a sign-in [2J page is shown\n           \
                    https://a.example/ (until `keeper close`)\n           \
                    reloads: 0\n\
                    keeping    10 h 50 min of 12 h are left\n           \
                    paused: `keeper resume` goes on\n           \
                    a person is using the desktop: nothing is reloaded\n           \
                    waiting for a sign-in: `keeper signed-in` ends it\n";
    assert_eq!(shown(&status), expected);

    let keep = status.keep.as_mut().expect("a keep");
    (keep.left_seconds, keep.paused, keep.person, keep.signing_in) = (0, false, false, false);
    let end = "keeping    the 12 h are over: `keeper renew` begins them anew\n";
    assert!(shown(&status).ends_with(end), "{}", shown(&status));
}

/// Every state has a word of its own.
#[test]
fn words_of_states_differ() {
    let mut words = std::collections::BTreeSet::new();
    for state in State::ALL {
        words.insert(super::state(state).0);
    }
    assert_eq!(words.len(), State::ALL.len());
}
