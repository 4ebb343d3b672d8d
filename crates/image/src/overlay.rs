//! Features: the directories below `overlay/`, each with the files it lays over the image and a
//! `feature.toml` that says whose they are and which units run.
//!
//! ```text
//! overlay/<feature>/feature.toml
//!                   early/…   laid over the root before packages are installed
//!                   root/…    laid over the finished root
//!                   boot/…    laid over the boot partition
//!                   policies/…   laid where the profile's browser reads managed policies
//! ```

mod manifest;
mod tree;
mod units;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use manifest::{Binary, Manifest, Owned};
pub use tree::{Kind, Node, walk};
pub use units::{disabled_links, enable_links};

use crate::digest;

/// One feature, read whole.
pub struct Feature {
    /// The name of its directory.
    pub name: String,
    /// Its `feature.toml`.
    pub manifest: Manifest,
    /// `early/`, sorted by path.
    pub early: Vec<Node>,
    /// `root/`, sorted by path.
    pub root: Vec<Node>,
    /// `boot/`, sorted by path.
    pub boot: Vec<Node>,
    /// `policies/`, sorted by path.
    pub policies: Vec<Node>,
}

impl Feature {
    /// Reads the feature `name` below `overlay`.
    ///
    /// # Errors
    /// A file is missing or unreadable, of a kind that no image holds, or named but not there.
    pub fn load(overlay: &Path, name: &str) -> Result<Self> {
        let dir = overlay.join(name);
        let file = dir.join("feature.toml");
        let manifest = Manifest::parse(&fs_err::read_to_string(&file)?)
            .with_context(|| format!("reading {}", file.display()))?;
        let feature = Self {
            name: name.to_owned(),
            early: walk(&dir.join("early"))?,
            root: walk(&dir.join("root"))?,
            boot: walk(&dir.join("boot"))?,
            policies: walk(&dir.join("policies"))?,
            manifest,
        };
        feature
            .check_named()
            .with_context(|| format!("reading {}", file.display()))?;
        Ok(feature)
    }

    /// What decides how `early/` is laid: part of the key of the stage that does it.
    pub fn early_key(&self) -> String {
        digest::of(&self.early)
    }

    /// Writes `early/` into the root under construction, all of it root's.
    ///
    /// # Errors
    /// The root cannot be written.
    pub fn lay_early(&self, root: &Path) -> Result<()> {
        for node in &self.early {
            let path = root.join(&node.path);
            match &node.kind {
                Kind::Directory if path.is_dir() => {}
                Kind::Directory => fs_err::create_dir(&path)?,
                Kind::Symlink(target) => fs_err::os::unix::fs::symlink(target, &path)?,
                Kind::File { bytes, executable } => {
                    use std::os::unix::fs::PermissionsExt;
                    fs_err::write(&path, bytes)?;
                    let mode = if *executable { 0o755 } else { 0o644 };
                    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(mode))?;
                }
            }
        }
        Ok(())
    }

    /// Every path that the manifest speaks of must be one that the feature has.
    fn check_named(&self) -> Result<()> {
        for owned in &self.manifest.path {
            let known = self
                .root
                .iter()
                .any(|node| node.path == Path::new(&owned.path))
                || self
                    .manifest
                    .binary
                    .iter()
                    .any(|binary| binary.to == owned.path);
            anyhow::ensure!(
                known,
                "[[path]] {:?}: the feature's root/ has no such file or directory",
                owned.path,
            );
        }
        Ok(())
    }

    /// Who owns a path of `root/`, when the manifest says so.
    pub fn owned(&self, path: &Path) -> Option<&Owned> {
        self.manifest
            .path
            .iter()
            .find(|owned| Path::new(&owned.path) == path)
    }
}

/// The directories above a path, outermost first, without the root itself.
pub fn parents(path: &Path) -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = path
        .ancestors()
        .skip(1)
        .filter(|dir| *dir != Path::new(""))
        .map(Path::to_owned)
        .collect();
    dirs.reverse();
    dirs
}
