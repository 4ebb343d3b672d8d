//! Stage *overlay*: the features' files and our own programs, with their owners, as a layer that
//! the next stage lays over the root. The root itself is only read.

mod layer;
mod users;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Made;
use crate::context::Build;
use crate::overlay::{Feature, enable_links};
use crate::profile::Browser;
use crate::rootfs::Accounts;
use crate::snap_seed::{self, SEED, STATE, Source};
use crate::{digest, files};

pub use layer::{Laid, Layer, read_files};

/// Where the device finds its browser.
const BROWSER: &str = "usr/lib/keeper/browser.env";
/// Where unit files stand.
const UNIT_DIRS: [&str; 2] = ["etc/systemd/system", "usr/lib/systemd/system"];

/// What the features say beyond their files, beside the layer in the store.
#[derive(Debug, Serialize, Deserialize)]
pub struct Switches {
    /// Units whose links go.
    pub disable: Vec<String>,
}

/// Makes the layer; its entry holds `layer.tar`, `switches.json` and the directory `boot`.
///
/// # Errors
/// Two features have the same file, an owner is unknown, a unit is missing.
pub fn make(build: &Build, root: &Made, epoch: u64) -> Result<Made> {
    let binaries = read_binaries(build)?;
    let trees: Vec<_> = build
        .features
        .iter()
        .map(|f| (&f.manifest, &f.root, &f.boot, &f.policies))
        .collect();
    let sums: Vec<_> = binaries
        .iter()
        .map(|(to, bytes)| (to, digest::of_bytes(bytes)))
        .collect();
    let sources = (
        include_str!("overlay.rs"),
        include_str!("overlay/layer.rs"),
        include_str!("overlay/users.rs"),
        include_str!("../snap_seed.rs"),
        include_str!("../snap_seed/seed.rs"),
    );
    let browser = &build.profile.browser;
    let snaps = build
        .snaps
        .as_deref()
        .map(files::sums_of_tree)
        .transpose()?;
    let key = digest::of(&(
        ("overlay", &root.key, sources, epoch),
        (trees, sums, browser, snaps),
    ));
    super::make(&build.shop, "overlay", key, |out| {
        let step = build.shop.progress.step("laying the overlay");
        let wanted = |path: &Path| users::is_account_file(path) || is_unit(path);
        let below = layer::read_files(&root.file("root.tar"), &wanted)?;
        let mut layer = lay(build, &below, &binaries, epoch)?;
        lay_snaps(build, root, &mut layer)?;
        layer.write(&out.join("layer.tar"))?;
        let disable = build
            .features
            .iter()
            .flat_map(|f| f.manifest.disable.clone())
            .collect();
        fs_err::write(
            out.join("switches.json"),
            serde_json::to_vec_pretty(&Switches { disable })?,
        )?;
        write_boot(&build.features, &out.join("boot"))?;
        step.done("");
        Ok(())
    })
}

