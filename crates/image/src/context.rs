//! What every stage of a build can use: its profile and features, the tools, the native twin, the
//! store, room to work in. Which stages there are, and their order, is the business of
//! [`crate::build`].

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::archive::{Apt, Package, Request};
use crate::dpkg::{self, Installed};
use crate::foreign::{self, Twin};
use crate::overlay::Feature;
use crate::plan::Plan;
use crate::preset::Preset;
use crate::profile::Profile;
use crate::progress::Progress;
use crate::scratch::Scratch;
use crate::stage::import::Vendor;
use crate::store::Store;
use crate::tools::{self, Tools};
use crate::{resolution, snap_seed};

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

/// What is there before anything is known of the image: tools, the store, room to work in.
pub struct Workshop {
    pub(crate) cache: PathBuf,
    pub(crate) tools: Tools,
    pub(crate) store: Store,
    pub(crate) scratch: Scratch,
    pub(crate) progress: Progress,
}

impl Workshop {
    /// Sets it up. The caller holds the lock of the cache; `store` is where finished stages are.
    ///
    /// # Errors
    /// The tools cannot be fetched, or the cache not be written.
    pub fn open(plan: &Plan, cache: &Path, store: &Path, progress: &Progress) -> Result<Self> {
        let mirror = &plan.tools_mirror;
        let tools = Tools::acquire(cache, tools::BUILD, mirror, plan.update, progress)?;
        let store = Store::open(store, &plan.profile_name)?;
        let scratch = Scratch::new(cache)?;
        tools.show(store.dir())?;
        tools.show(scratch.path())?;
        Ok(Self {
            cache: cache.to_owned(),
            tools,
            store,
            scratch,
            progress: progress.clone(),
        })
    }

    /// The builder's tools.
    pub fn tools(&self) -> &Tools {
        &self.tools
    }
}

/// A build under way.
pub struct Build {
    pub(crate) shop: Workshop,
    pub(crate) out_dir: PathBuf,
    pub(crate) device_programs: PathBuf,
    pub(crate) revision: String,
    pub(crate) profile_name: String,
    /// The image's file name.
    pub(crate) image: String,
    /// What makes it one person's.
    pub(crate) preset: Option<Preset>,
    pub(crate) profile: Profile,
    pub(crate) features: Vec<Feature>,
    pub(crate) vendor: Option<Vendor>,
    pub(crate) requests: Requests,
    pub(crate) packages: Packages,
    pub(crate) twin: Twin,
    /// A seed with the browser's snap, when it comes in one and this machine can fetch it.
    pub(crate) snaps: Option<PathBuf>,
}

impl Build {
    /// Brings together what the stages need: features, packages, the native twin. `vendor` is the
    /// imported base, when the profile has one.
    ///
    /// # Errors
    /// The archive cannot be reached or has no answer, or the kernel lacks what [`foreign`] needs.
    pub fn prepare(
        shop: Workshop,
        plan: &Plan,
        places: &Places,
        vendor: Option<Vendor>,
    ) -> Result<Self> {
        let features = load_features(plan, places)?;
        let installed = vendor.as_ref().map_or("", |vendor| &vendor.status);
        let keyring = &plan.profile.archive.keyring;
        let keyring = shop.tools.keyring(keyring, &places.repository)?;
        let requests = Requests::new(plan, &keyring, installed);
        let resolve = |request: &Request| {
            resolution::resolve(&shop.cache, request, plan.update, &shop.progress)
        };
        let packages = Packages {
            base: requests.base.as_ref().map_or(Ok(vec![]), resolve)?,
            all: resolve(&requests.all)?,
        };
        check_subset(&packages.base, &packages.all)?;
        // The root's packages first: with --update, the twin must not be older than they are.
        let twin = Twin::acquire(
            &shop.cache,
            &requests.native,
            &plan.profile.arch,
            &plan.profile.native.leave_foreign,
            &shop.tools,
            plan.update,
            &shop.progress,
        )?;
        check_twin(twin.packages(), &packages.all, &dpkg::installed(installed))?;
        foreign::register(&places.dispatch)?;
        let snaps = prepare_snaps(plan, &shop);
        Ok(Self {
            shop,
            out_dir: places.out_dir.clone(),
            device_programs: places.device_programs.clone(),
            revision: places.revision.clone(),
            profile_name: plan.profile_name.clone(),
            image: plan.image.clone(),
            preset: plan.preset_file.as_deref().map(Preset::read).transpose()?,
            profile: plan.profile.clone(),
            features,
            vendor,
            requests,
            packages,
            twin,
            snaps,
        })
    }

    /// The packages that are installed.
    pub fn packages(&self) -> &[Package] {
        &self.packages.all
    }

