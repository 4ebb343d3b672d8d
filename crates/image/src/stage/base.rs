//! Stage *base*: the archive's essential packages and apt, configured.
//!
//! dpkg cannot install itself into an empty directory, so the packages' files are unpacked first
//! and dpkg then installs the same packages over them.

use std::path::Path;

use anyhow::{Context, Result};

use super::Made;
use crate::archive::{Apt, Package, Request, made_at};
use crate::context::Build;
use crate::foreign::Foreign;
use crate::overlay::Feature;
use crate::{digest, rootfs, sandbox, tools};

/// What the unpacking leaves to dpkg, which knows what the image wants of it.
const LEFT_TO_DPKG: [&str; 5] = ["doc", "info", "locale", "lintian", "man"];

/// Makes the base; its entry holds `root.tar` and `epoch`.
///
/// # Errors
/// A package's script failed, or there is no room.
pub fn make(build: &Build, request: &Request, packages: &[Package]) -> Result<Made> {
    let early: Vec<String> = build.features.iter().map(Feature::early_key).collect();
    let key = digest::of(&(
        "base",
        include_str!("base.rs"),
        (
            packages,
            build.twin.packages(),
            build.tools.packages(),
            &build.profile.bootstrap,
        ),
        (early, &build.profile.native.leave_foreign),
    ));
    super::make(build, "base", key, |out| {
        let apt = Apt::new(&build.cache, request)?;
        apt.download(packages, &build.progress)?;
        let epoch = youngest(&apt, packages)?;
        fs_err::write(out.join("epoch"), epoch.to_string())?;
        let room = build.scratch.room()?;
        let root = room.path().join("root");
        fs_err::create_dir(&root)?;
        unpack(build, &apt, packages, &root)?;
        for feature in &build.features {
            feature.lay_early(&root)?;
        }
        install(build, &apt, packages, &root, epoch).context("installing the base system")?;
        pack(build, &root, epoch, out)
    })
}

/// The time that stands for "now" in everything made from a base: when the youngest of its packages
/// was made. It changes only with the packages, and a device that has no clock starts from it.
///
/// # Errors
/// The entry is damaged.
pub fn epoch(base: &Made) -> Result<u64> {
    let text = fs_err::read_to_string(base.file("epoch"))?;
    text.parse()
        .with_context(|| format!("reading {}", base.file("epoch").display()))
}

fn unpack(build: &Build, apt: &Apt, packages: &[Package], root: &Path) -> Result<()> {
    let dirs: Vec<&str> = build
        .profile
        .bootstrap
        .merged_usr
        .iter()
        .map(String::as_str)
        .collect();
    tools::merge_usr(root, &dirs)?;
    let excluded: Vec<String> = LEFT_TO_DPKG
        .iter()
        .map(|dir| format!("--exclude=./usr/share/{dir}/*"))
        .collect();
    let options: Vec<&str> = std::iter::once("--same-owner")
        .chain(excluded.iter().map(String::as_str))
        .collect();
    let step = build.progress.bytes(
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
    forbid_services(root)?;
    let debs = root.join(".debs");
    fs_err::create_dir(&debs)?;
    let foreign = Foreign::enter(root, &build.twin)?;
    sandbox::bind_read_only(apt.debs(), &debs)?;
    let step = build
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

/// Packages start their services when installed; there is nothing to start them in.
fn forbid_services(root: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let path = root.join("usr/sbin/policy-rc.d");
    fs_err::write(&path, "#!/bin/sh\nexit 101\n")?;
    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}

fn pack(build: &Build, root: &Path, epoch: u64, out: &Path) -> Result<()> {
    let step = build.progress.step("packing the base");
    let file =
        std::io::BufWriter::with_capacity(1 << 20, fs_err::File::create(out.join("root.tar"))?);
    let mut file = rootfs::pack(root, epoch, &|_| true, file)?;
    std::io::Write::flush(&mut file)?;
    step.done("");
    Ok(())
}

/// The latest time at which one of the packages was made.
///
/// # Errors
/// A package is not in the cache.
fn youngest(apt: &Apt, packages: &[Package]) -> Result<u64> {
    let times = packages.iter().map(|package| made_at(&apt.file(package)));
    let times: Vec<u64> = times.collect::<Result<_>>()?;
    times.into_iter().max().context("there are no packages")
}
