//! A build: the stages in a row, from profile to finished image.

use std::path::PathBuf;

use anyhow::Result;

use crate::context::{Build, Places};
use crate::lock;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::stage::{Made, assemble, base, compress, overlay, packages, publish, seal};

/// Carries out a plan; returns the image's path. Inside the sandbox only.
///
/// # Errors
/// A stage failed; what was finished before it is kept for the next run.
pub fn run(plan: &Plan, places: &Places, progress: &Progress) -> Result<PathBuf> {
    let _lock = lock::take(&places.cache, progress)?;
    let build = Build::prepare(plan, places, &places.cache.join("store"), progress)?;
    let (root, epoch) = make_root(&build, plan)?;
    let layer = overlay::make(&build, &root, epoch)?;
    let sealed = seal::make(&build, &root, &layer, epoch)?;
    let assembled = assemble::make(&build, &sealed, epoch)?;
    let compressed = compress::make(&build, &assembled, plan.level)?;
    publish::make(&build, &root, &assembled, &compressed)
}

/// The stages base and packages: the finished root, and the image's "now".
///
/// # Errors
/// A stage failed.
pub fn make_root(build: &Build, plan: &Plan) -> Result<(Made, u64)> {
    let packages = Build::packages(plan, &build.cache, false, &build.progress)?;
    let base = base::make(build, &plan.base_request(), &packages.base)?;
    let epoch = base::epoch(&base)?;
    let root = packages::make(build, &base, &plan.request(), &packages.all, epoch)?;
    Ok((root, epoch))
}
