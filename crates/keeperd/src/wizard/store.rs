//! The answers on the card: a small file, replaced by rename, and without secrets. A damaged one is put
//! aside, and the answers begin anew.

use crate::journal;
use crate::whole;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use setup::{Draft, Purpose, Step};
use std::fs::File;
use std::io::{ErrorKind, Read as _};

/// The most bytes of the file. Forms are bounded, so nobody's answers come near it.
const MOST: u64 = 1024 * 1024;

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    pub(super) purpose: Purpose,
    /// The SHA-256 of the keeper.toml that the answers were made from.
    #[serde(default)]
    pub(super) instead_of: Option<String>,
    /// The pages that were answered.
    pub(super) visited: Vec<Step>,
    pub(super) draft: Draft,
}

/// The file.
pub(super) struct Store {
    path: Utf8PathBuf,
}

impl Store {
    pub(super) fn new(path: Utf8PathBuf) -> Self {
        Self { path }
    }

    /// What an earlier keeperd has left; none when there is none, or it cannot be used.
    pub(super) fn load(&self) -> Option<Saved> {
        let bytes = match read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            Err(error) => {
                journal::error(format_args!("reading {}: {error}", self.path));
                return None;
            }
        };
        let saved = serde_json::from_slice(&bytes).ok();
        // Whoever reads the journal is not to read the answers in it.
        let fits = bytes.len() as u64 <= MOST;
        let saved = saved.filter(|_| fits);
        if saved.is_none() {
            self.put_aside();
        }
        saved
    }

    fn put_aside(&self) {
        let aside = format!("{}.damaged", self.path);
        journal::warning(format_args!(
            "{} is damaged: it is {aside} now, and the answers begin anew",
            self.path
        ));
        if let Err(error) = std::fs::rename(&self.path, &aside) {
            journal::error(format_args!("renaming {}: {error}", self.path));
        }
    }

    pub(super) fn save(&self, saved: &Saved) {
        let text = serde_json::to_string(saved).map_err(anyhow::Error::from);
        let written = text.and_then(|text| {
            anyhow::ensure!(text.len() as u64 <= MOST, "the answers are too long");
            whole::write(&self.path, &text)
        });
        if let Err(error) = written {
            journal::error(format_args!(
                "{error:#}; a restart will not know of the answers"
            ));
        }
    }

    pub(super) fn remove(&self) {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                journal::error(format_args!("removing {}: {error}", self.path));
            }
            _ => {}
        }
    }
}

fn read(path: &Utf8Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn answers_are_there_again_and_a_damaged_file_is_put_aside() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let path = Utf8PathBuf::try_from(dir.path().join("setup.json")).expect("a UTF-8 path");
        let aside = dir.path().join("setup.json.damaged");
        let store = Store::new(path.clone());
        assert_eq!(store.load(), None);
        let saved = Saved {
            purpose: Purpose::FirstBoot,
            instead_of: None,
            visited: vec![Step::Language],
            draft: Draft::default(),
        };
        store.save(&saved);
        assert_eq!(store.load().as_ref(), Some(&saved));
        let mode = path.metadata().expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let whole = std::fs::read(&path).expect("the file");
        let long = [&whole[..], &vec![b' '; MOST as usize]].concat();
        for bytes in [&b""[..], b"{}", b"\0\xff", &whole[..whole.len() - 2], &long] {
            std::fs::write(&path, bytes).expect("writing");
            assert_eq!(store.load(), None);
            assert!(!path.exists());
            let kept = std::fs::read(&aside).expect("what was put aside");
            assert!(kept == bytes);
            assert_eq!(store.load(), None);
        }
        store.save(&saved);
        store.remove();
        store.remove();
        assert!(!path.exists());
    }
}
