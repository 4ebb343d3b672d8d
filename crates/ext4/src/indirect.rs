//! Block maps of ext2 and ext3: twelve blocks, then blocks of block numbers in one, two and three
//! levels. At most three such blocks are in memory.

use crate::FileSystem;
use crate::bytes::u32_at;
use crate::error::{Error, Result};
use crate::map::{Map, Run};

/// How many blocks the inode names itself.
const DIRECT: u64 = 12;

/// A run is looked for no farther than this.
const LONGEST_RUN: u64 = 8192;

/// A reader of such a map.
#[derive(Debug)]
pub(crate) struct Indirect {
    inode: u32,
    root: [u8; 60],
    /// The last block read of each level.
    read: [Option<(u64, Vec<u8>)>; 3],
}

impl Indirect {
    pub(crate) fn new(map: &Map) -> Self {
        Self {
            inode: map.inode,
            root: map.root,
            read: [const { None }; 3],
        }
    }

    /// The run from this block of the file on.
    pub(crate) fn at(&mut self, fs: &FileSystem, block: u64) -> Result<Run> {
        let mut run = self.look_up(fs, block)?;
        while run.count < LONGEST_RUN {
            // Beyond the last possible block there is nothing that could continue it.
            let Ok(next) = self.look_up(fs, block + run.count) else {
                break;
            };
            let expected = run.start.map(|start| start + run.count);
            if next.start != expected {
                break;
            }
            run.count += next.count;
        }
        Ok(run)
    }

    /// The block that holds this block of the file, or how many are missing from there on.
    fn look_up(&mut self, fs: &FileSystem, block: u64) -> Result<Run> {
        let each = fs.layout.block_size as u64 / 4;
        let mut first = DIRECT;
        if block < first {
            return self.found(fs, number(&self.root, block), 1);
        }
        let mut span = each;
        for level in 1..=3_u64 {
            if block - first < span {
                let top = number(&self.root, DIRECT + level - 1);
                return self.descend(fs, top, block - first, span);
            }
            first += span;
            span = span.saturating_mul(each);
        }
        let what = format!("its block {block} is beyond what a block map reaches");
        Err(Error::damaged(self.inode, what))
    }

    /// Goes down from a block that names `span` blocks to the one at `index`.
    fn descend(&mut self, fs: &FileSystem, top: u64, mut index: u64, mut span: u64) -> Result<Run> {
        let each = fs.layout.block_size as u64 / 4;
        let mut at = top;
        for level in 0..3 {
            if at == 0 || span == 1 {
                return self.found(fs, at, span - index);
            }
            span /= each;
            at = number(self.table(fs, level, at)?, index / span);
            index %= span;
        }
        self.found(fs, at, span - index)
    }

    fn table(&mut self, fs: &FileSystem, level: usize, block: u64) -> Result<&[u8]> {
        let kept = &mut self.read[level];
        if kept.as_ref().is_none_or(|(read, _)| *read != block) {
            if !fs.layout.holds(block, 1) {
                let what = format!("its block map goes on at block {block}");
                return Err(Error::damaged(self.inode, what));
            }
            *kept = Some((block, fs.block(block)?));
        }
        Ok(kept.as_ref().map(|(_, bytes)| &**bytes).unwrap_or_default())
    }

    /// `count` is how many blocks are missing if this one is.
    fn found(&self, fs: &FileSystem, block: u64, count: u64) -> Result<Run> {
        if block == 0 {
            return Ok(Run { start: None, count });
        }
        if !fs.layout.holds(block, 1) {
            let what = format!("its block map names block {block}");
            return Err(Error::damaged(self.inode, what));
        }
        let (start, count) = (Some(block), 1);
        Ok(Run { start, count })
    }
}

fn number(table: &[u8], index: u64) -> u64 {
    u32_at(table, index as usize * 4).unwrap_or(0).into()
}
