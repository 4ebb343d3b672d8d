//! What a person reads, in each state of a device.

use super::*;

const FINGERPRINT: &str = "AB:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:CD";

fn code() -> Code {
    Code::parse("k7pd-2mxq-9trwv").expect("a code")
}

fn notice<'a>(
    code: Option<&'a Code>,
    addresses: &'a [String],
    problems: &'a [String],
) -> Notice<'a> {
    Notice {
        hostname: "colab-keeper",
        addresses,
        code,
        fingerprint: Some(FINGERPRINT),
        problems,
        remarks: &[],
    }
}

#[test]
fn what_else_there_is_to_say_is_said_apart_from_a_presets_problems() {
    let (code, remarks) = (code(), ["something is left".to_owned()]);
    for code in [Some(&code), None] {
        let mut notice = notice(code, &[], &[]);
        notice.remarks = &remarks;
        let text = notice.text(Words::File);
        assert_eq!(
            text.matches("   something is left\r\n").count(),
            2,
            "{text}"
        );
        assert!(
            text.contains("Please note:") && text.contains("お知らせ:"),
            "{text}"
        );
        assert!(!text.contains("keeper.toml on the boot"), "{text}");
    }
}

#[test]
fn a_new_device_on_its_console() {
    let (code, addresses) = (code(), ["192.168.1.20".to_owned()]);
    let text = notice(Some(&code), &addresses, &[]).text(Words::Console);
    assert_eq!(
        text,
        "Colab Keeper: this device is waiting to be set up.

On a computer in the same network:

1. Open a remote desktop program: Remote Desktop Connection (Windows),
   Windows App (macOS), Remmina (Linux).
2. Connect to:  colab-keeper.local
   or to:       192.168.1.20
3. Before you accept its certificate, compare the fingerprint:
   SHA-256
   AB:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F
   10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:CD
   If another is shown, do not go on.
4. User name:   setup
   Password:    k7pd-2mxq-9trwv

The password belongs to this device alone, and ends when it is set up.

"
    );
}

#[test]
fn in_the_file_both_languages_tell_all_of_it_and_lines_end_as_windows_wants() {
    let (code, addresses) = (code(), ["192.168.1.20".to_owned(), "fd00::20".to_owned()]);
    let problems =
        ["keeper.toml:3: browser.mode = \"tv\": expected \"kiosk\" or \"window\"".to_owned()];
    let text = notice(Some(&code), &addresses, &problems).text(Words::File);
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(text.ends_with("\r\n"));
    let (english, japanese) = text
        .split_once("Colab Keeper: この")
        .expect("Japanese after English");
    for part in [english, japanese] {
        for told in [
            "192.168.1.20",
            "fd00::20",
            "colab-keeper.local",
            "setup\r\n",
            "k7pd-2mxq-9trwv\r\n",
            FINGERPRINT,
            &problems[0],
        ] {
            assert!(part.contains(told), "{told}: {part}");
        }
    }
}

#[test]
fn without_an_address_it_says_what_to_do() {
    let code = code();
    let text = notice(Some(&code), &[], &[]).text(Words::File);
    assert!(text.contains("no address on the network yet"));
    assert!(text.contains("アドレスがありません"));
    assert!(text.contains("colab-keeper.local"), "the name may do");
    let there = ["10.0.0.2".to_owned()];
    let text = notice(Some(&code), &there, &[]).text(Words::File);
    assert!(!text.contains("no address") && !text.contains("ありません。"));
}

#[test]
fn a_device_with_an_owner_tells_how_it_is_reached_and_no_code() {
    let addresses = ["192.168.1.20".to_owned()];
    let notice = notice(None, &addresses, &[]);
    let (console, file) = (notice.text(Words::Console), notice.text(Words::File));
    for text in [&console, &file] {
        for told in [
            "Address:         192.168.1.20",
            "Remote desktop:  colab-keeper.local",
            "ssh YOUR-NAME@colab-keeper.local",
            "AB:01:02",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        assert!(!text.contains("Password") && !text.contains("setup"));
    }
    assert!(file.contains("keeper-reset.txt") && !console.contains("keeper-reset"));
    assert!(console.is_ascii());
}

#[test]
fn fingerprints_are_named_and_absent_before_there_is_one() {
    let code = code();
    let mut notice = notice(Some(&code), &[], &[]);
    notice.fingerprint = Some("sha256 AB:CD\nsha1 EF:01\n");
    let text = notice.text(Words::Console);
    assert!(
        text.contains("   SHA-256\n   AB:CD\n   SHA-1\n   EF:01\n"),
        "{text}"
    );
    for none in [None, Some(""), Some("\n")] {
        notice.fingerprint = none;
        assert!(!notice.text(Words::File).contains("SHA"));
        assert!(!notice.text(Words::File).contains("certificate"));
    }
}

#[test]
fn the_console_is_80_columns_wide_and_nothing_steers_it() {
    let code = code();
    let problems = ["x\u{1b}[2J\ry".to_owned()];
    for (code, addresses) in [(Some(&code), vec![]), (None, vec!["fd00::1".to_owned()])] {
        let text = notice(code, &addresses, &problems).text(Words::Console);
        let widest = text.lines().map(str::len).max();
        assert!(widest <= Some(80), "{widest:?}");
        assert!(text.contains("   x?[2J?y\n"));
    }
}
