//! A vendor's finished image as a base: fetching it, knowing who signed for it, unpacking it. What
//! is done with its contents is the business of the stages.
//!
//! ```text
//! [import] → SHA256SUMS, signed → Release → cache/vendor/NAME ┐
//! --base FILE, SHA256SUMS beside it where there is one ───────┴→ BaseImage → raw file
//! ```

pub mod download;
mod http;
pub mod local;
mod part;
mod parts;
pub mod release;
mod root;
mod signature;
mod sums;
pub mod unpack;

use std::path::{Path, PathBuf};

use anyhow::Result;

pub use http::{Error, Patience};
pub use parts::Parts;
pub use release::Release;
pub use root::to_tar;
pub use signature::Signers;

use crate::profile::Import;
use crate::progress::Progress;
use download::Client;

/// An image to begin with, as it is packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseImage {
    /// Its file.
    pub path: PathBuf,
    /// Of the file.
    pub sha256: String,
    /// The fingerprint of the key that signed for it; none when nobody's signature was checked.
    pub signer: Option<String>,
}

impl BaseImage {
    /// Its file's name.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// The image of an import, in the cache and verified. With `update`, the vendor's list is read
/// anew; without, a build that has all of it asks nobody. The caller holds the lock of the cache.
/// Inside the sandbox only.
///
/// # Errors
/// The server cannot be reached, or what it has is not what the right key signed for.
pub fn acquire(
    import: &Import,
    signers: &Signers,
    cache: &Path,
    update: bool,
    progress: &Progress,
) -> Result<BaseImage> {
    let client = Client::new(Patience::default());
    let release = release::resolve(import, signers, &client, cache, update, progress)?;
    let path = release::fetch(import, &release, &client, cache, progress)?;
    Ok(BaseImage {
        path,
        sha256: release.sha256,
        signer: Some(release.signer),
    })
}
