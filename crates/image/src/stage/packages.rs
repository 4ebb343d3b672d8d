//! Stage *packages*: everything that the profile installs, on top of the base.
//!
//! The packages arrive as files, so that apt inside the root has an order to find and nothing to
//! choose. What stands in the mount point of the boot partition afterwards is its content.

mod settle;

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Made;
use crate::archive::{Apt, Package};
use crate::context::Build;
use crate::foreign::Foreign;
use crate::overlay::Feature;
use crate::rootfs::Entry;
use crate::{digest, dpkg, rootfs, sandbox};

/// What a root was made of, beside it in the store.
#[derive(Debug, Serialize, Deserialize)]
pub struct Contents {
    /// Every package in it.
    pub packages: Vec<PackageVersion>,
    /// The time that stands for "now" in the image: seconds since 1970.
    pub epoch: u64,
}

/// A package of a root.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PackageVersion {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its architecture, or `all`.
    pub arch: String,
    /// SHA-256 of its .deb; of a package that came with a vendor's image it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Makes the root; its entry holds `root.tar`, `boot.tar` and `contents.json`.
///
/// # Errors
/// A package's script failed, or there is no room.
pub fn make(build: &Build, base: &Made) -> Result<Made> {
    let packages = &build.packages.all;
    let early: Vec<String> = build.features.iter().map(Feature::early_key).collect();
    let key = digest::of(&(
        "packages",
        &base.key,
        (
            include_str!("packages.rs"),
            include_str!("packages/settle.rs"),
            include_str!("../dpkg.rs"),
        ),
        (packages, build.twin.packages()),
        (early, &build.profile.native.leave_foreign),
        &build.profile.packages,
        &build.profile.disk.boot.mount,
    ));
    super::make(&build.shop, "packages", key, |out| {
        let apt = build.apt()?;
        apt.download(packages, &build.shop.progress)?;
        let epoch = epoch_of(base, &apt, packages)?;
        let room = build.shop.scratch.room()?;
        let root = room.path().join("root");
        let nodes = unpack(build, base, &root)?;
        if build.profile.bootstrap.is_none() {
            // A base that we made ourselves has this already.
            forbid_services(&root)?;
            for feature in &build.features {
                feature.lay_early(&root)?;
            }
        }
        install(build, &apt, packages, &root, epoch).context("installing packages")?;
        let contents = Contents {
            packages: list(&root, packages)?,
            epoch,
        };
        settle::settle(&root, epoch)?;
        pack(build, &root, &nodes, epoch, out)?;
        fs_err::write(
            out.join("contents.json"),
            serde_json::to_vec_pretty(&contents)?,
        )?;
        Ok(())
    })
}

/// The time that stands for "now" in an image: seconds since 1970.
///
/// # Errors
/// The entry is damaged.
pub fn epoch(root: &Made) -> Result<u64> {
    let file = root.file("contents.json");
    let contents: Contents = serde_json::from_slice(&fs_err::read(&file)?)
        .with_context(|| format!("reading {}", file.display()))?;
    Ok(contents.epoch)
}

/// When the base or the youngest of the packages was made, whichever came last. It changes only
/// with them, and a device that has no clock starts from it.
fn epoch_of(base: &Made, apt: &Apt, packages: &[Package]) -> Result<u64> {
    let file = base.file("epoch");
    let of_base: u64 = fs_err::read_to_string(&file)?
        .parse()
        .with_context(|| format!("reading {}", file.display()))?;
    Ok(of_base.max(apt.youngest(packages)?))
}

/// Unpacks the base, and what it has for the boot partition into the place where that is mounted.
/// Returns the device nodes, which nobody may make in a user namespace: they go from tar to tar.
fn unpack(build: &Build, base: &Made, root: &Path) -> Result<Vec<Entry>> {
    let step = build.shop.progress.step("unpacking the base");
    let tar = base.file("root.tar");
    let nodes = rootfs::device_nodes(&tar)?;
    fs_err::create_dir(root)?;
    let list = build.shop.scratch.room()?;
    let excluded = list.path().join("excluded");
    fs_err::write(&excluded, rootfs::tar_names(&nodes))?;
    let extract = |tar: &Path, into: &Path| {
        cmd::Cmd::new("tar")
            .args(["--extract", "--same-owner", "--preserve-permissions"])
            .args(["--numeric-owner", "--xattrs", "--xattrs-include=*"])
            .args(["--no-wildcards", "--anchored", "--exclude-from"])
            .arg(&excluded)
            .arg("--directory")
            .arg(into)
            .arg("--file")
            .arg(tar)
            .run()
    };
    extract(&tar, root)?;
    let boot = base.file("boot.tar");
    if boot.exists() {
        let mount = root.join(&build.profile.disk.boot.mount);
        fs_err::create_dir_all(&mount)?;
        extract(&boot, &mount)?;
    }
    step.done("");
    Ok(nodes)
}

/// Packages start their services when installed; there is nothing to start them in.
pub(super) fn forbid_services(root: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let path = root.join("usr/sbin/policy-rc.d");
    fs_err::write(&path, "#!/bin/sh\nexit 101\n")?;
    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}

