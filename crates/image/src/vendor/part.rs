//! A download that is not complete: `<name>.part` and, beside it, what is known of the file on the
//! server, so that no two versions of it are glued together.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::files;

/// The two files. They outlive a killed build; the next one goes on with them.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) path: PathBuf,
    about: PathBuf,
}

/// What the bytes of a part are the beginning of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    /// Where they came from.
    pub(super) url: String,
    /// The server's strong ETag or else its Last-Modified, for If-Range (RFC 9110, 13.1.5).
    pub(super) version: Option<String>,
}

impl Part {
    /// The part of a file that is to be at `target`.
    pub(super) fn of(target: &Path) -> Self {
        let beside = |ending: &str| {
            let mut path = target.as_os_str().to_owned();
            path.push(ending);
            PathBuf::from(path)
        };
        Self {
            path: beside(".part"),
            about: beside(".part.json"),
        }
    }

    /// How many bytes of `url` are there, and of which version of it. Another file's count as none.
    pub(super) fn state(&self, url: &str) -> (u64, About) {
        let about = fs_err::read(&self.about)
            .ok()
            .and_then(|json| serde_json::from_slice::<About>(&json).ok())
            .filter(|about| about.url == url);
        match (about, fs_err::metadata(&self.path)) {
            (Some(about), Ok(data)) if data.is_file() => (data.len(), about),
            _ => (0, About::default()),
        }
    }

    /// Begins anew, with bytes of this version.
    pub(super) fn begin(&self, about: &About) -> Result<fs_err::File> {
        // In this order: a kill between the two leaves an empty part.
        let file = fs_err::File::create(&self.path)?;
        files::write_whole(&self.about, &serde_json::to_vec(about)?)?;
        Ok(file)
    }

    /// Goes on behind what is there.
    pub(super) fn append(&self) -> Result<fs_err::File> {
        let file = fs_err::OpenOptions::new().append(true).open(&self.path)?;
        Ok(file)
    }

    /// The part is whole and right: it becomes `target`.
    pub(super) fn become_whole(&self, target: &Path) -> Result<()> {
        fs_err::rename(&self.path, target)?;
        fs_err::remove_file(&self.about)?;
        Ok(())
    }

    /// Removes both files, if they are there.
    pub(super) fn discard(&self) -> Result<()> {
        for path in [&self.path, &self.about] {
            if path.exists() {
                fs_err::remove_file(path)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_part_counts_only_for_the_address_that_it_came_from() {
        let dir = tempfile::tempdir().unwrap();
        let part = Part::of(&dir.path().join("x.img.xz"));
        let about = About {
            url: "http://a.example/x".into(),
            version: Some("\"1\"".into()),
        };
        part.begin(&about).unwrap().write_all(b"12345").unwrap();
        part.append().unwrap().write_all(b"67").unwrap();
        assert_eq!(part.state("http://a.example/x"), (7, about.clone()));
        assert_eq!(part.state("http://b.example/x"), (0, About::default()));
        fs_err::write(dir.path().join("x.img.xz.part.json"), "{").unwrap();
        assert_eq!(part.state("http://a.example/x").0, 0);
        part.discard().unwrap();
        assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 0);
    }
}
