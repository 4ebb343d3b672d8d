//! Asking for a restart of the browser: a file that the desktop's session watches. keeperd is not the
//! browser's owner and cannot restart it itself.

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::{File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;

/// Makes or replaces the file at `path`, by rename, with `reason` as its only line.
///
/// # Errors
/// It cannot be written.
pub(crate) fn request(path: &Utf8Path, reason: &str) -> Result<()> {
    let new = Utf8PathBuf::from(format!("{path}.new"));
    write(&new, reason).with_context(|| format!("writing {new}"))?;
    std::fs::rename(&new, path).with_context(|| format!("renaming {new} to {path}"))
}

fn write(path: &Utf8Path, reason: &str) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    // Only who may read a file may watch it. It holds no secret.
    file.set_permissions(Permissions::from_mode(0o644))?;
    let line: String = reason.chars().filter(|c| !c.is_control()).collect();
    writeln!(file, "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_readable_file_with_one_line() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let dir = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        let path = dir.join("restart-browser");
        for reason in ["first", "second\nline\u{1b}"] {
            request(&path, reason).expect("a request");
        }
        assert_eq!(
            std::fs::read_to_string(&path).expect("the file"),
            "secondline\n"
        );
        let mode = std::fs::metadata(&path)
            .expect("the file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o644);
        assert_eq!(dir.read_dir().expect("the directory").count(), 1);
        assert!(request(&dir.join("none/restart-browser"), "x").is_err());
    }
}
