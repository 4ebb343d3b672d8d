//! An inode: what is known of a file besides its names. How its fields are laid out, and its
//! checksum.

use crate::FileSystem;
use crate::bytes::{array_at, u16_at, u32_at, wide};
use crate::checksum::crc32c;
use crate::error::{Error, Result};
use crate::kind::{self, Kind};
use crate::map::Map;
use crate::xattr;

/// The part that every inode has; more fields follow in larger ones.
const BASE: usize = 128;

const EXTENTS: u32 = 0x8_0000;

/// Flags of inodes that are read otherwise, or are none of a user's.
const UNREADABLE: [(u32, &str); 4] = [
    (0x200, "compressed"),
    (0x800, "encrypted"),
    (0x20_0000, "an extended attribute's value"),
    (0x1000_0000, "stored within its inode"),
];

/// A file, directory or other thing, without its names.
#[derive(Debug, Clone)]
pub struct Inode {
    /// Its number. Names with the same number are hard links to one thing.
    pub number: u32,
    /// Permissions, with setuid, setgid and sticky: at most 0o7777.
    pub mode: u32,
    /// The owner's number.
    pub uid: u32,
    /// The group's number.
    pub gid: u32,
    /// When its content was changed, in seconds since 1970.
    pub mtime: i64,
    /// And the nanoseconds since then, below 1,000,000,000.
    pub mtime_nanos: u32,
    /// How many names it has. A directory with very many says 1.
    pub links: u32,
    /// What it is.
    pub kind: Kind,
    /// Extended attributes, sorted by name, with the values that getxattr(2) would give.
    pub xattrs: Vec<(String, Vec<u8>)>,
    pub(crate) size: u64,
    pub(crate) map: Map,
}

/// The fields as they stand there.
pub(crate) struct Raw {
    pub(crate) number: u32,
    pub(crate) mode: u32,
    pub(crate) size: u64,
    pub(crate) map: [u8; 60],
    flags: u32,
    uid: u32,
    gid: u32,
    mtime: u32,
    mtime_extra: u32,
    links: u16,
    xattr_block: u64,
    /// How many of the fields behind the base are in use, in bytes.
    extra: usize,
}

impl FileSystem {
    /// Reads an inode that a directory names.
    pub(crate) fn inode(&self, number: u32) -> Result<Inode> {
        let bytes = self.inode_bytes(number)?;
        let cut = || Error::damaged(number, "it is cut short");
        let raw = Raw::of(number, &bytes).ok_or_else(cut)?;
        if let Some(seed) = self.layout.checksum_seed {
            verify(seed, &raw, &bytes).ok_or_else(cut)??;
        }
        raw.judge()?;
        let within = raw.rest(&bytes)?;
        Ok(Inode {
            number,
            mode: raw.mode & 0o7777,
            uid: raw.uid,
            gid: raw.gid,
            mtime: raw.seconds(),
            mtime_nanos: (raw.mtime_extra >> 2).min(999_999_999),
            links: raw.links.into(),
            kind: kind::of(self, &raw)?,
            xattrs: xattr::read(self, number, within, raw.xattr_block)?,
            size: raw.size,
            map: raw.map(),
        })
    }
}

impl Raw {
    fn of(number: u32, bytes: &[u8]) -> Option<Self> {
        let extra = match bytes.len() > BASE {
            true => usize::from(u16_at(bytes, 0x80)?),
            false => 0,
        };
        let pair = |low, high| {
            Some(u32::from(u16_at(bytes, high)?) << 16 | u32::from(u16_at(bytes, low)?))
        };
        Some(Self {
            number,
            mode: u16_at(bytes, 0)?.into(),
            size: wide(u32_at(bytes, 0x4)?, u32_at(bytes, 0x6c)?),
            map: array_at(bytes, 0x28)?,
            flags: u32_at(bytes, 0x20)?,
            uid: pair(0x2, 0x78)?,
            gid: pair(0x18, 0x7a)?,
            mtime: u32_at(bytes, 0x10)?,
            mtime_extra: match extra >= 0xc {
                true => u32_at(bytes, 0x88)?,
                false => 0,
            },
            links: u16_at(bytes, 0x1a)?,
            xattr_block: wide(u32_at(bytes, 0x68)?, u16_at(bytes, 0x76)?.into()),
            extra,
        })
    }

    fn judge(&self) -> Result<()> {
        let unreadable = UNREADABLE.iter().find(|(bits, _)| self.flags & bits != 0);
        if let Some((_, what)) = unreadable {
            let what = format!("it is {what}, which cannot be read here");
            return Err(Error::damaged(self.number, what));
        }
        if self.links == 0 {
            let what = "a directory names it, but it was deleted";
            return Err(Error::damaged(self.number, what));
        }
        Ok(())
    }

    /// What is behind the fields in use. Where none is in use, nothing else is there either.
    fn rest<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8]> {
        match (self.extra, bytes.get(BASE + self.extra..)) {
            (0, _) => Ok(&[]),
            (extra, Some(rest)) if extra.is_multiple_of(4) => Ok(rest),
            (extra, _) => {
                let what = format!("{extra} bytes of further fields");
                Err(Error::damaged(self.number, what))
            }
        }
    }

    pub(crate) fn has_extents(&self) -> bool {
        self.flags & EXTENTS != 0
    }

    pub(crate) fn map(&self) -> Map {
        Map {
            inode: self.number,
            extents: self.has_extents(),
            root: self.map,
        }
    }

    /// 32 bits with a sign, and two more that count how often they ran over.
    fn seconds(&self) -> i64 {
        let epochs = i64::from(self.mtime_extra & 3) << 32;
        i64::from(self.mtime.cast_signed()) + epochs
    }
}

/// The inode's checksum is taken with zeros where it stands itself. None if the inode is too short.
fn verify(seed: u32, raw: &Raw, bytes: &[u8]) -> Option<Result<()>> {
    let mut zeroed = bytes.to_vec();
    zeroed.get_mut(0x7c..0x7e)?.fill(0);
    let mut stored = u32::from(u16_at(bytes, 0x7c)?);
    let mut mask = 0xffff;
    if raw.extra >= 4 {
        zeroed.get_mut(0x82..0x84)?.fill(0);
        stored |= u32::from(u16_at(bytes, 0x82)?) << 16;
        mask = u32::MAX;
    }
    let seed = crc32c(seed, &raw.number.to_le_bytes());
    // Behind the number comes the generation.
    let seed = crc32c(seed, bytes.get(0x64..0x68)?);
    if crc32c(seed, &zeroed) & mask != stored {
        return Some(Err(Error::damaged(raw.number, "its checksum is wrong")));
    }
    Some(Ok(()))
}
