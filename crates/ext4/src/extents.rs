//! Extent trees: runs of blocks, in leaves that inner nodes point at. A tree is read from left to
//! right with one node of each level in memory.

use crate::FileSystem;
use crate::bytes::{u16_at, u32_at, wide};
use crate::error::{Error, Result};
use crate::map::{Map, Run};

const MAGIC: u16 = 0xf30a;

/// Deeper ones are never made: with five levels every block number is reached.
const DEEPEST: u16 = 5;

/// The length of a node's header, and of each entry behind it.
const ENTRY: usize = 12;

/// A longer extent was reserved but not written: it reads as zeros.
const LONGEST: u16 = 0x8000;

/// The position in a tree.
#[derive(Debug)]
pub(crate) struct Extents {
    inode: u32,
    /// The way from the root to the node at hand.
    path: Vec<Node>,
    /// The last extent that was met.
    extent: Extent,
    /// Where the next extent may start at the earliest. That it grows is why reading ends.
    next: u64,
}

#[derive(Debug)]
struct Node {
    bytes: Vec<u8>,
    entries: u16,
    depth: u16,
    read: u16,
}

#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    first: u64,
    count: u64,
    start: Option<u64>,
}

impl Extents {
    pub(crate) fn new(map: &Map) -> Self {
        let root = Node {
            bytes: map.root.to_vec(),
            entries: 0,
            depth: 0,
            read: 0,
        };
        Self {
            inode: map.inode,
            path: vec![root],
            extent: Extent::default(),
            next: 0,
        }
    }

    /// The run from this block of the file on.
    pub(crate) fn at(&mut self, fs: &FileSystem, block: u64) -> Result<Run> {
        while self.extent.first + self.extent.count <= block {
            match self.step(fs)? {
                Some(extent) => self.extent = extent,
                None => {
                    let (start, count) = (None, u64::MAX);
                    return Ok(Run { start, count });
                }
            }
        }
        let Extent {
            first,
            count,
            start,
        } = self.extent;
        if block < first {
            let count = first - block;
            return Ok(Run { start: None, count });
        }
        let skipped = block - first;
        Ok(Run {
            start: start.map(|start| start + skipped),
            count: count - skipped,
        })
    }

    /// The next extent; none when there is no other.
    fn step(&mut self, fs: &FileSystem) -> Result<Option<Extent>> {
        // The root is judged when it is first needed, like all others.
        if let [root] = &mut self.path[..]
            && root.read == 0
        {
            root.open(None)
                .map_err(|what| Error::damaged(self.inode, what))?;
        }
        while let Some(node) = self.path.last_mut() {
            let Some(entry) = node.next() else {
                self.path.pop();
                continue;
            };
            let first = u64::from(u32_at(&entry, 0).unwrap_or(0));
            if first < self.next {
                let what = format!("its extents overlap at its block {first}");
                return Err(Error::damaged(self.inode, what));
            }
            if node.depth == 0 {
                return self.leaf(fs, &entry, first).map(Some);
            }
            let depth = node.depth - 1;
            let child = self.child(fs, &entry, depth)?;
            self.next = first;
            self.path.push(child);
        }
        Ok(None)
    }

    fn leaf(&mut self, fs: &FileSystem, entry: &[u8], first: u64) -> Result<Extent> {
        let length = u16_at(entry, 4).unwrap_or(0);
        let high = u16_at(entry, 6).unwrap_or(0);
        let start = wide(u32_at(entry, 8).unwrap_or(0), high.into());
        let written = length <= LONGEST;
        let count = u64::from(if written { length } else { length - LONGEST });
        if count == 0 || !fs.layout.holds(start, count) {
            let what = format!("an extent of {count} blocks at block {start}");
            return Err(Error::damaged(self.inode, what));
        }
        self.next = first + count;
        Ok(Extent {
            first,
            count,
            start: written.then_some(start),
        })
    }

    fn child(&self, fs: &FileSystem, entry: &[u8], depth: u16) -> Result<Node> {
        let high = u16_at(entry, 8).unwrap_or(0);
        let block = wide(u32_at(entry, 4).unwrap_or(0), high.into());
        if !fs.layout.holds(block, 1) {
            let what = format!("its extent tree goes on at block {block}");
            return Err(Error::damaged(self.inode, what));
        }
        let mut node = Node {
            bytes: fs.block(block)?,
            entries: 0,
            depth: 0,
            read: 0,
        };
        node.open(Some(depth))
            .map_err(|what| Error::damaged(self.inode, what))?;
        Ok(node)
    }
}

impl Node {
    /// Reads the header. `depth` is what the parent makes us expect; only the root may be empty.
    fn open(&mut self, depth: Option<u16>) -> std::result::Result<(), String> {
        let field = |at| u16_at(&self.bytes, at).unwrap_or(0);
        let (magic, entries, found) = (field(0), field(2), field(6));
        let fits = (usize::from(entries) + 1) * ENTRY <= self.bytes.len();
        let expected = depth.is_none_or(|depth| depth == found && entries > 0);
        if magic != MAGIC || !fits || found > DEEPEST || !expected {
            return Err(format!(
                "a node of its extent tree has magic {magic:#x}, depth {found}, {entries} entries"
            ));
        }
        (self.entries, self.depth) = (entries, found);
        Ok(())
    }

    fn next(&mut self) -> Option<[u8; ENTRY]> {
        if self.read == self.entries {
            return None;
        }
        self.read += 1;
        crate::bytes::array_at(&self.bytes, usize::from(self.read) * ENTRY)
    }
}
