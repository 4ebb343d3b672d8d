//! Stage *assemble*: from the sealed content to a disk image. Every id in it comes from the
//! content, so that the same content is the same image.

mod attributes;

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Made;
use crate::context::Workshop;
use crate::disk::{ALIGNMENT, FAT32_LBA, LINUX, Mbr, Partition};
use crate::rootfs::{self, Content};
use crate::{digest, profile};

/// The image's layout, beside it in the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Layout {
    /// The partition table.
    pub mbr: Mbr,
    /// The FAT's volume id.
    pub fat_id: u32,
    /// The ext4's UUID, also the seed of its directory hashes.
    pub root_uuid: String,
    /// How many files the ext4 has room for.
    pub inodes: u64,
    /// The whole image, in bytes.
    pub size: u64,
}

/// By what systems know an image, when it is not for us to choose: a vendor's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The partition table's id.
    pub disk_id: u32,
    /// The FAT's volume id.
    pub fat_id: u32,
    /// The ext4's UUID.
    pub root_uuid: String,
}

/// Makes the image from `sealed`, an entry that holds `root.tar` and the directory `boot`; its own
/// holds `disk.img` and `layout.json`.
///
/// # Errors
/// There is no room, or the content does not fit its partition.
pub fn make(
    shop: &Workshop,
    disk: &profile::Disk,
    identity: Option<&Identity>,
    sealed: &Made,
    epoch: u64,
) -> Result<Made> {
    let sources = (
        include_str!("assemble.rs"),
        include_str!("assemble/attributes.rs"),
        include_str!("../disk.rs"),
    );
    let key = digest::of(&(
        "assemble",
        &sealed.key,
        sources,
        (disk, identity),
        shop.tools.packages(),
        epoch,
    ));
    super::make(shop, "assemble", key.clone(), |out| {
        let layout = plan(disk, identity, &sealed.file("root.tar"), &key)?;
        let assembly = Assembly {
            shop,
            wanted: disk,
            layout: &layout,
            disk: &out.join("disk.img"),
            epoch,
        };
        let file = fs_err::File::create(assembly.disk)?;
        file.set_len(layout.size)?;
        std::io::Write::write_all(&mut &file, &layout.mbr.to_sector())?;
        assembly.write_boot(&sealed.file("boot"))?;
        assembly.write_root(&sealed.file("root.tar"))?;
        assembly.check()?;
        fs_err::write(out.join("layout.json"), serde_json::to_vec_pretty(&layout)?)?;
        Ok(())
    })
}

fn plan(
    disk: &profile::Disk,
    identity: Option<&Identity>,
    root_tar: &Path,
    key: &str,
) -> Result<Layout> {
    let (bytes, files) = measure(root_tar)?;
    // Room for as many files again on the image; growing the file system adds more.
    let inodes = (files * 2).next_multiple_of(8192);
    let journal = 64 << 20;
    // Group descriptors, bitmaps and the descriptors reserved for growing.
    let overhead = inodes * 256 + bytes / 32 + (32 << 20);
    let root_size =
        (bytes + journal + overhead + (disk.root.free_mib << 20)).next_multiple_of(ALIGNMENT);
    let boot_size = (disk.boot.size_mib << 20).next_multiple_of(ALIGNMENT);
    let boot = Partition {
        kind: FAT32_LBA,
        start: ALIGNMENT,
        size: boot_size,
    };
    let root = Partition {
        kind: LINUX,
        start: ALIGNMENT + boot_size,
        size: root_size,
    };
    let number = |at: usize| {
        u32::from_str_radix(&key[at..at + 8], 16)
            .unwrap_or(1)
            .max(1)
    };
    let identity = identity.cloned().unwrap_or_else(|| Identity {
        disk_id: number(0),
        fat_id: number(8),
        root_uuid: uuid(&key[16..48]),
    });
    Ok(Layout {
        mbr: Mbr {
            disk_id: identity.disk_id,
            partitions: vec![boot, root],
        },
        fat_id: identity.fat_id,
        root_uuid: identity.root_uuid,
        inodes,
        size: root.start + root.size,
    })
}

/// Bytes in whole blocks, and number of files, of a root's tar.
fn measure(tar: &Path) -> Result<(u64, u64)> {
    let file = std::io::BufReader::with_capacity(1 << 20, fs_err::File::open(tar)?);
    let (mut bytes, mut files) = (0, 0);
    rootfs::read(file, &mut |entry, _| {
        bytes += match entry.content {
            Content::File(size) => size.next_multiple_of(4096),
            Content::Directory => 4096,
            _ => 0,
        };
        files += 1;
        Ok(())
    })?;
    Ok((bytes, files))
}

/// 32 hexadecimal digits as a UUID of version 8: made by whoever made it.
fn uuid(digits: &str) -> String {
    format!(
        "{}-{}-8{}-8{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[13..16],
        &digits[17..20],
        &digits[20..32]
    )
}

/// An image being written.
struct Assembly<'a> {
    shop: &'a Workshop,
    wanted: &'a profile::Disk,
    layout: &'a Layout,
    disk: &'a Path,
    epoch: u64,
}

