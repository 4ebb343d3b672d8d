//! Which blocks hold a file's content, as a stream of runs from its start to its end. The two ways
//! of writing that down are in `extents` and `indirect`.

use crate::FileSystem;
use crate::error::Result;
use crate::extents::Extents;
use crate::indirect::Indirect;

/// What an inode says about its blocks.
#[derive(Debug, Clone)]
pub(crate) struct Map {
    pub(crate) inode: u32,
    pub(crate) extents: bool,
    pub(crate) root: [u8; 60],
}

/// Blocks of a file that lie one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// The first of them on the disk; none where nothing was written.
    pub(crate) start: Option<u64>,
    /// How many there are, at least one.
    pub(crate) count: u64,
}

/// Reads a map in the order of the file's blocks.
#[derive(Debug)]
pub(crate) enum Runs {
    Extents(Extents),
    Indirect(Indirect),
}

impl Runs {
    pub(crate) fn new(map: &Map) -> Self {
        match map.extents {
            true => Self::Extents(Extents::new(map)),
            false => Self::Indirect(Indirect::new(map)),
        }
    }

    /// The run that begins at the file's block `block`; never asked for an earlier one than before.
    pub(crate) fn at(&mut self, fs: &FileSystem, block: u64) -> Result<Run> {
        match self {
            Self::Extents(extents) => extents.at(fs, block),
            Self::Indirect(indirect) => indirect.at(fs, block),
        }
    }
}
