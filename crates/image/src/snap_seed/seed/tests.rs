//! Tables of seeds: good, odd and none.

use super::*;

/// As the vendor's tools, snapd itself and people write it.
const VENDOR: &str = "# made by hand\nsnaps:\n-\n  name: core20\n  channel: 1.10\n  file: 'core20_1.snap'\n\
    -   file: lxd_5.snap\n    name: \"lxd\"\n\n    x-new:\n      - a\n      # odd\n";

fn parse(text: &str) -> Seed {
    Seed::parse(text).unwrap()
}

#[test]
fn what_the_vendor_has_stays_and_what_is_new_comes() {
    let prepared = "snaps:\n- name: core20\n  file: core20_1.snap\n- name: lxd\n  file: lxd_9.snap\n\
        - name: chromium\n  channel: latest/stable\n  file: chromium_3.snap\n  classic: false\n";
    let merged = parse(VENDOR).merge(parse(prepared));
    assert_eq!(merged.added, ["chromium_3.snap"]);
    assert_eq!(
        merged.notes,
        ["the snap lxd stays at lxd_5.snap, the Store has lxd_9.snap"]
    );
    let expected = "# made by hand\nsnaps:\n\
        \x20 - name: core20\n    channel: 1.10\n    file: 'core20_1.snap'\n\
        \x20 - file: lxd_5.snap\n    name: \"lxd\"\n    x-new:\n      - a\n\
        \x20 - name: chromium\n    channel: latest/stable\n    file: chromium_3.snap\n    classic: false\n";
    let text = merged.seed.to_string();
    assert_eq!(text, expected);
    assert_eq!(parse(&text), merged.seed, "what is written is read again");
}

#[test]
fn an_empty_seed_takes_all() {
    for empty in ["snaps:\n", "snaps: []\n", "---\nsnaps: null"] {
        let merged = parse(empty).merge(parse(VENDOR));
        assert_eq!(merged.added, ["core20_1.snap", "lxd_5.snap"]);
        assert_eq!(parse(empty).to_string(), "snaps: []\n");
    }
    assert_eq!(parse(VENDOR).merge(Seed::default()).seed, parse(VENDOR));
}

#[test]
fn what_is_no_seed_is_refused() {
    for (text, reason) in [
        ("", "it has no list `snaps:`"),
        ("- a\n", "line 1: - a: `snaps:` is expected here"),
        (
            "snaps: {}\n",
            "line 1: snaps: {}: `snaps:` is expected here",
        ),
        (
            "snaps:\nother: 1\n",
            "line 2: other: 1: an entry begins with a hyphen",
        ),
        (
            "snaps:\n- name: a\n  file: x\nother: 1\n",
            "line 4: other: 1: it is not indented",
        ),
        (
            "snaps:\n  - name: a\n   file: x\n",
            "line 3:    file: x: it is not indented",
        ),
        ("snaps:\n-\tname: a\n", "line 2: "),
        ("snaps:\n\t- name: a\n", "line 2: \t- name: a: a tab"),
        (
            "snaps:\n-\n",
            "the snap with the line \"\" has 0 lines `name:`",
        ),
        (
            "snaps:\n- {name: a, file: x}\n",
            "the snap with the line \"{name: a, file: x}\" has 0 lines",
        ),
        (
            "snaps:\n- name: a\n",
            "the snap with the line \"name: a\" has 0 lines `file:`",
        ),
        (
            "snaps:\n- name: a\n  name: b\n  file: x\n",
            "the snap with the line \"name: a\" has 2 lines `name:`",
        ),
        (
            "snaps:\n- name: a\n  file: ../a\n",
            "a snap has the file \"../a\"",
        ),
        (
            "snaps:\n- name: a # b\n  file: a\n",
            "a snap has the name \"a # b\"",
        ),
        (
            "snaps:\n- name: &a a\n  file: a\n",
            "a snap has the name \"&a a\"",
        ),
        (
            "snaps:\n- name: a\n  file: x\n- name: a\n  file: y\n",
            "two snaps have the name \"a\"",
        ),
        (
            "snaps:\n- name: a\n  file: x\n- name: b\n  file: x\n",
            "two snaps have the file \"x\"",
        ),
    ] {
        let error = Seed::parse(text).expect_err(reason);
        let said = format!("{error:#}");
        assert!(said.starts_with(reason), "{said:?} instead of {reason:?}");
    }
}
