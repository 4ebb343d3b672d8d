//! Stage *seal*: root and layer become one, apt gets its canonical sources, and the gate looks at
//! everything that will ship. An owner's preset comes to the boot partition here.

use std::collections::BTreeMap;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Made;
use super::overlay::{Laid, Layer, Switches};
use crate::context::Build;
use crate::gate::Gate;
use crate::overlay::disabled_links;
use crate::preset::Preset;
use crate::rootfs::{Content, Entry, Fate, Writer, merge};
use crate::{apt_sources, digest, files, gate};

/// Makes the sealed image's content; its entry holds `root.tar` and the directory `boot`.
///
/// # Errors
/// The gate refuses something.
pub fn make(build: &Build, packages: &Made, overlay: &Made, epoch: u64) -> Result<Made> {
    let sources = (
        include_str!("seal.rs"),
        include_str!("../apt_sources.rs"),
        gate::SOURCES,
    );
    let profile = &build.profile;
    let preset = build.preset.as_ref();
    let key = digest::of(&(
        "seal",
        &overlay.key,
        sources,
        (&profile.gate, preset.map(Preset::digest)),
        &profile.archive,
        epoch,
    ));
    super::make(&build.shop, "seal", key, |out| {
        join(build, packages, overlay, epoch, out)?;
        join_boot(packages, overlay, &out.join("boot"))?;
        let mut gate = Gate::new(&profile.gate);
        if let Some(preset) = preset {
            gate = gate.with_preset(preset.bytes());
            preset.lay(&out.join("boot"))?;
        }
        let step = build.shop.progress.step("looking for what must not ship");
        gate.root(&out.join("root.tar"))?;
        gate.boot(&out.join("boot"), &build.shop.tools, &build.shop.scratch)?;
        gate.verdict()?;
        step.done("");
        Ok(())
    })
}

fn join(build: &Build, packages: &Made, overlay: &Made, epoch: u64, out: &Path) -> Result<()> {
    let step = build.shop.progress.step("sealing the root");
    let mut layer = Layer::read(&overlay.file("layer.tar"))?;
    let switches: Switches = serde_json::from_slice(&fs_err::read(overlay.file("switches.json"))?)?;
    add_apt_sources(build, packages, epoch, &mut layer)?;
    let fate = |entry: &Entry| {
        let disabled = matches!(entry.content, Content::Symlink(_))
            && disabled_links(&entry.path, &switches.disable);
        if disabled { Fate::Drop } else { Fate::Keep }
    };
    let below = BufReader::with_capacity(1 << 20, fs_err::File::open(packages.file("root.tar"))?);
    let file = BufWriter::with_capacity(1 << 20, fs_err::File::create(out.join("root.tar"))?);
    let mut writer = Writer::new(file);
    merge(below, &layer, &fate, &mut writer).context("laying the overlay over the root")?;
    writer.finish()?.flush()?;
    step.done("");
    Ok(())
}

fn add_apt_sources(
    build: &Build,
    packages: &Made,
    epoch: u64,
    layer: &mut BTreeMap<PathBuf, Laid>,
) -> Result<()> {
    let archive = &build.profile.archive;
    let Some(canonical_from) = &archive.canonical_from else {
        return Ok(());
    };
    let wanted = |path: &Path| path == Path::new(canonical_from);
    let files = super::overlay::read_files(&packages.file("root.tar"), &wanted)?;
    let (_, text) = files
        .first_key_value()
        .with_context(|| format!("the root has no {canonical_from}, which names apt's sources"))?;
    let sources = apt_sources::render(archive, &String::from_utf8_lossy(text))
        .with_context(|| format!("reading {canonical_from}"))?;
    for (path, bytes) in sources {
        let content = Content::File(bytes.len() as u64);
        let entry = Entry {
            path: path.clone(),
            content,
            mode: 0o644,
            uid: 0,
            gid: 0,
            mtime: epoch,
            xattrs: vec![],
        };
        layer.insert(path, (entry, bytes.into_bytes()));
    }
    Ok(())
}

/// The boot partition: what the packages put there, and the features' files over it.
fn join_boot(packages: &Made, overlay: &Made, dir: &Path) -> Result<()> {
    fs_err::create_dir(dir)?;
    let from_packages = packages.file("boot.tar");
    let extract = ["--extract", "--no-same-owner", "--directory"];
    cmd::Cmd::new("tar")
        .args(extract)
        .arg(dir)
        .arg("--file")
        .arg(from_packages)
        .run()?;
    files::copy_tree(&overlay.file("boot"), dir)?;
    Ok(())
}
