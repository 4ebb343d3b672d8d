//! What is said of each field, and on which page.

use super::*;
use crate::secret::Secret;

pub(crate) const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me";

/// Answers with which nothing is wrong, for either purpose.
pub(crate) fn good() -> (Draft, Secrets) {
    let draft = Draft {
        owner: "hanako".into(),
        keys: KEY.into(),
        ..Draft::default()
    };
    let secrets = Secrets {
        password: Secret::new("correct horse"),
        again: Secret::new("correct horse"),
        approver: "taro".into(),
        approval: Secret::new("old"),
        ..Secrets::default()
    };
    (draft, secrets)
}

fn said(purpose: Purpose, answers: &[(Field, &str)]) -> Vec<(Field, Reason)> {
    let (mut draft, mut secrets) = good();
    for (field, typed) in answers {
        draft.set(*field, (*typed).to_owned());
        secrets.set(*field, (*typed).to_owned());
    }
    let faults = check(&draft, &secrets, purpose, None);
    faults
        .into_iter()
        .map(|fault| (fault.field, fault.reason))
        .collect()
}

#[track_caller]
fn first_boot(answers: &[(Field, &str)], expected: &[(Field, Reason)]) {
    assert_eq!(said(Purpose::FirstBoot, answers), expected, "{answers:?}");
}

#[test]
fn good_answers_and_those_of_a_new_device() {
    first_boot(&[], &[]);
    assert_eq!(said(Purpose::Settings, &[]), []);
    let nothing = check(
        &Draft::default(),
        &Secrets::default(),
        Purpose::FirstBoot,
        None,
    );
    let fields: Vec<_> = nothing.iter().map(|fault| fault.field).collect();
    assert_eq!(fields, [Field::Owner, Field::Password]);
}

#[test]
fn single_fields() {
    use Field::*;
    for (field, typed, reason) in [
        (Language, "", Reason::Missing),
        (Language, "fr", Reason::Form),
        (Keyboard, "us,de", Reason::Form),
        (Timezone, "/etc/passwd", Reason::Form),
        (Hostname, "", Reason::Missing),
        (Hostname, "My Pi", Reason::Form),
        (Hostname, "localhost", Reason::Form),
        (Owner, "", Reason::Missing),
        (Owner, "Hanako", Reason::Form),
        (Owner, "root", Reason::Taken),
        (Again, "", Reason::Differs),
        (Again, "correct house", Reason::Differs),
        (Runtime, "", Reason::Missing),
        (Runtime, "kaggle", Reason::Form),
        (ReloadMinutes, "", Reason::Missing),
        (ReloadMinutes, "0", Reason::Form),
        (ReloadMinutes, "1441", Reason::Form),
        (ReloadMinutes, "+5", Reason::Form),
        (ReloadMinutes, "99999999999999999999", Reason::Form),
        (ReloadMinutes, "1e3", Reason::Form),
        (Entrance, "22", Reason::Form),
        (Entrance, "8470", Reason::Form),
        (PublicPort, "0", Reason::Form),
        (PublicPort, "65536", Reason::Form),
        (Address, "https://home.example.org/", Reason::Form),
        (DdnsProvider, "dns.example", Reason::Form),
        (DdnsName, "home", Reason::Form),
        (DdnsServer, "a b", Reason::Form),
        (DdnsUser, "a b", Reason::Form),
        (WifiCountry, "Japan", Reason::Form),
    ] {
        first_boot(&[(field, typed)], &[(field, reason)]);
    }
    for (field, typed) in [
        (Hostname, " my-pi "),
        (ReloadMinutes, " 1440\n"),
        (Address, " "),
        (WifiCountry, "jp"),
        (Owner, " hanako"),
    ] {
        first_boot(&[(field, typed)], &[]);
    }
}

#[test]
fn passwords_of_the_owner() {
    use Field::{Again, Password};
    for (password, reason) in [
        ("", Reason::Missing),
        ("123456789", Reason::Short),
        ("a\nb", Reason::Characters),
        ("1234567890", Reason::Common),
    ] {
        let answers = [(Password, password), (Again, password)];
        first_boot(&answers, &[(Password, reason)]);
    }
}

