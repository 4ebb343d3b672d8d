//! What answers come to; and that whatever `check` accepts does come to something.

use super::*;
use crate::check::check;
use crate::check::tests::{KEY, good};
use crate::step::Step;
use proptest::prelude::*;

fn base() -> Config {
    let text = "device.display = \"hdmi\"\n[browser]\nkeep_hours = 99\nmode = \"window\"\n[tunnel]\ngpu = false\n\
                high_ram = true\ndays = 7\n[notify]\nwebhook = \"https://hooks.example/s3cret\"\n[ssh]\n\
                password_login = true\nauthorized_keys = []\n";
    config::parse(text).expect("a good configuration")
}

#[test]
fn a_new_device_gets_what_was_answered_and_keeps_what_was_not_asked() {
    let (mut draft, mut secrets) = good();
    draft.hostname = " pi-4 ".into();
    draft.notebooks = "\r\nhttps://a.example/1\r\n\r\nhttps://a.example/2\r\n".into();
    (draft.wifi_country, draft.wifi_name) = ("jp".into(), " home ".into());
    secrets.wifi = Secret::new("12345678");
    (draft.ddns_provider, draft.ddns_name) = ("desec".into(), "a.example.org".into());
    secrets.ddns = Secret::new(" t0ken\n");
    let change = change(&base(), &draft, &secrets, Purpose::FirstBoot).expect("a change");

    let mut config = config::parse(&change.keeper_toml).expect("a keeper.toml");
    assert_eq!(config::Text::as_str(&config.device.hostname), "pi-4");
    assert_eq!(config.browser.notebooks.len(), 2);
    assert!(!config.ssh.password_login);
    assert_eq!(config.ssh.authorized_keys.len(), 1);
    (config.device.hostname, config.browser.notebooks) = (base().device.hostname, Vec::new());
    (config.ssh, config.ddns) = (base().ssh, base().ddns);
    assert_eq!(config, base(), "all else is as it was");

    let wifi = change.wifi.expect("a network");
    assert_eq!((&*wifi.country, &*wifi.name), ("JP", " home "));
    assert_eq!(wifi.password, Some(Secret::new("12345678")));
    assert_eq!(change.ddns_secret, Some(Secret::new("t0ken")));
    let owner = change.owner.expect("an owner");
    assert_eq!(owner.name, "hanako");
    assert_eq!(owner.password, Some(Secret::new("correct horse")));
    assert_eq!(owner.password_hash, None);
    assert_eq!((change.instead_of, change.approval), (None, None));
}

#[test]
fn settings_leave_the_owner_and_the_keys_alone() {
    let (mut draft, secrets) = good();
    draft.keys = "no key at all".into();
    let change = change(&base(), &draft, &secrets, Purpose::Settings).expect("a change");
    let config = config::parse(&change.keeper_toml).expect("a keeper.toml");
    assert_eq!(config, base());
    assert_eq!((change.owner, change.wifi), (None, None));
    assert_eq!(change.ddns_secret, None);
    assert_eq!(change.approval.expect("an approval").name, "taro");
}

#[test]
fn what_is_wrong_is_told_and_nothing_comes_of_it() {
    let (mut draft, secrets) = good();
    draft.hostname = "?".into();
    let faults = change(&base(), &draft, &secrets, Purpose::FirstBoot).expect_err("a fault");
    assert_eq!(faults[0].field, Field::Hostname);
    assert_eq!(faults.len(), 1);
}

#[test]
fn the_longest_lists_fit_and_a_base_that_is_too_long_is_told() {
    let (mut draft, secrets) = good();
    // The comment of a key is what grows most when it is written: every other character is escaped.
    draft.keys = (0..16)
        .map(|n| format!("{KEY}{n:02}{}\n", "\"'''\\".repeat(180)))
        .collect();
    draft.notebooks = (0..1400).map(|n| format!("http://{n}\n")).collect();
    assert!(draft.keys.len() > 15_000 && draft.notebooks.len() > 15_000);
    let fits = change(&Config::default(), &draft, &secrets, Purpose::FirstBoot);
    assert!(fits.is_ok(), "{fits:?}");

    let mut base = Config::default();
    let url = |n| config::Text::parse(&format!("https://{n}.example/{}", "x".repeat(2000)));
    base.browser.notebooks = (0..32).filter_map(|n| url(n).ok()).collect();
    let too_long = change(&base, &draft, &secrets, Purpose::FirstBoot);
    assert!(too_long.is_ok(), "the notebooks are the draft's");
    let key = |n| config::Text::parse(&format!("{KEY}{n}{}", "\\'\"".repeat(500)));
    base.ssh.authorized_keys = (0..40).filter_map(|n| key(n).ok()).collect();
    let faults = change(&base, &draft, &secrets, Purpose::Settings).expect_err("too long");
    assert_eq!(faults[0].field, Field::Notebooks);
}

/// A line of a keeper.toml's section, or none.
fn maybe(lines: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(lines).prop_map(|line| format!("{line}\n"))
}

