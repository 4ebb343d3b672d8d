//! Whole builds, started as a user starts them: cold, after one file of the overlay has changed, and
//! with nothing changed; and the second boot of what they made.

use std::path::Path;
use std::time::Instant;

use ::image::files;
use ::image::progress::Progress;
use anyhow::{Context, Result};
use cmd::Cmd;

use crate::cli::BenchOptions;
use crate::{device, inspect, repository};

/// One build.
pub struct Timed {
    /// What it was.
    pub what: &'static str,
    /// How long it took.
    pub seconds: f64,
}

/// What was measured.
pub struct Whole {
    /// The builds.
    pub builds: Vec<Timed>,
    /// Seconds of the second boot, by what they lead to: `rdp` and `bare-prompt`.
    pub boot: Vec<(String, f64)>,
}

/// The file that is changed: it is in every image.
const TOUCHED: &str = "overlay/base/root/etc/hostname";

/// Builds three times, on a cache that holds downloads and nothing else, from a copy of the
/// repository's data; then boots the image.
///
/// # Errors
/// A build or a boot failed.
pub fn measure(profile: &str, options: &BenchOptions, progress: &Progress) -> Result<Whole> {
    let cache = repository::cache(&options.common)?;
    let room = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(&cache)?;
    let programs = room.path().join("programs");
    device::collect(&programs, progress)?;
    // A first build, so that everything is downloaded.
    let here = repository::root();
    build(
        profile,
        &programs,
        &here,
        &cache,
        &room.path().join("first"),
        options,
    )?;
    let copy = room.path().join("repository");
    for part in ["image", "overlay"] {
        files::copy_tree(&here.join(part), &copy.join(part))?;
    }
    for part in ["debs", "resolved", "apt"] {
        files::copy_tree(&cache.join(part), &room.path().join("cache").join(part))?;
    }
    let timed = |what| -> Result<Timed> {
        let step = progress.step(format!("a whole build: {what}"));
        let start = Instant::now();
        build(
            profile,
            &programs,
            &copy,
            &room.path().join("cache"),
            &room.path().join("out"),
            options,
        )?;
        let seconds = start.elapsed().as_secs_f64();
        step.done("");
        Ok(Timed { what, seconds })
    };
    let cold = timed("cold")?;
    fs_err::write(copy.join(TOUCHED), "bench-keeper\n")?;
    let touched = timed("one file of the overlay changed")?;
    let builds = vec![cold, touched, timed("nothing changed")?];
    let boot = boot(&room.path().join("out"), &cache, options, progress)?;
    Ok(Whole { builds, boot })
}

fn boot(
    out: &Path,
    cache: &Path,
    options: &BenchOptions,
    progress: &Progress,
) -> Result<Vec<(String, f64)>> {
    let step = progress.step("booting it three times");
    let command = Cmd::new("/proc/self/exe")
        .args(["boot", "--quiet", "--measure"])
        .arg(inspect::newest(out)?)
        .arg("--cache-dir")
        .arg(cache);
    let mirrors = options.common.mirror.iter();
    let command = mirrors.fold(command, |command, url| command.arg("--mirror").arg(url));
    let said = command.read().context("measuring the second boot")?;
    let line = |line: &str| {
        let (name, seconds) = line.split_once(' ')?;
        Some((name.to_owned(), seconds.parse().ok()?))
    };
    let times: Option<Vec<_>> = said.lines().map(line).collect();
    step.done("");
    times.with_context(|| format!("understanding {said:?}"))
}

fn build(
    profile: &str,
    programs: &Path,
    repository: &Path,
    cache: &Path,
    out: &Path,
    options: &BenchOptions,
) -> Result<()> {
    // Not by its path: whoever compiles meanwhile replaces the file.
    let command = Cmd::new("/proc/self/exe")
        .args([
            "image",
            "--quiet",
            "--compress",
            "fast",
            "--profile",
            profile,
        ])
        .arg("--cache-dir")
        .arg(cache)
        .arg("--out-dir")
        .arg(out)
        .arg("--programs")
        .arg(programs)
        .env("CARGO_MANIFEST_DIR", repository.join("xtask"));
    let mirrors = options.common.mirror.iter();
    let command = mirrors.fold(command, |command, url| command.arg("--mirror").arg(url));
    command.run().context("a whole build")?;
    Ok(())
}
