//! The notice in English, in lines of at most 80 characters but for what a preset's problems and fingerprints need.

use super::{Notice, SETUP_NAME, Words, in_lines};
use crate::code::Code;

pub(super) fn lines(notice: &Notice<'_>, words: Words) -> Vec<String> {
    let mut lines = match notice.code {
        Some(code) => to_set_up(notice, words, code),
        None => set_up(notice, words),
    };
    lines.push(String::new());
    lines
}

fn to_set_up(notice: &Notice<'_>, words: Words, code: &Code) -> Vec<String> {
    let mut lines = say(&["Colab Keeper: this device is waiting to be set up.", ""]);
    lines.extend(problems(notice));
    lines.extend(remarks(notice));
    lines.extend(without_address(notice));
    lines.extend(say(&[
        "On a computer in the same network:",
        "",
        "1. Open a remote desktop program: Remote Desktop Connection (Windows),",
        "   Windows App (macOS), Remmina (Linux).",
    ]));
    lines.push(format!("2. Connect to:  {}", notice.local_name()));
    lines.extend(
        notice
            .addresses
            .iter()
            .map(|address| format!("   or to:       {address}")),
    );
    lines.extend(fingerprint(
        notice,
        words,
        "3. Before you accept its certificate, compare the fingerprint:",
        "   If another is shown, do not go on.",
    ));
    lines.push(format!("4. User name:   {SETUP_NAME}"));
    lines.push(format!("   Password:    {}", code.reveal()));
    lines.extend(say(&[
        "",
        "The password belongs to this device alone, and ends when it is set up.",
    ]));
    lines
}

fn set_up(notice: &Notice<'_>, words: Words) -> Vec<String> {
    let name = notice.local_name();
    let mut lines = say(&["Colab Keeper: this device is set up.", ""]);
    lines.extend(problems(notice));
    lines.extend(remarks(notice));
    lines.push(format!("Name:            {name}"));
    lines.extend(
        notice
            .addresses
            .iter()
            .map(|address| format!("Address:         {address}")),
    );
    lines.push(format!(
        "Remote desktop:  {name}, with your own name and password"
    ));
    lines.push(format!("SSH:             ssh YOUR-NAME@{name}"));
    lines.push(String::new());
    lines.extend(without_address(notice));
    lines.extend(fingerprint(
        notice,
        words,
        "Fingerprint of the remote desktop's certificate:",
        "   If another is shown, do not go on.",
    ));
    if words == Words::File {
        lines.extend(say(&[
            "",
            "To give the device to somebody else, or to begin anew: make an empty file",
            "keeper-reset.txt beside this one and start the device. All accounts, their",
            "files and all settings are removed.",
        ]));
    }
    lines
}

fn problems(notice: &Notice<'_>) -> Vec<String> {
    if notice.problems.is_empty() {
        return Vec::new();
    }
    let mut lines = say(&["keeper.toml on the boot partition was not used:", ""]);
    lines.extend(
        notice
            .problems
            .iter()
            .map(|problem| format!("   {problem}")),
    );
    lines.extend(say(&[
        "",
        "Mend the file and start the device again, or go on without it.",
        "",
    ]));
    lines
}

fn remarks(notice: &Notice<'_>) -> Vec<String> {
    if notice.remarks.is_empty() {
        return Vec::new();
    }
    let mut lines = say(&["Please note:", ""]);
    lines.extend(notice.remarks.iter().map(|remark| format!("   {remark}")));
    lines.push(String::new());
    lines
}

fn without_address(notice: &Notice<'_>) -> Vec<String> {
    if !notice.addresses.is_empty() {
        return Vec::new();
    }
    say(&[
        "The device has no address on the network yet.",
        "   With a cable: connect it to your router and wait for a minute.",
        "   Wi-Fi alone: switch the device off, put its card into a computer, fill in",
        "   network-config (or keeper.toml) on the boot partition, and start it again.",
        "",
    ])
}

fn fingerprint(notice: &Notice<'_>, words: Words, before: &str, after: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (method, value) in notice.fingerprints() {
        lines.push(format!("   {method}"));
        lines.extend(
            in_lines(value, words)
                .iter()
                .map(|line| format!("   {line}")),
        );
    }
    if lines.is_empty() {
        return lines;
    }
    lines.insert(0, before.to_owned());
    lines.push(after.to_owned());
    lines
}

fn say(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}