/// Files that are in order.
fn configs() -> impl Strategy<Value = Config> {
    let device = maybe(&[
        "",
        "hostname = \"a\"\nlanguage = \"ja\"\nkeyboard = \"jp\"",
        "timezone = \"Asia/Tokyo\"\ndisplay = \"hdmi\"",
    ]);
    let browser = maybe(&[
        "",
        "notebooks = [\"https://a.example/?a=b#c\", \"http://[fd00::1]:8888/\"]\nmode = \"window\"",
        "reload_minutes = 1440\nkeep_hours = 1",
    ]);
    let tunnel = maybe(&[
        "",
        "enabled = true\npaid_plan_confirmed = true\naddress = \"2001:db8::1\"\ngpu = false",
        "paid_plan_confirmed = true\nentrance = 1024\npublic_port = 65535\ndays = 365",
    ]);
    let ddns = maybe(&[
        "",
        "name = \"a.example.org\"\nserver = \"b.c\"\nzone = \"c.d\"\nuser = \"me\"",
        "provider = \"duckdns\"\nname = \"home.duckdns.org\"",
        "provider = \"cloudflare\"\nname = \"a.b.c\"\nzone = \"b.c\"",
        "provider = \"dyndns2\"\nname = \"a.b\"\nserver = \"u.b\"\nuser = \"me@a.b\"",
    ]);
    let rest = maybe(&[
        "",
        "[router]\nmap = true\n[ssh]\npassword_login = true",
        "[notify]\nntfy = \"https://ntfy.example/x\"\ncommand = [\"/bin/x\", \"\\\"\"]",
    ]);
    (device, browser, tunnel, ddns, rest).prop_map(|(device, browser, tunnel, ddns, rest)| {
        let text =
            format!("[device]\n{device}[browser]\n{browser}[tunnel]\n{tunnel}[ddns]\n{ddns}{rest}");
        config::parse(&text).expect("a good configuration")
    })
}

/// What people type, and what nobody does.
fn typed() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        " ",
        "on",
        "en",
        "ja",
        "us",
        "UTC",
        "my-pi",
        "JP",
        "home",
        "hanako",
        "root",
        "colab",
        "10",
        "022",
        "65535",
        "9222",
        "203.0.113.7",
        "home.duckdns.org",
        "a.b",
        "b",
        "duckdns",
        "cloudflare",
        "dyndns2",
        "noip",
        "desec",
        "12345678",
        "correct horse",
        "https://a.example/",
        KEY,
        "\n\r\n",
        "\0",
        "-",
        "PRIVATE KEY",
    ]);
    prop_oneof![
        4 => known.prop_map(str::to_owned),
        1 => ".{0,20}",
        1 => "(?s).{0,80}",
    ]
}

fn answers() -> impl Strategy<Value = (Draft, Secrets)> {
    let one = (prop::sample::select(Field::ALL.to_vec()), typed());
    prop::collection::vec(one, 0..6).prop_map(|typed| {
        let (mut draft, mut secrets) = good();
        for (field, text) in typed {
            if field == Field::Password {
                secrets.again = Secret::new(&*text);
            }
            draft.set(field, text.clone());
            secrets.set(field, text);
        }
        (draft, secrets)
    })
}

fn purposes() -> impl Strategy<Value = Purpose> {
    prop::sample::select(vec![Purpose::FirstBoot, Purpose::Settings])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_check_accepts_becomes_a_keeper_toml_and_nothing_else_does(
        base in configs(), (draft, secrets) in answers(), purpose in purposes(),
    ) {
        let faults = check(&draft, &secrets, purpose, None);
        let of_pages: Vec<_> = Step::of(purpose)
            .flat_map(|step| check(&draft, &secrets, purpose, Some(step)))
            .collect();
        prop_assert_eq!(&of_pages, &faults);
        match change(&base, &draft, &secrets, purpose) {
            Ok(change) => {
                prop_assert_eq!(faults, []);
                prop_assert!(config::parse(&change.keeper_toml).is_ok());
                prop_assert!(crate::to_line(&crate::Ask::SetUp(Box::new(change))).is_ok());
            }
            Err(found) => prop_assert!(!found.is_empty() && !faults.is_empty()),
        }
    }

    #[test]
    fn a_configuration_as_answers_comes_to_itself(config in configs()) {
        let (_, mut secrets) = good();
        secrets.ddns = Secret::new("t0ken");
        let mut draft = Draft::of(&config);
        let same = change(&config, &draft, &secrets, Purpose::Settings).expect("a change");
        prop_assert_eq!(config::parse(&same.keeper_toml), Ok(config));
        // And what is asked alone, on a device that was another.
        draft.owner = "hanako".into();
        let other = change(&Config::default(), &draft, &secrets, Purpose::FirstBoot).expect("a change");
        let other = config::parse(&other.keeper_toml).expect("a keeper.toml");
        let mut again = Draft::of(&other);
        again.owner.clone_from(&draft.owner);
        prop_assert_eq!(again, draft);
    }

    #[test]
    fn drafts_lie_on_the_card_as_they_were_typed((draft, _) in answers()) {
        let text = serde_json::to_string(&draft).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Draft>(&text).expect("a draft"), draft);
    }
}
