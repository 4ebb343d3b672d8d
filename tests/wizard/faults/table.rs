//! What is answered wrongly, where, and what is said to it in English. One row for each way in which a
//! field can be wrong; the rules are in the `setup` crate.
//!
//! Sentences that no row gives stand in `words::wizard::faults` for pairs of field and reason that no rule
//! makes: they keep that function whole.

mod tunnel;

use setup::{Field, Reason};

/// How a value comes into its field.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Typed,
    /// Typed so many times.
    Long(usize),
    /// By the arrow keys.
    Chosen,
    /// It is ticked.
    On,
    /// The tick is taken away.
    Off,
    /// The page does not offer it.
    Forged,
}

/// Answers, and what becomes of them.
#[derive(Debug)]
pub struct Row {
    /// What is wrong.
    pub field: Field,
    pub reason: Reason,
    /// In this order. All other fields of the page have good answers.
    pub given: &'static [(Field, Kind, &'static str)],
    /// A part of the sentence.
    pub words: &'static str,
    /// Whether the browser knows it before anything is sent.
    pub live: bool,
}

fn row(
    field: Field,
    reason: Reason,
    given: &'static [(Field, Kind, &'static str)],
    words: &'static str,
) -> Row {
    Row {
        field,
        reason,
        given,
        words,
        live: false,
    }
}

fn live(
    field: Field,
    reason: Reason,
    given: &'static [(Field, Kind, &'static str)],
    words: &'static str,
) -> Row {
    Row {
        live: true,
        ..row(field, reason, given, words)
    }
}

const NOT_FIT: &str = "This does not fit. ";
const NEEDED: &str = "This is needed.";
const UNTYPABLE: &str = "cannot be typed when logging in";

pub fn rows() -> Vec<Row> {
    let mut rows = of_the_place();
    rows.extend(of_the_network());
    rows.extend(of_the_owner());
    rows.extend(of_the_notebook());
    rows.extend(tunnel::of_the_tunnel());
    rows.extend(tunnel::of_the_public_name());
    rows.extend(of_the_approval());
    rows
}

fn of_the_place() -> Vec<Row> {
    use Field::{Hostname, Keyboard, Language, Timezone};
    use Kind::{Forged, Typed};
    use Reason::{Form, Missing};
    vec![
        row(Language, Missing, &[(Language, Forged, "")], "Choose one."),
        row(
            Language,
            Form,
            &[(Language, Forged, "fr")],
            "Choose one of those shown.",
        ),
        row(Keyboard, Missing, &[(Keyboard, Forged, "")], "Choose one."),
        row(
            Keyboard,
            Form,
            &[(Keyboard, Forged, "us,de")],
            "Choose a keyboard.",
        ),
        live(Timezone, Missing, &[(Timezone, Typed, "")], NEEDED),
        live(
            Timezone,
            Form,
            &[(Timezone, Typed, "/etc/passwd")],
            "There is no such time zone.",
        ),
        // Only the device knows which there are.
        row(
            Timezone,
            Form,
            &[(Timezone, Typed, "Asia/Tokio")],
            "There is no such time zone.",
        ),
        live(Hostname, Missing, &[(Hostname, Typed, "")], NEEDED),
        live(
            Hostname,
            Form,
            &[(Hostname, Typed, "My Pi")],
            "Lower-case letters, digits and hyphens.",
        ),
        row(Hostname, Form, &[(Hostname, Typed, "localhost")], NOT_FIT),
    ]
}

fn of_the_network() -> Vec<Row> {
    use Field::{Wifi, WifiCountry, WifiName};
    use Kind::{Chosen, Forged, Typed};
    use Reason::{Characters, Form, Missing};
    vec![
        row(
            WifiCountry,
            Missing,
            &[(WifiCountry, Chosen, "")],
            "Choose one.",
        ),
        row(
            WifiCountry,
            Form,
            &[(WifiCountry, Forged, "Japan")],
            NOT_FIT,
        ),
        // The browser counts characters, and the radio bytes.
        row(
            WifiName,
            Form,
            &[(WifiName, Typed, "ねこねこねこねこねこねこ")],
            "1 to 32 bytes",
        ),
        row(
            WifiName,
            Characters,
            &[(WifiName, Typed, "a\u{7}b")],
            UNTYPABLE,
        ),
        row(
            Wifi,
            Missing,
            &[(WifiName, Typed, "Downstairs"), (Wifi, Typed, "")],
            "Type the network’s password, or tick below that it has none.",
        ),
        live(Wifi, Form, &[(Wifi, Typed, "short")], "8 to 63 characters."),
        row(Wifi, Form, &[(Wifi, Typed, "ねこねこねこねこ")], NOT_FIT),
        row(
            Wifi,
            Characters,
            &[(Wifi, Typed, "1234\u{7}5678")],
            UNTYPABLE,
        ),
    ]
}

