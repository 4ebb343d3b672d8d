//! A file's content as a stream.

use std::io::{BufReader, Read};

use crate::FileSystem;
use crate::error::{Error, Result};
use crate::inode::Inode;
use crate::kind::Kind;
use crate::map::{Map, Run, Runs};

/// Readers that ask for little get it from a buffer of this size.
const BUFFER: usize = 256 * 1024;

/// The content of a regular file, from its start to its end.
#[derive(Debug)]
pub struct Content<'a>(BufReader<Blocks<'a>>);

impl<'a> Content<'a> {
    pub(crate) fn new(fs: &'a FileSystem, inode: &Inode) -> Result<Self> {
        let Kind::File { size } = inode.kind else {
            let inode = inode.number;
            return Err(Error::NotAFile { inode });
        };
        Ok(Self::of_map(fs, inode.map.clone(), size))
    }

    pub(crate) fn of_map(fs: &'a FileSystem, map: Map, size: u64) -> Self {
        let buffer = usize::try_from(size).map_or(BUFFER, |size| size.min(BUFFER));
        let blocks = Blocks {
            fs,
            runs: Runs::new(&map),
            position: 0,
            size,
            run: None,
        };
        Self(BufReader::with_capacity(buffer, blocks))
    }
}

impl Read for Content<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(bytes)
    }
}

/// The same without a buffer: each read is one read of the image, at most to the end of a run.
#[derive(Debug)]
struct Blocks<'a> {
    fs: &'a FileSystem,
    runs: Runs,
    position: u64,
    size: u64,
    /// The last run, and the file's block that it begins at.
    run: Option<(u64, Run)>,
}

impl Blocks<'_> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<usize> {
        let block_size = self.fs.layout.block_size as u64;
        let left = self.size - self.position;
        if left == 0 || bytes.is_empty() {
            return Ok(0);
        }
        let block = self.position / block_size;
        let (first, run) = match self.run {
            Some((first, run)) if block - first < run.count => (first, run),
            _ => (block, self.runs.at(self.fs, block)?),
        };
        self.run = Some((first, run));
        let offset = self.position - first * block_size;
        let there = run.count.saturating_mul(block_size) - offset;
        let count = there.min(left).min(bytes.len() as u64);
        let bytes = &mut bytes[..count as usize];
        match run.start {
            Some(start) => self.fs.read_blocks(start, offset, bytes)?,
            None => bytes.fill(0),
        }
        self.position += count;
        Ok(count as usize)
    }
}

impl Read for Blocks<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        self.fill(bytes).map_err(std::io::Error::other)
    }
}
