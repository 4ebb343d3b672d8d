//! What an inode is: the kinds of files, device numbers, and where links point.

use std::io::Read;

use crate::FileSystem;
use crate::bytes::u32_at;
use crate::content::Content;
use crate::error::{Error, Result};
use crate::inode::Raw;

/// The longest target that the kernel follows.
const LONGEST_LINK: u64 = 4095;

/// What an inode is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File {
        /// Its length in bytes.
        size: u64,
    },
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink {
        /// Where it points: any bytes but NUL, never empty.
        target: Vec<u8>,
    },
    /// A device node.
    Device {
        /// A character device; a block device otherwise.
        char: bool,
        /// Its major number.
        major: u32,
        /// Its minor number.
        minor: u32,
    },
    /// A named pipe.
    Fifo,
    /// The file of a socket.
    Socket,
}

/// The kind that the type bits of a mode stand for.
pub(crate) fn of(fs: &FileSystem, raw: &Raw) -> Result<Kind> {
    match raw.mode >> 12 {
        0x1 => Ok(Kind::Fifo),
        0x2 => Ok(device(true, &raw.map)),
        0x4 => Ok(Kind::Directory),
        0x6 => Ok(device(false, &raw.map)),
        0x8 => Ok(Kind::File { size: raw.size }),
        0xa => target(fs, raw).map(|target| Kind::Symlink { target }),
        0xc => Ok(Kind::Socket),
        kind => {
            let what = format!("{kind:#x} is no type of file");
            Err(Error::damaged(raw.number, what))
        }
    }
}

/// Device numbers stand in the first word, 8 bits each, or else in the second, with 12 and 20.
fn device(char: bool, map: &[u8; 60]) -> Kind {
    let word = |at| u32_at(map, at).unwrap_or(0);
    let (major, minor) = match (word(0), word(4)) {
        (0, new) => (new >> 8 & 0xfff, new & 0xff | new >> 12 & 0xf_ff00),
        (old, _) => (old >> 8 & 0xff, old & 0xff),
    };
    Kind::Device { char, major, minor }
}

/// A short target stands where others have their block map.
fn target(fs: &FileSystem, raw: &Raw) -> Result<Vec<u8>> {
    if raw.size == 0 || raw.size > LONGEST_LINK {
        let what = format!("a symbolic link of {} bytes", raw.size);
        return Err(Error::damaged(raw.number, what));
    }
    let length = raw.size as usize;
    let target = match raw.map.get(..length) {
        Some(short) if length < raw.map.len() && !raw.has_extents() => short.to_vec(),
        _ => {
            let mut target = vec![0; length];
            let mut content = Content::of_map(fs, raw.map(), raw.size);
            content.read_exact(&mut target).map_err(|error| {
                let unknown = |error| Error::damaged(raw.number, format!("its target: {error}"));
                error.downcast::<Error>().unwrap_or_else(unknown)
            })?;
            target
        }
    };
    if target.contains(&0) {
        return Err(Error::damaged(raw.number, "its target holds a NUL"));
    }
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_numbers_of_both_encodings() {
        let kind = |old: u32, new: u32| {
            let mut map = [0; 60];
            map[..4].copy_from_slice(&old.to_le_bytes());
            map[4..8].copy_from_slice(&new.to_le_bytes());
            device(false, &map)
        };
        let of = |major, minor| Kind::Device {
            char: false,
            major,
            minor,
        };
        assert_eq!(kind(0x0812, 0), of(8, 0x12));
        assert_eq!(kind(0, 0x0123_4567), of(0x345, 0x1267));
        assert_eq!(kind(0, 0), of(0, 0));
    }
}
