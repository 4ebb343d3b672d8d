//! Everything in a file system, one node after the other.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::FileSystem;
use crate::directory::{self, Child};
use crate::error::{Error, Result};
use crate::inode::Inode;
use crate::kind::Kind;
use crate::table::ROOT;

/// The kernel takes no longer path.
const LONGEST_PATH: usize = 4095;

/// The names that wait to be visited take at most so many bytes of memory.
const MOST_WAITING: usize = 256 * 1024 * 1024;

/// One name of one thing.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// Its path without a leading slash, in the bytes that stand there; empty for the root.
    pub path: &'a Path,
    /// What it is.
    pub inode: &'a Inode,
}

/// A directory whose names are being visited.
struct Level {
    number: u32,
    /// The last one is next.
    waiting: Vec<Child>,
    /// How much memory they took.
    memory: usize,
}

struct Walk<'a> {
    fs: &'a FileSystem,
    path: PathBuf,
    levels: Vec<Level>,
    /// The directories that were met, each at most once.
    met: HashSet<u32>,
    /// How many bytes of directories may still be read: no two share a block.
    left: u64,
    memory: usize,
}

impl FileSystem {
    /// Shows every name: the root first, each directory before what is in it, names in the order of
    /// their bytes. A hard link comes with each of its names. Only the names of the directories on
    /// the way to the current one are in memory.
    ///
    /// # Errors
    /// What `see` returns, or an [`Error::At`] of what is damaged. A directory that is reached twice
    /// is damage.
    pub fn walk<E: From<Error>>(
        &self,
        see: &mut dyn FnMut(Node<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut walk = Walk {
            fs: self,
            path: PathBuf::new(),
            levels: Vec::new(),
            met: HashSet::new(),
            left: self.superblock.size,
            memory: 0,
        };
        let mut next = Some(ROOT);
        while let Some(number) = next {
            let inode = walk.read(number).map_err(|error| walk.at(error))?;
            let path = &*walk.path;
            see(Node {
                path,
                inode: &inode,
            })?;
            walk.enter(&inode).map_err(|error| walk.at(error))?;
            next = walk.next().map_err(|error| walk.at(error))?;
        }
        Ok(())
    }
}

impl Walk<'_> {
    fn read(&self, number: u32) -> Result<Inode> {
        let inode = self.fs.inode(number)?;
        if number == ROOT && inode.kind != Kind::Directory {
            return Err(Error::damaged(number, "the root is no directory"));
        }
        Ok(inode)
    }

    /// Makes the names in a directory the next ones.
    fn enter(&mut self, inode: &Inode) -> Result<()> {
        let number = inode.number;
        if inode.kind != Kind::Directory {
            // Stays on the path like an empty directory, until the next name replaces it.
            self.push(number, Vec::new(), 0);
            return Ok(());
        }
        if !self.met.insert(number) {
            return Err(Error::damaged(number, "the directory is reached twice"));
        }
        let parent = self.levels.last().map_or(ROOT, |level| level.number);
        let Some(left) = self.left.checked_sub(inode.size) else {
            let what = "the directories are larger than the file system";
            return Err(Error::damaged(number, what));
        };
        self.left = left;
        let mut children = directory::children(self.fs, inode, parent)?;
        children.reverse();
        let each = children
            .iter()
            .map(|child| size_of::<Child>() + 16 + child.name.len());
        let memory = each.sum();
        self.push(number, children, memory);
        if self.memory > MOST_WAITING {
            let what = "the directories on the way to it have too many names";
            return Err(Error::damaged(number, what));
        }
        Ok(())
    }

    fn push(&mut self, number: u32, waiting: Vec<Child>, memory: usize) {
        self.memory += memory;
        self.levels.push(Level {
            number,
            waiting,
            memory,
        });
    }

    /// The inode of the next name, which is then the path.
    fn next(&mut self) -> Result<Option<u32>> {
        while let Some(level) = self.levels.last_mut() {
            let Some(child) = level.waiting.pop() else {
                self.memory -= level.memory;
                self.levels.pop();
                self.path.pop();
                continue;
            };
            self.path.push(OsStr::from_bytes(&child.name));
            if self.path.as_os_str().len() > LONGEST_PATH {
                let what = format!("its path is longer than {LONGEST_PATH} bytes");
                return Err(Error::damaged(child.inode, what));
            }
            return Ok(Some(child.inode));
        }
        Ok(None)
    }

    fn at(&self, source: Error) -> Error {
        Error::At {
            path: self.path.clone(),
            source: Box::new(source),
        }
    }
}
