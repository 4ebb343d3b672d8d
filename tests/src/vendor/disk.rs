//! The twin's disk image, as Canonical's tools laid out theirs in 2020.

use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use cmd::Cmd;
use image::disk::{FAT32_LBA, LINUX, Mbr, Partition, SECTOR};
use image::overlay::{self, Kind};

use super::Maker;
use super::oddities::{SOCKET, oddities};

/// The disk's id.
pub const DISK_ID: u32 = 0x4b65_6570;
/// The UUID of the root file system.
pub const ROOT_UUID: &str = "5f1c9e5e-0b1e-4c57-9d3a-2f6d0a2b1c11";

const BOOT: Partition = Partition {
    kind: FAT32_LBA,
    start: 2048 * SECTOR,
    size: 256 << 20,
};
const ROOT: Partition = Partition {
    kind: LINUX,
    start: 526_336 * SECTOR,
    size: 1280 << 20,
};

/// Writes the image from the directory `boot` and the tar `root`, and has it checked.
pub(super) fn write(maker: &Maker, boot: &Path, root: &Path, disk: &Path) -> Result<()> {
    let file = fs_err::File::create(disk)?;
    file.set_len(ROOT.start + ROOT.size)?;
    let table = Mbr {
        disk_id: DISK_ID,
        partitions: vec![BOOT, ROOT],
    };
    let mut sector = table.to_sector();
    // Canonical's boot partition is marked as active.
    sector[446] = 0x80;
    file.file().write_all_at(&sector, 0)?;
    write_boot(maker, boot, disk).context("writing the boot partition")?;
    write_root(maker, root, disk).context("writing the root file system")?;
    finish_oddities(maker, disk).context("finishing the odd files")?;
    check(maker, disk).context("checking the vendor's image")
}

fn tool(maker: &Maker, program: &str) -> Cmd {
    let time = maker.epoch.to_string();
    let tool = maker.tools.cmd(program).env("SOURCE_DATE_EPOCH", time);
    tool.env("MKE2FS_CONFIG", "/dev/null")
}

fn write_boot(maker: &Maker, from: &Path, disk: &Path) -> Result<()> {
    let sector = (BOOT.start / SECTOR).to_string();
    tool(maker, "mkfs.vfat")
        .args([
            "-F",
            "32",
            "-s",
            "1",
            "--invariant",
            "-n",
            "system-boot",
            "-i",
            "20201022",
        ])
        .args(["-h", &sector, "--offset", &sector])
        .arg(disk)
        .arg((BOOT.size / 1024).to_string())
        .run()?;
    let image = format!("{}@@{}", disk.display(), BOOT.start);
    for node in overlay::walk(from)? {
        let path = from.join(&node.path);
        let there = format!("::{}", node.path.display());
        if node.kind == Kind::Directory {
            tool(maker, "mmd").args(["-i", &image, &there]).run()?;
        } else {
            let time = UNIX_EPOCH + Duration::from_secs(maker.epoch);
            let file = fs_err::OpenOptions::new().write(true).open(&path)?;
            file.into_file().set_modified(time)?;
            tool(maker, "mcopy")
                .args(["-m", "-Q", "-i", &image])
                .arg(path)
                .arg(there)
                .run()?;
        }
    }
    Ok(())
}

fn write_root(maker: &Maker, from: &Path, disk: &Path) -> Result<()> {
    tool(maker, "mke2fs")
        .args(["-q", "-F", "-b", "4096", "-I", "256", "-L", "writable"])
        .args(["-U", ROOT_UUID])
        .args(["-O", &format!("none,{}", maker.features.join(","))])
        .arg("-E")
        .arg(format!(
            "offset={},hash_seed={ROOT_UUID},root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0",
            ROOT.start
        ))
        .arg("-d")
        .arg(from)
        .arg(disk)
        .arg(format!("{}k", ROOT.size / 1024))
        .run()?;
    Ok(())
}

/// What mke2fs does not take from a tar: a socket, attributes, times after the image's own.
fn finish_oddities(maker: &Maker, disk: &Path) -> Result<()> {
    let room = maker.scratch.room()?;
    // A directory names the kind of what is in it: so the file gets its mode, then its name anew.
    let mut commands = vec![
        format!("sif /{SOCKET} mode 0140777"),
        format!("ln /{SOCKET} /{SOCKET}-"),
        format!("unlink /{SOCKET}"),
        format!("ln /{SOCKET}- /{SOCKET}"),
        format!("unlink /{SOCKET}-"),
    ];
    for (entry, _) in oddities(maker.epoch) {
        let path = entry.path.display();
        if entry.mtime > maker.epoch {
            commands.push(format!("sif /{path} mtime @{}", entry.mtime));
        }
        for (name, value) in &entry.xattrs {
            let file = room.path().join(commands.len().to_string());
            fs_err::write(&file, value)?;
            commands.push(format!("ea_set -f {} /{path} {name}", file.display()));
        }
    }
    let script = room.path().join("commands");
    fs_err::write(&script, commands.join("\n") + "\n")?;
    let mut complaints = Vec::new();
    tool(maker, "debugfs")
        .args(["-w", "-f"])
        .arg(script)
        .arg(format!("{}?offset={}", disk.display(), ROOT.start))
        // Its status says nothing of its commands; besides repeating them it only complains.
        .run_with(|line| {
            if !line.starts_with("debugfs") {
                complaints.push(line.to_owned());
            }
        })?;
    ensure!(complaints.is_empty(), "debugfs: {}", complaints.join("; "));
    Ok(())
}

fn check(maker: &Maker, disk: &Path) -> Result<()> {
    tool(maker, "sfdisk").arg("--verify").arg(disk).run()?;
    let boot = disk.with_extension("boot");
    let mut bytes = vec![0; usize::try_from(BOOT.size)?];
    let file = fs_err::File::open(disk)?;
    file.file().read_exact_at(&mut bytes, BOOT.start)?;
    fs_err::write(&boot, bytes)?;
    tool(maker, "fsck.vfat").arg("-n").arg(&boot).run()?;
    fs_err::remove_file(boot)?;
    tool(maker, "e2fsck")
        .arg("-fn")
        .arg(format!("{}?offset={}", disk.display(), ROOT.start))
        .run()?;
    Ok(())
}
