//! What can be wrong with a file system. What to do about it is the caller's to say.

use std::path::PathBuf;

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why a file system, or a part of it, is not read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The image itself cannot be read.
    #[error("reading the image at byte {at}")]
    Read {
        /// Counted from the start of the image file.
        at: u64,
        /// What the kernel said.
        source: std::io::Error,
    },
    /// Something else stands there.
    #[error("this is no ext2, ext3 or ext4 file system: it has no magic number")]
    NotExt,
    /// Its journal holds changes that are not in their places yet.
    #[error("the file system was not unmounted cleanly: its journal must be replayed first")]
    NeedsRecovery,
    /// It was in use, or has known faults.
    #[error("the file system is not clean: {why}")]
    NotClean {
        /// What its superblock says.
        why: &'static str,
    },
    /// It uses what is not known here.
    #[error("the file system has features that cannot be read here: {}", .features.join(", "))]
    Unsupported {
        /// Their names; bits without a name as a number.
        features: Vec<String>,
    },
    /// The end is missing.
    #[error("the file system is cut short: it has {needs} bytes, of which {has} are there")]
    CutShort {
        /// Its size in bytes.
        needs: u64,
        /// How many there are.
        has: u64,
    },
    /// Its superblock makes no sense.
    #[error("the superblock is damaged: {what}")]
    Superblock {
        /// What is wrong in it.
        what: String,
    },
    /// A place beyond the end of the file system.
    #[error("byte {at} is beyond the file system's end")]
    Beyond {
        /// Counted from the start of the file system.
        at: u64,
    },
    /// One file or directory is damaged.
    #[error("inode {inode} is damaged: {what}")]
    Damaged {
        /// Its number.
        inode: u32,
        /// What is wrong with it.
        what: String,
    },
    /// Reading the content of something that has none.
    #[error("inode {inode} is no regular file")]
    NotAFile {
        /// Its number.
        inode: u32,
    },
    /// What went wrong at a path.
    #[error("reading /{}", .path.display())]
    At {
        /// Without a leading slash.
        path: PathBuf,
        /// What it was.
        source: Box<Error>,
    },
}

impl Error {
    pub(crate) fn damaged(inode: u32, what: impl Into<String>) -> Self {
        Self::Damaged {
            inode,
            what: what.into(),
        }
    }

    pub(crate) fn superblock(what: impl Into<String>) -> Self {
        Self::Superblock { what: what.into() }
    }
}
