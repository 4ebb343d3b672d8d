//! Reading an image with the builder's tools: partitions, boot files, packages.

use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;

use ::image::disk::{self, Mbr};
use ::image::progress::Progress;
use ::image::tools::Tools;
use ::image::{digest, sandbox};
use anyhow::{Context, Result, ensure};
use camino::Utf8Path;

use super::report::{BootFile, Made, Partition, Report, Sum, Verdict};
use super::status::{self, Installed};
use super::sums::Papers;
use super::superblock::{self, FileSystem, Kind};

/// The boot partition is copied out here; it is in memory, so a kill leaves nothing.
const ROOM: &str = "inspect";

/// Looks the whole image over. Inside the sandbox only.
///
/// # Errors
/// It cannot be unpacked or has no partition table, or is not what the manifest says.
pub fn over(
    image: &Path,
    papers: Papers,
    cache: &Path,
    tools: &Tools,
    progress: &Progress,
) -> Result<Report> {
    let utf8 = |path| Utf8Path::from_path(path).context("a path in UTF-8");
    let unpacked = vm::Image::prepare(utf8(cache)?, utf8(image)?, None, tools, progress)?;
    let disk = Disk::open(unpacked.disk.path.as_std_path(), tools)?;
    let step = progress.step("looking at the partitions");
    let room = cache.join(ROOM);
    fs_err::create_dir_all(&room)?;
    sandbox::tmpfs(&room, 4 << 30)?;
    tools.show(&room)?;
    let partitions = disk.partitions(&room)?;
    let of_kind = |kind| {
        let has = |one: &&Partition| {
            one.file_system
                .as_ref()
                .is_some_and(|there| there.kind == kind)
        };
        partitions.iter().find(has)
    };
    let boot_files = of_kind(Kind::Fat32)
        .map(|boot| disk.boot_files(boot, &room))
        .transpose()?;
    let packages = of_kind(Kind::Ext4)
        .map(|root| disk.packages(root))
        .transpose()?;
    step.done("");
    Ok(Report {
        image: image.display().to_string(),
        raw: raw_sum(&disk, &papers, progress)?,
        aligned: disk.size % disk::ALIGNMENT == 0,
        file: Sum {
            size: papers.size,
            sha256: papers.sha256,
            confirmed_by: [
                (papers.has_checksum, "checksum"),
                (papers.manifest.is_some(), "manifest"),
            ]
            .into_iter()
            .filter_map(|(does, who)| does.then_some(who))
            .collect(),
        },
        made: papers.manifest.map(|manifest| Made {
            packages: manifest.packages.len() as u64,
            version: manifest.version,
            profile: manifest.profile,
            revision: manifest.revision,
            builder: manifest.builder,
            epoch: manifest.epoch,
        }),
        partitions,
        boot_files: boot_files.unwrap_or_default(),
        packages,
    })
}

fn raw_sum(disk: &Disk, papers: &Papers, progress: &Progress) -> Result<Sum> {
    let step = progress.step("computing the disk's checksum");
    let sha256 = digest::of_file(disk.path)?;
    step.done("");
    let mut confirmed_by = Vec::new();
    if let Some(manifest) = &papers.manifest {
        let said = &manifest.sums.raw;
        ensure!(
            (said.size, &said.sha256) == (disk.size, &sha256),
            "the unpacked disk has {} bytes and SHA-256 {sha256}, the manifest says {} and {}",
            disk.size,
            said.size,
            said.sha256,
        );
        confirmed_by.push("manifest");
    }
    Ok(Sum {
        size: disk.size,
        sha256,
        confirmed_by,
    })
}

/// A raw image.
struct Disk<'a> {
    path: &'a Path,
    file: std::fs::File,
    size: u64,
    mbr: Mbr,
    tools: &'a Tools,
}

