//! Every case of every step, and that the first failure is the one to mend.

mod outside;
mod tunnel;

use super::*;
use crate::seen::{Door, Enrolment, Entrance, Gpu, Lookup, Mapping, Reach, Route, Update};
use ::near::Adapter;
use Verdict::{Failed, NotTested, Ok as Good};
use std::net::{IpAddr, Ipv4Addr};

const OUTSIDE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);
const OTHER: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 9);

fn wants() -> Wants {
    Wants {
        tunnel: true,
        public_name: Some("home.example.org".into()),
        public_port: 10022,
        ddns: true,
        map: true,
        entrance: 20022,
        gpu: true,
        server: ("notebooks.example".into(), 443),
    }
}

/// A device with which all is well.
fn well() -> Seen {
    Seen {
        adapters: vec![Adapter {
            name: "eth0".into(),
            wireless: false,
            up: true,
        }],
        route: Route {
            interface: Some("eth0".into()),
            address: Some(Ipv4Addr::new(192, 168, 1, 9)),
            gateway: Some(Ipv4Addr::new(192, 168, 1, 1)),
        },
        lookup: Some(Lookup::Found(vec![IpAddr::V4(OTHER)])),
        internet: Some(Reach::Connected),
        update: Some(Update::Good {
            address: OUTSIDE.to_string(),
            ago: 600,
        }),
        name: Some(Lookup::Found(vec![IpAddr::V4(OUTSIDE)])),
        router: Some(Ok(OUTSIDE)),
        outside: Some(Ok(OUTSIDE)),
        mapping: Some(Mapping::Open {
            port: 10022,
            protocol: "PCP".into(),
        }),
        port: Some(Door::Expected),
        sshd: Some(Door::Expected),
        enrolments: Some(Ok(vec![enrolled(20 * 86400, false)])),
        entrance: Some(Entrance::Tunnel),
        vm: Some(Door::Expected),
        gpu: Some(Gpu::Is("Tesla T4, 15360 MiB".into())),
    }
}

fn enrolled(left: i64, revoked: bool) -> Enrolment {
    Enrolment {
        name: "colab".into(),
        left,
        revoked,
    }
}

/// What there is to say of one step after a change, as `verdict: what; cure; cure`.
#[track_caller]
fn check(step: Step, change: impl FnOnce(&mut Wants, &mut Seen), verdict: Verdict, said: &str) {
    let (mut wants, mut seen) = (wants(), well());
    change(&mut wants, &mut seen);
    let findings = judge(&wants, &seen);
    let finding = findings.iter().find(|one| one.step == step);
    let finding = finding.expect("every step is judged");
    let mut text = finding.seen.to_string();
    for cure in &finding.cures {
        text += &format!("\n{cure}");
    }
    assert!(text.contains(said), "{said:?} is not in {text:?}");
    assert_eq!(finding.verdict, verdict, "{text}");
    if verdict == Failed {
        assert!(!finding.cures.is_empty(), "no cure: {text}");
    }
}

#[test]
fn where_all_is_well_every_step_is_ok() {
    let findings = judge(&wants(), &well());
    let steps: Vec<Step> = findings.iter().map(|one| one.step).collect();
    assert_eq!(steps, Step::ALL);
    for finding in findings {
        assert_eq!(finding.verdict, Good, "{finding:?}");
        assert_eq!(finding.cures, [], "{finding:?}");
    }
}

#[test]
fn without_a_link_nothing_beyond_it_is_judged() {
    let seen = Seen {
        adapters: vec![Adapter {
            name: "wlan0".into(),
            wireless: true,
            up: false,
        }],
        entrance: Some(Entrance::Nobody),
        ..Seen::default()
    };
    let findings = judge(&wants(), &seen);
    let verdicts: Vec<Verdict> = findings.iter().map(|one| one.verdict).collect();
    assert_eq!(
        verdicts[..6],
        [
            Failed, NotTested, NotTested, NotTested, NotTested, NotTested
        ]
    );
    assert_eq!(
        findings[0].seen.to_string(),
        "neither a cable nor a Wi-Fi is connected"
    );
    assert_eq!(findings[0].cures.len(), 2);
    assert_eq!(
        findings[1].seen.to_string(),
        "first mend what stands above: link"
    );
    // The tunnel is looked at for itself; what is behind it, not without it.
    assert_eq!(findings[8].verdict, Failed);
    assert_eq!(
        findings[10].seen.to_string(),
        "first mend what stands above: tunnel"
    );
}

#[test]
fn the_near_end() {
    let none = |_: &mut Wants, seen: &mut Seen| *seen = Seen::default();
    check(Step::Link, none, Failed, "no network adapter");
    check(
        Step::Link,
        |_, seen| seen.route = Route::default(),
        Failed,
        "eth0 is connected, but",
    );
    check(
        Step::Link,
        |_, _| {},
        Good,
        "192.168.1.9 on eth0, router 192.168.1.1",
    );
    let lookup = |found| move |_: &mut Wants, seen: &mut Seen| seen.lookup = Some(found);
    check(
        Step::Dns,
        lookup(Lookup::TimedOut),
        Failed,
        "nobody answers for the name notebooks.example",
    );
    check(
        Step::Dns,
        lookup(Lookup::Failed("no address".into())),
        Failed,
        "not known: no address",
    );
    let reach = |found| move |_: &mut Wants, seen: &mut Seen| seen.internet = Some(found);
    check(
        Step::Internet,
        reach(Reach::Refused),
        Failed,
        "refuses port 443",
    );
    check(
        Step::Internet,
        reach(Reach::TimedOut),
        Failed,
        "router itself is online",
    );
    check(
        Step::Internet,
        reach(Reach::Unreachable("x".into())),
        Failed,
        "port 443: x",
    );
}
