//! The public name, the address, the port.

use super::*;

#[test]
fn a_name_that_is_wrong_has_the_cure_that_ddclient_hints_at() {
    let away = |update: Option<Update>| {
        move |_: &mut Wants, seen: &mut Seen| {
            seen.outside = Some(Ok(OTHER));
            seen.update = update;
        }
    };
    let refused = |word: &str| {
        Some(Update::Refused {
            word: word.into(),
            ago: 60,
        })
    };
    let good = Some(Update::Good {
        address: "203.0.113.7".into(),
        ago: 7200,
    });
    for (update, said) in [
        (None, "keeper-ddns -n 20"),
        (Some(Update::NotRunning), "does not run"),
        (Some(Update::Nothing), "in 5 minutes"),
        (good, "took 203.0.113.7 2 h ago"),
        (
            refused("badauth"),
            "refused 60 s ago, with badauth\nmend ddns.user or",
        ),
        (refused("nohost"), "mend ddns.name"),
        (refused("abuse"), "unlock it"),
        (refused("dnserr"), "wait"),
        (refused("failed"), "compare ddns.name"),
    ] {
        check(Step::Name, away(update), Failed, said);
    }
    let gone = |_: &mut Wants, seen: &mut Seen| seen.name = Some(Lookup::Failed("none".into()));
    check(
        Step::Name,
        gone,
        Failed,
        "home.example.org is not known: none",
    );
    let alone = |wants: &mut Wants, seen: &mut Seen| {
        wants.ddns = false;
        seen.name = Some(Lookup::TimedOut);
    };
    check(
        Step::Name,
        alone,
        Failed,
        "[ddns] in /etc/keeper/keeper.toml",
    );
    check(
        Step::Name,
        |_, seen| seen.outside = None,
        Good,
        "nobody tells",
    );
    check(
        Step::Name,
        |wants, _| wants.public_name = None,
        NotTested,
        "tunnel.address",
    );
}

#[test]
fn a_name_that_is_right_shows_what_the_provider_was_told() {
    let told = "home.example.org is 203.0.113.7; the provider was told 10 min ago";
    check(Step::Name, |_, _| {}, Good, told);
    let stopped = |_: &mut Wants, seen: &mut Seen| seen.update = Some(Update::NotRunning);
    check(Step::Name, stopped, Good, "ddclient does not run");
    let by_hand = |wants: &mut Wants, _: &mut Seen| wants.ddns = false;
    check(Step::Name, by_hand, Good, "home.example.org is 203.0.113.7");
}

#[test]
fn cgnat_is_told_from_a_second_router_and_names_the_ways_around() {
    let router = |a, b, c, d| {
        move |_: &mut Wants, seen: &mut Seen| seen.router = Some(Ok(Ipv4Addr::new(a, b, c, d)))
    };
    check(Step::Address, router(100, 64, 0, 1), Failed, "CGNAT");
    check(
        Step::Address,
        router(100, 127, 255, 254),
        Failed,
        "`colab ssh`",
    );
    check(Step::Address, router(10, 0, 0, 2), Failed, "another router");
    check(
        Step::Address,
        router(192, 168, 178, 2),
        Failed,
        "`colab ssh`",
    );
    check(
        Step::Address,
        router(172, 31, 0, 2),
        Failed,
        "make one of them a bridge",
    );
    check(Step::Address, router(0, 0, 0, 0), Failed, "another router");
    // Public, but not the one that the internet sees.
    check(
        Step::Address,
        router(100, 128, 0, 1),
        Failed,
        "the internet sees 203.0.113.7",
    );
    check(
        Step::Address,
        router(203, 0, 113, 7),
        Good,
        "the router's own",
    );
    let silent = |_: &mut Wants, seen: &mut Seen| seen.router = Some(Err("no answer".into()));
    check(Step::Address, silent, NotTested, "own address (no answer)");
    let direct = |_: &mut Wants, seen: &mut Seen| {
        seen.router = None;
        seen.route.address = Some(OUTSIDE);
    };
    check(Step::Address, direct, Good, "this device's own");
    let unseen = |_: &mut Wants, seen: &mut Seen| seen.outside = Some(Err("it is down".into()));
    check(Step::Address, unseen, NotTested, "(it is down)");
    let nothing = |_: &mut Wants, seen: &mut Seen| (seen.router, seen.outside) = (None, None);
    check(
        Step::Address,
        nothing,
        NotTested,
        "neither the router nor a server",
    );
}

#[test]
fn a_port_that_does_not_answer_from_inside_is_not_called_closed() {
    let door = |door: Door, entrance| {
        move |_: &mut Wants, seen: &mut Seen| {
            (seen.port, seen.entrance) = (Some(door), Some(entrance));
        }
    };
    let timeout = || Door::Closed(Reach::TimedOut);
    check(
        Step::Port,
        door(timeout(), Entrance::Nobody),
        NotTested,
        "no answer from inside",
    );
    check(
        Step::Port,
        door(timeout(), Entrance::Nobody),
        NotTested,
        "ssh-keyscan -p 10022 home.example.org",
    );
    check(
        Step::Port,
        door(timeout(), Entrance::Nobody),
        NotTested,
        "opened port 10022 (PCP)",
    );
    check(
        Step::Port,
        door(timeout(), Entrance::Tunnel),
        Good,
        "a Colab machine has come in",
    );
    check(
        Step::Port,
        door(Door::Closed(Reach::Refused), Entrance::Nobody),
        NotTested,
        "port 22 of 192.168.1.9",
    );
    check(
        Step::Port,
        door(Door::OtherKey, Entrance::Nobody),
        Failed,
        "another machine's sshd",
    );
    check(
        Step::Port,
        door(Door::NotSsh, Entrance::Nobody),
        Failed,
        "forward TCP port 10022",
    );
    let mapping = |mapping, map| {
        move |wants: &mut Wants, seen: &mut Seen| {
            wants.map = map;
            seen.entrance = Some(Entrance::Nobody);
            (seen.port, seen.mapping) = (Some(Door::Silent), mapping);
        }
    };
    check(
        Step::Port,
        mapping(Some(Mapping::Failed("no UPnP".into())), true),
        NotTested,
        "not opened the port: no UPnP",
    );
    check(
        Step::Port,
        mapping(None, true),
        NotTested,
        "nobody asks the router",
    );
    check(
        Step::Port,
        mapping(None, false),
        NotTested,
        "closed at once from inside",
    );
}
