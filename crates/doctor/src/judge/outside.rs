//! Seen from outside: the public name, the address behind it, the router's port.

use super::near::{ago, first};
use super::{plain, unseen};
use crate::finding::{Finding, Step};
use crate::seen::{Door, Entrance, Lookup, Mapping, Reach, Seen, Told, Update, Wants};
use crate::words::Sentence;
use std::net::{IpAddr, Ipv4Addr};

pub(super) fn name(wants: &Wants, seen: &Seen) -> Finding {
    let Some(name) = &wants.public_name else {
        return Finding::not_tested(
            Step::Name,
            plain("this device has no public name"),
            vec![plain(
                "set tunnel.address, or [ddns] with a provider's name, in /etc/keeper/keeper.toml",
            )],
        );
    };
    match &seen.name {
        None => unseen(Step::Name),
        Some(Lookup::TimedOut) => {
            let said = plain("nobody answers for the name {}").with(name);
            Finding::failed(Step::Name, said, update(wants, seen))
        }
        Some(Lookup::Failed(why)) => {
            let said = plain("{} is not known: {}").with(name).with(why);
            Finding::failed(Step::Name, said, update(wants, seen))
        }
        Some(Lookup::Found(addresses)) => match &seen.outside {
            Some(Ok(outside)) if !addresses.contains(&IpAddr::V4(*outside)) => {
                let said = plain("{} is {}, but the internet sees this network at {}");
                let said = said.with(name).with(first(addresses)).with(outside);
                Finding::failed(Step::Name, said, update(wants, seen))
            }
            Some(Ok(outside)) => right(wants, seen, plain("{} is {}").with(name).with(outside)),
            _ => {
                let said = plain("{} is {}; whether that is right nobody tells");
                Finding::ok(Step::Name, said.with(name).with(first(addresses)))
            }
        },
    }
}

/// A name that is right as yet; ddclient may have more to say.
fn right(wants: &Wants, seen: &Seen, said: Sentence) -> Finding {
    match &seen.update {
        Some(Update::Good { ago: at, .. }) if wants.ddns => {
            let told = plain("{}; the provider was told {} ago");
            Finding::ok(Step::Name, told.with_said(said).with_said(ago(*at)))
        }
        Some(Update::Refused { .. } | Update::NotRunning) if wants.ddns => {
            let mut finding = Finding::ok(Step::Name, said);
            finding.cures = update(wants, seen);
            finding
        }
        _ => Finding::ok(Step::Name, said),
    }
}

/// What to do about a name that is wrong, from what ddclient did last.
fn update(wants: &Wants, seen: &Seen) -> Vec<Sentence> {
    if !wants.ddns {
        return vec![plain(
            "let the router or this device keep the name up to date: [ddns] in /etc/keeper/keeper.toml",
        )];
    }
    let logs = plain("`journalctl -u keeper-ddns -n 20` shows what was said");
    match &seen.update {
        None => vec![logs],
        Some(Update::NotRunning) => vec![plain(
            "ddclient does not run: `systemctl status keeper-ddns` says why",
        )],
        Some(Update::Nothing) => vec![
            plain("ddclient has not updated the name yet: look again in 5 minutes"),
            logs,
        ],
        Some(Update::Good { address, ago: at }) => {
            let said = plain("the provider took {} {} ago: names need some minutes to spread");
            vec![said.with(address).with_said(ago(*at)), logs]
        }
        Some(Update::Refused { word, ago: at }) => {
            let said = plain("the provider refused {} ago, with {}").with_said(ago(*at));
            vec![said.with(word), refusal(word), logs]
        }
    }
}

/// What the words of the dyndns2 protocol mean; the other protocols only know that it failed.
fn refusal(word: &str) -> Sentence {
    plain(match word {
        "badauth" => {
            "mend ddns.user or /etc/keeper/secrets/ddns: the provider does not know the two together"
        }
        "nohost" | "notfqdn" | "!yours" => {
            "mend ddns.name: the provider has no such name in this account"
        }
        "abuse" => {
            "the provider has locked the name after too many updates: unlock it on its pages"
        }
        "noconnect" => "the provider's server was not reached: wait",
        "dnserr" | "911" => "the provider has a fault of its own: wait",
        _ => "compare ddns.name, ddns.user and the secret with the provider's pages",
    })
}

/// Addresses that only their own network knows.
fn is_private(address: Ipv4Addr) -> bool {
    address.is_private() || address.is_link_local() || address.is_loopback()
}

/// RFC 6598: what providers number their customers with behind a NAT of theirs.
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

