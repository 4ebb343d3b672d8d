//! One of each: every state that a page can show, by name. For the tests and for our eyes.

use config::{Language, NotebookUrl, Text as _};
use maud::Markup;
use near::Adapter;
use std::time::Duration;
use web::{Diagnosis, Link, Lookup, Route, Server, SignIn, Start, Trouble, pages};

/// A device on which everything is well; the states below break it.
pub fn well() -> Diagnosis {
    Diagnosis {
        host: "colab.research.google.com".into(),
        port: 443,
        link: Link {
            adapters: vec![adapter("eth0", false, true), adapter("wlan0", true, false)],
        },
        route: Route {
            interface: Some("eth0".into()),
            address: Some([192, 168, 1, 23].into()),
        },
        lookup: Some(Lookup::Found([198, 51, 100, 7].into())),
        server: Some(Server::Answers),
    }
}

fn adapter(name: &str, wireless: bool, up: bool) -> Adapter {
    Adapter {
        name: name.into(),
        wireless,
        up,
    }
}

/// Every state in which the browser stays on the start page.
pub fn states() -> Vec<(&'static str, Start)> {
    let seconds = Duration::from_secs;
    let down = Link {
        adapters: vec![adapter("eth0", false, false), adapter("wlan0", true, false)],
    };
    let offline = |link: Link| Diagnosis {
        link,
        route: Route::default(),
        lookup: None,
        server: None,
        ..well()
    };
    let no_route = |route: Route| Diagnosis {
        route,
        lookup: Some(Lookup::TimedOut(seconds(5))),
        server: None,
        ..well()
    };
    let no_address = Route {
        address: None,
        ..well().route
    };
    let no_name = |lookup: Lookup| Diagnosis {
        lookup: Some(lookup),
        server: None,
        ..well()
    };
    let server = |server: Server| Diagnosis {
        server: Some(server),
        ..well()
    };
    let unplugged = Diagnosis {
        route: well().route,
        ..offline(down.clone())
    };
    let own = Diagnosis {
        host: "192.168.1.40".into(),
        port: 8888,
        lookup: Some(Lookup::NotNeeded),
        ..server(Server::Refused)
    };
    let tunnel = Diagnosis {
        link: down.clone(),
        route: Route {
            interface: Some("wg0".into()),
            ..well().route
        },
        ..server(Server::TimedOut(seconds(6)))
    };
    let trouble = |diagnosis, lasting| {
        Start::Trouble(Trouble {
            diagnosis,
            lasting: seconds(lasting),
        })
    };
    let problems = |count: usize| {
        Start::Misconfigured {
        problems: (1..=count)
            .map(|line| format!("/etc/keeper/keeper.toml:{line}: browser.mod: unknown key; did you mean browser.mode?"))
            .collect(),
    }
    };
    vec![
        ("link-down", trouble(offline(down), 42)),
        ("cable-unplugged", trouble(unplugged, 2)),
        ("no-adapter", trouble(offline(Link::default()), 3)),
        ("no-route", trouble(no_route(Route::default()), 65)),
        ("no-address", trouble(no_route(no_address), 130)),
        (
            "name-failed",
            trouble(no_name(Lookup::Failed("Name does not resolve".into())), 600),
        ),
        (
            "name-timed-out",
            trouble(no_name(Lookup::TimedOut(seconds(5))), 7300),
        ),
        ("server-refused", trouble(own, 12)),
        (
            "server-timed-out",
            trouble(server(Server::TimedOut(seconds(6))), 200_000),
        ),
        (
            "server-unreachable",
            trouble(server(Server::Unreachable("No route to host".into())), 12),
        ),
        (
            "server-not-ready",
            trouble(server(Server::NotReady(503)), 12),
        ),
        (
            "server-not-http",
            trouble(
                server(Server::NotHttp("invalid HTTP version parsed".into())),
                12,
            ),
        ),
        ("way-by-tunnel", trouble(tunnel, 12)),
        ("no-notebook", Start::NotConfigured { count: 0 }),
        ("not-this-notebook", Start::NotConfigured { count: 1 }),
        ("not-these-notebooks", Start::NotConfigured { count: 2 }),
        ("one-problem", problems(1)),
        ("many-problems", problems(20)),
    ]
}

/// Every state of the page for signing in.
pub fn sign_ins() -> Vec<(&'static str, SignIn)> {
    let under_way = |count: usize| SignIn::UnderWay {
        notebooks: (1..=count)
            .map(|number| format!("https://colab.research.google.com/drive/{number}"))
            .map(|url| NotebookUrl::parse(&url).expect("an address"))
            .collect(),
        token: "0123456789abcdef".into(),
    };
    let reason = "chromium: exit status 1".to_owned();
    vec![
        ("sign-in", under_way(1)),
        ("sign-in-many", under_way(20)),
        ("sign-in-nowhere", under_way(0)),
        ("sign-in-not-under-way", SignIn::NotUnderWay),
        ("sign-in-done", SignIn::Done),
        ("sign-in-stale", SignIn::Stale),
        ("sign-in-failed", SignIn::Failed(reason)),
    ]
}

/// Every page in every language, as `name-language`.
pub fn pages() -> Vec<(String, Markup)> {
    let mut all = Vec::new();
    for language in [Language::En, Language::Ja] {
        let tag = language.as_str();
        for (name, state) in states() {
            all.extend(
                pages::start(3, &state, language).map(|page| (format!("{name}-{tag}"), page)),
            );
        }
        for (name, state) in sign_ins() {
            all.push((format!("{name}-{tag}"), pages::sign_in(&state, language)));
        }
        all.push((format!("not-found-{tag}"), pages::not_found(language)));
    }
    all
}

/// keeperd at work, with everything that its status can hold.
#[allow(dead_code, reason = "the example shows pages only")]
pub fn status() -> control::Status {
    use control::{
        ConfigStatus, Gpu, InForce, KeepStatus, KioskState, KioskStatus, NetworkStatus,
        NotebookState, NotebookStatus, State, Status, TunnelState, TunnelStatus,
    };
    Status {
        version: "0.1.0".into(),
        pid: 7,
        state: State::Keeping,
        reason: "https://notebook.example/lab?token=secret is open".into(),
        uptime_seconds: 4000,
        config: ConfigStatus {
            path: "/etc/keeper/keeper.toml".into(),
            in_force: InForce::Earlier,
            problems: vec!["browser.mod: secret".into()],
        },
        browser: Some("installed: secret".into()),
        kiosk: Some(KioskStatus {
            state: KioskState::Running,
            detail: Some("secret".into()),
            for_seconds: 3990,
            restarts: 2,
        }),
        network: Some(NetworkStatus {
            ok: true,
            notebook: Some(1),
            summary: "secret.example answers".into(),
            for_seconds: 3980,
        }),
        web: None,
        notebooks: vec![NotebookStatus {
            number: 1,
            url: "https://notebook.example/lab?token=secret".into(),
            state: NotebookState::Open,
            reason: "secret".into(),
            for_seconds: 80,
            reloads: 6,
            last_reload_seconds: Some(80),
            next_reload_seconds: Some(511),
            opened: false,
        }],
        keep: Some(KeepStatus {
            hours: 12,
            left_seconds: 39_000,
            paused: false,
            person: true,
            signing_in: false,
        }),
        tunnel: Some(TunnelStatus {
            state: TunnelState::Up,
            for_seconds: 70,
            detail: Some("secret".into()),
            connected_seconds: Some(72),
            round_trip_us: Some(1_031_000),
            gpu: Some(Gpu {
                name: "secret".into(),
                memory_mib: 15_360,
            }),
        }),
    }
}
