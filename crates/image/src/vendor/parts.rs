//! The two partitions of a raw vendor's image: where they are, and by what systems know them.

use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use ext4::FileSystem;

use crate::disk::{Mbr, Partition};
use crate::hint::Hint;
use crate::stage::assemble::Identity;
use crate::tools::Tools;

/// The partition types that hold a FAT.
const FAT_TYPES: [u8; 4] = [0x0b, 0x0c, 0x06, 0x0e];
/// The partition type of a Linux file system.
const LINUX: u8 = crate::disk::LINUX;

/// A vendor's image as Raspberry Pi images are laid out: a FAT and an ext4.
pub struct Parts {
    disk: PathBuf,
    mbr: Mbr,
    fat: Fat,
    /// The second partition.
    pub root: FileSystem,
}

/// What a FAT says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fat {
    id: u32,
    label: String,
}

impl Parts {
    /// Reads the partition table of a raw image, and the first sectors of both partitions.
    ///
    /// # Errors
    /// It is no image, or not one of a FAT and an ext4 that we can read.
    pub fn find(disk: &Path) -> Result<Self> {
        let file = fs_err::File::open(disk)?;
        let size = file.metadata()?.len();
        let mut sector = vec![0; 512.min(usize::try_from(size)?)];
        file.file().read_exact_at(&mut sector, 0)?;
        let mbr = Mbr::parse(&sector)?;
        let (boot, root) = two(&mbr, size)?;
        ensure!(
            FAT_TYPES.contains(&boot.kind),
            "partition 1 is of type {:#04x} and not a FAT, which a Raspberry Pi starts from",
            boot.kind
        );
        ensure!(
            root.kind == LINUX,
            "partition 2 is of type {:#04x} and not a Linux file system",
            root.kind
        );
        let mut sector = [0; 512];
        file.file().read_exact_at(&mut sector, boot.start)?;
        let fat = Fat::parse(&sector).context("reading partition 1")?;
        let root = FileSystem::open(file.into_file(), root.start, root.size);
        let hint = match &root {
            Err(ext4::Error::NeedsRecovery | ext4::Error::NotClean { .. }) => {
                "somebody has used this image since it was made: take the vendor's own"
            }
            Err(ext4::Error::Unsupported { .. }) => {
                "the image is newer than this builder: another profile may do, or an earlier release"
            }
            _ => "is it the vendor's image, as downloaded?",
        };
        let root = root.context("reading partition 2").hint(hint)?;
        Ok(Self {
            disk: disk.to_owned(),
            mbr,
            fat,
            root,
        })
    }

    /// The labels of FAT and ext4.
    pub fn labels(&self) -> [&str; 2] {
        [&self.fat.label, &self.root.superblock().label]
    }

    /// What of it must stay as it is.
    pub fn identity(&self) -> Identity {
        Identity {
            disk_id: self.mbr.disk_id,
            fat_id: self.fat.id,
            root_uuid: self.root.superblock().uuid.clone(),
        }
    }

    /// Copies everything on the FAT into an empty directory.
    ///
    /// # Errors
    /// The FAT is damaged, or there is no room.
    pub fn copy_boot(&self, to: &Path, tools: &Tools) -> Result<()> {
        let image = format!("{}@@{}", self.disk.display(), self.mbr.partitions[0].start);
        tools
            .cmd("mcopy")
            .args(["-s", "-m", "-n", "-i", &image, "::*"])
            .arg(to)
            .run()
            .context("copying the boot partition's files")
    }
}

/// The partitions, which must be two, within the image, and beside each other.
fn two(mbr: &Mbr, size: u64) -> Result<(Partition, Partition)> {
    let [boot, root] = mbr.partitions[..] else {
        bail!(
            "it has {} partitions; a Raspberry Pi image has two, a FAT and an ext4",
            mbr.partitions.len()
        );
    };
    for (number, partition) in [(1, boot), (2, root)] {
        let end = partition.start + partition.size;
        ensure!(
            partition.start > 0 && partition.size > 0,
            "partition {number} has no place on the disk"
        );
        ensure!(
            end <= size,
            "partition {number} ends at byte {end} of {size}: the image is cut off"
        );
    }
    ensure!(
        boot.start + boot.size <= root.start || root.start + root.size <= boot.start,
        "its partitions overlap"
    );
    Ok((boot, root))
}

impl Fat {
    /// Reads a FAT's first sector (Microsoft's FAT specification, section 3).
    fn parse(sector: &[u8; 512]) -> Result<Self> {
        // FAT32 and FAT12/16 have the same fields in different places.
        let (id, label, kind) = match (&sector[82..87], &sector[54..57]) {
            (b"FAT32", _) => (67, 71, "FAT32"),
            (_, b"FAT") => (39, 43, "FAT16"),
            _ => bail!("there is no FAT file system"),
        };
        ensure!(
            sector[510..] == [0x55, 0xaa],
            "the first sector of the {kind} is damaged"
        );
        let bytes: [u8; 4] = sector[id..id + 4].try_into()?;
        let text = String::from_utf8_lossy(&sector[label..label + 11]);
        Ok(Self {
            id: u32::from_le_bytes(bytes),
            label: text.trim_end().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(kind: u8, start: u64, size: u64) -> Partition {
        Partition { kind, start, size }
    }

    fn refusal(partitions: Vec<Partition>) -> String {
        let mbr = Mbr {
            disk_id: 1,
            partitions,
        };
        two(&mbr, 10_000).unwrap_err().to_string()
    }

    #[test]
    fn two_partitions_within_the_image_are_wanted() {
        let boot = partition(0x0c, 512, 1024);
        let root = partition(LINUX, 2048, 1024);
        assert!(refusal(vec![boot]).contains("1 partitions"));
        assert!(refusal(vec![boot, root, root]).contains("3 partitions"));
        assert!(refusal(vec![boot, partition(LINUX, 1024, 1024)]).contains("overlap"));
        assert!(refusal(vec![boot, partition(LINUX, 2048, 99_999)]).contains("cut off"));
        assert!(refusal(vec![boot, partition(LINUX, 0, 512)]).contains("no place"));
    }

    #[test]
    fn a_fat_tells_its_id_and_label() {
        let mut sector = [0; 512];
        sector[82..90].copy_from_slice(b"FAT32   ");
        sector[67..71].copy_from_slice(&0x1234_5678_u32.to_le_bytes());
        sector[71..82].copy_from_slice(b"system-boot");
        assert!(
            Fat::parse(&sector)
                .unwrap_err()
                .to_string()
                .contains("damaged")
        );
        sector[510..].copy_from_slice(&[0x55, 0xaa]);
        let fat = Fat::parse(&sector).unwrap();
        assert_eq!((fat.id, &*fat.label), (0x1234_5678, "system-boot"));
        let nothing = Fat::parse(&[0; 512]).unwrap_err();
        assert_eq!(nothing.to_string(), "there is no FAT file system");
    }
}