impl<'a> Disk<'a> {
    fn open(path: &'a Path, tools: &'a Tools) -> Result<Self> {
        let mut file = fs_err::File::open(path)?.into_file();
        let size = file.metadata()?.len();
        let mut sector = Vec::new();
        file.by_ref().take(disk::SECTOR).read_to_end(&mut sector)?;
        let mbr = Mbr::parse(&sector)?;
        for (index, partition) in mbr.partitions.iter().enumerate() {
            let end = partition.start + partition.size;
            ensure!(
                end <= size,
                "partition {} ends at byte {end}, the image at {size}",
                index + 1
            );
        }
        Ok(Self {
            path,
            file,
            size,
            mbr,
            tools,
        })
    }

    fn partitions(&self, room: &Path) -> Result<Vec<Partition>> {
        let describe = |(index, place): (usize, &disk::Partition)| -> Result<Partition> {
            let mut start = vec![0; superblock::LENGTH.min(usize::try_from(place.size)?)];
            self.file.read_exact_at(&mut start, place.start)?;
            let file_system = FileSystem::parse(&start);
            let kind = file_system.as_ref().map(|file_system| file_system.kind);
            Ok(Partition {
                number: index + 1,
                kind: place.kind,
                start: place.start,
                size: place.size,
                file_system,
                verdict: kind.map(|kind| self.check(kind, place, room)).transpose()?,
            })
        };
        self.mbr
            .partitions
            .iter()
            .enumerate()
            .map(describe)
            .collect()
    }

    fn check(&self, kind: Kind, place: &disk::Partition, room: &Path) -> Result<Verdict> {
        let (command, checker) = match kind {
            Kind::Ext4 => (
                "e2fsck -fn",
                self.tools
                    .cmd("e2fsck")
                    .args(["-fn", &self.at(place.start)]),
            ),
            // It knows no offset.
            Kind::Fat32 => {
                let copy = room.join("boot.img");
                self.copy_out(place, &copy)?;
                (
                    "fsck.vfat -n",
                    self.tools.cmd("fsck.vfat").arg("-n").arg(&copy),
                )
            }
        };
        let output = checker.output()?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Verdict {
            command,
            clean: output.status.success(),
            said,
        })
    }

    /// A partition's copy; runs of zeros stay holes.
    fn copy_out(&self, place: &disk::Partition, to: &Path) -> Result<()> {
        let out = fs_err::File::create(to)?.into_file();
        out.set_len(place.size)?;
        let mut chunk = vec![0; 1 << 20];
        let mut at = 0;
        while at < place.size {
            let length = chunk.len().min(usize::try_from(place.size - at)?);
            self.file
                .read_exact_at(&mut chunk[..length], place.start + at)?;
            if chunk[..length].iter().any(|byte| *byte != 0) {
                out.write_all_at(&chunk[..length], at)?;
            }
            at += length as u64;
        }
        Ok(())
    }

    fn boot_files(&self, boot: &Partition, room: &Path) -> Result<Vec<BootFile>> {
        let dir = room.join("boot");
        fs_err::create_dir_all(&dir)?;
        let drive = format!("{}@@{}", self.path.display(), boot.start);
        let copy = self
            .tools
            .cmd("mcopy")
            .args(["-s", "-n", "-Q", "-i", &drive, "::"])
            .arg(&dir);
        copy.run().context("reading the boot partition")?;
        let mut files = Vec::new();
        list(&dir, "", &mut files)?;
        files.sort();
        Ok(files)
    }

    fn packages(&self, root: &Partition) -> Result<Installed> {
        let request = ["-R", "cat /var/lib/dpkg/status", &self.at(root.start)];
        let status = self.tools.cmd("debugfs").args(request).read();
        Ok(status::parse(
            &status.context("reading the package database")?,
        ))
    }

    /// A part of the image as e2fsprogs take it.
    fn at(&self, start: u64) -> String {
        format!("{}?offset={start}", self.path.display())
    }
}

fn list(dir: &Path, prefix: &str, files: &mut Vec<BootFile>) -> Result<()> {
    for entry in fs_err::read_dir(dir)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push(BootFile {
                path,
                size: entry.metadata()?.len(),
            });
        }
    }
    Ok(())
}
