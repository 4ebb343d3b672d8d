//! The names in a directory, read from its first block to its last. The index that large
//! directories have lies in entries that look empty, so it needs no code.

use crate::FileSystem;
use crate::bytes::{u8_at, u16_at, u32_at};
use crate::error::{Error, Result};
use crate::features::FILETYPE;
use crate::inode::Inode;
use crate::map::Runs;

/// No directory is larger: this is over a million names.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What stands before an entry's name.
const HEADER: usize = 8;

/// The shortest entry: a name of one to four bytes.
const SHORTEST: usize = 12;

/// A name in a directory.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Child {
    pub(crate) name: Box<[u8]>,
    pub(crate) inode: u32,
}

/// A directory under reading.
struct Reader<'a> {
    fs: &'a FileSystem,
    inode: u32,
    parent: u32,
    /// How many entries were met, the two dots among them.
    met: usize,
    children: Vec<Child>,
}

/// All names but the dots, sorted by their bytes.
pub(crate) fn children(fs: &FileSystem, inode: &Inode, parent: u32) -> Result<Vec<Child>> {
    let mut reader = Reader {
        fs,
        inode: inode.number,
        parent,
        met: 0,
        children: Vec::new(),
    };
    let block_size = fs.layout.block_size as u64;
    if inode.size > LARGEST || !inode.size.is_multiple_of(block_size) {
        return reader.refuse(format!("a directory of {} bytes", inode.size));
    }
    let mut runs = Runs::new(&inode.map);
    let mut block = 0;
    while block < inode.size / block_size {
        let run = runs.at(fs, block)?;
        let Some(start) = run.start else {
            return reader.refuse(format!("the directory's block {block} is missing"));
        };
        let end = (block + run.count).min(inode.size / block_size);
        for index in 0..end - block {
            reader.block(&fs.block(start + index)?)?;
        }
        block = end;
    }
    reader.finish()
}

impl Reader<'_> {
    fn block(&mut self, bytes: &[u8]) -> Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let Some((length, name, inode)) = self.entry(rest) else {
                let at = bytes.len() - rest.len();
                return self.refuse(format!("the directory's entry at byte {at} of a block"));
            };
            self.add(name, inode)?;
            rest = &rest[length..];
        }
        Ok(())
    }

    /// How long the first entry is, its name and its inode. None if it makes no sense; an inode of 0
    /// is an empty entry.
    fn entry<'b>(&self, bytes: &'b [u8]) -> Option<(usize, &'b [u8], u32)> {
        let inode = u32_at(bytes, 0)?;
        let length = match (usize::from(u16_at(bytes, 4)?), self.fs.layout.block_size) {
            // 64 KiB do not fit into the field.
            (0 | 0xffff, 0x1_0000) => 0x1_0000,
            (length, _) => length,
        };
        if length < SHORTEST || length % 4 != 0 || length > bytes.len() {
            return None;
        }
        if inode == 0 {
            return Some((length, &[], 0));
        }
        // Without that feature the length of the name has two bytes, the second one always 0.
        let typed = self.fs.layout.features.has_incompatible(FILETYPE);
        if !typed && u8_at(bytes, 7)? != 0 {
            return None;
        }
        let end = HEADER + usize::from(u8_at(bytes, 6)?);
        let name = bytes.get(..length)?.get(HEADER..end)?;
        Some((length, name, inode))
    }

    fn add(&mut self, name: &[u8], inode: u32) -> Result<()> {
        self.met += 1;
        // The first two entries are the dots; no others may be.
        match self.met {
            1 if name == b"." && inode == self.inode => return Ok(()),
            2 if name == b".." && inode == self.parent => return Ok(()),
            1 | 2 => {
                let entry = ["itself", "its parent"][self.met - 1];
                return self.refuse(format!("the directory does not know {entry}"));
            }
            _ if inode == 0 => return Ok(()),
            _ => {}
        }
        let odd = name.iter().any(|byte| [0, b'/'].contains(byte));
        if odd || [&b""[..], b".", b".."].contains(&name) {
            let shown = name.escape_ascii();
            return self.refuse(format!("the directory has the name \"{shown}\""));
        }
        self.children.push(Child {
            name: name.into(),
            inode,
        });
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Child>> {
        if self.met < 2 {
            return self.refuse("the directory is empty, without its two dots".into());
        }
        self.children.sort_unstable();
        let twice = self
            .children
            .windows(2)
            .find(|pair| pair[0].name == pair[1].name);
        if let Some([child, _]) = twice {
            let shown = child.name.escape_ascii();
            return self.refuse(format!("the directory has the name \"{shown}\" twice"));
        }
        Ok(self.children)
    }

    fn refuse<T>(&self, what: String) -> Result<T> {
        Err(Error::damaged(self.inode, what))
    }
}
