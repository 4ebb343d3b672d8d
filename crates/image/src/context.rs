//! What every stage of a build can use: its profile and features, the tools, the native twin, the
//! store, room to work in. Which stages there are, and their order, is the business of
//! [`crate::build`].

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::archive::Package;
use crate::foreign::{self, Twin};
use crate::overlay::Feature;
use crate::plan::Plan;
use crate::profile::Profile;
use crate::progress::Progress;
use crate::resolution;
use crate::scratch::Scratch;
use crate::store::Store;
use crate::tools::{self, Tools};

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

impl Build {
    /// Brings together what the stages need: tools, native twin, features, room to work in. The
    /// caller holds the lock of the cache. `store` is where finished stages are.
    ///
    /// # Errors
    /// The archive cannot be reached, or the kernel lacks what [`foreign`] needs.
    pub fn prepare(
        plan: &Plan,
        places: &Places,
        store: &Path,
        progress: &Progress,
    ) -> Result<Self> {
        let features = load_features(plan, places)?;
        let cache = &places.cache;
        let tools = Tools::acquire(
            cache,
            tools::BUILD,
            &plan.tools_mirror,
            plan.update,
            progress,
        )?;
        // The root's packages first: with --update, the twin must not be older than they are.
        let packages = Self::packages(plan, cache, plan.update, progress)?;
        let native = &plan.profile.native;
        let twin = Twin::acquire(
            cache,
            &plan.request(),
            native,
            &tools,
            plan.update,
            progress,
        )?;
        check_twin(twin.packages(), &packages.all)?;
        foreign::register(&places.dispatch)?;
        let store = Store::open(store)?;
        let scratch = Scratch::new(cache)?;
        tools.show(store.dir())?;
        tools.show(scratch.path())?;
        Ok(Self {
            cache: cache.clone(),
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
        })
    }

    /// The packages of the base and of the whole image, as the archive last answered or answers now.
    ///
    /// # Errors
    /// The archive cannot be reached, or has no answer.
    pub(crate) fn packages(
        plan: &Plan,
        cache: &Path,
        update: bool,
        progress: &Progress,
    ) -> Result<Packages> {
        let base = resolution::resolve(cache, &plan.base_request(), update, progress)?;
        let all = resolution::resolve(cache, &plan.request(), update, progress)?;
        check_subset(&base, &all)?;
        Ok(Packages { base, all })
    }
}

/// The packages of the base, and of the whole image.
pub(crate) struct Packages {
    pub(crate) base: Vec<Package>,
    pub(crate) all: Vec<Package>,
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

/// A native program must be the same version as the foreign one in whose place it runs.
fn check_twin(twin: &[Package], root: &[Package]) -> Result<()> {
    // Debian rebuilds packages for one architecture alone: `+b1` says nothing about the source.
    let source = |package: &Package| {
        let version = package.version.as_str();
        version
            .rsplit_once("+b")
            .filter(|(_, n)| n.parse::<u32>().is_ok())
            .map_or(version, |(v, _)| v)
            .to_owned()
    };
    for native in twin {
        let Some(foreign) = root.iter().find(|package| package.name == native.name) else {
            continue;
        };
        anyhow::ensure!(
            source(native) == source(foreign),
            "{} is {} natively and {} in the image; --update asks the archive anew for both",
            native.name,
            native.version,
            foreign.version,
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str) -> Package {
        Package {
            name: name.into(),
            version: version.into(),
            arch: "arm64".into(),
            sha256: String::new(),
            size: 0,
            installed_size: 0,
        }
    }

    #[test]
    fn native_programs_of_another_version_are_refused() {
        let root = [
            package("perl-base", "5.36.0-7"),
            package("tar", "1.34+b2"),
            package("xrdp", "1"),
        ];
        check_twin(
            &[
                package("perl-base", "5.36.0-7"),
                package("tar", "1.34"),
                package("gawk", "5"),
            ],
            &root,
        )
        .unwrap();
        let error = check_twin(&[package("perl-base", "5.36.0-8")], &root).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("perl-base is 5.36.0-8 natively and 5.36.0-7 in the image")
        );
    }
}
