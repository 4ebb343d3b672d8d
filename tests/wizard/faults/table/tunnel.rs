//! The tunnel's page, with the public name.

use setup::{Field, Reason};

use super::{Kind, NEEDED, NOT_FIT, Row, UNTYPABLE, live, row};

pub(super) fn of_the_tunnel() -> Vec<Row> {
    use Field::{Address, Entrance, PaidPlan, PublicPort};
    use Kind::{Off, Typed};
    use Reason::{Form, Missing};
    vec![
        row(
            PaidPlan,
            Reason::PaidPlan,
            &[(PaidPlan, Off, "")],
            "Confirm the paid plan, or leave the tunnel off.",
        ),
        live(Entrance, Missing, &[(Entrance, Typed, "")], NEEDED),
        live(
            Entrance,
            Form,
            &[(Entrance, Typed, "22a")],
            "From 1024 to 65535.",
        ),
        row(
            Entrance,
            Form,
            &[(Entrance, Typed, "22")],
            "From 1024 to 65535.",
        ),
        row(Entrance, Form, &[(Entrance, Typed, "8470")], NOT_FIT),
        live(PublicPort, Missing, &[(PublicPort, Typed, "")], NEEDED),
        row(
            PublicPort,
            Form,
            &[(PublicPort, Typed, "0")],
            "From 1 to 65535.",
        ),
        row(
            Address,
            Form,
            &[(Address, Typed, "https://home.example.org/")],
            "Not a name such as home.example.org, and no IP address.",
        ),
    ]
}

pub(super) fn of_the_public_name() -> Vec<Row> {
    use Field::{Ddns, DdnsName, DdnsProvider, DdnsServer, DdnsUser, DdnsZone};
    use Kind::{Chosen, Forged, Typed};
    use Reason::{Characters, Form, Missing, Name, Provider};
    vec![
        row(
            DdnsProvider,
            Form,
            &[(DdnsProvider, Forged, "dns.example")],
            NOT_FIT,
        ),
        row(DdnsName, Missing, &[(DdnsName, Typed, "")], NEEDED),
        row(
            DdnsName,
            Form,
            &[(DdnsName, Typed, "home")],
            "The whole name in lower-case letters",
        ),
        live(
            DdnsName,
            Form,
            &[(DdnsName, Typed, "Home!")],
            "The whole name in lower-case letters",
        ),
        row(
            DdnsName,
            Name,
            &[(DdnsName, Typed, "home.example.org")],
            "The name does not fit: DuckDNS",
        ),
        row(
            DdnsServer,
            Provider,
            &[
                (DdnsProvider, Chosen, "dyndns2"),
                (DdnsServer, Typed, ""),
                (DdnsUser, Typed, "me"),
            ],
            "A server is needed for dyndns2",
        ),
        live(
            DdnsServer,
            Form,
            &[
                (DdnsProvider, Chosen, "dyndns2"),
                (DdnsServer, Typed, "a b"),
                (DdnsUser, Typed, "me"),
            ],
            "such as update.example.org",
        ),
        row(
            DdnsZone,
            Provider,
            &[(DdnsProvider, Chosen, "cloudflare"), (DdnsZone, Typed, "")],
            "A zone is needed for Cloudflare",
        ),
        live(
            DdnsZone,
            Form,
            &[
                (DdnsProvider, Chosen, "cloudflare"),
                (DdnsZone, Typed, "Example!"),
            ],
            "The domain at Cloudflare",
        ),
        row(
            DdnsUser,
            Provider,
            &[(DdnsProvider, Chosen, "noip"), (DdnsUser, Typed, "")],
            "No-IP and dyndns2 need the account.",
        ),
        row(
            DdnsUser,
            Form,
            &[(DdnsProvider, Chosen, "noip"), (DdnsUser, Typed, "a b")],
            "An account has letters, digits",
        ),
        row(
            Ddns,
            Missing,
            &[
                (Field::Tunnel, Kind::On, ""),
                (Field::PaidPlan, Kind::On, ""),
                (DdnsProvider, Chosen, "duckdns"),
                (DdnsName, Typed, "home.duckdns.org"),
            ],
            NEEDED,
        ),
        row(
            Ddns,
            Form,
            &[(Ddns, Typed, "a b")],
            "Without spaces, quotes",
        ),
        row(Ddns, Characters, &[(Ddns, Typed, "a\u{7}b")], UNTYPABLE),
    ]
}
