//! Where the device says what it is and how to reach it: `keeper-setup.txt` on the boot partition, and the console. The
//! words are the `setup` crate's.

use std::io::Write as _;
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use fs_err::os::unix::fs::OpenOptionsExt as _;
use rustix::fs::OFlags;
use setup::{Notice, Words};

use super::{Place, RUN, code};
use crate::change::is_set_up;
use crate::{disk, reset};

/// On the boot partition.
const FILE: &str = "keeper-setup.txt";
/// What getty shows above its question for a name.
const ISSUE_DIR: &str = "run/issue.d";
const ISSUE: &str = "50-keeper.issue";
const RELOAD: &str = "run/agetty.reload";
/// The console that a monitor shows.
const CONSOLE: &str = "dev/tty1";
/// The device's certificate for RDP.
const CERTIFICATE: &str = "etc/xrdp/keeper/cert.pem";
/// What they are, for who asks by another name: `sha256 AB:…`, `sha1 AB:…`.
const FINGERPRINTS: &str = "run/keeper-rdp-fingerprint";
/// Why a start would be broken off: its unit has a limit.
const BROKEN_OFF: &str = "the last start took too long and was broken off: start the device again, and it goes on where it was";
/// More than all problems that are ever kept.
const MOST: u64 = 64 * 1024;

/// What is wrong with a preset is remembered until the next start.
fn problems_file(root: &Utf8Path) -> Utf8PathBuf {
    root.join(RUN).join("problems")
}

/// What else there is to say, until the next start.
fn remarks_file(root: &Utf8Path) -> Utf8PathBuf {
    root.join(RUN).join("remarks")
}

/// Remembers what is wrong with a preset, for each time that the notice is shown.
pub(super) fn remember(root: &Utf8Path, problems: &[String]) -> Result<()> {
    // keeperd shows them in the wizard; there is no secret in them.
    keep(&problems_file(root), problems, 0o644)
}

/// There while a start is under way, and afterwards if it was broken off.
fn begun_file(root: &Utf8Path) -> Utf8PathBuf {
    root.join(RUN).join("start-begun")
}

/// Notes that a start has begun: should it be broken off, whoever shows the notice later says so.
pub(super) fn begin(root: &Utf8Path) -> Result<()> {
    keep(&begun_file(root), &[BROKEN_OFF.to_owned()], 0o600)
}

/// Notes that it has come to its end.
pub(super) fn end(root: &Utf8Path) -> Result<()> {
    disk::remove(&begun_file(root))
}

/// Remembers what has failed, or has become of things, besides.
pub(super) fn remark(root: &Utf8Path, said: &[String]) -> Result<()> {
    if said.is_empty() {
        return Ok(());
    }
    let file = remarks_file(root);
    let mut all = kept(&file);
    all.extend_from_slice(said);
    keep(&file, &all, 0o600)
}

fn keep(file: &Utf8Path, said: &[String], mode: u32) -> Result<()> {
    let lines = said.iter().flat_map(|one| one.lines());
    let lines: String = lines.map(|line| format!("{line}\n")).collect();
    disk::make_dir(file.parent().context("a file in a directory")?)?;
    disk::write_changed(file, &lines, mode).map(drop)
}

fn kept(file: &Utf8Path) -> Vec<String> {
    let text = disk::read_bounded(file, MOST);
    let text = text.ok().flatten().unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Shows the notice wherever it is not shown yet, as it is now.
///
/// # Errors
/// It cannot be shown in one of its places; it is in the others.
pub fn show(place: &Place<'_>) -> Result<()> {
    let root = &place.root;
    let code = code::kept(root).filter(|_| !is_set_up(root));
    let prints = || place.house.fingerprint(&root.join(CERTIFICATE));
    let print = fingerprints(root).or_else(prints);
    let notice = Notice {
        hostname: &hostname(root),
        addresses: &place.house.addresses(),
        code: code.as_ref(),
        fingerprint: print.as_deref(),
        problems: &kept(&problems_file(root)),
        remarks: &[
            reset::left(root),
            kept(&begun_file(root)),
            kept(&remarks_file(root)),
        ]
        .concat(),
    };
    let on_console = clean(&notice.text(Words::Console));
    let shown = [
        on_card(place, &clean(&notice.text(Words::File))),
        before_login(root, &on_console).context("writing the notice for the console"),
        on_monitor(root, &on_console).context("writing to the console"),
    ];
    shown.into_iter().collect()
}

/// As the certificate's maker has noted them: some clients show SHA-1.
fn fingerprints(root: &Utf8Path) -> Option<String> {
    let text = disk::read_bounded(&root.join(FINGERPRINTS), 1024).ok()??;
    let is_print = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | ':' | '\n');
    (!text.trim().is_empty() && text.chars().all(is_print)).then_some(text)
}