    /// What it works with.
    pub fn shop(&self) -> &Workshop {
        &self.shop
    }

    /// The files of the packages.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn apt(&self) -> Result<Apt> {
        Apt::new(&self.shop.cache, &self.requests.all)
    }
}

/// What is asked of the archives.
pub(crate) struct Requests {
    /// The packages of a base that is made from them.
    pub(crate) base: Option<Request>,
    /// All that is installed.
    pub(crate) all: Request,
    /// The native twins.
    pub(crate) native: Request,
}

impl Requests {
    fn new(plan: &Plan, keyring: &Path, installed: &str) -> Self {
        let profile = &plan.profile;
        let request = |packages: Vec<String>| Request {
            arch: profile.arch.clone(),
            sources: plan.sources.clone(),
            keyring: keyring.to_owned(),
            essential: profile.bootstrap.is_some(),
            packages,
            installed: installed.to_owned(),
        };
        let base = profile.bootstrap.as_ref().map(|b| b.packages.clone());
        let whole = base.iter().flatten().chain(&profile.packages.install);
        Self {
            all: request(whole.cloned().collect()),
            base: base.map(request),
            native: Request {
                arch: tools::HOST_ARCH.into(),
                sources: plan.native_sources.clone(),
                essential: false,
                packages: profile.native.packages.clone(),
                installed: String::new(),
                keyring: keyring.to_owned(),
            },
        }
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

/// The browser's snap, when this machine can fetch it. When it cannot, the image is no worse: the
/// device fetches it.
fn prepare_snaps(plan: &Plan, shop: &Workshop) -> Option<PathBuf> {
    let browser = plan.profile.browser.as_ref();
    let snap = browser.and_then(|browser| browser.snap.as_ref())?;
    let wanted = snap_seed::Wanted {
        name: &snap.name,
        channel: &snap.channel,
        with: &snap.with,
        arch: &plan.profile.arch,
    };
    snap_seed::prepare(&wanted, &shop.cache, plan.update, &shop.progress).unwrap_or_else(|error| {
        let name = &snap.name;
        shop.progress.warn(&format!(
            "the image comes without the snap {name}, and the device will fetch it: {error:#}"
        ));
        None
    })
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

/// A native program must be the same version as the foreign one in whose place it runs. What a
/// vendor's image brings may be an older security update of that version: the archive keeps only the
/// newest.
fn check_twin(twin: &[Package], fetched: &[Package], vendors: &[Installed]) -> Result<()> {
    for native in twin {
        let fetched = fetched.iter().find(|package| package.name == native.name);
        let vendors = vendors.iter().find(|package| package.name == native.name);
        let (foreign, fits) = match (fetched, vendors) {
            (Some(package), _) => {
                let same = source_version(&native.version) == source_version(&package.version);
                (&package.version, same)
            }
            (None, Some(package)) => {
                let same = upstream_version(&native.version) == upstream_version(&package.version);
                (&package.version, same)
            }
            (None, None) => continue,
        };
        anyhow::ensure!(
            fits,
            "{} is {} natively and {foreign} in the image; --update asks the archive anew for both",
            native.name,
            native.version,
        );
    }
    Ok(())
}

/// Without the `+b1` of a package that was built again for one architecture alone.
fn source_version(version: &str) -> &str {
    version
        .rsplit_once("+b")
        .filter(|(_, n)| n.parse::<u32>().is_ok())
        .map_or(version, |(v, _)| v)
}

/// Without the distribution's own revision.
fn upstream_version(version: &str) -> &str {
    version.rsplit_once('-').map_or(version, |(v, _)| v)
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
        let native = [
            package("perl-base", "5.36.0-7"),
            package("tar", "1.34"),
            package("gawk", "5"),
        ];
        check_twin(&native, &root, &[]).unwrap();
        let error = check_twin(&[package("perl-base", "5.36.0-8")], &root, &[]).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("perl-base is 5.36.0-8 natively and 5.36.0-7 in the image")
        );
    }

    #[test]
    fn a_vendors_programs_may_lack_the_last_security_update() {
        let vendors = [Installed {
            name: "tar".into(),
            version: "1.30+dfsg-7ubuntu0.20.04.2".into(),
            arch: "arm64".into(),
        }];
        let native = package("tar", "1.30+dfsg-7ubuntu0.20.04.4");
        check_twin(std::slice::from_ref(&native), &[], &vendors).unwrap();
        // What is upgraded on the way is as new as the archive.
        let old = package("tar", "1.30+dfsg-7ubuntu0.20.04.3");
        assert!(check_twin(&[native], &[old], &vendors).is_err());
        assert!(check_twin(&[package("tar", "1.34-1")], &[], &vendors).is_err());
    }
}