pub(super) fn address(seen: &Seen) -> Finding {
    let known = |told: &Option<Told>| told.as_ref().and_then(|told| told.as_ref().ok().copied());
    match (known(&seen.router), known(&seen.outside)) {
        (Some(router), _) if is_shared(router) => {
            let said = plain("the router's own address {} is one that a provider shares (CGNAT)");
            Finding::failed(Step::Address, said.with(router), instead())
        }
        (Some(router), _) if is_private(router) || router.is_unspecified() => {
            let said = plain(
                "the router's own address {} is private: there is another router in front of it",
            );
            let mut cures = vec![plain(
                "if the other router is yours, let it forward the port to this one, or make one of them a bridge",
            )];
            cures.extend(instead());
            Finding::failed(Step::Address, said.with(router), cures)
        }
        (Some(router), Some(outside)) if router != outside => {
            let said = plain(
                "the router has {}, but the internet sees {}: several customers share it (CGNAT)",
            );
            let said = said.with(router).with(outside);
            Finding::failed(Step::Address, said, instead())
        }
        (Some(router), Some(_)) => {
            let said = plain("{}, the router's own").with(router);
            Finding::ok(Step::Address, said)
        }
        (None, Some(outside)) if seen.route.address == Some(outside) => {
            Finding::ok(Step::Address, plain("{}, this device's own").with(outside))
        }
        (None, Some(outside)) => {
            let said = plain("the internet sees {}; the router does not tell its own address ({})");
            let said = said.with(outside).with(why(&seen.router));
            let cure = plain(
                "compare with the internet address on the router's pages: if they differ, it is CGNAT",
            );
            Finding::not_tested(Step::Address, said, vec![cure])
        }
        (Some(router), None) => {
            let said = plain("the router has {}; no server told what the internet sees ({})");
            let said = said.with(router).with(why(&seen.outside));
            Finding::not_tested(Step::Address, said, vec![])
        }
        (None, None) => {
            let said = plain("neither the router nor a server told the address ({}; {})");
            let said = said.with(why(&seen.router)).with(why(&seen.outside));
            Finding::not_tested(Step::Address, said, vec![])
        }
    }
}

fn why(told: &Option<Told>) -> &str {
    match told {
        Some(Err(why)) => why,
        _ => "-",
    }
}

/// What there is where no port can be opened.
fn instead() -> Vec<Sentence> {
    vec![
        plain(
            "ask the provider for a public IPv4 address; many give one for nothing or a small sum",
        ),
        plain(
            "Google's own `colab ssh` (package google-colab-cli, on a laptop) needs no open port",
        ),
        plain(
            "the desktop and the keeping of the notebook need no open port either: leave the tunnel off",
        ),
    ]
}

pub(super) fn port(wants: &Wants, seen: &Seen) -> Finding {
    let Some(name) = &wants.public_name else {
        return Finding::not_tested(Step::Port, plain("this device has no public name"), vec![]);
    };
    let at = |english| plain(english).with(name).with(wants.public_port);
    let forward =
        plain("the router must forward TCP port {} to port 22 of {}: see docs/guide/router.md")
            .with(wants.public_port)
            .with(own(seen));
    match &seen.port {
        None => unseen(Step::Port),
        Some(Door::Expected) => {
            Finding::ok(Step::Port, at("{}, port {}: this device's sshd answers"))
        }
        Some(Door::OtherKey) => {
            let said = at("{}, port {}: another machine's sshd answers");
            Finding::failed(Step::Port, said, vec![forward])
        }
        Some(Door::NotSsh) => {
            let said = at("{}, port {}: what answers is no sshd");
            Finding::failed(Step::Port, said, vec![forward])
        }
        Some(door) if seen.entrance == Some(Entrance::Tunnel) => {
            let said = at("{}, port {}: {} from inside, but a Colab machine has come in");
            Finding::ok(Step::Port, said.with_said(short(door)))
        }
        Some(door) => {
            let said = at("{}, port {}: {} from inside; many routers do not lead back in");
            let mut cures = vec![
                plain("try from outside, such as a laptop on a phone's hotspot: `ssh-keyscan -p {} {}`")
                    .with(wants.public_port)
                    .with(name),
                forward,
                plain("with MAP-E (such as v6plus) only some ports are yours: set tunnel.public_port to one of them"),
            ];
            if let Some(sentence) = mapping(wants, seen) {
                cures.insert(0, sentence);
            }
            Finding::not_tested(Step::Port, said.with_said(short(door)), cures)
        }
    }
}

fn mapping(wants: &Wants, seen: &Seen) -> Option<Sentence> {
    if !wants.map {
        return None;
    }
    Some(match &seen.mapping {
        Some(Mapping::Open { port, protocol }) => {
            let said = plain("the router says that it has opened port {} ({})");
            said.with(port).with(protocol)
        }
        Some(Mapping::Failed(why)) => plain("the router has not opened the port: {}").with(why),
        _ => plain("nobody asks the router: `systemctl status keeper-router` says why"),
    })
}

fn own(seen: &Seen) -> Sentence {
    match seen.route.address {
        Some(address) => plain("{}").with(address),
        None => plain("this device"),
    }
}

fn short(door: &Door) -> Sentence {
    match door {
        Door::Closed(Reach::Refused) => plain("refused"),
        Door::Closed(Reach::TimedOut) => plain("no answer"),
        Door::Closed(Reach::Unreachable(why)) => plain("unreachable ({})").with(why),
        Door::Silent => plain("closed at once"),
        _ => plain("not to be told"),
    }
}