/// The device's name, as far as it may be one.
pub(crate) fn hostname(root: &Utf8Path) -> String {
    let text = disk::read_bounded(&root.join("etc/hostname"), 256);
    let text = text.ok().flatten().unwrap_or_default();
    let name = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if name.is_empty() || !name.chars().all(plain) {
        return "colab-keeper".to_owned();
    }
    name.to_owned()
}

/// A preset's problems repeat what somebody has written: nothing of it is to steer a terminal.
fn clean(text: &str) -> String {
    let steers = |c: char| c.is_control() && c != '\n' && c != '\r';
    text.chars()
        .map(|c| if steers(c) { '?' } else { c })
        .collect()
}

fn on_card(place: &Place<'_>, text: &str) -> Result<()> {
    let Some(boot) = &place.boot else {
        return Ok(());
    };
    let written = disk::write_changed(&boot.join(FILE), text, 0o600).map(drop);
    written.context("writing the notice on the boot partition")
}

fn before_login(root: &Utf8Path, text: &str) -> Result<()> {
    let dir = root.join(ISSUE_DIR);
    disk::make_dir(&dir)?;
    // A backslash is getty's own sign. Root reads it there, and it has the setup code.
    let text = text.replace('\\', "\\\\");
    if disk::write_changed(&dir.join(ISSUE), &text, 0o600)? {
        // getty shows it anew when this file is touched; it makes the file itself when it starts.
        let reload = fs::OpenOptions::new().write(true).open(root.join(RELOAD));
        let _ = reload.map(|file| file.file().set_modified(SystemTime::now()));
    }
    Ok(())
}

/// A monitor shows it as soon as it is known, before getty asks for a name there. Once the device has an owner, the
/// console is a person's.
fn on_monitor(root: &Utf8Path, text: &str) -> Result<()> {
    let last = root.join(RUN).join("console");
    if is_set_up(root) {
        return disk::remove(&last);
    }
    let console = root.join(CONSOLE);
    disk::make_dir(&root.join(RUN))?;
    if !console.exists() || !disk::write_changed(&last, text, 0o600)? {
        return Ok(());
    }
    let flags = (OFlags::NOCTTY | OFlags::NONBLOCK).bits();
    let opened = fs::OpenOptions::new()
        .append(true)
        .custom_flags(flags.cast_signed())
        .open(console);
    // A unit may have no right to it, or the console no monitor: getty shows the same.
    let _ = opened.and_then(|mut console| console.write_all(format!("\n{text}\n").as_bytes()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_preset_says_steers_a_terminal() {
        assert_eq!(
            clean("a\u{1b}[2J\u{9b}b\tc\r\n家\u{7f}"),
            "a?[2J?b?c\r\n家?"
        );
    }

    #[test]
    fn a_name_that_is_none_is_the_images() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        assert_eq!(hostname(root), "colab-keeper");
        fs::create_dir(root.join("etc")).expect("a directory");
        for (text, name) in [
            ("pi-2\n", "pi-2"),
            ("", "colab-keeper"),
            ("a b\n", "colab-keeper"),
            ("\u{1b}[2J", "colab-keeper"),
        ] {
            fs::write(root.join("etc/hostname"), text).expect("writing");
            assert_eq!(hostname(root), name, "{text:?}");
        }
    }
}
