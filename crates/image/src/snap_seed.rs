//! Snaps in the image: what `snap prepare-image` of this machine fetches, laid beside what the
//! vendor's image seeds, so that snapd installs both at first boot.
//!
//! ```text
//! var/lib/snapd/seed/seed.yaml      what to install; merged
//! var/lib/snapd/seed/snaps/…        the snaps
//! var/lib/snapd/seed/assertions/…   who vouches for them
//! ```
//!
//! Without `snap` on this machine there is nothing to lay, and the device fetches the snap itself.

mod seed;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use cmd::Cmd;

pub use seed::{Merged, Seed};

use crate::hint::Hint;
use crate::progress::Progress;
use crate::{digest, files};

/// The seed, in a root.
pub const SEED: &str = "var/lib/snapd/seed";
/// What snapd knows about itself, in a root. With it there, snapd has read its seed already (the
/// vendor "preseeded" the image), and an addition to seed.yaml would never be looked at.
pub const STATE: &str = "var/lib/snapd/state.json";

/// A snap to have in the image.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Wanted<'a> {
    /// Its name in the Store.
    pub name: &'a str,
    /// `latest/stable`.
    pub channel: &'a str,
    /// Snaps that it needs: its base, and whose content it uses. `snap` does not add them by itself.
    pub with: &'a [String],
    /// The image's architecture, as snapd names it: `arm64`.
    pub arch: &'a str,
}

