//! Positioned reads of a part of a file.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::FileExt;

use crate::error::{Error, Result};

/// The part of a file that holds the file system.
#[derive(Debug)]
pub(crate) struct Source {
    file: File,
    start: u64,
    /// Nothing beyond it is read.
    size: u64,
}

impl Source {
    /// The part that begins at `start`; as much of `size` as the file has.
    pub(crate) fn new(mut file: File, start: u64, size: u64) -> Result<Self> {
        // The end of a block device is not in its metadata.
        let end = file
            .seek(SeekFrom::End(0))
            .map_err(|source| Error::Read { at: 0, source })?;
        let size = size.min(end.saturating_sub(start));
        Ok(Self { file, start, size })
    }

    /// Makes it shorter: a partition may be larger than its file system.
    pub(crate) fn cut(&mut self, size: u64) -> Result<()> {
        if size > self.size {
            return Err(Error::CutShort {
                needs: size,
                has: self.size,
            });
        }
        self.size = size;
        Ok(())
    }

    /// How many bytes can be read.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Fills `bytes` from the place `at` of the part.
    pub(crate) fn read(&self, at: u64, bytes: &mut [u8]) -> Result<()> {
        let end = at.checked_add(bytes.len() as u64);
        if end.is_none_or(|end| end > self.size) {
            return Err(Error::Beyond { at });
        }
        let at = self.start + at;
        self.file
            .read_exact_at(bytes, at)
            .map_err(|source| Error::Read { at, source })
    }
}
