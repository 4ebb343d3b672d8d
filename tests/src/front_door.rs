//! Running `xtask` as a user does, and reading what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub use crate::patience::Said;

impl Said {
    /// Asserts that it failed, said all of `parts` on stderr, and nothing on stdout.
    #[track_caller]
    pub fn refused(&self, parts: &[&str]) {
        assert_eq!(self.code, Some(1), "{self:#?}");
        assert_eq!(self.stdout, "", "stdout is for data");
        for part in parts {
            assert!(
                self.stderr.contains(part),
                "{part:?} is not in what it said:\n{}",
                self.stderr
            );
        }
    }
}

/// The program that is tested.
pub fn program() -> PathBuf {
    crate::setting("E2E_XTASK")
}

/// `xtask` with arguments, in the repository or a stand-in for it.
#[allow(
    clippy::disallowed_methods,
    reason = "tests start programs as users do"
)]
pub fn command(repository: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .args(args)
        .current_dir(repository)
        .env("CARGO_MANIFEST_DIR", repository.join("xtask"));
    command.stdin(Stdio::null());
    command
}

/// Runs `xtask` to its end.
pub fn run(repository: &Path, args: &[&str]) -> Said {
    let output = command(repository, args).output().expect("xtask starts");
    Said {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A stand-in for the repository: its profiles and overlay, to be changed at will.
pub fn stand_in() -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    for part in ["image", "overlay"] {
        image::files::copy_tree(&crate::repository().join(part), &dir.path().join(part))
            .expect("it can be copied");
    }
    fs_err::create_dir(dir.path().join("xtask")).expect("it is empty");
    dir
}

/// Replaces text in a file, which must hold it.
#[track_caller]
pub fn edit(file: &Path, from: &str, to: &str) {
    let text = fs_err::read_to_string(file).expect("the file is there");
    assert!(
        text.contains(from),
        "{} no longer holds {from:?}",
        file.display()
    );
    fs_err::write(file, text.replacen(from, to, 1)).expect("the file is ours");
}
