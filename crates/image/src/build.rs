//! One build, from profile to finished image: what every stage can use, and the stages in a row.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::archive::{self, Package};
use crate::foreign::{self, Twin};
use crate::overlay::Feature;
use crate::plan::Plan;
use crate::profile::Profile;
use crate::progress::Progress;
use crate::scratch::Scratch;
use crate::stage::{assemble, base, compress, overlay, packages, publish, seal};
use crate::store::Store;
use crate::tools::{self, Tools};
use crate::{lock, resolution};

/// What a build needs to know beyond its plan: where things are on this machine.
#[derive(Debug, Clone)]
pub struct Places {
    /// The repository.
    pub repository: PathBuf,
    /// Downloads and finished stages.
    pub cache: PathBuf,
    /// Where the image goes.
    pub out_dir: PathBuf,
    /// The directory with our programs for the device.
    pub device_programs: PathBuf,
    /// The program of `crates/dispatch`, for this machine.
    pub dispatch: PathBuf,
    /// The commit, for the manifest.
    pub revision: String,
}

/// A build under way.
pub struct Build {
    pub(crate) cache: PathBuf,
    pub(crate) out_dir: PathBuf,
    pub(crate) device_programs: PathBuf,
    pub(crate) revision: String,
    pub(crate) profile_name: String,
    pub(crate) profile: Profile,
    pub(crate) features: Vec<Feature>,
    pub(crate) tools: Tools,
    pub(crate) twin: Twin,
    pub(crate) store: Store,
    pub(crate) scratch: Scratch,
    pub(crate) progress: Progress,
}

/// Carries out a plan; returns the image's path. Inside the sandbox only.
///
/// # Errors
/// A stage failed; what was finished before it is kept for the next run.
pub fn run(plan: &Plan, places: &Places, progress: &Progress) -> Result<PathBuf> {
    let _lock = lock::take(&places.cache, progress)?;
    let features = load_features(plan, places)?;
    let tools = Tools::acquire(&places.cache, tools::BUILD, &plan.tools_mirror, plan.update, progress)?;
    let base_packages = resolution::resolve(&places.cache, &plan.base_request(), plan.update, progress)?;
    // The lists are fresh now, so asking again costs a resolution and no download.
    let all_packages = resolution::resolve(&places.cache, &plan.request(), plan.update, progress)?;
    check_subset(&base_packages, &all_packages)?;
    let native = &plan.profile.native;
    let twin = Twin::acquire(&places.cache, &plan.request(), native, &tools, plan.update, progress)?;
    foreign::register(&places.dispatch)?;
    let store = Store::open(&places.cache)?;
    let scratch = Scratch::new(&places.cache)?;
    tools.show(&places.cache.join("store"))?;
    tools.show(scratch.path())?;
    let build = Build {
        cache: places.cache.clone(),
        out_dir: places.out_dir.clone(),
        device_programs: places.device_programs.clone(),
        revision: places.revision.clone(),
        profile_name: plan.profile_name.clone(),
        profile: plan.profile.clone(),
        features,
        tools,
        twin,
        store,
        scratch,
        progress: progress.clone(),
    };
    let base = base::make(&build, &plan.base_request(), &base_packages)?;
    let epoch = base::epoch(&base)?;
    let root = packages::make(&build, &base, &plan.request(), &all_packages, epoch)?;
    let layer = overlay::make(&build, &root, epoch)?;
    let sealed = seal::make(&build, &root, &layer, epoch)?;
    let assembled = assemble::make(&build, &sealed, epoch)?;
    let compressed = compress::make(&build, &assembled, plan.level)?;
    publish::make(&build, &root, &assembled, &compressed)
}

fn load_features(plan: &Plan, places: &Places) -> Result<Vec<Feature>> {
    let overlay = places.repository.join("overlay");
    plan.profile
        .features
        .iter()
        .map(|name| {
            Feature::load(&overlay, name).with_context(|| format!("reading the feature {name}"))
        })
        .collect()
}

/// The base must be a part of the whole, or apt would have to exchange packages in it.
fn check_subset(base: &[Package], all: &[Package]) -> Result<()> {
    for package in base {
        anyhow::ensure!(
            all.contains(package),
            "{} {} of the base is not among the packages of the image; --update asks the archive anew",
            package.name,
            package.version,
        );
    }
    Ok(())
}

/// The latest time at which one of the packages was made.
///
/// # Errors
/// A package is not in the cache.
pub(crate) fn youngest(apt: &archive::Apt, packages: &[Package]) -> Result<u64> {
    let times = packages.iter().map(|package| archive::made_at(&apt.file(package)));
    let times: Vec<u64> = times.collect::<Result<_>>()?;
    times.into_iter().max().context("there are no packages")
}
