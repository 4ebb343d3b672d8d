//! `keeper logs`: becomes journalctl, for the units that keep the notebooks.

use crate::cli::LogOptions;
use crate::words::say;
use anyhow::Result;
use camino::{Utf8Path, Utf8PathBuf};
use cmd::Cmd;
use std::io;
use std::os::unix::process::CommandExt as _;

/// Found through PATH.
pub(crate) const PROGRAM: &str = "journalctl";

/// Where the journal is: kept, or in memory until the disk is there.
pub(crate) const JOURNALS: [&str; 2] = ["/var/log/journal", "/run/log/journal"];

/// Units of the system.
const UNITS: [&str; 6] = [
    "keeperd.service",
    "keeper-apply.service",
    "keeper-apply-accounts.service",
    "keeper-browser-install.service",
    "keeper-firewall.service",
    "keeper-monitor.service",
];

/// Units of the desktop's session. journalctl's own option for these means the caller's session.
const USER_UNITS: [&str; 6] = [
    "keeper-kiosk.service",
    "keeper-kiosk-restart.service",
    "keeper-session.service",
    "keeper-display.service",
    "keeper-windows.service",
    "keeper-panel.service",
];

/// Why there are no lines.
#[derive(Debug)]
pub(crate) enum Error {
    /// The journal is there and closed to us.
    NotAllowed,
    /// The program could not be started.
    NotStarted { program: String, source: io::Error },
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Self::NotAllowed => say("not allowed to read the journal", &[]),
            Self::NotStarted { program, .. } => say("starting {}", &[program]),
        };
        f.write_str(&text)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotAllowed => None,
            Self::NotStarted { source, .. } => Some(source),
        }
    }
}

impl Error {
    /// What to type next.
    pub(crate) fn hint(&self) -> String {
        let hint = match self {
            Self::NotAllowed => {
                "use sudo, or an account in the group adm or systemd-journal: `sudo adduser NAME systemd-journal`"
            }
            Self::NotStarted { .. } => "this works on the device itself, which has systemd",
        };
        say(hint, &[])
    }
}

/// Shows the lines. Returns only what went wrong before it began.
pub(crate) fn run(options: &LogOptions) -> Result<()> {
    if is_closed(&options.journal) {
        return Err(Error::NotAllowed.into());
    }
    let journalctl = Cmd::new(&options.program).args(arguments(options));
    let source = journalctl.inherit_stdin().command().exec();
    let program = options.program.to_string();
    Err(Error::NotStarted { program, source }.into())
}

fn arguments(options: &LogOptions) -> Vec<String> {
    let mut arguments = Vec::new();
    arguments.extend(options.lines.map(|count| format!("--lines={count}")));
    arguments.extend(options.follow.then(|| "--follow".to_owned()));
    let since = options.since.as_ref();
    arguments.extend(since.map(|since| format!("--since={since}")));
    // What a unit's programs say, and what systemd says of it; fields of one name are alternatives, and
    // so is what is on both sides of a "+".
    let units = |field: &str, units: &[&str]| -> Vec<String> {
        units.iter().map(|unit| format!("{field}={unit}")).collect()
    };
    let groups = [
        units("_SYSTEMD_UNIT", &UNITS),
        units("UNIT", &UNITS),
        units("_SYSTEMD_USER_UNIT", &USER_UNITS),
        units("USER_UNIT", &USER_UNITS),
    ];
    arguments.extend(groups.join(&"+".to_owned()));
    arguments
}

/// Whether there is a journal of which we may read nothing. journalctl would show an empty one.
fn is_closed(places: &[Utf8PathBuf]) -> bool {
    let mut found = false;
    for place in places {
        for file in files(place) {
            match std::fs::File::open(file) {
                Ok(_) => return false,
                Err(error) => found |= error.kind() == io::ErrorKind::PermissionDenied,
            }
        }
    }
    found
}

/// The system's journal of each machine that has written there: mostly one.
fn files(place: &Utf8Path) -> impl Iterator<Item = std::path::PathBuf> {
    let machines = std::fs::read_dir(place).into_iter().flatten().flatten();
    machines.map(|machine| machine.path().join("system.journal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> LogOptions {
        LogOptions {
            lines: None,
            follow: false,
            since: None,
            program: PROGRAM.into(),
            journal: Vec::new(),
        }
    }

    #[test]
    fn options_are_passed_on() {
        let none = arguments(&options());
        assert_eq!(none[0], "_SYSTEMD_UNIT=keeperd.service");
        assert!(none.contains(&"_SYSTEMD_USER_UNIT=keeper-kiosk.service".to_owned()));
        assert_eq!(none.iter().filter(|one| *one == "+").count(), 3);
        let all = arguments(&LogOptions {
            lines: std::num::NonZeroU32::new(5),
            follow: true,
            since: Some("-1h --all".into()),
            ..options()
        });
        assert_eq!(all[..3], ["--lines=5", "--follow", "--since=-1h --all"]);
        assert_eq!(all[3..], none);
    }

    #[test]
    fn a_journal_that_is_not_there_is_not_closed() {
        assert!(!is_closed(&["/nowhere".into()]));
        let dir = tempfile::tempdir().expect("a scratch directory");
        let place = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        assert!(!is_closed(std::slice::from_ref(&place)));
        std::fs::create_dir(dir.path().join("machine")).expect("a directory");
        assert!(!is_closed(std::slice::from_ref(&place)));
    }
}