/// What the profile says of the browser, for the device's own programs: shell and systemd read it.
fn browser_env(browser: &Browser) -> String {
    let snap = browser.snap.as_ref();
    let snap = snap.map_or(String::new(), |snap| {
        format!("{} {}", snap.name, snap.channel)
    });
    format!(
        "# Written by the builder, from the profile's [browser].\n\
         KEEPER_BROWSER_COMMAND={}\n\
         KEEPER_BROWSER_PROFILE={}\n\
         KEEPER_BROWSER_POLICIES={}\n\
         KEEPER_BROWSER_SNAP=\"{snap}\"\n",
        browser.command, browser.profile_dir, browser.policy_dir,
    )
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn lay(build: &Build, below: &Files, binaries: &Files, epoch: u64) -> Result<Layer> {
    let mut layer = Layer::new(epoch);
    for (to, bytes) in binaries {
        layer.file(to, bytes.clone(), 0o755)?;
    }
    for feature in &build.features {
        layer.tree(&feature.root, Path::new(""))?;
    }
    if let Some(browser) = &build.profile.browser {
        layer.file(Path::new(BROWSER), browser_env(browser).into_bytes(), 0o644)?;
        for feature in &build.features {
            layer.tree(&feature.policies, Path::new(&browser.policy_dir))?;
        }
    }
    let accounts_texts = users::create(build, below, &layer, epoch)?;
    let text = |path: &str| {
        let bytes = accounts_texts
            .get(Path::new(path))
            .map(|laid| laid.1.as_slice());
        String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
    };
    let accounts = Accounts::parse(&text("etc/passwd"), &text("etc/group"));
    for feature in &build.features {
        layer
            .own(feature, &accounts)
            .with_context(|| format!("the feature {}", feature.name))?;
        enable(feature, below, &mut layer)
            .with_context(|| format!("the feature {}", feature.name))?;
    }
    layer.add_accounts(accounts_texts);
    Ok(layer)
}

/// The browser's snap and what it needs, beside the vendor's.
fn lay_snaps(build: &Build, root: &Made, layer: &mut Layer) -> Result<()> {
    let Some(prepared) = &build.snaps else {
        return Ok(());
    };
    // The vendor's snaps themselves are large, and nobody asks for them.
    let snaps = Path::new(SEED).join("snaps");
    let in_seed = |path: &Path| path.starts_with(SEED) && !path.starts_with(&snaps);
    let wanted = |path: &Path| path == Path::new(STATE) || in_seed(path);
    let vendors = layer::read_files(&root.file("root.tar"), &wanted)?;
    let laid = snap_seed::lay(prepared, &|path| vendors.get(path).cloned())?;
    for note in &laid.notes {
        build.shop.progress.note(note);
    }
    for (path, source) in laid.files {
        let bytes = match source {
            Source::File(file) => fs_err::read(file)?,
            Source::Bytes(bytes) => bytes,
        };
        let mode = if path.starts_with(&snaps) {
            0o600
        } else {
            0o644
        };
        layer.file(&path, bytes, mode)?;
    }
    Ok(())
}

fn enable(feature: &Feature, below: &Files, layer: &mut Layer) -> Result<()> {
    for unit in &feature.manifest.enable {
        // `name@instance.service` is started from the file `name@.service`.
        let file_name = match unit.split_once('@') {
            Some((name, rest)) => format!("{name}@.{}", rest.rsplit('.').next().unwrap_or(rest)),
            None => unit.clone(),
        };
        let found = UNIT_DIRS
            .iter()
            .map(|dir| Path::new(dir).join(&file_name))
            .find_map(|path| {
                let bytes = layer
                    .bytes(&path)
                    .or_else(|| below.get(&path).map(Vec::as_slice))?;
                Some((path, String::from_utf8_lossy(bytes).into_owned()))
            });
        let (path, text) = found.with_context(|| format!("the image has no unit {unit}"))?;
        for (link, target) in enable_links(unit, &path, &text)? {
            layer.symlink(&link, &target)?;
        }
    }
    Ok(())
}

fn is_unit(path: &Path) -> bool {
    UNIT_DIRS
        .iter()
        .any(|dir| path.parent() == Some(Path::new(dir)))
}

/// Our programs by their place in the root.
fn read_binaries(build: &Build) -> Result<Files> {
    let declared = build
        .features
        .iter()
        .flat_map(|feature| &feature.manifest.binary);
    declared
        .map(|binary| {
            let file = build.device_programs.join(&binary.name);
            Ok((PathBuf::from(&binary.to), fs_err::read(file)?))
        })
        .collect()
}

fn write_boot(features: &[Feature], dir: &Path) -> Result<()> {
    use crate::overlay::Kind;
    fs_err::create_dir(dir)?;
    for node in features.iter().flat_map(|feature| &feature.boot) {
        let path = dir.join(&node.path);
        match &node.kind {
            Kind::Directory => fs_err::create_dir_all(path)?,
            Kind::File { bytes, .. } => {
                anyhow::ensure!(
                    !path.exists(),
                    "two features lay boot/{}",
                    node.path.display()
                );
                fs_err::write(path, bytes)?;
            }
            Kind::Symlink(_) => anyhow::bail!("boot/{}: FAT holds no links", node.path.display()),
        }
    }
    Ok(())
}
