//! The stages, in their order. Each makes one entry of the store from the one before; its key holds
//! everything that decides what it makes, the text of its own code included.
//!
//! Architecture invariant: a stage reads nothing but what its key was computed from.

pub mod assemble;
pub mod base;
pub mod compress;
pub mod overlay;
pub mod packages;
pub mod publish;
pub mod seal;

use std::path::PathBuf;

use anyhow::Result;

/// A stage's entry in the store.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its key: part of the next stage's.
    pub key: String,
    /// Its directory.
    pub dir: PathBuf,
}

impl Made {
    /// A file of the entry.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// Makes the stage `name` of a profile unless the store has it, and says which of the two it was.
pub(crate) fn make(
    build: &crate::build::Build,
    name: &str,
    key: String,
    fill: impl FnOnce(&std::path::Path) -> Result<()>,
) -> Result<Made> {
    let stage = format!("{name}-{}", build.profile_name);
    if build.store.path(&stage, &key).exists() {
        build.progress.note(&format!("{name}: unchanged"));
    }
    let dir = build.store.make(&stage, &key, fill)?;
    Ok(Made { key, dir })
}
