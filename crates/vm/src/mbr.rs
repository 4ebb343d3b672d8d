//! The partition table of an image: the four primary entries of an MBR. Extended partitions and
//! GPT have no place on a Raspberry Pi's card and are refused.

use anyhow::{Result, bail, ensure};

/// What a sector of the table counts in.
const SECTOR: u64 = 512;
const TABLE: usize = 446;
const ENTRY: usize = 16;

/// One primary partition. Both numbers are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// Its number, from 1.
    pub number: usize,
    /// Its type, such as 0x0C for FAT32 and 0x83 for Linux.
    pub kind: u8,
    /// Where it starts.
    pub start: u64,
    /// How long it is.
    pub size: u64,
}

/// The partitions in the first sector of a disk of `disk_size` bytes, by number.
///
/// # Errors
/// It is no MBR, or its entries overlap or lie outside the disk.
pub fn partitions(sector: &[u8; 512], disk_size: u64) -> Result<Vec<Partition>> {
    ensure!(
        sector[510..] == [0x55, 0xAA],
        "the first sector is no partition table"
    );
    let mut found: Vec<Partition> = Vec::new();
    for (index, entry) in sector[TABLE..510].chunks_exact(ENTRY).enumerate() {
        let number = index + 1;
        let partition = Partition {
            number,
            kind: entry[4],
            start: u64::from(word(&entry[8..])) * SECTOR,
            size: u64::from(word(&entry[12..])) * SECTOR,
        };
        match partition.kind {
            0 => continue,
            0x05 | 0x0F | 0x85 => bail!("partition {number} is an extended one"),
            0xEE => bail!("the disk has a GPT"),
            _ => {}
        }
        ensure!(
            partition.start > 0 && partition.size > 0,
            "partition {number} is empty"
        );
        ensure!(
            partition.end() <= disk_size,
            "partition {number} ends at byte {}, behind the image's end at {disk_size}",
            partition.end()
        );
        if let Some(other) = found.iter().find(|other| other.overlaps(&partition)) {
            bail!("partitions {} and {number} overlap", other.number);
        }
        found.push(partition);
    }
    Ok(found)
}

impl Partition {
    /// Whether its type is one of the FAT ones.
    pub fn is_fat(&self) -> bool {
        matches!(self.kind, 0x01 | 0x04 | 0x06 | 0x0B | 0x0C | 0x0E)
    }

    fn end(&self) -> u64 {
        self.start + self.size
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end() && other.start < self.end()
    }
}

/// The little-endian number that `bytes` start with.
fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISK: u64 = 1 << 30;

    fn table(entries: &[(u8, u32, u32)]) -> [u8; 512] {
        let mut sector = [0; 512];
        for (index, (kind, start, size)) in entries.iter().enumerate() {
            let at = TABLE + index * ENTRY;
            sector[at + 4] = *kind;
            sector[at + 8..at + 12].copy_from_slice(&start.to_le_bytes());
            sector[at + 12..at + 16].copy_from_slice(&size.to_le_bytes());
        }
        sector[510..].copy_from_slice(&[0x55, 0xAA]);
        sector
    }

    #[test]
    fn a_card_has_a_fat_and_a_linux_partition() {
        let sector = table(&[(0x0C, 2048, 524_288), (0x83, 526_336, 1_000_000)]);
        let found = partitions(&sector, DISK).unwrap();
        assert_eq!(found.len(), 2);
        assert!(found[0].is_fat() && !found[1].is_fat());
        assert_eq!(
            (found[1].number, found[1].start, found[1].size),
            (2, 269_484_032, 512_000_000)
        );
    }

    #[test]
    fn what_is_no_sound_mbr_is_refused() {
        for (sector, said) in [
            ([0; 512], "no partition table"),
            (table(&[(0xEE, 1, 100)]), "GPT"),
            (
                table(&[(0x0C, 2048, 100), (0x0F, 4096, 100)]),
                "extended one",
            ),
            (table(&[(0x0C, 0, 100)]), "is empty"),
            (table(&[(0x0C, 2048, u32::MAX)]), "behind the image's end"),
            (
                table(&[(0x0C, 2048, 100), (0x83, 2100, 100)]),
                "1 and 2 overlap",
            ),
        ] {
            let error = partitions(&sector, DISK).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