#[test]
fn lines_are_named_and_blank_ones_and_doublets_dropped() {
    use Field::{Keys, Notebooks};
    let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n";
    let putty = "PuTTY-User-Key-File-2: ssh-rsa\r\nPrivate-Lines: 14\r\nAAAA";
    let options = format!("\r\n{KEY}\r\n\r\ncommand=\"x\" {KEY}\r\n");
    let twice = format!("\n {KEY} \r\n\r\n{KEY}\n");
    let long = format!("{KEY}\n").repeat(300);
    for (field, typed, expected) in [
        (Keys, "", None),
        (Keys, &*twice, None),
        (Keys, private, Some(Reason::PrivateKey)),
        (Keys, putty, Some(Reason::PrivateKey)),
        (Keys, &*options, Some(Reason::Line(4))),
        (Keys, "ssh-ed25519 AAAA", Some(Reason::Line(1))),
        (Keys, &*long, Some(Reason::Form)),
        (
            Notebooks,
            "https://a.example/\n\n https://a.example/ \n",
            None,
        ),
        (
            Notebooks,
            "https://a.example/\nfile:///x",
            Some(Reason::Line(2)),
        ),
        (Notebooks, "\n\n\nhttps://a b/", Some(Reason::Line(4))),
    ] {
        let expected: Vec<_> = expected.map(|reason| (field, reason)).into_iter().collect();
        first_boot(&[(field, typed)], &expected);
    }
}

#[test]
fn a_network_needs_its_country_and_none_needs_nothing() {
    use Field::{Wifi, WifiCountry, WifiName};
    for (name, country, password, expected) in [
        ("", "", "", None),
        // Kept from a page that was left.
        ("", "", "short", None),
        ("home", "JP", "", Some((Wifi, Reason::Missing))),
        ("home", "JP", "12345678", None),
        (" ", "JP", "12345678", None),
        ("home", "", "12345678", Some((WifiCountry, Reason::Missing))),
        ("home", "JP", "short", Some((Wifi, Reason::Form))),
        ("home", "JP", "1234\n5678", Some((Wifi, Reason::Characters))),
        (
            "a\nb",
            "JP",
            "12345678",
            Some((WifiName, Reason::Characters)),
        ),
    ] {
        let answers = [(WifiName, name), (WifiCountry, country), (Wifi, password)];
        let expected: Vec<_> = expected.into_iter().collect();
        first_boot(&answers, &expected);
    }
}

#[test]
fn a_network_without_a_password_is_one_that_was_said_to_have_none() {
    use Field::{Wifi, WifiCountry, WifiName, WifiOpen};
    for (name, country, password, open, expected) in [
        ("", "", "", "", None),
        ("", "", "", "on", None),
        ("cafe", "JP", "", "on", None),
        // Of another network, from a page that was left.
        ("cafe", "JP", "short", "on", None),
        ("home", "JP", "", "", Some((Wifi, Reason::Missing))),
    ] {
        let answers = [
            (WifiName, name),
            (WifiCountry, country),
            (Wifi, password),
            (WifiOpen, open),
        ];
        let expected: Vec<_> = expected.into_iter().collect();
        first_boot(&answers, &expected);
        // What a change of settings leaves as it is, has no name here.
        assert_eq!(said(Purpose::Settings, &answers), expected, "{answers:?}");
    }
}

#[test]
fn a_tunnel_needs_a_paid_plan() {
    use Field::{PaidPlan, Tunnel};
    first_boot(&[(Tunnel, "on")], &[(PaidPlan, Reason::PaidPlan)]);
    first_boot(&[(Tunnel, "on"), (PaidPlan, "on")], &[]);
    first_boot(&[(PaidPlan, "on")], &[]);
}

