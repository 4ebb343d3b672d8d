//! The stages, in their order. Each makes one entry of the store from the one before; its key holds
//! everything that decides what it makes, the text of its own code included.
//!
//! Architecture invariant: a stage reads nothing but what its key was computed from.

pub mod assemble;
pub mod base;
pub mod compress;
pub mod import;
pub mod overlay;
pub mod packages;
pub mod publish;
pub mod seal;

use std::path::PathBuf;

use anyhow::Result;

use crate::context::Workshop;
use crate::digest;

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

/// The code that several stages make things with: part of every key.
const SHARED: [&str; 14] = [
    include_str!("../../dispatch/src/main.rs"),
    include_str!("foreign.rs"),
    include_str!("foreign/twin.rs"),
    include_str!("glob.rs"),
    include_str!("overlay.rs"),
    include_str!("overlay/manifest.rs"),
    include_str!("overlay/tree.rs"),
    include_str!("overlay/units.rs"),
    include_str!("rootfs/accounts.rs"),
    include_str!("rootfs/entry.rs"),
    include_str!("rootfs/merge.rs"),
    include_str!("rootfs/pack.rs"),
    include_str!("rootfs/read.rs"),
    include_str!("tools.rs"),
];

/// Makes the stage `name` unless the store has it, and says which of the two it was. `inputs` is
/// the digest of everything else that decides what it makes.
pub(crate) fn make(
    shop: &Workshop,
    name: &str,
    inputs: String,
    fill: impl FnOnce(&std::path::Path) -> Result<()>,
) -> Result<Made> {
    let key = digest::of(&(SHARED, inputs));
    if shop.store.path(name, &key).exists() {
        shop.progress.note(&format!("{name}: unchanged"));
    }
    let dir = shop.store.make(name, &key, fill)?;
    Ok(Made { key, dir })
}
