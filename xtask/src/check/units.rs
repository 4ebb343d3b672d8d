//! systemd-analyze verify over the units of the overlay and of the tests, in a root of their own:
//! systemd's units, ours, and an empty program wherever one of ours starts one.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ::image::sandbox;
use ::image::tools::Tools;
use anyhow::{Context, Result};

use super::sources::Source;
use super::{Complaint, Outcome};

const SYSTEM: &str = "usr/lib/systemd/system";
const KINDS: [&str; 6] = [
    ".service", ".socket", ".timer", ".path", ".mount", ".target",
];

/// # Errors
/// systemd-analyze could not be run.
pub fn check(sources: &[Source], tools: &Tools) -> Outcome {
    let units: Vec<&Source> = sources
        .iter()
        .filter(|source| is_unit(&source.path))
        .collect();
    // It keeps its runtime directory there.
    fs_err::create_dir_all(tools.file("run"))?;
    sandbox::tmpfs(&tools.file("run"), 16 << 20)?;
    // /tmp is the same in the tools' root.
    let root = tempfile::tempdir()?;
    copy_units(&tools.file(SYSTEM), &root.path().join(SYSTEM))?;
    for unit in &units {
        let to = root.path().join(SYSTEM).join(name(&unit.path));
        fs_err::write(to, &unit.text)?;
        programs(&unit.text).try_for_each(|program| stand_in(root.path(), program))?;
    }
    let output = tools
        .cmd("systemd-analyze")
        .args(["verify", "--man=no", "--recursive-errors=no"])
        .arg(format!("--root={}", root.path().display()))
        .args(units.iter().map(|unit| name(&unit.path)))
        .env("SYSTEMD_LOG_TARGET", "console")
        .env("SYSTEMD_LOG_COLOR", "0");
    let (status, said) = both(output)?;
    let there = format!("{}/{SYSTEM}/", root.path().display());
    let lines = said
        .lines()
        .map(|line| line.trim().trim_start_matches(&there));
    let complaints: Vec<Complaint> = lines.filter_map(|line| complaint(line, &units)).collect();
    anyhow::ensure!(
        status || !complaints.is_empty(),
        "systemd-analyze is not content: {said}",
    );
    Ok(complaints)
}

/// Whether it ended well, and everything that it said.
fn both(command: cmd::Cmd) -> Result<(bool, String)> {
    let mut said = String::new();
    let result = command.run_with(|line| said += &format!("{line}\n"));
    match result {
        Ok(()) => Ok((true, said)),
        Err(cmd::Error::Failed { .. }) => Ok((false, said)),
        Err(error) => Err(error).context("checking units"),
    }
}

/// D-Bus has files of that name too: they say what it starts.
fn is_unit(path: &str) -> bool {
    KINDS.iter().any(|kind| path.ends_with(kind)) && !path.contains("/dbus-1/")
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Lines that name one of our units, most of them as `keeperd.service:12: Unknown key`; others are
/// about systemd's own.
fn complaint(line: &str, units: &[&Source]) -> Option<Complaint> {
    let unit = units.iter().find(|unit| line.contains(name(&unit.path)))?;
    let located = line
        .strip_prefix(name(&unit.path))
        .and_then(|rest| rest.strip_prefix(':'));
    let located = located.and_then(|rest| rest.split_once(':'));
    let located = located.filter(|(row, _)| row.parse::<u32>().is_ok());
    let (place, what) = match located {
        Some((row, what)) => (format!("{}:{row}", unit.path), what.trim()),
        None => (unit.path.clone(), line),
    };
    Some(Complaint::new(
        place,
        what,
        "mend the unit, then: cargo xtask check",
    ))
}

/// Absolute paths of the programs that a unit starts.
fn programs(unit: &str) -> impl Iterator<Item = &str> {
    let commands = unit.lines().filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        key.starts_with("Exec").then_some(value)
    });
    let words = commands.filter_map(|value| value.split_whitespace().next());
    words
        .map(|word| word.trim_start_matches(['-', '@', ':', '+', '!', '|']))
        .filter(|word| word.starts_with('/'))
}

/// An empty program at a path of `root`.
fn stand_in(root: &Path, program: &str) -> Result<()> {
    let path = root.join(program.trim_start_matches('/'));
    fs_err::create_dir_all(path.parent().context("a program in a directory")?)?;
    fs_err::write(&path, "")?;
    Ok(fs_err::set_permissions(
        &path,
        std::fs::Permissions::from_mode(0o755),
    )?)
}

/// systemd's own units, without what is enabled among them.
fn copy_units(from: &Path, to: &Path) -> Result<()> {
    fs_err::create_dir_all(to)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        if entry.path().is_file() {
            fs_err::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_behind_their_prefixes() {
        let unit = "[Service]\nExecStart=-/bin/a x\nExecStopPost=+/bin/b\nExecReload=c\nUser=/d\n";
        assert_eq!(programs(unit).collect::<Vec<_>>(), ["/bin/a", "/bin/b"]);
    }

    #[test]
    fn only_our_units_are_complained_of() {
        let unit = Source {
            path: "overlay/x/keeperd.service".into(),
            text: String::new(),
        };
        let found = complaint("keeperd.service:3: Unknown key 'Foo'", &[&unit]).unwrap();
        assert_eq!(
            (&*found.place, &*found.what),
            ("overlay/x/keeperd.service:3", "Unknown key 'Foo'")
        );
        let found = complaint("keeperd.service: Command /x is not executable", &[&unit]).unwrap();
        assert_eq!(found.place, "overlay/x/keeperd.service");
        assert_eq!(complaint("ssh.service: bad", &[&unit]), None);
        assert!(is_unit("a/b.timer") && !is_unit("a/b.service.d/keeper.conf"));
        assert!(!is_unit("a/dbus-1/services/org.example.service"));
    }
}
