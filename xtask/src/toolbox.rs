//! The builder's tools, for the verbs that only look.

use ::image::archive::Mirrors;
use ::image::lock;
use ::image::progress::Progress;
use ::image::tools::{self, ToolSet, Tools};
use anyhow::Result;

use crate::cli::CommonOptions;
use crate::repository;

/// Fetches a set of tools unless it is there. A build that is under way in the same cache is
/// waited for, since it may be fetching the same. Inside the sandbox only.
///
/// # Errors
/// The archive cannot be reached, or the cache cannot be written.
pub fn acquire(set: ToolSet, common: &CommonOptions, progress: &Progress) -> Result<Tools> {
    let cache = repository::cache(common)?;
    let mirror = Mirrors::new(&common.mirror).of(tools::ARCHIVE, None)?;
    let _lock = lock::take(&cache, progress)?;
    Tools::acquire(&cache, set, &mirror, false, progress)
}
