//! One of each: every state that a page can show, by name. For the tests and for our eyes.

use config::{Language, Text as _};
use maud::Markup;
use std::time::Duration;
use web::{Adapter, Diagnosis, Link, Lookup, Route, Server, Start, Trouble, pages};

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
        all.push((format!("not-found-{tag}"), pages::not_found(language)));
    }
    all
}
