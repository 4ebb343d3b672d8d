//! One of each: devices in every state that the dashboard can show, by name. For the tests and for our eyes.

use crate::samples::status;
use config::{Language, Text as _};
use control::{
    InForce, KioskState, NotebookState, NotebookStatus, State, TunnelState, TunnelStatus,
};
use maud::Markup;
use std::time::Duration;
use web::{Act, Notice, Overview, PublicName, Space, Updates, pages};

/// What the buttons of [`pages()`] send.
pub const TOKEN: &str = "0123456789abcdef";

/// A device on which everything is well.
pub fn well() -> Overview {
    let mut status = status();
    status.reason = "1 notebook is kept open".into();
    status.config.in_force = InForce::File;
    status.config.problems.clear();
    status.browser = None;
    let kiosk = status.kiosk.as_mut().expect("a kiosk");
    kiosk.restarts = 0;
    status.notebooks = vec![notebook(1, NotebookState::Open)];
    let keep = status.keep.as_mut().expect("a keep");
    keep.person = false;
    let tunnel = status.tunnel.as_mut().expect("a tunnel");
    (tunnel.detail, tunnel.round_trip_us) = (None, Some(31_000));
    tunnel.gpu.as_mut().expect("a GPU").name = "Tesla T4".into();
    Overview {
        status,
        disk: Some(Space {
            free: 21_400_000_000,
            total: 31_268_536_320,
        }),
        memory: Some(Space {
            free: 2_100_000_000,
            total: 4_000_000_000,
        }),
        temperature: Some(48.3),
        uptime: Duration::from_secs(300_000),
        load: Some([0.31, 0.27, 0.2]),
        updates: Some(Updates {
            waiting: 0,
            restart: false,
        }),
        public_name: Some(PublicName {
            name: "pi.example".into(),
            updated: Some(Duration::from_secs(240)),
            error: None,
        }),
    }
}

/// A device of which hardly anything is known.
pub fn bare() -> Overview {
    let mut bare = well();
    let status = &mut bare.status;
    (status.kiosk, status.network, status.keep, status.tunnel) = (None, None, None, None);
    (status.state, status.notebooks) = (State::Idle, Vec::new());
    Overview {
        disk: None,
        memory: None,
        temperature: None,
        load: None,
        updates: None,
        public_name: None,
        ..bare
    }
}

pub fn notebook(number: usize, state: NotebookState) -> NotebookStatus {
    NotebookStatus {
        number,
        url: "https://notebook.example/lab?token=s3cret".into(),
        state,
        reason: "…".into(),
        for_seconds: 80,
        reloads: 6,
        last_reload_seconds: Some(80),
        next_reload_seconds: Some(511),
        opened: false,
    }
}

pub fn with_notebook(state: NotebookState) -> Overview {
    changed(|overview| overview.status.notebooks = vec![notebook(1, state)])
}

pub fn with_tunnel(state: TunnelState) -> Overview {
    changed(|overview| {
        let connected = state != TunnelState::Waiting && state != TunnelState::Taken;
        let was = overview.status.tunnel.take().expect("a tunnel");
        overview.status.tunnel = Some(TunnelStatus {
            state,
            connected_seconds: was.connected_seconds.filter(|_| connected),
            round_trip_us: was.round_trip_us.filter(|_| state == TunnelState::Up),
            gpu: was.gpu.filter(|_| state == TunnelState::Up),
            ..was
        });
    })
}

fn changed(change: impl FnOnce(&mut Overview)) -> Overview {
    let mut overview = well();
    change(&mut overview);
    overview
}

fn with_kiosk(state: KioskState) -> Overview {
    changed(|overview| overview.status.kiosk.as_mut().expect("a kiosk").state = state)
}

fn keeping(change: impl FnOnce(&mut control::KeepStatus)) -> Overview {
    changed(|overview| change(overview.status.keep.as_mut().expect("a keep")))
}

fn settings(in_force: InForce, problems: usize) -> Overview {
    changed(|overview| {
        overview.status.config.in_force = in_force;
        overview.status.config.problems = (1..=problems)
            .map(|line| format!("/etc/keeper/keeper.toml:{line}: browser.mod"))
            .collect();
    })
}

fn network(notebook: Option<usize>, ok: bool) -> Overview {
    changed(|overview| {
        let network = overview.status.network.as_mut().expect("a network");
        (network.notebook, network.ok) = (notebook, ok);
    })
}

