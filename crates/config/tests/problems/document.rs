//! Keys, sections and files that are not what they should be.

use crate::{problems, refused};
use config::parse;

#[test]
fn unknown_keys() {
    for (toml, message) in [
        (
            "[browser]\nreload_minuts = 5",
            "2: browser.reload_minuts: unknown key; did you mean browser.reload_minutes?",
        ),
        (
            "[browser]\nReload-Minutes = 5",
            "2: browser.Reload-Minutes: unknown key; did you mean browser.reload_minutes?",
        ),
        (
            "[browser]\nhostname = \"a\"",
            "2: browser.hostname: unknown key; did you mean device.hostname?",
        ),
        (
            "[ssh]\nx = 1",
            "2: ssh.x: unknown key; [ssh] knows password_login, authorized_keys",
        ),
        (
            "display = \"hdmi\"",
            "1: display: unknown key; did you mean device.display?",
        ),
        (
            "[browsr]",
            "1: [browsr]: unknown section; did you mean [browser]?",
        ),
        (
            "[wifi]\nssid = 1",
            "1: [wifi]: unknown section; the sections are [browser], [ddns], [device], [notify], [router], [ssh], [tunnel]",
        ),
        ("ssh = true", "1: ssh = true: expected a table, [ssh]"),
        (
            "ssh = \"text\"",
            "1: ssh = (not shown): expected a table, [ssh]",
        ),
        ("[[ssh]]", "1: ssh = […]: expected a table, [ssh]"),
    ] {
        refused(toml, message);
    }
}

#[test]
fn all_problems_at_once_in_the_order_of_their_lines() {
    let found = problems(
        "[ssh]\nkeys = 1\n[browser]\nmode = \"tv\"\nkeep_hours = 0\n[device]\nlanguage = \"x\"\n",
    );
    let lines: Vec<_> = found.iter().map(|line| &line[..2]).collect();
    assert_eq!(lines, ["2:", "4:", "5:", "7:"]);
    assert_eq!(problems(&"x = 1\n".repeat(2)).len(), 1);
    let many: String = (0..100).map(|n| format!("x{n} = 1\n")).collect();
    assert_eq!(
        problems(&many).last().map(String::as_str),
        Some(" 60 more problems are not shown")
    );
}

#[test]
fn not_toml() {
    refused(
        "[browser\n",
        "1: this is not TOML: unclosed table, expected `]`",
    );
    refused("[ssh]\n[ssh]\n", "2: this is not TOML: duplicate key");
    for text in [
        "\0",
        "\u{feff}\u{feff}",
        &"[".repeat(60_000),
        &"a.".repeat(30_000),
        "<html>",
        "a = [[[[",
        "\"\"\"",
    ] {
        assert!(parse(text).is_err());
    }
    refused(
        &"#".repeat(65 * 1024),
        " the file is longer than 65536 bytes",
    );
}
