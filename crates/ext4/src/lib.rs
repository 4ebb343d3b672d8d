//! Reads an ext2, ext3 or ext4 file system that lies in an image file: names, owners, times,
//! extended attributes and content. Nothing is mounted and nothing is written.
//!
//! The format is the kernel's Documentation/filesystems/ext4. An image may come from anywhere, so
//! nothing in it is believed: whatever points out of bounds, in circles or at a feature that is
//! not known here is an [`Error`]. No journal is replayed: a file system that was not unmounted
//! cleanly is refused. Checksums are verified of the superblock and of inodes.

mod acl;
mod bytes;
mod checksum;
mod content;
mod directory;
mod error;
mod extents;
mod features;
mod indirect;
mod inode;
mod kind;
mod map;
mod source;
mod superblock;
mod table;
mod walk;
mod xattr;

use std::fs::File;

pub use content::Content;
pub use error::Error;
pub use features::Features;
pub use inode::Inode;
pub use kind::Kind;
pub use superblock::Superblock;
pub use walk::Node;

use error::Result;
use source::Source;
use superblock::Layout;

/// A file system that can be read.
#[derive(Debug)]
pub struct FileSystem {
    source: Source,
    superblock: Superblock,
    layout: Layout,
}

impl FileSystem {
    /// Opens the file system that begins at byte `start` of `file` and has at most `size` bytes:
    /// a partition, of an image or of a device.
    ///
    /// # Errors
    /// There is none, it is damaged or cut short, it was not unmounted cleanly, or it uses a
    /// feature that is not known here.
    pub fn open(file: File, start: u64, size: u64) -> std::result::Result<Self, Error> {
        let mut source = Source::new(file, start, size)?;
        let (superblock, layout) = superblock::read(&source)?;
        source.cut(superblock.size)?;
        Ok(Self {
            source,
            superblock,
            layout,
        })
    }

    /// What the file system says about itself.
    pub fn superblock(&self) -> &Superblock {
        &self.superblock
    }

    /// The content of a regular file: as many bytes as its size says, with zeros where nothing was
    /// written. It is read in large pieces; more buffering gains nothing.
    ///
    /// A hole costs no room in an image, so a small one may hold a file of many terabytes: look at
    /// the size first. What reading meets in the file system is an [`Error`] within the
    /// [`std::io::Error`].
    ///
    /// # Errors
    /// It is no regular file.
    pub fn content<'a>(&'a self, inode: &Inode) -> std::result::Result<Content<'a>, Error> {
        Content::new(self, inode)
    }

    /// Reads one whole block.
    fn block(&self, block: u64) -> Result<Vec<u8>> {
        let mut bytes = vec![0; self.layout.block_size];
        self.read_blocks(block, 0, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads from the place `offset` bytes behind the start of a block.
    fn read_blocks(&self, block: u64, offset: u64, bytes: &mut [u8]) -> Result<()> {
        let at = self.layout.byte_of(block).saturating_add(offset);
        self.source.read(at, bytes)
    }
}