impl Assembly<'_> {
    fn write_boot(&self, from: &Path) -> Result<()> {
        let (layout, disk, epoch) = (self.layout, self.disk, self.epoch);
        let step = self.shop.progress.step("writing the boot partition");
        let partition = layout.mbr.partitions[0];
        let tool = |name| {
            self.shop
                .tools
                .cmd(name)
                .env("SOURCE_DATE_EPOCH", epoch.to_string())
        };
        tool("mkfs.vfat")
            .args([
                "-F",
                "32",
                "-s",
                "8",
                "-S",
                "512",
                "--invariant",
                "-n",
                &self.wanted.boot.label,
            ])
            .args(["-i", &format!("{:08x}", layout.fat_id)])
            .args(["-h", &(partition.start / 512).to_string()])
            .args(["--offset", &(partition.start / 512).to_string()])
            .arg(disk)
            .arg((partition.size / 1024).to_string())
            .run()?;
        let image = format!("{}@@{}", disk.display(), partition.start);
        for node in crate::overlay::walk(from)? {
            let there = format!("::{}", node.path.display());
            let path = from.join(&node.path);
            match node.kind {
                crate::overlay::Kind::Directory => {
                    tool("mmd").args(["-i", &image, &there]).run()?
                }
                _ => {
                    // -m keeps the file's time, which must then be the image's.
                    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(epoch);
                    fs_err::OpenOptions::new()
                        .write(true)
                        .open(&path)?
                        .into_file()
                        .set_modified(time)?;
                    tool("mcopy")
                        .args(["-i", &image, "-m", "-Q"])
                        .arg(&path)
                        .arg(&there)
                        .run()?;
                }
            }
        }
        step.done("");
        Ok(())
    }

    fn write_root(&self, from: &Path) -> Result<()> {
        let (layout, disk, epoch) = (self.layout, self.disk, self.epoch);
        let root = &self.wanted.root;
        let partition = layout.mbr.partitions[1];
        let step = self.shop.progress.step("writing the root file system");
        self.shop
            .tools
            .cmd("mke2fs")
            // Nothing from a mke2fs.conf: what the profile says is all there is.
            .env("MKE2FS_CONFIG", "/dev/null")
            .env("SOURCE_DATE_EPOCH", epoch.to_string())
            .args([
                "-q",
                "-F",
                "-b",
                "4096",
                "-I",
                "256",
                "-m",
                "1",
                "-L",
                &root.label,
                "-U",
                &layout.root_uuid,
            ])
            .args(["-N", &layout.inodes.to_string(), "-J", "size=64"])
            .args(["-O", &format!("none,{}", root.features.join(","))])
            .arg("-E")
            .arg(format!(
                "offset={},hash_seed={},root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0",
                partition.start, layout.root_uuid,
            ))
            .arg("-d")
            .arg(from)
            .arg(disk)
            .arg(format!("{}k", partition.size / 1024))
            .run()
            .context("writing the ext4 file system")?;
        let room = self.shop.scratch.room()?;
        let debugfs = self.shop.tools.cmd("debugfs");
        let debugfs = debugfs.env("SOURCE_DATE_EPOCH", epoch.to_string());
        attributes::complete(from, disk, partition, debugfs, room.path())?;
        step.done("");
        Ok(())
    }

    /// Has the checkers of others look at what we made.
    fn check(&self) -> Result<()> {
        let (layout, disk) = (self.layout, self.disk);
        let step = self.shop.progress.step("checking the image");
        self.shop
            .tools
            .cmd("sfdisk")
            .arg("--verify")
            .arg(disk)
            .run()
            .context("checking the partition table")?;
        let room = self.shop.scratch.room()?;
        for (index, checker) in [(0, ["fsck.vfat", "-n"]), (1, ["e2fsck", "-fn"])] {
            let partition = layout.mbr.partitions[index];
            let part = room.path().join("partition");
            copy_range(disk, partition, &part)?;
            self.shop
                .tools
                .cmd(checker[0])
                .arg(checker[1])
                .arg(&part)
                .run()
                .context("checking the finished image")?;
        }
        step.done("");
        Ok(())
    }
}

/// Copies a partition out of the image; runs of zeros stay holes.
fn copy_range(disk: &Path, partition: Partition, to: &Path) -> Result<()> {
    use std::os::unix::fs::FileExt;
    let from = fs_err::File::open(disk)?;
    let out = fs_err::File::create(to)?;
    out.set_len(partition.size)?;
    let mut buffer = vec![0; 1 << 20];
    let mut at = 0;
    while at < partition.size {
        let length = buffer.len().min(usize::try_from(partition.size - at)?);
        from.file()
            .read_exact_at(&mut buffer[..length], partition.start + at)?;
        if buffer[..length].iter().any(|byte| *byte != 0) {
            out.file().write_all_at(&buffer[..length], at)?;
        }
        at += length as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let digits = "0123456789abcdef0123456789abcdef";
        assert_eq!(super::uuid(digits), "01234567-89ab-8def-8123-456789abcdef");
    }
}
