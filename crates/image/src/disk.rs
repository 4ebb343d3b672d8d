//! Where things are on the image: a master boot record with two partitions, as Raspberry Pi images
//! have it.

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

/// Bytes of a sector.
pub const SECTOR: u64 = 512;
/// The partitions start at multiples of this, and the image's size is one: an erase block of most
/// cards.
pub const ALIGNMENT: u64 = 4 << 20;

/// A partition's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// The type byte: [`FAT32_LBA`] or [`LINUX`].
    pub kind: u8,
    /// First byte.
    pub start: u64,
    /// Length in bytes.
    pub size: u64,
}

/// FAT32, addressed by sector number.
pub const FAT32_LBA: u8 = 0x0c;
/// A Linux file system.
pub const LINUX: u8 = 0x83;

/// A partition table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mbr {
    /// The disk's id, not zero.
    pub disk_id: u32,
    /// One to four partitions.
    pub partitions: Vec<Partition>,
}

impl Mbr {
    /// The first sector of the disk. Cylinders and heads are left at their maximum, which says "use
    /// the sector numbers".
    pub fn to_sector(&self) -> [u8; 512] {
        let mut sector = [0; 512];
        sector[440..444].copy_from_slice(&self.disk_id.to_le_bytes());
        for (index, partition) in self.partitions.iter().take(4).enumerate() {
            let entry = &mut sector[446 + index * 16..][..16];
            let blocks = |bytes: u64| {
                u32::try_from(bytes / SECTOR)
                    .unwrap_or(u32::MAX)
                    .to_le_bytes()
            };
            entry[1..4].copy_from_slice(&[0xfe, 0xff, 0xff]);
            entry[4] = partition.kind;
            entry[5..8].copy_from_slice(&[0xfe, 0xff, 0xff]);
            entry[8..12].copy_from_slice(&blocks(partition.start));
            entry[12..16].copy_from_slice(&blocks(partition.size));
        }
        sector[510..].copy_from_slice(&[0x55, 0xaa]);
        sector
    }

    /// Reads the first sector of a disk.
    ///
    /// # Errors
    /// It is no partition table, or one of a GPT disk.
    pub fn parse(sector: &[u8]) -> Result<Self> {
        ensure!(
            sector.len() >= 512,
            "an image of {} bytes has no partition table",
            sector.len()
        );
        ensure!(
            sector[510..512] == [0x55, 0xaa],
            "there is no partition table in the first sector"
        );
        let number = |at: usize| {
            u32::from_le_bytes([sector[at], sector[at + 1], sector[at + 2], sector[at + 3]])
        };
        let mut partitions = Vec::new();
        for at in (446..510).step_by(16) {
            let kind = sector[at + 4];
            ensure!(
                kind != 0xee,
                "the disk has a GPT; a Raspberry Pi image has a master boot record"
            );
            if kind != 0 {
                let start = u64::from(number(at + 8)) * SECTOR;
                partitions.push(Partition {
                    kind,
                    start,
                    size: u64::from(number(at + 12)) * SECTOR,
                });
            }
        }
        ensure!(!partitions.is_empty(), "the partition table is empty");
        Ok(Self {
            disk_id: number(440),
            partitions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let mbr = Mbr {
            disk_id: 0xdead_beef,
            partitions: vec![
                Partition {
                    kind: FAT32_LBA,
                    start: 4 << 20,
                    size: 512 << 20,
                },
                Partition {
                    kind: LINUX,
                    start: 516 << 20,
                    size: 1 << 31,
                },
            ],
        };
        assert_eq!(Mbr::parse(&mbr.to_sector()).unwrap(), mbr);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let mut gpt = Mbr {
            disk_id: 1,
            partitions: vec![Partition {
                kind: 0xee,
                start: 512,
                size: 512,
            }],
        }
        .to_sector();
        assert!(Mbr::parse(&gpt).unwrap_err().to_string().contains("GPT"));
        gpt[510] = 0;
        assert!(
            Mbr::parse(&gpt)
                .unwrap_err()
                .to_string()
                .contains("no partition table")
        );
        assert!(Mbr::parse(b"").unwrap_err().to_string().contains("0 bytes"));
    }
}