fn install(build: &Build, apt: &Apt, packages: &[Package], root: &Path, epoch: u64) -> Result<()> {
    let boot = root.join(&build.profile.disk.boot.mount);
    let debs = root.join(".debs");
    fs_err::create_dir_all(&boot)?;
    fs_err::create_dir_all(&debs)?;
    let foreign = Foreign::enter(root, &build.twin)?;
    // The kernel's hooks write to the boot partition only where one is mounted.
    sandbox::bind(&boot, &boot)?;
    sandbox::bind_read_only(apt.debs(), &debs)?;
    apt_install(build, &foreign, packages, epoch)?;
    mark_automatic(build, &foreign, packages, epoch)?;
    for command in &build.profile.packages.finish {
        let step = build.shop.progress.step(command.clone());
        foreign
            .cmd("sh", epoch)
            .envs(&build.profile.packages.environment)
            .args(["-c", command])
            .run_with(|line| step.detail(line))
            .with_context(|| {
                format!("running the profile's packages.finish command {command:?}")
            })?;
        step.done("");
    }
    let broken = foreign.cmd("dpkg", epoch).arg("--audit").read()?;
    anyhow::ensure!(
        broken.trim().is_empty(),
        "dpkg finds packages broken:\n{broken}"
    );
    sandbox::unmount(&debs)?;
    sandbox::unmount(&boot)?;
    foreign.leave()
}

/// Every package of the root, with what is known of its file.
fn list(root: &Path, fetched: &[Package]) -> Result<Vec<PackageVersion>> {
    let status = fs_err::read_to_string(root.join(dpkg::STATUS))?;
    let sha256 = |name: &str, version: &str| {
        let mut same = fetched
            .iter()
            .filter(|package| package.name == name && package.version == version);
        same.next().map(|package| package.sha256.clone())
    };
    let packages = dpkg::installed(&status).into_iter();
    Ok(packages
        .map(|package| PackageVersion {
            sha256: sha256(&package.name, &package.version),
            name: package.name,
            version: package.version,
            arch: package.arch,
        })
        .collect())
}

fn apt_install(build: &Build, foreign: &Foreign, packages: &[Package], epoch: u64) -> Result<()> {
    let step = build
        .shop
        .progress
        .parts(format!("installing {} packages", packages.len()), 1000);
    let mut shown = 0;
    let kept_out = build.profile.packages.install.iter();
    foreign
        .cmd("apt-get", epoch)
        .envs(&build.profile.packages.environment)
        .args(apt_options(&build.profile.arch))
        .args(["--option", "APT::Status-Fd=1", "--yes", "install"])
        .args(
            packages
                .iter()
                .map(|package| format!("/.debs/{}", package.file_name())),
        )
        // What a base may have and the profile does not want.
        .args(kept_out.filter(|name| name.ends_with('-')))
        .run_with(|line| {
            if let Some((package, permille)) = parse_status(line) {
                step.detail(package);
                step.advance(permille.saturating_sub(shown));
                shown = shown.max(permille);
            }
        })?;
    step.done("");
    Ok(())
}

/// What was not asked for by name came as a dependency: apt may remove it with its reason, as it
/// does with old kernels.
fn mark_automatic(
    build: &Build,
    foreign: &Foreign,
    packages: &[Package],
    epoch: u64,
) -> Result<()> {
    let bootstrap = build.profile.bootstrap.iter();
    let asked: Vec<&String> = bootstrap
        .flat_map(|bootstrap| &bootstrap.packages)
        .chain(&build.profile.packages.install)
        .collect();
    let automatic: Vec<&String> = packages
        .iter()
        .map(|package| &package.name)
        .filter(|name| !asked.contains(name))
        .collect();
    if automatic.is_empty() {
        return Ok(());
    }
    foreign
        .cmd("apt-mark", epoch)
        .args(apt_options(&build.profile.arch))
        .arg("auto")
        .args(automatic)
        .run()?;
    Ok(())
}

/// The native apt takes itself for one of the host's architecture.
fn apt_options(arch: &str) -> Vec<String> {
    let dpkg = ["--force-unsafe-io", "--force-confdef", "--force-confold"];
    let mut settings = vec![
        format!("APT::Architecture={arch}"),
        format!("APT::Architectures::={arch}"),
        "APT::Sandbox::User=root".into(),
        "APT::Install-Recommends=false".into(),
        "Dpkg::Use-Pty=0".into(),
        "Debug::NoLocking=true".into(),
    ];
    settings.extend(dpkg.map(|option| format!("Dpkg::Options::={option}")));
    settings
        .into_iter()
        .flat_map(|setting| ["--option".into(), setting])
        .collect()
}

/// apt's status line `pmstatus:PACKAGE:PERCENT:TEXT`; the progress in thousandths.
fn parse_status(line: &str) -> Option<(&str, u64)> {
    let mut fields = line.strip_prefix("pmstatus:")?.split(':');
    let package = fields.next()?;
    let percent = fields.find_map(|field| field.parse::<f64>().ok())?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 1000"
    )]
    Some((package, (percent.clamp(0.0, 100.0) * 10.0) as u64))
}

fn pack(build: &Build, root: &Path, nodes: &[Entry], epoch: u64, out: &Path) -> Result<()> {
    let step = build.shop.progress.step("packing the root");
    let boot = Path::new(&build.profile.disk.boot.mount).to_owned();
    let create = |name: &str| -> Result<_> {
        Ok(std::io::BufWriter::with_capacity(
            1 << 20,
            fs_err::File::create(out.join(name))?,
        ))
    };
    let not_boot = |path: &Path| path.parent() != Some(&boot);
    rootfs::pack(root, nodes, epoch, &not_boot, create("root.tar")?)?.flush()?;
    let content = root.join(&boot);
    rootfs::pack(&content, &[], epoch, &|_| true, create("boot.tar")?)?.flush()?;
    step.done("");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apts_status_lines_are_understood() {
        assert_eq!(
            parse_status("pmstatus:libc6:12.5:Installing libc6:arm64"),
            Some(("libc6", 125))
        );
        assert_eq!(
            parse_status("pmstatus:libc6:arm64:7.0000:x"),
            Some(("libc6", 70))
        );
        assert_eq!(parse_status("Setting up libc6"), None);
    }
}
