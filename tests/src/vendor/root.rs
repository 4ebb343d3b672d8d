//! The twin's root: the packages' root with the fixtures' files, and what is odd, laid over it.

use std::collections::BTreeMap;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use image::overlay::{self, Kind};
use image::rootfs::{self, Content, Entry, Fate, Writer};

use super::{Maker, oddities};

/// Where cloud-init's own configuration is; it also names the archive's addresses.
const CLOUD_CFG: &str = "etc/cloud/cloud.cfg";
/// Links to the newest kernel, which Debian has in the root and Ubuntu in /boot.
const LINKS: [&str; 4] = ["vmlinuz", "vmlinuz.old", "initrd.img", "initrd.img.old"];

/// A file of the layer, with its bytes.
pub(super) type Laid = (Entry, Vec<u8>);

/// An entry as most are: root's, of the image's own time.
pub(super) fn entry(path: impl Into<PathBuf>, content: Content, mode: u32, mtime: u64) -> Entry {
    Entry {
        path: path.into(),
        content,
        mode,
        uid: 0,
        gid: 0,
        mtime,
        xattrs: vec![],
    }
}

/// Writes the tar of the twin's root to `to`.
pub(super) fn write(maker: &Maker, to: &Path) -> Result<()> {
    let below = maker.root.file("root.tar");
    let mut layer = fixed(maker)?;
    let config = read(&below, Path::new(CLOUD_CFG))?;
    let config = String::from_utf8(config).context("reading cloud-init's configuration")?;
    add(maker, &mut layer, CLOUD_CFG, ubuntus(&config)?);
    let sources = sources_list(&config)?;
    add(maker, &mut layer, "etc/apt/sources.list", sources);
    for name in ["vmlinuz", "initrd.img"] {
        let target = format!("{name}-{}", kernel(maker)?);
        let link = entry(
            Path::new("boot").join(name),
            Content::Symlink(target.into()),
            0o777,
            maker.epoch,
        );
        layer.insert(link.path.clone(), (link, vec![]));
    }
    for laid in oddities(maker.epoch) {
        layer.insert(laid.0.path.clone(), laid);
    }
    let fate = |entry: &Entry| {
        if LINKS.iter().any(|link| entry.path == Path::new(link)) {
            Fate::Drop
        } else {
            Fate::Keep
        }
    };
    let mut writer = Writer::new(BufWriter::with_capacity(1 << 20, fs_err::File::create(to)?));
    rootfs::merge(open(&below)?, &layer, &fate, &mut writer)?;
    writer.finish()?.flush()?;
    Ok(())
}

/// The version of the only kernel.
pub(super) fn kernel(maker: &Maker) -> Result<String> {
    let mut versions = Vec::new();
    rootfs::read(open(&maker.root.file("root.tar"))?, &mut |entry, _| {
        let path = entry.path.to_string_lossy();
        versions.extend(path.strip_prefix("boot/vmlinuz-").map(str::to_owned));
        Ok(())
    })?;
    ensure!(versions.len() == 1, "one kernel, not {versions:?}");
    Ok(versions.remove(0))
}

/// The bytes of one file of a root.
pub(super) fn read(tar: &Path, path: &Path) -> Result<Vec<u8>> {
    let mut found = None;
    rootfs::read(open(tar)?, &mut |entry, data| {
        if entry.path == path {
            let mut bytes = Vec::new();
            data.read_to_end(&mut bytes)?;
            found = Some(bytes);
        }
        Ok(())
    })?;
    found.with_context(|| format!("the root has no /{}", path.display()))
}

fn open(tar: &Path) -> Result<impl Read> {
    let file = fs_err::File::open(tar)?;
    Ok(BufReader::with_capacity(1 << 20, file))
}

/// The fixtures' files.
fn fixed(maker: &Maker) -> Result<BTreeMap<PathBuf, Laid>> {
    let mut layer = BTreeMap::new();
    for node in overlay::walk(&maker.fixtures.join("root"))? {
        let (content, mode, bytes) = match node.kind {
            Kind::File { bytes, executable } => {
                let mode = if executable { 0o755 } else { 0o644 };
                (Content::File(bytes.len() as u64), mode, bytes)
            }
            Kind::Directory => (Content::Directory, 0o755, vec![]),
            Kind::Symlink(target) => (Content::Symlink(target), 0o777, vec![]),
        };
        let entry = entry(node.path, content, mode, maker.epoch);
        layer.insert(entry.path.clone(), (entry, bytes));
    }
    Ok(layer)
}

fn add(maker: &Maker, layer: &mut BTreeMap<PathBuf, Laid>, path: &str, text: String) {
    let content = Content::File(text.len() as u64);
    let entry = entry(path, content, 0o644, maker.epoch);
    layer.insert(path.into(), (entry, text.into_bytes()));
}

/// Debian's configuration with Ubuntu's user and locale, and netplan as the only way to the network: Debian's
/// cloud-init brings another, which it would prefer.
fn ubuntus(config: &str) -> Result<String> {
    let changes = [
        (
            "\npreserve_hostname: false\n",
            "\nlocale: C.UTF-8\npreserve_hostname: false\n",
        ),
        ("     name: debian\n", "     name: ubuntu\n"),
        ("gecos: Debian\n", "gecos: Ubuntu\n"),
        (
            "   package_mirrors:\n",
            "   network:\n     renderers: [netplan]\n   package_mirrors:\n",
        ),
    ];
    changes
        .iter()
        .try_fold(config.to_owned(), |text, (from, to)| {
            ensure!(text.contains(from), "{CLOUD_CFG} has no {from:?} any more");
            Ok(text.replacen(from, to, 1))
        })
}

/// The old form of apt's sources, as Ubuntu 20.04 has it.
fn sources_list(config: &str) -> Result<String> {
    let mut addresses = config.lines().map(str::trim);
    let address = addresses
        .find_map(|line| line.strip_prefix("primary: "))
        .context("cloud-init's configuration names no archive")?;
    let components = "main contrib non-free";
    Ok(["bullseye", "bullseye-updates"]
        .map(|suite| format!("deb {address} {suite} {components}\n"))
        .concat())
}
