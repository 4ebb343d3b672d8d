//! Reading profiles, with errors that name the file, the place and what would be right.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use super::Profile;
use crate::hint::Hint;

/// The profile `dir/<name>.toml`.
///
/// # Errors
/// There is none (the hint names the known ones), or it does not hold what a profile holds.
pub fn load(dir: &Path, name: &str) -> Result<Profile> {
    let known = names(dir)?;
    if !known.iter().any(|other| other == name) {
        let error = anyhow!("there is no profile {name:?} in {}", dir.display());
        return Err(error).hint(format!("the profiles are {}", known.join(", ")));
    }
    let file = dir.join(format!("{name}.toml"));
    parse(&fs_err::read_to_string(&file)?).with_context(|| format!("reading {}", file.display()))
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
    fn an_unknown_profile_names_the_known_ones() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../image");
        let error = load(&dir, "debian-99").unwrap_err();
        assert!(crate::hint::hint_of(&error).unwrap().contains("debian-12"));
    }
}
