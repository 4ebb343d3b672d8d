//! The other builder: Debian's mmdebstrap as it comes, every program of the root under QEMU.

use std::path::Path;

use ::image::archive::{Apt, Package};
use ::image::foreign;
use ::image::plan::Plan;
use ::image::progress::Progress;
use ::image::tools::{ToolSet, Tools};
use anyhow::{Context, Result};

/// mmdebstrap and what it runs.
pub const TOOLS: ToolSet = ToolSet {
    name: "bench",
    packages: &[
        "bash",
        "coreutils",
        "dash",
        "debian-archive-keyring",
        "diffutils",
        "findutils",
        "gpgv",
        "grep",
        "gzip",
        "libc-bin",
        "mawk",
        "mmdebstrap",
        "mount",
        "passwd",
        "perl",
        "qemu-user",
        "sed",
        "tar",
        "util-linux",
        "xz-utils",
        "zstd",
    ],
};

/// Makes a root of the same packages below `dir`. The packages come from the cache.
///
/// # Errors
/// mmdebstrap failed; its words are in the log.
pub fn run(
    plan: &Plan,
    apt: &Apt,
    packages: &[Package],
    tools: &Tools,
    dir: &Path,
    progress: &Progress,
) -> Result<()> {
    foreign::unregister()?;
    foreign::register(&tools.file("usr/bin/qemu-aarch64"))?;
    let debs = dir.join("debs");
    fs_err::create_dir(&debs)?;
    for package in packages {
        fs_err::hard_link(apt.file(package), debs.join(package.file_name()))?;
    }
    tools.show(dir)?;
    // The tools are unpacked, not installed: their user database is not made.
    fs_err::write(tools.file("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")?;
    fs_err::write(tools.file("etc/group"), "root:x:0:\n")?;
    tools.show(Path::new("/sys"))?;
    fs_err::copy("/etc/resolv.conf", tools.file("etc/resolv.conf"))?;
    let step = progress.step("mmdebstrap");
    let hook = format!(
        "--setup-hook=mkdir -p \"$1/var/cache/apt/archives\" && cp {}/*.deb \"$1/var/cache/apt/archives\"",
        debs.display()
    );
    let archives = plan.sources.iter().map(|source| {
        let keyring = &plan.profile.archive.keyring;
        format!(
            "deb [signed-by=/usr/share/keyrings/{keyring}] {} {} {}",
            source.url,
            source.suite,
            source.components.join(" ")
        )
    });
    let wanted = plan
        .profile
        .bootstrap
        .iter()
        .flat_map(|bootstrap| &bootstrap.packages)
        .chain(&plan.profile.packages.install);
    let wanted: Vec<&str> = wanted
        .map(String::as_str)
        .filter(|name| !name.ends_with('-'))
        .collect();
    tools
        .cmd("mmdebstrap")
        .args([
            "--mode=root",
            "--variant=essential",
            "--skip=check/qemu,output/dev,output/mknod",
        ])
        .arg(format!("--architectures={}", plan.profile.arch))
        .arg(format!("--include={}", wanted.join(",")))
        .args([
            "--aptopt=APT::Sandbox::User \"root\"",
            "--dpkgopt=force-unsafe-io",
        ])
        .arg(hook)
        .arg(&plan.sources[0].suite)
        .arg(dir.join("theirs.tar"))
        .args(archives)
        .run_with(|line| step.detail(line))
        .context("running mmdebstrap")?;
    step.done("");
    Ok(())
}
