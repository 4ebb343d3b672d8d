//! What stages have made, each under the key of all that went into it.
//!
//! An entry is a directory `<stage>-<key>` that appears by rename, so it is whole or not there: an
//! interrupted build goes on at the first stage whose entry is missing.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;

use crate::files;

/// How many entries of one stage and profile are kept.
const KEPT: usize = 3;

/// The directory of all entries, as one profile sees it.
pub struct Store {
    dir: PathBuf,
    profile: String,
}

impl Store {
    /// The store in `dir`, without what killed builds left. The caller holds the build lock.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn open(dir: &Path, profile: &str) -> Result<Self> {
        fs_err::create_dir_all(dir)?;
        files::remove_leftovers(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            profile: profile.to_owned(),
        })
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the entry of `stage` for `key` is, or would be.
    pub fn path(&self, stage: &str, key: &str) -> PathBuf {
        self.dir
            .join(format!("{stage}-{}-{}", self.profile, &key[..20]))
    }

    /// Makes the entry unless it is there; `fill` gets the directory to write into.
    ///
    /// # Errors
    /// `fill` failed.
    pub fn make(
        &self,
        stage: &str,
        key: &str,
        fill: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let path = self.path(stage, key);
        if path.exists() {
            touch(&path)?;
        } else {
            files::make_dir_whole(&path, fill)?;
            self.forget_old(&format!("{stage}-{}", self.profile))?;
        }
        Ok(path)
    }

    /// Removes the entries of a stage and profile that have not been used for longest.
    fn forget_old(&self, stage: &str) -> Result<()> {
        let mut entries: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in fs_err::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.rsplit_once('-').is_some_and(|(of, _)| of == stage) {
                entries.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        entries.sort();
        let surplus = entries.len().saturating_sub(KEPT);
        for (_, path) in entries.into_iter().take(surplus) {
            fs_err::remove_dir_all(path)?;
        }
        Ok(())
    }
}

/// Notes that the entry was used now.
fn touch(path: &Path) -> Result<()> {
    fs_err::File::open(path)?
        .into_file()
        .set_modified(SystemTime::now())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_made_once_and_old_ones_are_forgotten() {
        let cache = tempfile::tempdir().unwrap();
        let store = Store::open(cache.path(), "x").unwrap();
        let key = |i: usize| crate::digest::of(&i);
        for i in 0..5 {
            let entry = store.make("seal", &key(i), |dir| {
                Ok(fs_err::write(dir.join("n"), i.to_string())?)
            });
            let old = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(i as u64);
            fs_err::File::open(entry.unwrap())
                .unwrap()
                .into_file()
                .set_modified(old)
                .unwrap();
        }
        store
            .make("seal", &key(4), |_| panic!("it is there already"))
            .unwrap();
        assert!(!store.path("seal", &key(0)).exists());
        assert!(store.path("seal", &key(3)).exists());
    }

    #[test]
    fn what_a_killed_build_left_is_gone() {
        let cache = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(cache.path().join(".new-abc/half")).unwrap();
        let store = Store::open(cache.path(), "x").unwrap();
        assert_eq!(fs_err::read_dir(store.dir).unwrap().count(), 0);
    }
}
