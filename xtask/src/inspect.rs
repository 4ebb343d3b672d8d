//! `cargo xtask inspect`: what is in an image, and whether it is what its checksum and manifest
//! say. Everything is read from the image; nothing in it is run.

mod look;
mod report;
mod status;
mod sums;
mod superblock;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::image::hint::Hint;
use ::image::progress::Progress;
use ::image::{log, sandbox};
use anyhow::{Context, Result, anyhow};

use crate::cli::{Format, InspectOptions};
use crate::setup::{self, Needs};
use crate::{repository, toolbox};

/// Runs the verb, in the outer step and again in the inner one.
///
/// # Errors
/// The image is damaged, or is not what its checksum or manifest says.
pub fn run(options: &InspectOptions, args: &[OsString]) -> Result<ExitCode> {
    let progress = Progress::new(options.common.quiet);
    let image = match &options.image {
        Some(image) => image.clone(),
        None => newest(&repository::root().join("dist"))?,
    };
    let attempt = || {
        if sandbox::inside() {
            return inside(&image, options, &progress);
        }
        sums::check_kind(&image)?;
        setup::ensure(Needs::Sandbox, &options.common, &progress)?;
        let log = log::start(
            &repository::cache(&options.common)?,
            "inspect",
            options.common.verbose,
        )?;
        sandbox::enter(args, &[(log::FILE, log.into_os_string())])
    };
    attempt().with_context(|| format!("inspecting {}", image.display()))
}

fn inside(image: &Path, options: &InspectOptions, progress: &Progress) -> Result<ExitCode> {
    let cache = repository::cache(&options.common)?;
    log::go_on(options.common.verbose)?;
    let papers = sums::verify(image, progress)?;
    let tools = toolbox::acquire(::image::tools::BUILD, &options.common, progress)?;
    let report = look::over(image, papers, &cache, &tools, progress)?;
    match options.format {
        Format::Text => print!("{report}"),
        Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
    }
    Ok(if report.is_sound() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The newest finished image of a directory: one beside which its checksum stands.
///
/// # Errors
/// There is none.
pub fn newest(dir: &Path) -> Result<PathBuf> {
    let entries = fs_err::read_dir(dir).into_iter().flatten().flatten();
    let finished = entries.map(|entry| entry.path()).filter(|path| {
        path.to_string_lossy().ends_with(".img.xz") && sums::checksum_file(path).exists()
    });
    let dated = finished.filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)));
    let newest = dated.max().map(|(_, path)| path);
    newest
        .ok_or_else(|| anyhow!("there is no finished image in {}", dir.display()))
        .hint("cargo xtask image makes one; or name an image")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_finished_image_is_taken_and_the_newest_one() {
        let dir = tempfile::tempdir().unwrap();
        assert!(
            newest(dir.path())
                .unwrap_err()
                .to_string()
                .contains("no finished image")
        );
        assert!(newest(&dir.path().join("none")).is_err());
        let put = |name: &str, age: u64| {
            let path = dir.path().join(name);
            fs_err::write(&path, "x").unwrap();
            let time = std::time::SystemTime::now() - std::time::Duration::from_secs(age);
            let file = fs_err::OpenOptions::new().write(true).open(&path).unwrap();
            file.into_file().set_modified(time).unwrap();
        };
        put("half.img.xz", 0);
        put("old.img.xz", 100);
        put("old.img.xz.sha256", 100);
        put("new.img.xz", 50);
        put("new.img.xz.sha256", 50);
        assert!(newest(dir.path()).unwrap().ends_with("new.img.xz"));
    }
}
