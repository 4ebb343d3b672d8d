//! The near end: link, names, a server.

use super::{plain, unseen};
use crate::finding::{Finding, Step};
use crate::seen::{Lookup, Reach, Seen, Wants};
use crate::words::Sentence;

pub(super) fn link(seen: &Seen) -> Finding {
    let linked: Vec<&str> = seen
        .adapters
        .iter()
        .filter(|adapter| adapter.up)
        .map(|adapter| &*adapter.name)
        .collect();
    if linked.is_empty() && seen.route.interface.is_none() {
        let said = if seen.adapters.is_empty() {
            plain("no network adapter was found")
        } else {
            plain("neither a cable nor a Wi-Fi is connected")
        };
        let wireless = seen.adapters.iter().any(|adapter| adapter.wireless);
        let mut cures = vec![plain("plug a network cable into device and router")];
        if wireless {
            cures.push(plain(
                "for Wi-Fi: the name and password in network-config on the boot partition, then a restart",
            ));
        }
        return Finding::failed(Step::Link, said, cures);
    }
    match (&seen.route.interface, seen.route.address) {
        (Some(interface), Some(address)) => {
            let said = plain("{} on {}").with(address).with(interface);
            let said = match seen.route.gateway {
                None => said,
                Some(gateway) => plain("{} on {}, router {}")
                    .with(address)
                    .with(interface)
                    .with(gateway),
            };
            Finding::ok(Step::Link, said)
        }
        _ => Finding::failed(
            Step::Link,
            plain("{} is connected, but the router has given no address")
                .with(linked.first().copied().unwrap_or("?")),
            vec![
                plain("start the router again, then the device"),
                plain("`networkctl status` and `journalctl -u systemd-networkd` say what happened"),
            ],
        ),
    }
}

pub(super) fn dns(wants: &Wants, seen: &Seen) -> Finding {
    let host = &wants.server.0;
    let cures = vec![
        plain("start the router again: it answers for names in most networks"),
        plain("`resolvectl status` shows who is asked, `resolvectl query {}` asks").with(host),
    ];
    match &seen.lookup {
        None => unseen(Step::Dns),
        Some(Lookup::Found(addresses)) => {
            let said = plain("{} is {}").with(host).with(first(addresses));
            Finding::ok(Step::Dns, said)
        }
        Some(Lookup::Failed(why)) => {
            let said = plain("{} is not known: {}").with(host).with(why);
            Finding::failed(Step::Dns, said, cures)
        }
        Some(Lookup::TimedOut) => {
            let said = plain("nobody answers for the name {}").with(host);
            Finding::failed(Step::Dns, said, cures)
        }
    }
}

pub(super) fn internet(wants: &Wants, seen: &Seen) -> Finding {
    let (host, port) = &wants.server;
    let Some(reach) = &seen.internet else {
        return unseen(Step::Internet);
    };
    let said = |english| plain(english).with(host).with(port);
    let cure = plain("try the same address in a browser on another device of this network");
    match reach {
        Reach::Connected => Finding::ok(Step::Internet, said("{} answers at port {}")),
        Reach::Refused => Finding::failed(Step::Internet, said("{} refuses port {}"), vec![cure]),
        Reach::TimedOut => Finding::failed(
            Step::Internet,
            said("{} does not answer at port {}"),
            vec![plain("look whether the router itself is online"), cure],
        ),
        Reach::Unreachable(why) => Finding::failed(
            Step::Internet,
            said("no way to {}, port {}: {}").with(why),
            vec![plain("look whether the router itself is online"), cure],
        ),
    }
}

pub(super) fn first(addresses: &[impl ToString]) -> String {
    addresses
        .first()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// How long ago, in words that need no grammar.
pub(super) fn ago(seconds: u64) -> Sentence {
    match seconds {
        0..120 => plain("{} s").with(seconds),
        120..7200 => plain("{} min").with(seconds / 60),
        7200..172_800 => plain("{} h").with(seconds / 3600),
        _ => plain("{} d").with(seconds / 86400),
    }
}
