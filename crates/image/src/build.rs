//! A build: the stages in a row, from profile to finished image.

use std::path::PathBuf;

use anyhow::Result;

use crate::context::{Build, Places, Workshop};
use crate::lock;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::stage::{Made, assemble, base, compress, import, overlay, packages, publish, seal};

/// Carries out a plan; returns the image's path. Inside the sandbox only.
///
/// # Errors
/// A stage failed; what was finished before it is kept for the next run.
pub fn run(plan: &Plan, places: &Places, progress: &Progress) -> Result<PathBuf> {
    let _lock = lock::take(&places.cache, progress)?;
    let shop = Workshop::open(plan, &places.cache, &places.cache.join("store"), progress)?;
    let vendor = import::make(&shop, plan, places)?;
    let build = Build::prepare(shop, plan, places, vendor)?;
    let root = make_root(&build)?;
    let epoch = packages::epoch(&root)?;
    let layer = overlay::make(&build, &root, epoch)?;
    let sealed = seal::make(&build, &root, &layer, epoch)?;
    let identity = build.vendor.as_ref().map(|vendor| &vendor.identity);
    let disk = &build.profile.disk;
    let assembled = assemble::make(&build.shop, disk, identity, &sealed, epoch)?;
    let compressed = compress::make(&build, &assembled, plan.level)?;
    publish::make(&build, &root, &assembled, &compressed)
}

/// The stages base and packages: the finished root. The base may be the vendor's.
///
/// # Errors
/// A stage failed.
pub fn make_root(build: &Build) -> Result<Made> {
    let base = match &build.vendor {
        Some(vendor) => vendor.made.clone(),
        None => base::make(build)?,
    };
    packages::make(build, &base)
}
