//! Where things are in this repository.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cmd::Cmd;

use crate::cli::CommonOptions;

/// The repository's directory.
pub fn root() -> PathBuf {
    // Cargo sets it for `cargo run`; the other is for the program started by its path.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let xtask = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    xtask.parent().map(Path::to_owned).unwrap_or(xtask)
}

/// The cache's directory, absolute.
///
/// # Errors
/// It cannot be made.
pub fn cache(common: &CommonOptions) -> Result<PathBuf> {
    let dir = common
        .cache_dir
        .clone()
        .unwrap_or_else(|| root().join("build"));
    std::fs::create_dir_all(&dir).with_context(|| format!("making the cache {}", dir.display()))?;
    Ok(dir.canonicalize()?)
}

/// The commit that is checked out, `-dirty` when files differ from it; empty without git.
pub fn revision() -> String {
    let describe =
        Cmd::new("git").args(["describe", "--always", "--dirty", "--abbrev=12", "--match="]);
    describe
        .dir(root())
        .read()
        .map(|text| text.trim().to_owned())
        .unwrap_or_default()
}