fn named(updated: Option<u64>, error: Option<&str>) -> Overview {
    changed(|overview| {
        let name = overview.public_name.as_mut().expect("a name");
        name.updated = updated.map(Duration::from_secs);
        name.error = error.map(str::to_owned);
    })
}

/// Every state of every card.
pub fn all() -> Vec<(String, Overview)> {
    let mut all = vec![("well".to_owned(), well()), ("bare".to_owned(), bare())];
    let mut add = |name: String, overview: Overview| all.push((name, overview));
    for state in NotebookState::ALL {
        add(format!("notebook-{state:?}"), with_notebook(state));
    }
    for state in TunnelState::ALL {
        add(format!("tunnel-{state:?}"), with_tunnel(state));
    }
    for state in KioskState::ALL {
        add(format!("kiosk-{state:?}"), with_kiosk(state));
    }
    let some = [
        ("tunnel-off", changed(|one| one.status.tunnel = None)),
        (
            "browser-installing",
            changed(|one| {
                (one.status.kiosk, one.status.browser) = (None, Some("40 %".into()));
            }),
        ),
        ("keeping-paused", keeping(|keep| keep.paused = true)),
        ("keeping-over", keeping(|keep| keep.left_seconds = 0)),
        ("keeping-person", keeping(|keep| keep.person = true)),
        (
            "signing-in",
            changed(|one| {
                one.status.keep.as_mut().expect("a keep").signing_in = true;
                one.status.notebooks = vec![notebook(1, NotebookState::SignedOut)];
            }),
        ),
        ("settings-earlier", settings(InForce::Earlier, 1)),
        ("settings-nothing", settings(InForce::Nothing, 20)),
        ("network-down", network(Some(1), false)),
        ("network-no-way", network(None, false)),
        ("network-no-notebook", network(None, true)),
        ("name-failed", named(None, Some("…"))),
        ("name-failed-later", named(Some(9000), Some("…"))),
        ("name-not-yet", named(None, None)),
        (
            "disk-full",
            changed(|one| {
                one.disk = Some(Space {
                    free: 1,
                    total: 32_000_000_000,
                })
            }),
        ),
        (
            "memory-full",
            changed(|one| {
                one.memory = Some(Space {
                    free: 1,
                    total: 4_000_000_000,
                })
            }),
        ),
        ("hot", changed(|one| one.temperature = Some(85.0))),
        (
            "restart",
            changed(|one| {
                one.updates = Some(Updates {
                    waiting: 12,
                    restart: true,
                })
            }),
        ),
        (
            "many",
            changed(|one| {
                one.status.notebooks = (1..)
                    .zip(NotebookState::ALL)
                    .map(|(n, s)| notebook(n, s))
                    .collect();
                one.status.notebooks[1].opened = true;
            }),
        ),
    ];
    some.into_iter()
        .for_each(|(name, overview)| add(name.to_owned(), overview));
    all
}

/// What can have become of a button.
pub fn notices() -> Vec<Notice> {
    let acts = [
        Act::Reload(None),
        Act::Reload(Some(2)),
        Act::Pause,
        Act::Resume,
        Act::Renew,
        Act::SignIn,
    ];
    let both = |act| [Notice::Done(act), Notice::Failed(act, "…".into())];
    acts.into_iter().flat_map(both).collect()
}

/// Every page of the dashboard in every language, as `name-language`.
pub fn pages() -> Vec<(String, Markup)> {
    let mut all = Vec::new();
    for language in [Language::En, Language::Ja] {
        let tag = language.as_str();
        let mut add = |name: &str, page: Markup| all.push((format!("{name}-{tag}"), page));
        for (name, overview) in self::all() {
            let page = pages::dashboard(&overview, None, TOKEN, language);
            add(&format!("dashboard-{name}"), page);
        }
        for (number, notice) in notices().iter().enumerate() {
            let page = pages::dashboard(&well(), Some(notice), TOKEN, language);
            add(&format!("dashboard-notice-{number}"), page);
        }
        let lines = |count: usize| -> Vec<String> {
            (1..=count)
                .map(|line| format!("Jan 01 00:00:00 pi keeperd[7]: {line}"))
                .collect()
        };
        add("logs", pages::logs(&lines(500), language));
        add("logs-none", pages::logs(&lines(0), language));
        add("old-page", pages::stale(language));
        add("no-notebook", pages::no_notebook("…", language));
    }
    all
}