fn of_the_owner() -> Vec<Row> {
    use Field::{Again, Keys, Owner, Password};
    use Kind::{Long, Typed};
    use Reason::{Characters, Common, Differs, Form, Line, Missing, PrivateKey, Short, Taken};
    vec![
        live(Owner, Missing, &[(Owner, Typed, "")], NEEDED),
        live(
            Owner,
            Form,
            &[(Owner, Typed, "Hanako")],
            "beginning with a letter",
        ),
        row(
            Owner,
            Taken,
            &[(Owner, Typed, "root")],
            "The system itself uses this name.",
        ),
        live(Password, Missing, &[(Password, Typed, "")], NEEDED),
        live(
            Password,
            Short,
            &[(Password, Typed, "123456789"), (Again, Typed, "123456789")],
            "Use at least 10 characters.",
        ),
        row(
            Password,
            Common,
            &[
                (Password, Typed, "1234567890"),
                (Again, Typed, "1234567890"),
            ],
            "too easy to guess",
        ),
        row(
            Password,
            Characters,
            &[
                (Password, Typed, "quiet\u{7}heron-42"),
                (Again, Typed, "quiet\u{7}heron-42"),
            ],
            UNTYPABLE,
        ),
        // As many characters as the browser takes, and more bytes than a login does.
        row(
            Password,
            Form,
            &[
                (Password, Long(30), "ねこいぬ"),
                (Again, Long(30), "ねこいぬ"),
            ],
            "At least 10 characters.",
        ),
        row(
            Again,
            Differs,
            &[
                (Password, Typed, "quiet-heron-42"),
                (Again, Typed, "quiet-heron-43"),
            ],
            "The two passwords differ.",
        ),
        row(
            Keys,
            PrivateKey,
            &[(
                Keys,
                Typed,
                "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n",
            )],
            "This is a private key, which must never leave your computer.",
        ),
        row(
            Keys,
            Line(3),
            &[(Keys, Typed, "\n\nssh-ed25519 AAAA")],
            "Line 3: Not an SSH public key",
        ),
        row(
            Keys,
            Form,
            &[(
                Keys,
                Long(200),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me\n",
            )],
            "Not an SSH public key",
        ),
    ]
}

fn of_the_notebook() -> Vec<Row> {
    use Field::{Notebooks, ReloadMinutes, Runtime};
    use Kind::{Forged, Long, Typed};
    use Reason::{Form, Line, Missing};
    vec![
        row(Runtime, Missing, &[(Runtime, Forged, "")], "Choose one."),
        row(
            Runtime,
            Form,
            &[(Runtime, Forged, "kaggle")],
            "Choose one of those shown.",
        ),
        row(
            Notebooks,
            Line(2),
            &[(Notebooks, Typed, "https://a.example/\nfile:///x")],
            "Line 2: Not an address that begins with https:// or http://.",
        ),
        row(
            Notebooks,
            Form,
            &[(Notebooks, Long(900), "https://a.example/x\n")],
            "Not an address",
        ),
        live(
            ReloadMinutes,
            Missing,
            &[(ReloadMinutes, Typed, "")],
            NEEDED,
        ),
        live(
            ReloadMinutes,
            Form,
            &[(ReloadMinutes, Typed, "1e3")],
            "From 1 to 1440.",
        ),
        row(
            ReloadMinutes,
            Form,
            &[(ReloadMinutes, Typed, "0")],
            "From 1 to 1440.",
        ),
        row(
            ReloadMinutes,
            Form,
            &[(ReloadMinutes, Typed, "1441")],
            "From 1 to 1440.",
        ),
    ]
}

/// On the last page of the settings.
fn of_the_approval() -> Vec<Row> {
    use Field::{Approval, Approver};
    use Kind::{Long, Typed};
    use Reason::{Characters, Form, Missing};
    vec![
        live(
            Approver,
            Missing,
            &[(Approver, Typed, ""), (Approval, Typed, "old")],
            NEEDED,
        ),
        row(
            Approver,
            Form,
            &[(Approver, Typed, "a b"), (Approval, Typed, "old")],
            "may use sudo on the device",
        ),
        live(
            Approval,
            Missing,
            &[(Approver, Typed, "taro"), (Approval, Typed, "")],
            NEEDED,
        ),
        row(
            Approval,
            Characters,
            &[(Approver, Typed, "taro"), (Approval, Typed, "a\u{7}b")],
            UNTYPABLE,
        ),
        row(
            Approval,
            Form,
            &[(Approver, Typed, "taro"), (Approval, Long(50), "ねこいぬ")],
            "Choose one of those shown.",
        ),
    ]
}
