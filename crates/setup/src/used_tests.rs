//! What is left of a preset.

use super::*;
use proptest::prelude::*;

#[test]
fn each_secret_goes_and_everything_else_stays_byte_for_byte() {
    let text = "\u{feff}# by hand\r\n[owner]\r\nname = \"hanako\" \t# me\r\npassword = \"s3\\\"cret\"  # mine\r\n\
                password_hash = '$6$s3cret'\r\n\r\n[wifi]\r\nname = '''\r\npassword = \"家\"\r\n'''\r\n\
                \"password\"\t= \"\"\"\r\ns3cret\\\r\n  s3cret \"\" \r\n\"\"\"\r\n[ddns]\r\nprovider = \"desec\"\r\n\
                secret='''s3cret'''\r\n[ssh]\r\npassword_login = true\r\n[notify]\r\nwebhook = \"https://x/s3cret\"";
    let expected = "\u{feff}# by hand\r\n[owner]\r\nname = \"hanako\" \t# me\r\npassword = \"(removed)\"  # mine\r\n\
                    password_hash = \"(removed)\"\r\n\r\n[wifi]\r\nname = '''\r\npassword = \"家\"\r\n'''\r\n\
                    \"password\"\t= \"(removed)\"\r\n[ddns]\r\nprovider = \"desec\"\r\n\
                    secret=\"(removed)\"\r\n[ssh]\r\npassword_login = true\r\n[notify]\r\nwebhook = \"(removed)\"";
    assert_eq!(without_secrets(text), expected);
}

#[test]
fn in_every_form_of_toml() {
    for (text, expected) in [
        ("", ""),
        ("owner.password = 's'", "owner.password = \"(removed)\""),
        (
            "owner = { password = \"s\", name = \"a\" }\n",
            "owner = { password = \"(removed)\", name = \"a\" }\n",
        ),
        ("wifi.password = 12345678", "wifi.password = \"(removed)\""),
        (
            "[wifi.password]\nx = [1, \"s\"]\n",
            "[wifi.password]\nx = [\"(removed)\", \"(removed)\"]\n",
        ),
        (
            "[[wlan]]\npsk = \"s\"\n[[wlan]]\npsk = \"t\"\n",
            "[[wlan]]\npsk = \"(removed)\"\n[[wlan]]\npsk = \"(removed)\"\n",
        ),
        ("api-token = \"s\"", "api-token = \"(removed)\""),
        (
            "notebooks = [\"https://a/?password=x\"]",
            "notebooks = [\"https://a/?password=x\"]",
        ),
    ] {
        assert_eq!(without_secrets(text), expected, "{text}");
    }
}

#[test]
fn a_text_that_is_no_toml_loses_what_may_be_a_secret() {
    for (text, expected) in [
        (
            "[owner\r\nname = \"a\"\r\npassword = \"s\" # x\r\nx = 1\r\n",
            "[owner\r\nname = \"a\"\r\npassword = \"(removed)\"\r\nx = 1\r\n",
        ),
        ("?\nPassword s", "?\nPassword = \"(removed)\""),
        ("?\npassword_login = true", "?\npassword_login = true"),
        (
            "?\nx = { name = 1, 'password' = 's' }",
            "?\nx = { name = 1, 'password' = \"(removed)\"",
        ),
        (
            "?\nsecret = \"\"\"\ns\ns\"\"\" # x\ny = 1",
            "?\nsecret = \"(removed)\"\ny = 1",
        ),
        (
            "?\nsecret = '''s''' \ny = 1",
            "?\nsecret = \"(removed)\"\ny = 1",
        ),
        ("secret = \"s\ns\"\ny = 1", "secret = \"(removed)\"\ny = 1"),
        ("?\nsecret = '''\ns", "?\nsecret = \"(removed)\"\n"),
        (
            "?\nurl = \"https://x/?token=s\"",
            "?\nurl = \"https://x/?token = \"(removed)\"",
        ),
        (
            "password = 1\npassword = 2",
            "password = \"(removed)\"\npassword = \"(removed)\"",
        ),
    ] {
        assert_eq!(without_secrets(text), expected, "{text}");
    }
}

#[test]
fn texts_that_nest_deeply_are_read_or_refused() {
    for text in [
        "[".repeat(60_000),
        format!("{}a = 1", "a.".repeat(30_000)),
        format!("[{}a]\npassword = 1", "a.".repeat(30_000)),
        format!("a = {}{}", "[".repeat(30_000), "]".repeat(30_000)),
        format!("a = {}1{}", "{ a = ".repeat(9_000), "}".repeat(9_000)),
        format!("{}a = 1", "password.".repeat(7_000)),
        "x".repeat(70_000),
    ] {
        let _ = without_secrets(&text);
        assert!(crate::parse_preset(&text).is_err());
    }
}

/// A string of TOML in one of its four spellings.
fn spelt(text: &str, spelling: u8) -> String {
    let escaped: String = text
        .chars()
        .map(|c| format!("\\U{:08X}", u32::from(c)))
        .collect();
    match spelling % 4 {
        0 => format!("\"{escaped}\""),
        1 => format!("\"\"\"\n{escaped}\\\n  \"\"\""),
        2 if !text.contains(['\'', '\r', '\n']) && !text.chars().any(char::is_control) => {
            format!("'{text}'")
        }
        _ => toml::Value::from(text).to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_secrets_are_the_rest_is_the_same(
        one in "(?s).{1,40}", other in "(?s).{1,40}", spelling in any::<u8>(), name in "[a-z]{1,9}",
    ) {
        let with = |one: &str, other: &str| format!(
            "# 家\r\n[owner]\nname = \"{name}\"\npassword = {one} # mine\nx = [ 1,\n 2 ]\n[ddns]\nsecret={other}\n"
        );
        let text = with(&spelt(&one, spelling), &spelt(&other, spelling / 4));
        let removed = "\"(removed)\"";
        prop_assert_eq!(without_secrets(&text), with(removed, removed));
        prop_assert_eq!(without_secrets(&with(removed, removed)), with(removed, removed));
    }

    #[test]
    fn any_text_without_secrets_is_so_already(text in "[a-z \\[\\]=\"'\n]{0,60}") {
        let once = without_secrets(&text);
        if !text.contains(['p', 's', 't', 'h']) {
            prop_assert_eq!(&once, &text);
        }
    }
}
