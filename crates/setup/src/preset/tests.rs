//! What a preset comes to, and every message about one.

use config::Config;

use super::*;
use proptest::prelude::*;

const HASHED: &str = "$6$salt$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/// All problems of `text`, without the file's name.
fn problems(text: &str) -> Vec<String> {
    let problems = parse_preset(text).expect_err(text);
    let lines = problems.lines();
    lines
        .map(|line| line.replacen("keeper.toml:", "", 1))
        .collect()
}

#[track_caller]
fn refused(text: &str, message: &str) {
    assert_eq!(problems(text), [message], "{text}");
}

#[test]
fn a_whole_preset() {
    let text = "# of my own\n[device]\nhostname = \"pi-4\"\n[owner]\nname = \"hanako\"\npassword = '''it's \"so\" long'''\n\
                [wifi]\ncountry = \"jp\"\nname = \"家\"\npassword = \"12345678\"\n\
                [ddns]\nprovider = \"desec\"\nname = \"a.dedyn.io\"\nsecret = \"t0ken\"\n";
    let change = parse_preset(text).expect("a good preset").change;
    let own =
        "[device]\nhostname = \"pi-4\"\n[ddns]\nprovider = \"desec\"\nname = \"a.dedyn.io\"\n";
    assert_eq!(config::parse(&change.keeper_toml), config::parse(own));
    for absent in ["t0ken", "owner", "wifi", "long"] {
        assert!(!change.keeper_toml.contains(absent), "{absent}");
    }
    let owner = change.owner.expect("an owner");
    assert_eq!(owner.name, "hanako");
    assert_eq!(owner.password, Some(Secret::new("it's \"so\" long")));
    let wifi = change.wifi.expect("a network");
    assert_eq!((&*wifi.country, &*wifi.name), ("JP", "家"));
    assert_eq!(wifi.password, Some(Secret::new("12345678")));
    assert_eq!(change.ddns_secret, Some(Secret::new("t0ken")));
}

#[test]
fn all_of_it_may_be_absent_and_a_section_left_empty_is() {
    let empty = "[owner]\nname = \"\"\npassword = \"\"\n[wifi]\nname = \"\"\ncountry = \"\"\n[ddns]\nsecret = \"\"\n";
    for text in ["", "[owner]\n[wifi]\n", empty, "\u{feff}# Notepad's\r\n"] {
        let change = parse_preset(text).expect("a good preset").change;
        assert_eq!(
            (change.owner, change.wifi, change.ddns_secret),
            (None, None, None)
        );
        assert_eq!(config::parse(&change.keeper_toml), Ok(Config::default()));
    }
}

#[test]
fn all_ways_of_toml_say_the_same() {
    let hash = format!("owner = {{ name = \"hanako\", password_hash = \"{HASHED}\" }}\n");
    let dotted = format!("owner.name = 'hanako'\r\nowner.\"password_hash\" = '{HASHED}'\r\n");
    let table =
        format!("[owner]\r\npassword_hash = \"\"\"\r\n{HASHED}\"\"\"\r\nname = \"hanako\"\r\n");
    for text in [hash, dotted, table] {
        let owner = parse_preset(&text).expect("a good preset").change.owner;
        let owner = owner.expect("an owner");
        assert_eq!(owner.name, "hanako");
        assert_eq!(owner.password_hash, Some(Secret::new(HASHED)));
        assert_eq!(owner.password, None);
    }
}

#[test]
fn an_owner_who_could_not_use_the_device() {
    let needs = "needs owner.password or owner.password_hash: sudo, the dashboard and remote desktop ask for a \
                 password, even of an owner with a key";
    let alone = "\n[owner]\nname = \"hanako\"\n";
    let key = crate::check::tests::KEY;
    let with_key = format!("{alone}[ssh]\nauthorized_keys = [\"{key}\"]");
    for text in [alone, &with_key, &format!("{alone}password = \"\"\n")] {
        refused(text, &format!("2: [owner]: {needs}"));
    }
    refused(
        &format!("[owner]\npassword_hash = \"{HASHED}\""),
        "1: [owner]: needs owner.name, the name to log in with",
    );
    refused(
        &format!(
            "[owner]\nname = \"hanako\"\npassword = \"correct horse\"\npassword_hash = \"{HASHED}\""
        ),
        "1: [owner]: takes one of owner.password and owner.password_hash, not both",
    );
}

#[test]
fn values_that_are_not_accepted_and_no_secret_in_what_is_said() {
    let with = "[owner]\nname = \"hanako\"\n";
    let password = "expected a password of 10 to 128 characters";
    let hash = "expected what \"mkpasswd -m sha512crypt\" or \"mkpasswd -m yescrypt\" writes";
    for (text, message) in [
        (
            "password = \"s3cret\"",
            format!("password = (not shown): {password}"),
        ),
        (
            "password = 1234567890",
            format!("password = (not shown): {password}"),
        ),
        (
            "password.s3cret = 1",
            format!("password = (not shown): {password}"),
        ),
        (
            "password = [\"s3cret\"]",
            format!("password = (not shown): {password}"),
        ),
        (
            "password = \"s3cret\\ns3cret\"",
            format!(
                "password = (not shown): it holds a line break or another control character; {password}"
            ),
        ),
        (
            "password = \"Password123\"",
            format!(
                "password = (not shown): it is the owner's name, or one of the most common; {password}"
            ),
        ),
        (
            "password = \"(removed)\"",
            format!(
                "password = (not shown): it was removed from the file after its use; {password}"
            ),
        ),
        (
            "password_hash = \"*\"",
            format!("password_hash = (not shown): {hash}"),
        ),
        (
            "password_hash = \"correct horse\"",
            format!("password_hash = (not shown): {hash}"),
        ),
    ] {
        refused(&format!("{with}{text}\n"), &format!("3: owner.{message}"));
    }
    let name = "expected a name of up to 31 letters a-z, digits, - and _, a letter first";
    for (bad, message) in [
        ("Hanako", name.to_owned()),
        (
            "root",
            format!("it is a name that the system has already; {name}"),
        ),
    ] {
        let text = format!("[owner]\nname = \"{bad}\"\npassword = \"correct horse\"\n");
        refused(&text, &format!("2: owner.name = \"{bad}\": {message}"));
    }
}

