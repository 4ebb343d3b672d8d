//! What was found in an image: plain data, its text and its JSON.

use std::fmt;

use ::image::date::date;
use serde::Serialize;

use super::status::Installed;
use super::superblock::{FileSystem, Kind};

/// Everything about one image. Sizes and places are in bytes.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The file, as it was named.
    pub image: String,
    /// The file as it is.
    pub file: Sum,
    /// The disk in it.
    pub raw: Sum,
    /// Whether the disk is a multiple of an erase block.
    pub aligned: bool,
    /// From the manifest beside it.
    pub made: Option<Made>,
    /// The partitions in their order.
    pub partitions: Vec<Partition>,
    /// The files of the boot partition, sorted.
    pub boot_files: Vec<BootFile>,
    /// From the root's own package database.
    pub packages: Option<Installed>,
}

/// A size and a checksum.
#[derive(Debug, Serialize)]
pub struct Sum {
    /// In bytes.
    pub size: u64,
    /// In hexadecimal.
    pub sha256: String,
    /// What says the same: `checksum`, `manifest`.
    pub confirmed_by: Vec<&'static str>,
}

/// How the image came to be.
#[derive(Debug, Serialize)]
pub struct Made {
    /// Of Colab Keeper.
    pub version: String,
    /// What it was built from.
    pub profile: String,
    /// The commit.
    pub revision: String,
    /// The builder.
    pub builder: String,
    /// The image's own "now": seconds since 1970.
    pub epoch: u64,
    /// How many packages the manifest lists.
    pub packages: u64,
}

/// A partition.
#[derive(Debug, Serialize)]
pub struct Partition {
    /// From 1.
    pub number: usize,
    /// The type byte of its entry.
    pub kind: u8,
    /// First byte.
    pub start: u64,
    /// Length.
    pub size: u64,
    /// What is on it, when it is known here.
    pub file_system: Option<FileSystem>,
    /// What the file system's own checker says.
    pub verdict: Option<Verdict>,
}

/// A checker's verdict.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// `e2fsck -fn`.
    pub command: &'static str,
    /// Whether it had nothing to say.
    pub clean: bool,
    /// What it said when it had.
    pub said: String,
}

/// A file of the boot partition.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BootFile {
    /// Its path on the partition.
    pub path: String,
    /// Its length.
    pub size: u64,
}

impl Report {
    /// Whether nothing is wrong with the image.
    pub fn is_sound(&self) -> bool {
        let clean = |partition: &Partition| {
            partition
                .verdict
                .as_ref()
                .is_none_or(|verdict| verdict.clean)
        };
        self.aligned && self.partitions.iter().all(clean)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.image)?;
        if let Some(made) = &self.made {
            let revision = if made.revision.is_empty() {
                "no commit"
            } else {
                &made.revision
            };
            writeln!(
                f,
                "  Colab Keeper {}, profile {}, {revision}",
                made.version, made.profile
            )?;
            writeln!(f, "  made by {} as of {}", made.builder, date(made.epoch))?;
        }
        writeln!(f, "\n  file         {}", self.file)?;
        let aligned = if self.aligned {
            "a multiple of 4 MiB"
        } else {
            "NO multiple of 4 MiB"
        };
        writeln!(f, "  disk         {}, {aligned}\n", self.raw)?;
        self.partitions
            .iter()
            .try_for_each(|partition| write!(f, "{partition}"))?;
        if let Some(packages) = &self.packages {
            let listed = self.made.as_ref().map(|made| made.packages);
            let listed = listed.filter(|listed| *listed != packages.count);
            let listed = listed.map(|listed| format!(" (the manifest lists {listed})"));
            let listed = listed.unwrap_or_default();
            let size = mib(packages.size);
            writeln!(
                f,
                "\n  packages     {}{listed}, {size} installed",
                packages.count
            )?;
        }
        let total: u64 = self.boot_files.iter().map(|file| file.size).sum();
        writeln!(
            f,
            "  boot files   {}, {}\n",
            self.boot_files.len(),
            mib(total)
        )?;
        let line = |file: &BootFile| (file.size, file.path.clone());
        let mut lines = self.boot_files.iter().map(line);
        lines.try_for_each(|(size, path)| writeln!(f, "  {size:>11}  {path}"))
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let confirmed = match &*self.confirmed_by {
            [] => "nothing to compare with".to_owned(),
            by => format!("confirmed by the {}", by.join(" and the ")),
        };
        write!(
            f,
            "{:>11}  SHA-256 {}, {confirmed}",
            mib(self.size),
            self.sha256
        )
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = format!("{} from {}", mib(self.size), mib(self.start));
        write!(
            f,
            "  partition {}  {place:<26}  type {:02x}",
            self.number, self.kind
        )?;
        if let Some(FileSystem { kind, label, id }) = &self.file_system {
            let kind = match kind {
                Kind::Fat32 => "FAT32",
                Kind::Ext4 => "ext4",
            };
            write!(f, "  {kind:<5}  {label:<11}  {id}")?;
        }
        writeln!(f)?;
        let Some(Verdict {
            command,
            clean,
            said,
        }) = &self.verdict
        else {
            return Ok(());
        };
        let word = if *clean { "clean" } else { "DAMAGED" };
        writeln!(f, "               {command}: {word}")?;
        let shown = said.lines().filter(|_| !clean);
        shown
            .take(20)
            .try_for_each(|line| writeln!(f, "                 {line}"))
    }
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_what_is_wrong() {
        let sum = |by| Sum {
            size: 5 << 20,
            sha256: "ab".into(),
            confirmed_by: by,
        };
        let said = "bad\nworse".to_owned();
        let report = Report {
            image: "x.img".into(),
            file: sum(vec!["checksum", "manifest"]),
            raw: sum(vec![]),
            aligned: false,
            made: None,
            partitions: vec![Partition {
                number: 2,
                kind: 0x83,
                start: 4 << 20,
                size: 1 << 20,
                file_system: None,
                verdict: Some(Verdict {
                    command: "e2fsck -fn",
                    clean: false,
                    said,
                }),
            }],
            boot_files: vec![BootFile {
                path: "config.txt".into(),
                size: 3,
            }],
            packages: None,
        };
        let text = report.to_string();
        for part in [
            "5.0 MiB  SHA-256 ab, confirmed by the checksum and the manifest",
            "nothing to compare with, NO multiple of 4 MiB",
            "partition 2  1.0 MiB from 4.0 MiB",
            "e2fsck -fn: DAMAGED\n                 bad\n",
            "3  config.txt\n",
        ] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
        assert!(!report.is_sound());
    }
}
