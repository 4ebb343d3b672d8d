//! Stage *publish*: image, checksum and manifest in the output directory, each whole or not at all.
//!
//! The checksum goes first and comes last: an image beside which one stands is finished, and the
//! checksum is its own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Made;
use super::assemble::Layout;
use super::compress::Sums;
use super::import::Origin;
use super::packages::{Contents, PackageVersion};
use crate::context::Build;
use crate::files;
use crate::hint::Hint;

/// What is in an image, for whoever wants to know: `<image>.manifest.json`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Of this description; readers refuse one they do not know.
    pub format: u32,
    /// The image's file name.
    pub image: String,
    /// Of Colab Keeper.
    pub version: String,
    /// What it was built from.
    pub profile: String,
    /// The commit, with `-dirty` when files differed from it; empty outside a checkout.
    pub revision: String,
    /// The builder's version.
    pub builder: String,
    /// Names the inputs: two images with the same key are the same.
    pub key: String,
    /// The image's own "now": seconds since 1970.
    pub epoch: u64,
    /// The vendor's image that it is based on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Origin>,
    /// Sizes and SHA-256.
    #[serde(flatten)]
    pub sums: Sums,
    /// Partition table and ids.
    pub layout: Layout,
    /// Every package in the root.
    pub packages: Vec<PackageVersion>,
}

/// Puts the finished image into the output directory; returns its path.
///
/// # Errors
/// The directory cannot be written.
pub fn make(build: &Build, root: &Made, assembled: &Made, compressed: &Made) -> Result<PathBuf> {
    let dir = &build.out_dir;
    let name = &build.image;
    let stem = name.strip_suffix(".img.xz").unwrap_or(name);
    let image = dir.join(name);
    let checksum = dir.join(format!("{name}.sha256"));
    let manifest_file = dir.join(format!("{stem}.manifest.json"));
    let manifest = describe(build, root, assembled, compressed, name)?;
    if is_there(&image, &checksum, &manifest_file, &manifest) {
        // The commit may be another one although the image is not.
        write_manifest(&manifest_file, &manifest)?;
        build
            .shop
            .progress
            .note(&format!("{} is up to date", image.display()));
        return Ok(image);
    }
    let step = build
        .shop
        .progress
        .step(format!("writing {}", image.display()));
    let publish = || -> Result<()> {
        fs_err::create_dir_all(dir)?;
        files::remove_leftovers(dir)?;
        if checksum.exists() {
            fs_err::remove_file(&checksum)?;
        }
        let copy = tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
        fs_err::copy(compressed.file("disk.img.xz"), copy.path())?;
        files::set_readable(copy.path())?;
        copy.as_file().sync_all()?;
        copy.persist(&image)?;
        write_manifest(&manifest_file, &manifest)?;
        let line = format!("{}  {name}\n", manifest.sums.compressed.sha256);
        files::write_whole(&checksum, line.as_bytes())
    };
    publish()
        .with_context(|| format!("putting the image into {}", dir.display()))
        .hint("name another directory with --out-dir DIR, or make room there")?;
    step.done(&format!("{} MiB", manifest.sums.compressed.size >> 20));
    Ok(image)
}

fn describe(
    build: &Build,
    root: &Made,
    assembled: &Made,
    compressed: &Made,
    image: &str,
) -> Result<Manifest> {
    let contents: Contents = read(&root.file("contents.json"))?;
    Ok(Manifest {
        format: 1,
        image: image.to_owned(),
        version: env!("CARGO_PKG_VERSION").into(),
        profile: build.profile_name.clone(),
        revision: build.revision.clone(),
        builder: format!("cargo xtask image {}", env!("CARGO_PKG_VERSION")),
        key: compressed.key.clone(),
        epoch: contents.epoch,
        base: build.vendor.as_ref().map(|vendor| vendor.origin.clone()),
        sums: read(&compressed.file("sums.json"))?,
        layout: read(&assembled.file("layout.json"))?,
        packages: contents.packages,
    })
}

/// Whether the output directory holds this very image, finished.
fn is_there(image: &Path, checksum: &Path, manifest_file: &Path, manifest: &Manifest) -> bool {
    let published = || -> Option<Manifest> { read(manifest_file).ok() };
    let size = image.metadata().map(|data| data.len()).unwrap_or(0);
    checksum.exists()
        && size == manifest.sums.compressed.size
        && published().is_some_and(|there| there.key == manifest.key && there.sums == manifest.sums)
}

fn write_manifest(path: &Path, manifest: &Manifest) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(manifest)?;
    text.push(b'\n');
    if fs_err::read(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    files::write_whole(path, &text)
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_slice(&fs_err::read(path)?)
        .with_context(|| format!("reading {}", path.display()))
}