#[test]
fn providers_and_what_they_want() {
    use Field::*;
    let (name, provider) = (Reason::Name, Reason::Provider);
    type Case<'a> = (&'a str, [&'a str; 4], &'a [(Field, Reason)]);
    let cases: [Case; 15] = [
        ("", ["", "", "", ""], &[]),
        ("", ["home.example.org", "", "", ""], &[]),
        ("duckdns", ["home.duckdns.org", "", "", ""], &[]),
        ("duckdns", ["", "", "", ""], &[(DdnsName, Reason::Missing)]),
        (
            "duckdns",
            ["home.example.org", "", "", ""],
            &[(DdnsName, name.clone())],
        ),
        (
            "duckdns",
            ["a.b.duckdns.org", "", "", ""],
            &[(DdnsName, name.clone())],
        ),
        ("desec", ["home.dedyn.io", "", "", "me"], &[]),
        (
            "desec",
            ["a.b", "c.d", "", ""],
            &[(DdnsServer, provider.clone())],
        ),
        ("noip", ["a.b", "", "", ""], &[(DdnsUser, provider.clone())]),
        ("noip", ["a.b", "", "", "me@a.b"], &[]),
        (
            "dyndns2",
            ["a.b", "", "", "me"],
            &[(DdnsServer, provider.clone())],
        ),
        ("dyndns2", ["a.b", "c.d", "", "me"], &[]),
        (
            "cloudflare",
            ["a.b.c", "", "", ""],
            &[(DdnsZone, provider.clone())],
        ),
        ("cloudflare", ["a.b.c", "", "b.c", ""], &[]),
        (
            "cloudflare",
            ["ab.c", "", "b.c", ""],
            &[(DdnsName, name.clone())],
        ),
    ];
    for (who, [name, server, zone, user], expected) in cases {
        let answers = [
            (DdnsProvider, who),
            (DdnsName, name),
            (DdnsServer, server),
            (DdnsZone, zone),
            (DdnsUser, user),
            (Ddns, "t0ken"),
        ];
        first_boot(&answers, expected);
    }
}

#[test]
fn a_public_names_secret_is_wanted_once() {
    use Field::{Ddns, DdnsName, DdnsProvider};
    let with = |secret| [(DdnsProvider, "desec"), (DdnsName, "a.b"), (Ddns, secret)];
    first_boot(&with(""), &[(Ddns, Reason::Missing)]);
    first_boot(&with("a b"), &[(Ddns, Reason::Form)]);
    first_boot(&with(" t0ken\r\n"), &[]);
    assert_eq!(said(Purpose::Settings, &with("")), []);
    assert_eq!(said(Purpose::Settings, &with("#")), [(Ddns, Reason::Form)]);
}

#[test]
fn settings_ask_who_approves_and_not_for_an_owner() {
    use Field::{Approval, Approver, Owner};
    for (field, typed, reason) in [
        (Approver, "", Reason::Missing),
        (Approver, "-f", Reason::Form),
        (Approver, "a b", Reason::Form),
        (Approval, "", Reason::Missing),
        (Approval, "a\0b", Reason::Characters),
        (Approval, &"x".repeat(513), Reason::Form),
    ] {
        let found = said(Purpose::Settings, &[(field, typed)]);
        assert_eq!(found, [(field, reason)], "{typed:?}");
        first_boot(&[(field, typed)], &[]);
    }
    assert_eq!(said(Purpose::Settings, &[(Owner, "")]), []);
}

#[test]
fn a_page_tells_its_own_faults_in_the_order_of_its_fields() {
    let draft = Draft {
        hostname: "?".into(),
        keyboard: String::new(),
        reload_minutes: "x".into(),
        ..Draft::default()
    };
    let on = |step| {
        let faults = check(&draft, &Secrets::default(), Purpose::FirstBoot, step);
        faults.iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    use Field::*;
    assert_eq!(on(Some(Step::Place)), [Keyboard, Hostname]);
    assert_eq!(on(Some(Step::Notebook)), [ReloadMinutes]);
    assert_eq!(on(Some(Step::Tunnel)), []);
    let all = [Keyboard, Hostname, Owner, Password, ReloadMinutes];
    assert_eq!(on(None), all);
}

#[test]
fn no_key_is_a_warning_and_no_fault() {
    let (mut draft, secrets) = good();
    assert_eq!(warnings(&draft, Purpose::FirstBoot), []);
    draft.keys = " \r\n".into();
    assert_eq!(warnings(&draft, Purpose::FirstBoot).len(), 1);
    assert_eq!(warnings(&draft, Purpose::Settings), []);
    assert_eq!(check(&draft, &secrets, Purpose::FirstBoot, None), []);
    draft.password_login = true;
    assert_eq!(warnings(&draft, Purpose::FirstBoot), []);
}
