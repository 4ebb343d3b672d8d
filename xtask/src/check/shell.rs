//! shellcheck over every shell script of the repository, wherever it lies.

use ::image::tools::Tools;

use super::sources::Source;
use super::{Complaint, Outcome};
use crate::repository;

/// # Errors
/// shellcheck could not be run.
pub fn check(sources: &[Source], tools: &Tools) -> Outcome {
    let scripts = sources.iter().filter(|source| source.is_shell());
    let paths = scripts.map(|script| repository::root().join(&script.path));
    let output = tools
        .cmd("shellcheck")
        // What scripts include is on the device and cannot be followed here.
        .args(["--format=gcc", "--exclude=SC1091", "--"])
        .args(paths)
        .output()?;
    let root = format!("{}/", repository::root().display());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints: Vec<Complaint> = said.lines().map(|line| complaint(line, &root)).collect();
    // It ends with 1 for findings and with more when it could not look.
    anyhow::ensure!(
        output.status.success() || !complaints.is_empty(),
        "shellcheck ended with {} and said nothing",
        output.status,
    );
    Ok(complaints)
}

/// From `/repo/a.sh:3:5: warning: Quote this. [SC2086]`.
fn complaint(line: &str, root: &str) -> Complaint {
    let line = line.strip_prefix(root).unwrap_or(line);
    let mut parts = line.splitn(4, ':');
    let mut part = || parts.next().unwrap_or_default().trim();
    let (file, row, _column, what) = (part(), part(), part(), part());
    let code = what
        .rsplit('[')
        .next()
        .and_then(|code| code.strip_suffix(']'))
        .unwrap_or("SC…");
    let mend = format!("mend it, or put above it, with the reason: # shellcheck disable={code}");
    Complaint::new(format!("{file}:{row}"), what, mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_has_its_place_and_its_number() {
        let line = "/repo/tests/a.sh:3:5: note: Double quote: it may split. [SC2086]";
        let found = complaint(line, "/repo/");
        assert_eq!(found.place, "tests/a.sh:3");
        assert_eq!(found.what, "note: Double quote: it may split. [SC2086]");
        assert!(found.mend.ends_with("disable=SC2086"), "{}", found.mend);
    }
}
