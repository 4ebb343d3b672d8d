//! What must survive a restart of keeperd: a small file, replaced by rename.

use crate::journal;
use crate::whole;
use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::fs::File;
use std::io::{ErrorKind, Read as _};

/// The most bytes of the file that are read.
const MOST: u64 = 256 * 1024;

/// What is kept. Unknown keys are of another version, and skipped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Saved {
    /// For how long notebooks have been kept since that was last renewed.
    pub(super) kept_seconds: u64,
    /// Somebody has paused it.
    pub(super) paused: bool,
    /// The addresses that were opened by request.
    pub(super) opened: Vec<String>,
    /// What is known of each notebook.
    pub(super) notebooks: Vec<SavedNotebook>,
}

/// What is kept of a notebook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SavedNotebook {
    pub(super) url: String,
    pub(super) reloads: u64,
    /// The id of its tab: wherever that has come to, it is still this notebook's.
    pub(super) tab: Option<String>,
}

/// The file, and what is in it.
pub(super) struct Store {
    path: Utf8PathBuf,
    written: std::cell::RefCell<Option<Saved>>,
    failing: Cell<bool>,
}

impl Store {
    pub(super) fn new(path: Utf8PathBuf) -> Self {
        Self {
            path,
            written: None.into(),
            failing: Cell::new(false),
        }
    }

    /// What an earlier keeperd has left; nothing when there was none, or it cannot be read.
    pub(super) fn load(&self) -> Saved {
        match read(&self.path) {
            Ok(saved) => saved,
            Err(error) => {
                journal::warning(format_args!("{error:#}; starting afresh"));
                Saved::default()
            }
        }
    }

    /// Writes `saved`, unless that is what was written last. A failure is told once.
    pub(super) fn save(&self, saved: Saved) {
        if self.written.borrow().as_ref() == Some(&saved) {
            return;
        }
        let result = write(&self.path, &saved);
        if let Err(error) = &result
            && !self.failing.get()
        {
            journal::error(format_args!("{error:#}; a restart will not know of this"));
        }
        self.failing.set(result.is_err());
        *self.written.borrow_mut() = result.is_ok().then_some(saved);
    }
}

fn read(path: &Utf8Path) -> Result<Saved> {
    let doing = || format!("reading {path}");
    let mut text = String::new();
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Saved::default()),
        file => file
            .and_then(|file| file.take(MOST).read_to_string(&mut text))
            .with_context(doing)?,
    };
    serde_json::from_str(&text).with_context(doing)
}

fn write(path: &Utf8Path, saved: &Saved) -> Result<()> {
    let text = serde_json::to_string(saved).context("putting the state into words")?;
    whole::write(path, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_there_again_and_damage_is_a_fresh_start() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let path = Utf8PathBuf::try_from(dir.path().join("state.json")).expect("a UTF-8 path");
        let store = || Store::new(path.clone());
        assert_eq!(store().load(), Saved::default());
        let saved = Saved {
            kept_seconds: 7,
            paused: true,
            opened: vec!["https://a/".to_owned()],
            notebooks: vec![SavedNotebook {
                url: "https://a/".to_owned(),
                reloads: 3,
                tab: Some("A1".to_owned()),
            }],
        };
        store().save(saved.clone());
        assert_eq!(store().load(), saved);
        for text in [
            "",
            "{",
            "[]",
            "{\"opened\":7}",
            "\u{0}",
            &"[".repeat(300_000),
        ] {
            std::fs::write(&path, text).expect("writing");
            assert_eq!(store().load(), Saved::default(), "{text:.20}");
        }
        std::fs::write(&path, "{\"kept_seconds\":9,\"moon\":[1]}").expect("writing");
        assert_eq!(store().load().kept_seconds, 9);
        assert_eq!(dir.path().read_dir().expect("the directory").count(), 1);
    }

    #[test]
    fn the_same_is_not_written_twice() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let path = Utf8PathBuf::try_from(dir.path().join("state.json")).expect("a UTF-8 path");
        let store = Store::new(path.clone());
        store.save(Saved::default());
        std::fs::remove_file(&path).expect("removing");
        store.save(Saved::default());
        assert!(!path.exists());
        store.save(Saved {
            paused: true,
            ..Saved::default()
        });
        assert!(path.exists());
    }
}
