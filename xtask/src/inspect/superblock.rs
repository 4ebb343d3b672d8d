//! What a file system says of itself in its first bytes: FAT (Microsoft's FAT specification,
//! section 3) and ext4 (the kernel's documentation of its superblock).

use serde::Serialize;

/// Enough of a partition's beginning for [`FileSystem::parse`].
pub const LENGTH: usize = 2048;

/// A file system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileSystem {
    /// Which one.
    pub kind: Kind,
    /// Its name; empty when it has none.
    pub label: String,
    /// `1A2B-3C4D` for a FAT, a UUID for an ext4.
    pub id: String,
}

/// A kind of file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// As the firmware reads it.
    Fat32,
    /// ext2, ext3 or ext4: they share the superblock.
    Ext4,
}

impl FileSystem {
    /// The file system that starts with these bytes; nothing when it is neither of the two.
    pub fn parse(start: &[u8]) -> Option<Self> {
        if start.len() < LENGTH {
            return None;
        }
        fat32(start).or_else(|| ext4(&start[1024..]))
    }
}

fn fat32(sector: &[u8]) -> Option<FileSystem> {
    if sector[510..512] != [0x55, 0xaa] || &sector[82..90] != b"FAT32   " {
        return None;
    }
    let id = |at: usize| u16::from_le_bytes([sector[at], sector[at + 1]]);
    let label = text(&sector[71..82]);
    let label = if label == "NO NAME" {
        String::new()
    } else {
        label
    };
    Some(FileSystem {
        kind: Kind::Fat32,
        label,
        id: format!("{:04X}-{:04X}", id(69), id(67)),
    })
}

fn ext4(superblock: &[u8]) -> Option<FileSystem> {
    if superblock[56..58] != [0x53, 0xef] {
        return None;
    }
    let hex = ::image::digest::hex(&superblock[104..120]);
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    Some(FileSystem {
        kind: Kind::Ext4,
        label: text(&superblock[120..136]),
        id: parts.join("-"),
    })
}

/// Padded with spaces or ended by a zero.
fn text(bytes: &[u8]) -> String {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fat_is_known_by_its_boot_sector() {
        let mut start = vec![0; LENGTH];
        start[510..512].copy_from_slice(&[0x55, 0xaa]);
        start[67..71].copy_from_slice(&[0x4d, 0x3c, 0x2b, 0x1a]);
        start[71..90].copy_from_slice(b"system-bootFAT32   ");
        let expected = FileSystem {
            kind: Kind::Fat32,
            label: "system-boot".into(),
            id: "1A2B-3C4D".into(),
        };
        assert_eq!(FileSystem::parse(&start), Some(expected));
        start[71..82].copy_from_slice(b"NO NAME    ");
        assert_eq!(FileSystem::parse(&start).unwrap().label, "");
    }

    #[test]
    fn an_ext4_is_known_by_its_superblock() {
        let mut start = vec![0; LENGTH];
        start[1080..1082].copy_from_slice(&[0x53, 0xef]);
        (0..16).for_each(|at| start[1128 + at] = u8::try_from(at).unwrap());
        start[1144..1152].copy_from_slice(b"writable");
        let found = FileSystem::parse(&start).unwrap();
        assert_eq!((found.kind, &*found.label), (Kind::Ext4, "writable"));
        assert_eq!(found.id, "00010203-0405-0607-0809-0a0b0c0d0e0f");
    }

    #[test]
    fn anything_else_is_nothing() {
        assert_eq!(FileSystem::parse(&vec![0; LENGTH]), None);
        assert_eq!(FileSystem::parse(b"short"), None);
    }
}