/// What to lay into the root.
#[derive(Debug)]
pub struct Laid {
    /// By path in the root.
    pub files: Vec<(PathBuf, Source)>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Where a file's bytes come from.
#[derive(Debug, PartialEq, Eq)]
pub enum Source {
    /// Another file: snaps are large.
    File(PathBuf),
    /// These.
    Bytes(Vec<u8>),
}

/// Fetches a snap and what it needs from the Store with this machine's own `snap`; returns the
/// directory that holds the seed. None when this machine has no `snap`. What was fetched once is
/// taken again until `update`.
///
/// # Errors
/// `snap` failed: the Store is out of reach, or a snap that this one needs is not named.
pub fn prepare(
    wanted: &Wanted<'_>,
    cache: &Path,
    update: bool,
    progress: &Progress,
) -> Result<Option<PathBuf>> {
    let name = wanted.name;
    let dir = cache.join("snaps").join(&digest::of(wanted)[..16]);
    if dir.exists() {
        if !update {
            return Ok(Some(dir));
        }
        fs_err::remove_dir_all(&dir)?;
    }
    if !has_snap() {
        progress.note(&format!(
            "no `snap` on this machine: the device fetches {name} itself when it first starts"
        ));
        return Ok(None);
    }
    let step = progress.step(format!("fetching the snap {name}"));
    files::make_dir_whole(&dir, |scratch| fetch(wanted, scratch))
        .with_context(|| format!("fetching the snap {name} with this machine's `snap`"))
        .hint(
            "a snap that it asks for goes into the profile's browser.snap.with; \
             without `snap` in PATH the device fetches it itself",
        )?;
    step.done("");
    Ok(Some(dir))
}

fn has_snap() -> bool {
    Cmd::new("snap").arg("version").output().is_ok()
}

fn fetch(wanted: &Wanted<'_>, scratch: &Path) -> Result<()> {
    let others = wanted.with.iter().map(|snap| format!("--snap={snap}"));
    Cmd::new("snap")
        .args(["prepare-image", "--classic"])
        .arg(format!("--arch={}", wanted.arch))
        .arg(format!("--snap={}={}", wanted.name, wanted.channel))
        .args(others)
        // No model: the one of every classic system.
        .arg("")
        .arg(scratch)
        .run()?;
    // Older ones fill DIR/image, as for a whole image.
    let prepared = ["", "image"].map(|below| scratch.join(below).join(SEED));
    let prepared = prepared.iter().find(|dir| dir.join("seed.yaml").is_file());
    let prepared = prepared.context("`snap prepare-image` made no seed.yaml")?;
    for part in ["seed.yaml", "snaps", "assertions"] {
        fs_err::rename(prepared.join(part), scratch.join(part))?;
    }
    Ok(())
}

/// What laying the seed in `prepared` over a vendor's root means. `vendor` gives a file of that
/// root, none where there is none.
///
/// # Errors
/// A seed.yaml cannot be read, or names a snap that `prepared` does not hold.
pub fn lay(prepared: &Path, vendor: &dyn Fn(&Path) -> Option<Vec<u8>>) -> Result<Laid> {
    let in_seed = |name: &str| Path::new(SEED).join(name);
    if vendor(Path::new(STATE)).is_some() {
        let note =
            "the vendor's snaps are set up already, so the device fetches the browser itself";
        return Ok(Laid {
            files: Vec::new(),
            notes: vec![note.into()],
        });
    }
    let ours = match vendor(&in_seed("seed.yaml")) {
        Some(bytes) => Seed::parse(&String::from_utf8_lossy(&bytes))
            .with_context(|| format!("reading the vendor's /{SEED}/seed.yaml"))?,
        None => Seed::default(),
    };
    let file = prepared.join("seed.yaml");
    let theirs = Seed::parse(&fs_err::read_to_string(&file)?)
        .with_context(|| format!("reading {}", file.display()))?;
    let merged = ours.merge(theirs);
    let text = merged.seed.to_string().into_bytes();
    let mut files = vec![(in_seed("seed.yaml"), Source::Bytes(text))];
    for name in &merged.added {
        let snap = prepared.join("snaps").join(name);
        ensure!(
            snap.is_file(),
            "{} names {name}, which is not there",
            file.display()
        );
        files.push((in_seed("snaps").join(name), Source::File(snap)));
    }
    let mut assertions: Vec<_> =
        fs_err::read_dir(prepared.join("assertions"))?.collect::<std::io::Result<_>>()?;
    assertions.sort_by_key(fs_err::DirEntry::file_name);
    for assertion in assertions {
        // One that both have says the same, or is the vendor's own model: it stays.
        let path = in_seed("assertions").join(assertion.file_name());
        if vendor(&path).is_none() {
            files.push((path, Source::File(assertion.path())));
        }
    }
    Ok(Laid {
        files,
        notes: merged.notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in [
            (
                "seed.yaml",
                "snaps:\n- name: core20\n  file: core20_1.snap\n- name: b\n  file: b_1.snap\n",
            ),
            ("snaps/core20_1.snap", ""),
            ("snaps/b_1.snap", ""),
            ("assertions/model", "theirs"),
            ("assertions/b.snap-revision", ""),
        ] {
            let path = dir.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        dir
    }

    fn paths(laid: &Laid) -> Vec<&str> {
        let paths = laid.files.iter().map(|(path, _)| path.to_str().unwrap());
        paths.map(|path| path.strip_prefix(SEED).unwrap()).collect()
    }

    #[test]
    fn only_what_the_vendor_lacks_is_laid() {
        let dir = prepared();
        let vendor = |path: &Path| match path.strip_prefix(SEED).ok()?.to_str()? {
            "seed.yaml" => Some(b"snaps:\n- name: core20\n  file: core20_1.snap\n".to_vec()),
            "assertions/model" => Some(b"ours".to_vec()),
            _ => None,
        };
        let laid = lay(dir.path(), &vendor).unwrap();
        let expected = [
            "/seed.yaml",
            "/snaps/b_1.snap",
            "/assertions/b.snap-revision",
        ];
        assert_eq!(paths(&laid), expected);
        let snap = dir.path().join("snaps/b_1.snap");
        assert_eq!(laid.files[1].1, Source::File(snap));
        let laid = lay(dir.path(), &|_| None).unwrap();
        assert_eq!(laid.files.len(), 5, "a vendor without snaps gets all");
    }

    #[test]
    fn a_seed_that_was_read_already_is_left_alone() {
        let dir = prepared();
        let vendor = |path: &Path| (path == Path::new(STATE)).then(|| b"{}".to_vec());
        let laid = lay(dir.path(), &vendor).unwrap();
        assert_eq!((laid.files.len(), laid.notes.len()), (0, 1));
    }

    #[test]
    fn a_snap_that_is_not_there_is_named() {
        let dir = prepared();
        fs_err::remove_file(dir.path().join("snaps/b_1.snap")).unwrap();
        let error = lay(dir.path(), &|_| None).unwrap_err().to_string();
        assert!(
            error.ends_with("names b_1.snap, which is not there"),
            "{error}"
        );
    }
}
