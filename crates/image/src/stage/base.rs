//! Stage *base*: the archive's essential packages and apt, configured.
//!
//! dpkg cannot install itself into an empty directory, so the packages' files are unpacked first
//! and dpkg then installs the same packages over them.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Made;
use crate::archive::{Apt, Package};
use crate::context::Build;
use crate::foreign::Foreign;
use crate::overlay::Feature;
use crate::{digest, rootfs, sandbox, tools};

/// What the unpacking leaves to dpkg, which knows what the image wants of it.
const LEFT_TO_DPKG: [&str; 5] = ["doc", "info", "locale", "lintian", "man"];

/// Makes the base; its entry holds `root.tar` and `epoch`.
///
/// # Errors
/// The profile has no such base, a package's script failed, or there is no room.
pub fn make(build: &Build) -> Result<Made> {
    let (Some(bootstrap), Some(request)) = (&build.profile.bootstrap, &build.requests.base) else {
        bail!("the profile has no [bootstrap]");
    };
    let packages = &build.packages.base;
    let early: Vec<String> = build.features.iter().map(Feature::early_key).collect();
    let key = digest::of(&(
        "base",
        include_str!("base.rs"),
        (
            packages,
            build.twin.packages(),
            build.shop.tools.packages(),
            bootstrap,
        ),
        (early, &build.profile.native.leave_foreign),
    ));
    super::make(&build.shop, "base", key, |out| {
        let apt = Apt::new(&build.shop.cache, request)?;
        apt.download(packages, &build.shop.progress)?;
        let epoch = apt.youngest(packages)?;
        fs_err::write(out.join("epoch"), epoch.to_string())?;
        let room = build.shop.scratch.room()?;
        let root = room.path().join("root");
        fs_err::create_dir(&root)?;
        tools::merge_usr(&root, &bootstrap.merged_usr)?;
        unpack(build, &apt, packages, &root)?;
        for feature in &build.features {
            feature.lay_early(&root)?;
        }
        install(build, &apt, packages, &root, epoch).context("installing the base system")?;
        pack(build, &root, epoch, out)
    })
}

fn unpack(build: &Build, apt: &Apt, packages: &[Package], root: &Path) -> Result<()> {
    let excluded: Vec<String> = LEFT_TO_DPKG
        .iter()
        .map(|dir| format!("--exclude=./usr/share/{dir}/*"))
        .collect();
    let options: Vec<&str> = std::iter::once("--same-owner")
        .chain(excluded.iter().map(String::as_str))
        .collect();
    let step = build.shop.progress.bytes(
        "unpacking the base",
        packages.iter().map(|package| package.size).sum(),
    );
    for package in packages {
        step.detail(&package.name);
        tools::extract(&apt.file(package), root, &options)?;
        step.advance(package.size);
    }
    step.done("");
    Ok(())
}

fn install(build: &Build, apt: &Apt, packages: &[Package], root: &Path, epoch: u64) -> Result<()> {
    fs_err::write(root.join("var/lib/dpkg/status"), "")?;
    super::packages::forbid_services(root)?;
    let debs = root.join(".debs");
    fs_err::create_dir(&debs)?;
    let foreign = Foreign::enter(root, &build.twin)?;
    sandbox::bind_read_only(apt.debs(), &debs)?;
    let step = build
        .shop
        .progress
        .step(format!("installing {} base packages", packages.len()));
    let files = packages
        .iter()
        .map(|package| format!("/.debs/{}", package.file_name()));
    foreign
        .cmd("dpkg", epoch)
        // All of them arrive at once, so none can be there before the others.
        .args([
            "--force-depends",
            "--force-unsafe-io",
            "--force-confdef",
            "--force-confold",
            "--install",
        ])
        .args(files)
        .run_with(|line| {
            if let Some(what) = line.strip_prefix("Setting up ") {
                step.detail(what.split(' ').next().unwrap_or(what));
            }
        })?;
    step.done("");
    let broken = foreign.cmd("dpkg", epoch).arg("--audit").read()?;
    anyhow::ensure!(
        broken.trim().is_empty(),
        "dpkg finds the base system broken:\n{broken}"
    );
    sandbox::unmount(&debs)?;
    fs_err::remove_dir(&debs)?;
    foreign.leave()
}

fn pack(build: &Build, root: &Path, epoch: u64, out: &Path) -> Result<()> {
    let step = build.shop.progress.step("packing the base");
    let file =
        std::io::BufWriter::with_capacity(1 << 20, fs_err::File::create(out.join("root.tar"))?);
    let mut file = rootfs::pack(root, &[], epoch, &|_| true, file)?;
    std::io::Write::flush(&mut file)?;
    step.done("");
    Ok(())
}
