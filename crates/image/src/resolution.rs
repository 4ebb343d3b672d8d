//! Answers of the archive, remembered: a second build asks nobody and can work offline.
//!
//! An answer stands until `--update` asks anew. It is what makes a build repeatable: the exact
//! packages by version and hash, not whatever the mirror holds today.

use std::path::Path;

use anyhow::Result;

use crate::archive::{Apt, Package, Request};
use crate::digest;
use crate::progress::Progress;

/// The packages that answer `request`, from memory or from the archive.
///
/// # Errors
/// The archive cannot be reached, or has no answer.
pub fn resolve(
    cache: &Path,
    request: &Request,
    update: bool,
    progress: &Progress,
) -> Result<Vec<Package>> {
    let file = cache
        .join("resolved")
        .join(format!("{}.json", &digest::of(request)[..16]));
    if !update && let Ok(text) = fs_err::read_to_string(&file) {
        return Ok(serde_json::from_str(&text)?);
    }
    let apt = Apt::new(cache, request)?;
    apt.update(update, progress)?;
    let packages = apt.resolve()?;
    crate::files::write_whole(&file, &serde_json::to_vec_pretty(&packages)?)?;
    Ok(packages)
}
