//! Reading profiles, with errors that name the file, the place and what would be right.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use toml::{Table, Value};

use super::{Browser, Profile};
use crate::hint::Hint;

/// The key by which a profile names the one that it differs from.
const INHERIT: &str = "inherit";
/// Longer chains of inheritance are circles.
const DEPTH: usize = 8;

/// The profile `dir/<name>.toml`, with what it inherits.
///
/// # Errors
/// There is none (the hint names the known ones), or it does not hold what a profile holds.
pub fn load(dir: &Path, name: &str) -> Result<Profile> {
    let file = existing(dir, name)?;
    let reading = || format!("reading {}", file.display());
    let text = fs_err::read_to_string(&file)?;
    let own: Table = toml::from_str(&text).with_context(reading)?;
    let Some(parent) = own.get(INHERIT) else {
        // From the text: toml's errors then show line and column.
        return parse(&text).with_context(reading);
    };
    let parent = parent
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("{INHERIT} names another profile"))
        .with_context(reading)?;
    let merged = inherited(dir, &parent, own, DEPTH).with_context(reading)?;
    parse(&toml::to_string(&merged)?)
        .with_context(|| format!("the lines are those of {name} laid over {parent}"))
        .with_context(reading)
}

/// `own` laid over the profile `parent` and what that inherits.
fn inherited(dir: &Path, parent: &str, mut own: Table, depth: usize) -> Result<Table> {
    if depth == 0 {
        bail!("{parent} inherits in a circle");
    }
    let file = existing(dir, parent)?;
    let text = fs_err::read_to_string(&file)?;
    let mut below: Table =
        toml::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    if let Some(Value::String(grandparent)) = below.remove(INHERIT) {
        below = inherited(dir, &grandparent, below, depth - 1)?;
    }
    own.remove(INHERIT);
    lay_over(&mut below, own);
    Ok(below)
}

