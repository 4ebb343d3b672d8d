//! The vendor's image that importing is proved on: Debian 11 laid out as Canonical lays out its
//! preinstalled Ubuntu 20.04 server image for the Raspberry Pi. Everything that is not a package is
//! in `tests/fixtures/vendor`.
//!
//! It is made once for all that goes into it, and kept in the cache's store: by [`twin`], from a
//! test, or by [`make`] inside a sandbox.

mod boot;
mod disk;
mod oddities;
mod release;
mod root;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use image::archive::Mirrors;
use image::build;
use image::context::{Build, Places, Workshop};
use image::plan::Plan;
use image::progress::Progress;
use image::scratch::Scratch;
use image::stage::{Made, packages};
use image::store::Store;
use image::tools::{self, Tools};
use image::{digest, lock, overlay, profile, sandbox};
use serde::{Deserialize, Serialize};

pub use disk::{DISK_ID, ROOT_UUID};
pub use oddities::{SOCKET, oddities};

/// The word that starts this program as the maker.
pub const STEP: &str = "@vendor";
/// What decides the twin besides packages and fixtures.
const SOURCES: [&str; 6] = [
    include_str!("vendor.rs"),
    include_str!("vendor/boot.rs"),
    include_str!("vendor/disk.rs"),
    include_str!("vendor/oddities.rs"),
    include_str!("vendor/release.rs"),
    include_str!("vendor/root.rs"),
];

/// The finished twin: a release directory as a vendor's server has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twin {
    /// Holds the image, `SHA256SUMS` and `SHA256SUMS.gpg`.
    pub dir: PathBuf,
    /// The key that signed the sums, exported, not armored. Outside of [`Twin::dir`].
    pub keyring: PathBuf,
    /// That key's fingerprint: 40 upper-case hexadecimal digits.
    pub fingerprint: String,
}

impl Twin {
    /// The image, compressed.
    pub fn image(&self) -> PathBuf {
        self.dir.join(release::IMAGE)
    }

    fn in_entry(entry: &Path) -> Result<Self> {
        Ok(Self {
            dir: entry.join(release::DIR),
            keyring: entry.join(release::KEYRING),
            fingerprint: fs_err::read_to_string(entry.join(release::FINGERPRINT))?,
        })
    }
}

/// The twin, for a test: made in a sandbox of its own unless it is there.
///
/// # Errors
/// A package could not be fetched or installed, or a tool refused what we made.
#[allow(clippy::disallowed_methods, reason = "this program, started again")]
pub fn twin() -> Result<Twin> {
    let output = Command::new(std::env::current_exe()?).arg(STEP).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "making the vendor's image: {said}");
    serde_json::from_slice(&output.stdout).context("reading where the vendor's image is")
}

/// What [`twin`] starts, inside the sandbox: makes the twin and prints where it is.
pub fn step() -> ExitCode {
    let cache = crate::setting("E2E_CACHE");
    let dispatch = crate::setting("E2E_PROGRAMS").join("dispatch");
    let attempt = || -> Result<String> {
        let twin = make(&cache, &dispatch, &Progress::new(false))?;
        Ok(serde_json::to_string(&twin)?)
    };
    match attempt() {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Makes the twin unless `cache` has it. `dispatch` is the program of `crates/dispatch`. Inside the
/// sandbox only; waits for the cache's lock.
///
/// # Errors
/// As [`twin`].
pub fn make(cache: &Path, dispatch: &Path, progress: &Progress) -> Result<Twin> {
    debug_assert!(sandbox::inside());
    let _lock = lock::take(cache, progress)?;
    let plan = plan()?;
    let places = Places {
        repository: crate::repository(),
        cache: cache.to_owned(),
        out_dir: cache.to_owned(),
        device_programs: cache.to_owned(),
        dispatch: dispatch.to_owned(),
        revision: String::new(),
    };
    let store = cache.join("store");
    let shop = Workshop::open(&plan, cache, &store, progress)?;
    let build = Build::prepare(shop, &plan, &places, None)?;
    let root = build::make_root(&build)?;
    let epoch = packages::epoch(&root)?;
    let maker = Maker {
        features: plan.profile.disk.root.features.clone(),
        fixtures: fixtures(),
        tools: tools_for(tools::BUILD, cache, &plan, progress)?,
        own_tools: tools_for(release::TOOLS, cache, &plan, progress)?,
        scratch: Scratch::new(cache)?,
        root,
        epoch,
    };
    maker.show(maker.scratch.path())?;
    maker.show(&store)?;
    let key = maker.key()?;
    let step = progress.step("making the vendor's image");
    let entry = Store::open(&store, "vendor")?.make("image", &key, |out| maker.fill(out));
    let entry = entry.context("making the vendor's image")?;
    step.done("");
    Twin::in_entry(&entry)
}

fn fixtures() -> PathBuf {
    crate::repository().join("tests/fixtures/vendor")
}

fn plan() -> Result<Plan> {
    let profile = profile::load(&fixtures(), "profile")?;
    let mirrors = Mirrors::new(&[]);
    Plan::new("vendor", profile, &|name, usual| mirrors.of(name, usual))
}

/// The plan of importing the twin: the profile that it was made from, with the twin as its base.
///
/// # Errors
/// This machine's apt has no mirror.
pub fn plan_of_import(twin: &Twin) -> Result<Plan> {
    let mut plan = plan()?;
    plan.profile.bootstrap = None;
    plan.profile.import = Some(profile::Import {
        url: "https://images.example".into(),
        image: release::IMAGE.into(),
        // A path, and not the name of one of the builder's keyrings.
        keyring: twin.keyring.display().to_string(),
        signed_by: vec![twin.fingerprint.clone()],
    });
    plan.base_file = Some(twin.image());
    Ok(plan)
}

fn tools_for(set: tools::ToolSet, cache: &Path, plan: &Plan, progress: &Progress) -> Result<Tools> {
    Tools::acquire(cache, set, &plan.tools_mirror, false, progress)
}

/// What the parts of the making share.
struct Maker {
    /// Of the ext4.
    features: Vec<String>,
    fixtures: PathBuf,
    /// The builder's.
    tools: Tools,
    /// What no builder needs.
    own_tools: Tools,
    scratch: Scratch,
    root: Made,
    epoch: u64,
}

impl Maker {
    fn key(&self) -> Result<String> {
        Ok(digest::of(&(
            &self.root.key,
            SOURCES,
            overlay::walk(&self.fixtures)?,
            self.tools.packages(),
            self.own_tools.packages(),
            self.epoch,
        )))
    }

    fn show(&self, dir: &Path) -> Result<()> {
        self.tools.show(dir)?;
        self.own_tools.show(dir)
    }

    fn fill(&self, out: &Path) -> Result<()> {
        let room = self.scratch.room()?;
        let root = room.path().join("root.tar");
        let boot = room.path().join("boot");
        root::write(self, &root)?;
        boot::lay_out(self, &boot)?;
        let disk = room.path().join("disk.img");
        disk::write(self, &boot, &root, &disk)?;
        release::publish(self, &disk, out)
    }
}
