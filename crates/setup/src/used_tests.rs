//! What is left of a preset.

use super::*;
use proptest::prelude::*;

#[test]
fn each_secret_and_each_comment_goes_and_everything_else_stays_byte_for_byte() {
    let text = "\u{feff}# by hand\r\n[owner]\r\nname = \"hanako\" \t# me\r\npassword = \"s3\\\"cret\"  # mine\r\n\
                password_hash = '$6$s3cret'\r\n\r\n[wifi]\r\nname = '''\r\npassword = \"家\"\r\n'''\r\n\
                \"password\"\t= \"\"\"\r\ns3cret\\\r\n  s3cret \"\" \r\n\"\"\"\r\n[ddns]\r\nprovider = \"desec\"\r\n\
                secret='''s3cret'''\r\n[ssh]\r\npassword_login = true\r\n[notify]\r\nwebhook = \"https://x/s3cret\"";
    let expected = "\u{feff}[owner]\r\nname = \"hanako\"\r\npassword = \"(removed)\"\r\n\
                    password_hash = \"(removed)\"\r\n\r\n[wifi]\r\nname = '''\r\npassword = \"家\"\r\n'''\r\n\
                    \"password\"\t= \"(removed)\"\r\n[ddns]\r\nprovider = \"desec\"\r\n\
                    secret=\"(removed)\"\r\n[ssh]\r\npassword_login = true\r\n[notify]\r\nwebhook = \"(removed)\"";
    assert_eq!(without_secrets(text).as_deref(), Some(expected));
}

#[test]
fn comments_go_and_what_only_looks_like_one_stays() {
    for (text, expected) in [
        ("# password = \"s3cret\"", ""),
        ("a = 1 # s3cret\n\t# s3cret\nb = 2", "a = 1\nb = 2"),
        ("[x] # \"\n# '\na = 1 # '''\n", "[x]\na = 1\n"),
        ("a = [ # s3cret\n 1, # s3cret\n]\n", "a = [\n 1,\n]\n"),
        ("a = \"#\\\"#\" # s3cret", "a = \"#\\\"#\""),
        ("a = '#\\' # s3cret", "a = '#\\'"),
        ("a = \"\" # s3cret\n'' = '#'", "a = \"\"\n'' = '#'"),
        (
            "a = \"\"\"\n# x\n\"\"\\\"\"\"\"\"\" # s3cret\n",
            "a = \"\"\"\n# x\n\"\"\\\"\"\"\"\"\"\n",
        ),
        ("a = '''#''''' # s3cret", "a = '''#'''''"),
        ("\"#\".'#' = 1", "\"#\".'#' = 1"),
    ] {
        assert_eq!(without_secrets(text).as_deref(), Some(expected), "{text}");
    }
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
        ("[wifi]\nkey = \"s\"", "[wifi]\nkey = \"(removed)\""),
        (
            "notebooks = [\"https://a/?password=x\"]",
            "notebooks = [\"https://a/?password=x\"]",
        ),
    ] {
        assert_eq!(without_secrets(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn of_a_text_that_is_no_toml_nothing_is_left() {
    for text in [
        "[owner\r\nname = \"a\"\r\npassword = \"s\"\r\n",
        "?\nPassword s",
        "secret = \"s\ns\"\ny = 1",
        "secret = '''\ns",
        "password = 1\npassword = 2",
    ] {
        assert_eq!(without_secrets(text), None, "{text}");
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
            "[\"家\"]\r\n[owner]\nname = \"{name}\"\npassword = {one}\nx = [ 1,\n 2 ]\n[ddns]\nsecret={other}\n"
        );
        let text = with(&spelt(&one, spelling), &spelt(&other, spelling / 4));
        let removed = "\"(removed)\"";
        let without = with(removed, removed);
        prop_assert_eq!(without_secrets(&text), Some(without.clone()));
        prop_assert_eq!(without_secrets(&without), Some(without));
    }

    #[test]
    fn what_a_comment_says_is_nowhere_in_what_is_left(
        lines in prop::collection::vec("[a-h]{3} = (1|\"[#a'\\\\\"]{0,3}\"|'[#a\"]{0,3}'|'''[#a'\n]{0,5}'''|\"\"\"[#a\"\n]{0,5}\"\"\")", 0..6),
        comment in "[#'\" a]{0,5}",
    ) {
        let text: String = lines.iter().map(|line| format!("{line} #{comment}s3cret\n")).collect();
        if let Some(left) = without_secrets(&text) {
            let values = |text: &str| text.parse::<toml::Table>().expect("it was read before");
            prop_assert_eq!(values(&left), values(&text));
            // Quotes may make of a comment the middle of a text: there it is a value, and stays.
            let said = |text: &str| text.matches("s3cret").count();
            let in_values: usize = values(&text).values().filter_map(|value| value.as_str()).map(said).sum();
            prop_assert_eq!(said(&left), in_values, "{}\n\n{}", text, left);
        }
    }
}
