//! What mke2fs leaves in the tar: of extended attributes it takes capabilities, but neither `user.*`
//! nor access control lists; of times those up to 2038.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use cmd::Cmd;
use ext4::FileSystem;

use crate::disk::Partition;
use crate::rootfs;

/// What mke2fs takes itself.
const CAPABILITY: &str = "security.capability";
/// What 31 bits hold.
const LATEST: u64 = 0x7fff_ffff;

/// What a file lacks.
#[derive(Debug, Default)]
struct Rest {
    attributes: Vec<(String, Vec<u8>)>,
    /// Seconds since 1970.
    mtime: Option<u64>,
}

/// Writes into the file system on `partition` of `disk` what the tar `root` has and it lacks.
/// `debugfs` is the program of that name; it sees `room`, an empty directory.
///
/// # Errors
/// debugfs complained, or the file system lacks a file of the tar.
pub fn complete(
    root: &Path,
    disk: &Path,
    partition: Partition,
    debugfs: Cmd,
    room: &Path,
) -> Result<()> {
    let wanted = missing(root)?;
    if wanted.is_empty() {
        return Ok(());
    }
    // By number: debugfs has no way to write a name with a newline or a quotation mark.
    let inodes = inodes(disk, partition, &wanted)?;
    let mut script = String::new();
    for (path, rest) in &wanted {
        let inode = inodes
            .get(path)
            .with_context(|| format!("mke2fs left out /{}", path.display()))?;
        if let Some(mtime) = rest.mtime {
            writeln!(script, "sif <{inode}> mtime @{mtime}")?;
        }
        for (name, value) in &rest.attributes {
            let file = room.join(script.len().to_string());
            fs_err::write(&file, value)?;
            writeln!(script, "ea_set -f {} <{inode}> {name}", file.display())?;
        }
    }
    let commands = room.join("commands");
    fs_err::write(&commands, script)?;
    // Its status says nothing of its commands; besides repeating them it only complains.
    let mut complaints = Vec::new();
    debugfs
        .args(["-w", "-f"])
        .arg(commands)
        .arg(format!("{}?offset={}", disk.display(), partition.start))
        .run_with(|line| {
            if !line.starts_with("debugfs") {
                complaints.push(line.to_owned());
            }
        })?;
    ensure!(
        complaints.is_empty(),
        "writing extended attributes: {}",
        complaints.join("; ")
    );
    Ok(())
}

/// What mke2fs does not take of a tar's files, by path.
fn missing(root: &Path) -> Result<BTreeMap<PathBuf, Rest>> {
    let file = std::io::BufReader::with_capacity(1 << 20, fs_err::File::open(root)?);
    let mut found = BTreeMap::new();
    rootfs::read(file, &mut |entry, _| {
        let mut rest = Rest {
            attributes: entry.xattrs,
            mtime: (entry.mtime > LATEST).then_some(entry.mtime),
        };
        rest.attributes.retain(|(name, _)| name != CAPABILITY);
        for (name, _) in &rest.attributes {
            let plain = |c: char| c.is_ascii_graphic() && c != '"';
            ensure!(
                name.chars().all(plain),
                "/{} has an attribute with the name {name:?}",
                entry.path.display()
            );
        }
        if rest.mtime.is_some() || !rest.attributes.is_empty() {
            found.insert(entry.path, rest);
        }
        Ok(())
    })?;
    Ok(found)
}

fn inodes(
    disk: &Path,
    partition: Partition,
    wanted: &BTreeMap<PathBuf, Rest>,
) -> Result<HashMap<PathBuf, u32>> {
    let file = fs_err::File::open(disk)?.into_file();
    let fs = FileSystem::open(file, partition.start, partition.size)?;
    let mut found = HashMap::new();
    fs.walk(&mut |node| -> Result<()> {
        if wanted.contains_key(node.path) {
            found.insert(node.path.to_owned(), node.inode.number);
        }
        Ok(())
    })?;
    Ok(found)
}