#[test]
fn networks_and_tokens() {
    for (text, message) in [
        (
            "[wifi]\nname = \"home\"",
            "1: [wifi]: needs wifi.country, such as \"JP\", which decides which channels may be used",
        ),
        (
            "[wifi]\ncountry = \"JP\"",
            "1: [wifi]: needs wifi.name, the network's name",
        ),
        (
            "wifi = { name = \"home\", country = \"Japan\" }",
            "1: wifi.country = \"Japan\": expected two letters, such as \"JP\"",
        ),
        (
            "[wifi]\nname = \"a\\tb\"\ncountry = \"JP\"",
            "2: wifi.name = \"a\\tb\": it holds a control character; expected a network's name of up to 32 bytes",
        ),
        (
            "[wifi]\nname = \"a\"\ncountry = \"JP\"\npassword = \"s3cret\"",
            "4: wifi.password = (not shown): expected 8 to 63 ASCII characters, or 64 hexadecimal digits",
        ),
        (
            "\n[ddns]\nsecret = \"s3 cret\"",
            "3: ddns.secret = (not shown): expected a token or password of ASCII characters but spaces, quotes, \
             backslashes and #",
        ),
        (
            "wifi = \"s3cret\"",
            "1: wifi = (not shown): expected a table, [wifi]",
        ),
        (
            "ddns = \"s3cret\"",
            "1: ddns = (not shown): expected a table, [ddns]",
        ),
    ] {
        refused(text, message);
    }
}

#[test]
fn slips_are_answered_with_what_was_meant() {
    for (text, message) in [
        (
            "[owner]\npasword = \"s3cret\"",
            "2: owner.pasword: unknown key; did you mean owner.password?",
        ),
        (
            "[wify]\nname = \"x\"",
            "1: [wify]: unknown section; did you mean [wifi]?",
        ),
        (
            "[wifi]\nssid = \"x\"",
            "2: wifi.ssid: unknown key; [wifi] knows country, name, password",
        ),
        (
            "password = \"s3cret\"",
            "1: password: unknown key; did you mean owner.password?",
        ),
        (
            "[browser]\nmode = \"tv\"",
            "2: browser.mode = \"tv\": expected \"kiosk\" or \"window\"",
        ),
    ] {
        refused(text, message);
    }
}

#[test]
fn all_problems_at_once_under_the_lines_of_the_file() {
    let text = "[wifi]\nname = \"a\"\n\n[device]\nhostname = \"?\"\n[owner]\nname = \"root\"\npassword = \"\"\"\ns3cret\n\
                \"\"\"\n[ssh]\nkeys = 1\n";
    let lines: Vec<_> = problems(text)
        .iter()
        .map(|problem| problem.split(':').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(lines, ["1", "5", "7", "8", "12"]);
}

/// A secret as nothing else is spelt, in every way in which TOML can have it.
fn values() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "\"s3cret\"",
        "'s3cret'",
        "\"\"\"\ns3cret\n\"\"\"",
        "'''s3cret'''",
        "[\"s3cret\"]",
        "{ a = \"s3cret\" }",
        "s3cret",
        "\"s3cret",
        "s3cret\"",
        "\"s3\\u0000cret s3cret\"",
        "\"long s3cret enough\"",
        "[\"x\", 's3cret', 3",
    ])
    .prop_map(str::to_owned)
}

fn lines() -> impl Strategy<Value = String> {
    let secret = prop::sample::select(vec![
        "password",
        "password_hash",
        "secret",
        "owner.password",
        "wifi.password",
        "ddns.secret",
        "owner",
        "wifi",
        "webhook",
        "notify.ntfy",
        "pasword",
        "\"password\"",
    ]);
    let other = prop::sample::select(vec![
        "[owner]",
        "[wifi]",
        "[ddns]",
        "[notify]",
        "[[owner]]",
        "[device]",
        "name = \"hanako\"",
        "country = \"JP\"",
        "name = 1",
        "provider = \"desec\"",
        "# x",
        "",
        "]",
        "\"",
        "'''",
        "x = 1",
        "hostname = \"?\"",
        "\u{feff}",
        "\0",
    ]);
    prop_oneof![
        (secret, values()).prop_map(|(key, value)| format!("{key} = {value}")),
        other.prop_map(str::to_owned),
        "[^\"'=]{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,300}") {
        let _ = (parse_preset(&text), crate::without_secrets(&text));
    }

    #[test]
    fn no_secret_is_shown_whatever_stands_around_it(lines in prop::collection::vec(lines(), 0..12)) {
        let text = lines.join("\n");
        match parse_preset(&text) {
            Ok(preset) => prop_assert!(!format!("{preset:?}").contains("s3cret"), "{text}"),
            Err(problems) => prop_assert!(!problems.to_string().contains("s3cret"), "{text}\n\n{problems}"),
        }
    }
}