/// Tables are merged key by key; every other value is replaced.
fn lay_over(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

/// The file of the profile `name`.
fn existing(dir: &Path, name: &str) -> Result<PathBuf> {
    let known = names(dir)?;
    if !known.iter().any(|other| other == name) {
        let error = anyhow!("there is no profile {name:?} in {}", dir.display());
        return Err(error).hint(format!("the profiles are {}", known.join(", ")));
    }
    Ok(dir.join(format!("{name}.toml")))
}

/// The names of all profiles in `dir`, sorted.
///
/// # Errors
/// The directory cannot be read.
pub fn names(dir: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(dir)? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        names.extend(file.strip_suffix(".toml").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn parse(text: &str) -> Result<Profile> {
    // toml's error shows line, column, the key and the accepted ones.
    let profile: Profile = toml::from_str(text)?;
    check(&profile)?;
    Ok(profile)
}

fn check(profile: &Profile) -> Result<()> {
    let limits = [
        ("disk.boot.label", &profile.disk.boot.label, 11),
        ("disk.root.label", &profile.disk.root.label, 16),
    ];
    for (key, label, limit) in limits {
        if label.is_empty() || label.len() > limit {
            bail!("{key} = {label:?}: a label has 1 to {limit} characters");
        }
    }
    // 65,525 clusters of 512 bytes are the least that makes a FAT32.
    if !(64..=2048).contains(&profile.disk.boot.size_mib) {
        bail!(
            "disk.boot.size-mib = {}: accepted are 64 to 2048",
            profile.disk.boot.size_mib
        );
    }
    if profile.arch != "arm64" {
        bail!("arch = {:?}: accepted is \"arm64\"", profile.arch);
    }
    if profile.archive.sources.is_empty() {
        bail!("archive.sources is empty: a profile has at least one source of packages");
    }
    for path in &profile.native.leave_foreign {
        if path.starts_with('/') || path.split('/').any(|part| part == ".." || part.is_empty()) {
            bail!("{path:?}: a path in the root is relative and has no empty or `..` part");
        }
    }
    if let Some(browser) = &profile.browser {
        check_browser(browser)?;
    }
    match (&profile.bootstrap, &profile.import) {
        (Some(_), None) | (None, Some(_)) => Ok(()),
        (None, None) => bail!("it has no base: neither [bootstrap] nor [import]"),
        (Some(_), Some(_)) => bail!("it has two bases: [bootstrap] and [import]"),
    }
}

/// What it says is read by shells and systemd on the device: nothing that either would take apart.
fn check_browser(browser: &Browser) -> Result<()> {
    let mut values = vec![
        ("command", &browser.command, true),
        ("profile-dir", &browser.profile_dir, false),
        ("policy-dir", &browser.policy_dir, true),
    ];
    if let Some(snap) = &browser.snap {
        values.extend([
            ("snap.name", &snap.name, false),
            ("snap.channel", &snap.channel, false),
        ]);
        values.extend(snap.with.iter().map(|name| ("snap.with", name, false)));
    }
    for (key, value, absolute) in values {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        if value.is_empty() || !value.chars().all(plain) || value.split('/').any(|p| p == "..") {
            bail!("browser.{key} = {value:?}: accepted are letters, digits, `/`, `.`, `_` and `-`");
        }
        if value.starts_with('/') != absolute {
            let wanted = if absolute {
                "an absolute"
            } else {
                "no absolute"
            };
            bail!("browser.{key} = {value:?}: it is {wanted} path");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> String {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../image/debian-12.toml");
        fs_err::read_to_string(file).unwrap()
    }

    fn refusal(from: &str, to: &str) -> String {
        let text = shipped();
        assert!(
            text.contains(from),
            "the shipped profile has no {from:?} any more"
        );
        format!("{:#}", parse(&text.replacen(from, to, 1)).unwrap_err())
    }

    #[test]
    fn the_shipped_profile_is_accepted() {
        parse(&shipped()).unwrap();
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_known_ones() {
        let said = refusal("description =", "descriptoin =");
        assert!(said.contains("unknown field `descriptoin`"), "{said}");
        assert!(
            said.contains("line ") && said.contains("`description`"),
            "{said}"
        );
    }

    #[test]
    fn a_wrong_type_is_named_with_its_line() {
        let said = refusal("size-mib = 512", "size-mib = \"512\"");
        assert!(
            said.contains("expected u64") && said.contains("line "),
            "{said}"
        );
    }

    #[test]
    fn a_missing_field_is_named() {
        let said = refusal("arch = \"arm64\"\n", "");
        assert!(said.contains("missing field `arch`"), "{said}");
    }

    #[test]
    fn values_outside_what_works_are_refused() {
        let said = refusal("size-mib = 512", "size-mib = 8");
        assert_eq!(said, "disk.boot.size-mib = 8: accepted are 64 to 2048");
        let said = refusal("arch = \"arm64\"", "arch = \"riscv64\"");
        assert_eq!(said, "arch = \"riscv64\": accepted is \"arm64\"");
    }

    #[test]
    fn a_browser_is_described_in_words_that_shells_leave_whole() {
        let (command, profile) = (
            "command = \"/usr/bin/chromium\"",
            "profile-dir = \".config/keeper-chromium\"",
        );
        for (from, to, expected) in [
            (command, "command = \"/usr/bin/x; y\"", "browser.command"),
            (command, "command = \"x\"", "it is an absolute path"),
            (profile, "profile-dir = \"../d\"", "browser.profile-dir"),
            (profile, "profile-dir = \"/d\"", "it is no absolute path"),
        ] {
            let said = refusal(from, to);
            assert!(said.contains(expected), "{said}");
        }
    }

    #[test]
    fn a_profile_has_one_base() {
        let said = refusal("[bootstrap]", "[import]");
        assert!(said.contains("unknown field `merged-usr`"), "{said}");
        let import = "[import]\nurl = \"https://a.example\"\nimage = \"i\"\nkeyring = \"k\"\n\
            signed-by = [\"0123456789012345678901234567890123456789\"]\n[bootstrap]";
        let said = refusal("[bootstrap]", import);
        assert_eq!(said, "it has two bases: [bootstrap] and [import]");
    }

    /// A directory with the shipped profile and `others`.
    fn profiles(others: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("debian-12.toml"), shipped()).unwrap();
        for (name, text) in others {
            fs_err::write(dir.path().join(format!("{name}.toml")), text).unwrap();
        }
        dir
    }

    #[test]
    fn a_profile_is_another_but_for_what_it_says() {
        let dir = profiles(&[
            ("b", "inherit = \"a\"\n[disk.boot]\nsize-mib = 128\n"),
            (
                "a",
                "inherit = \"debian-12\"\nfeatures = []\n[disk.boot]\nsize-mib = 64\nlabel = \"X\"\n",
            ),
        ]);
        let (parent, child) = (
            load(dir.path(), "debian-12").unwrap(),
            load(dir.path(), "b").unwrap(),
        );
        assert_eq!(child.disk.boot.size_mib, 128);
        assert_eq!(child.disk.boot.label, "X");
        assert_eq!(child.disk.boot.mount, parent.disk.boot.mount);
        assert!(child.features.is_empty() && !parent.features.is_empty());
        assert_eq!(child.packages.install, parent.packages.install);
    }

    #[test]
    fn circles_and_mistakes_in_heirs_are_named() {
        let dir = profiles(&[
            ("a", "inherit = \"b\"\n"),
            ("b", "inherit = \"a\"\n"),
            ("odd", "inherit = \"debian-12\"\ncolour = \"red\"\n"),
            ("lost", "inherit = \"debian-99\"\n"),
        ]);
        let said = |name: &str| format!("{:#}", load(dir.path(), name).unwrap_err());
        assert!(said("a").contains("in a circle"), "{}", said("a"));
        let odd = said("odd");
        assert!(
            odd.contains("odd.toml") && odd.contains("unknown field `colour`"),
            "{odd}"
        );
        assert!(
            said("lost").contains("no profile \"debian-99\""),
            "{}",
            said("lost")
        );
    }

    #[test]
    fn an_unknown_profile_names_the_known_ones() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../image");
        let error = load(&dir, "debian-99").unwrap_err();
        assert!(crate::hint::hint_of(&error).unwrap().contains("debian-12"));
    }
}
