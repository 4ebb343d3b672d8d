//! What came with an image, its checksum and its manifest, held against the file.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

use ::image::digest;
use ::image::hint::Hint;
use ::image::progress::Progress;
use ::image::stage::publish::Manifest;
use anyhow::{Context, Result, anyhow, bail, ensure};

/// What every .xz file starts with.
const XZ: &[u8] = b"\xfd7zXZ\0";

/// What is known of an image file before it is unpacked.
#[derive(Debug)]
pub struct Papers {
    /// Of the file as it is.
    pub size: u64,
    /// Of the file as it is.
    pub sha256: String,
    /// Whether a checksum stands beside it, and so is right.
    pub has_checksum: bool,
    /// The manifest beside it, which then is right about the file.
    pub manifest: Option<Manifest>,
}

/// Looks only at what costs nothing: that the file is there and may be an image.
///
/// # Errors
/// It is not.
pub fn check_kind(image: &Path) -> Result<()> {
    let Ok(data) = fs_err::metadata(image) else {
        return Err(anyhow!("there is no {}", image.display())).hint("cargo xtask image makes one");
    };
    ensure!(data.is_file(), "{} is no file", image.display());
    ensure!(data.len() > 0, "{} is empty", image.display());
    if image.extension().is_some_and(|ending| ending == "xz") {
        let mut start = Vec::new();
        fs_err::File::open(image)?
            .take(XZ.len() as u64)
            .read_to_end(&mut start)?;
        ensure!(start == XZ, "{} is no .xz file", image.display());
    }
    Ok(())
}

/// Reads the file once and compares.
///
/// # Errors
/// It is not what its checksum or its manifest says.
pub fn verify(image: &Path, progress: &Progress) -> Result<Papers> {
    check_kind(image)?;
    let size = fs_err::metadata(image)?.len();
    let step = progress.step("computing the checksum");
    let sha256 = digest::of_file(image)?;
    step.done("");
    let checksum = read_checksum(image)?;
    if let Some(said) = &checksum {
        same(image, &sha256, said, &checksum_file(image))?;
    }
    let manifest = read_manifest(image)?;
    if let Some((path, manifest)) = &manifest {
        same(image, &sha256, &manifest.sums.compressed.sha256, path)?;
    }
    let manifest = manifest.map(|(_, manifest)| manifest);
    Ok(Papers {
        size,
        sha256,
        has_checksum: checksum.is_some(),
        manifest,
    })
}

/// Where an image's checksum stands.
pub fn checksum_file(image: &Path) -> PathBuf {
    let mut name = OsString::from(image);
    name.push(".sha256");
    name.into()
}

fn same(image: &Path, actual: &str, said: &str, by: &Path) -> Result<()> {
    if actual == said {
        return Ok(());
    }
    let error = || -> Result<()> {
        bail!(
            "{} has SHA-256 {actual}, but {} says {said}",
            image.display(),
            by.display()
        )
    };
    error().hint("the file is damaged or not the one that belongs there: fetch or build it again")
}

fn read_checksum(image: &Path) -> Result<Option<String>> {
    let path = checksum_file(image);
    if !path.exists() {
        return Ok(None);
    }
    let name = image.file_name().unwrap_or_default().to_string_lossy();
    let text = fs_err::read_to_string(&path)?;
    let sum = find_sum(&text, &name);
    Ok(Some(sum.with_context(|| {
        format!("{} has no SHA-256 of {name}", path.display())
    })?))
}

/// The sum of a file in the output of sha256sum, by the file's name.
fn find_sum(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (sum, rest) = line.split_once(' ')?;
        let whole = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
        (whole && rest.trim_start_matches([' ', '*']) == name).then(|| sum.to_lowercase())
    })
}

fn read_manifest(image: &Path) -> Result<Option<(PathBuf, Manifest)>> {
    let name = image.file_name().unwrap_or_default().to_string_lossy();
    let Some(stem) = name.strip_suffix(".img.xz") else {
        return Ok(None);
    };
    let path = image.with_file_name(format!("{stem}.manifest.json"));
    if !path.exists() {
        return Ok(None);
    }
    let manifest: Manifest = serde_json::from_slice(&fs_err::read(&path)?)
        .with_context(|| format!("reading {}", path.display()))?;
    ensure!(
        manifest.format == 1,
        "{} has a format that is not known here: {}",
        path.display(),
        manifest.format
    );
    Ok(Some((path, manifest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_found_by_its_files_name() {
        let sum = "A".repeat(64);
        let text = format!(
            "{}  other\n{sum}  x.img.xz\n{sum} *bin\nshort  y\n",
            "b".repeat(64)
        );
        assert_eq!(find_sum(&text, "x.img.xz"), Some("a".repeat(64)));
        assert_eq!(find_sum(&text, "bin"), Some("a".repeat(64)));
        assert_eq!(find_sum(&text, "y"), None);
        assert_eq!(find_sum(&text, "z"), None);
        assert_eq!(find_sum("", "z"), None);
    }

    #[test]
    fn a_file_that_differs_from_its_checksum_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let image = dir.path().join("x.img.xz");
        let quiet = Progress::new(true);
        fs_err::write(&image, "").unwrap();
        assert!(
            verify(&image, &quiet)
                .unwrap_err()
                .to_string()
                .ends_with("x.img.xz is empty")
        );
        fs_err::write(&image, "content").unwrap();
        let error = verify(&image, &quiet).unwrap_err().to_string();
        assert!(error.ends_with("x.img.xz is no .xz file"), "{error}");
        fs_err::write(&image, XZ).unwrap();
        assert!(!verify(&image, &quiet).unwrap().has_checksum);
        fs_err::write(
            checksum_file(&image),
            format!("{}  x.img.xz\n", "0".repeat(64)),
        )
        .unwrap();
        let error = verify(&image, &quiet).unwrap_err().to_string();
        assert!(
            error.contains("x.img.xz has SHA-256") && error.contains("sha256 says 000"),
            "{error}"
        );
        fs_err::write(checksum_file(&image), "nonsense").unwrap();
        assert!(
            verify(&image, &quiet)
                .unwrap_err()
                .to_string()
                .contains("no SHA-256 of x.img.xz")
        );
    }
}
