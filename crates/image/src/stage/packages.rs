//! Stage *packages*: everything that the profile installs, on top of the base.
//!
//! The packages arrive as files, so that apt inside the root has an order to find and nothing to
//! choose. What stands in the mount point of the boot partition afterwards is its content.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Made;
use crate::archive::{Apt, Package, Request};
use crate::context::Build;
use crate::foreign::Foreign;
use crate::{digest, files, rootfs, sandbox};

/// What scripts and logs leave behind, and what no image may share with another; paths in the root.
/// A trailing `/*` empties a directory.
const NOT_FOR_THE_IMAGE: &[&str] = &[
    ".debs",
    "etc/.pwd.lock",
    "etc/.resolv.conf.systemd-resolved.bak",
    "etc/group-",
    "etc/gshadow-",
    "etc/passwd-",
    "etc/shadow-",
    "etc/subgid-",
    "etc/subuid-",
    "etc/ssh/ssh_host_*",
    "root/.cache",
    "root/.gnupg",
    "run/*",
    "tmp/*",
    "usr/sbin/policy-rc.d",
    "var/cache/apt/*",
    "var/cache/debconf/*-old",
    "var/cache/fontconfig/*",
    "var/cache/ldconfig/*",
    "var/cache/man/*",
    "var/lib/apt/lists/*",
    "var/lib/dbus/machine-id",
    "var/lib/dpkg/*-old",
    "var/lib/dpkg/lock*",
    "var/lib/systemd/random-seed",
    "var/lib/systemd/credential.secret",
    "var/log/*.log",
    "var/log/apt/*",
    "var/log/journal/*",
    "var/tmp/*",
];

/// What a root was made of, beside it in the store.
#[derive(Debug, Serialize, Deserialize)]
pub struct Contents {
    /// Every package in it.
    pub packages: Vec<Package>,
    /// The time that stands for "now" in the image: seconds since 1970.
    pub epoch: u64,
}

/// Makes the root; its entry holds `root.tar`, `boot.tar` and `contents.json`.
///
/// # Errors
/// A package's script failed, or there is no room.
pub fn make(
    build: &Build,
    base: &Made,
    request: &Request,
    packages: &[Package],
    epoch: u64,
) -> Result<Made> {
    let key = digest::of(&(
        "packages",
        &base.key,
        include_str!("packages.rs"),
        packages,
        &build.profile.packages,
        &build.profile.disk.boot.mount,
    ));
    super::make(build, "packages", key, |out| {
        let apt = Apt::new(&build.cache, request)?;
        apt.download(packages, &build.progress)?;
        let room = build.scratch.room()?;
        let root = room.path().join("root");
        unpack(build, base, &root)?;
        install(build, &apt, packages, &root, epoch).context("installing packages")?;
        settle(&root, epoch)?;
        pack(build, &root, epoch, out)?;
        let contents = Contents {
            packages: packages.to_vec(),
            epoch,
        };
        fs_err::write(
            out.join("contents.json"),
            serde_json::to_vec_pretty(&contents)?,
        )?;
        Ok(())
    })
}

fn unpack(build: &Build, base: &Made, root: &Path) -> Result<()> {
    let step = build.progress.step("unpacking the base");
    fs_err::create_dir(root)?;
    cmd::Cmd::new("tar")
        .args([
            "--extract",
            "--same-owner",
            "--preserve-permissions",
            "--numeric-owner",
        ])
        .args(["--xattrs", "--xattrs-include=*", "--directory"])
        .arg(root)
        .arg("--file")
        .arg(base.file("root.tar"))
        .run()?;
    step.done("");
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
        let step = build.progress.step(command.clone());
        foreign
            .cmd("sh", epoch)
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

fn apt_install(build: &Build, foreign: &Foreign, packages: &[Package], epoch: u64) -> Result<()> {
    let step = build
        .progress
        .parts(format!("installing {} packages", packages.len()), 1000);
    let mut shown = 0;
    foreign
        .cmd("apt-get", epoch)
        .args(apt_options(&build.profile.arch))
        .args(["--option", "APT::Status-Fd=1", "--yes", "install"])
        .args(
            packages
                .iter()
                .map(|package| format!("/.debs/{}", package.file_name())),
        )
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
    let asked = [
        &build.profile.bootstrap.packages,
        &build.profile.packages.install,
    ];
    let automatic = packages
        .iter()
        .map(|package| &package.name)
        .filter(|name| !asked.iter().any(|list| list.contains(name)));
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

/// What depends on the moment of the build and has no use on the device goes.
fn settle(root: &Path, epoch: u64) -> Result<()> {
    for pattern in NOT_FOR_THE_IMAGE {
        remove_matching(root, pattern)?;
    }
    let days = epoch / 86_400;
    let shadow = root.join("etc/shadow");
    let settled = settle_shadow(&fs_err::read_to_string(&shadow)?, days);
    fs_err::write(shadow, settled)?;
    Ok(())
}

/// /etc/shadow with every "last changed" (days since 1970) at the image's own time.
fn settle_shadow(text: &str, days: u64) -> String {
    let settle = |line: &str| {
        let mut fields: Vec<String> = line.split(':').map(str::to_owned).collect();
        if let Some(changed) = fields.get_mut(2).filter(|changed| !changed.is_empty()) {
            *changed = days.to_string();
        }
        fields.join(":") + "\n"
    };
    text.lines().map(settle).collect()
}

/// Removes what one pattern of [`NOT_FOR_THE_IMAGE`] names: `*` in the last part only.
fn remove_matching(root: &Path, pattern: &str) -> Result<()> {
    let (dir, last) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let Ok(entries) = fs_err::read_dir(root.join(dir)) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        if crate::glob::matches(last, &entry.file_name().to_string_lossy()) {
            files::remove(&entry)?;
        }
    }
    Ok(())
}

fn pack(build: &Build, root: &Path, epoch: u64, out: &Path) -> Result<()> {
    let step = build.progress.step("packing the root");
    let boot = Path::new(&build.profile.disk.boot.mount).to_owned();
    let create = |name: &str| -> Result<_> {
        Ok(std::io::BufWriter::with_capacity(
            1 << 20,
            fs_err::File::create(out.join(name))?,
        ))
    };
    let not_boot = |path: &Path| path.parent() != Some(&boot);
    rootfs::pack(root, epoch, &not_boot, create("root.tar")?)?.flush()?;
    rootfs::pack(&root.join(&boot), epoch, &|_| true, create("boot.tar")?)?.flush()?;
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

    #[test]
    fn shadows_dates_become_the_images() {
        let text = "root:*:20000:0:99999:7:::\nx:!::::::\n";
        assert_eq!(settle_shadow(text, 5), "root:*:5:0:99999:7:::\nx:!::::::\n");
    }

    #[test]
    fn patterns_remove_what_they_name() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(dir.path().join("run/a/b")).unwrap();
        fs_err::write(dir.path().join("run/x.log"), "").unwrap();
        remove_matching(dir.path(), "run/*.log").unwrap();
        assert!(dir.path().join("run/a/b").exists() && !dir.path().join("run/x.log").exists());
        remove_matching(dir.path(), "run/*").unwrap();
        assert!(dir.path().join("run").exists() && !dir.path().join("run/a").exists());
        remove_matching(dir.path(), "no/such/*").unwrap();
    }
}
