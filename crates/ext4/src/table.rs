//! Where an inode's bytes are: the group descriptors and the inode tables.

use crate::FileSystem;
use crate::bytes::{u32_at, wide};
use crate::error::{Error, Result};

/// The number of the root directory.
pub(crate) const ROOT: u32 = 2;

impl FileSystem {
    /// The bytes of an inode that a directory may name.
    pub(crate) fn inode_bytes(&self, number: u32) -> Result<Vec<u8>> {
        let layout = &self.layout;
        if number > layout.inodes || number < layout.first_inode && number != ROOT {
            let what = "a directory names it, but no file can have this number";
            return Err(Error::damaged(number, what));
        }
        let index = number - 1;
        let table = self.inode_table(number, (index / layout.inodes_per_group).into())?;
        let offset = u64::from(index % layout.inodes_per_group) * layout.inode_size as u64;
        let mut bytes = vec![0; layout.inode_size];
        self.read_blocks(table, offset, &mut bytes)?;
        Ok(bytes)
    }

    /// The first block of a group's inode table.
    fn inode_table(&self, number: u32, group: u64) -> Result<u64> {
        let layout = &self.layout;
        // The descriptors follow the superblock, in the next block.
        let descriptors = 1024 / layout.block_size as u64 + 1;
        let mut bytes = [0; 64];
        let known = &mut bytes[..layout.descriptor_size.min(64)];
        let offset = group * layout.descriptor_size as u64;
        self.read_blocks(descriptors, offset, known)?;
        let low = u32_at(&bytes, 0x8).unwrap_or(0);
        let high = u32_at(&bytes, 0x28).unwrap_or(0);
        let table = wide(low, high);
        if group >= layout.groups || !layout.holds(table, 1) {
            let what = format!("the inode table of its group {group} is at block {table}");
            return Err(Error::damaged(number, what));
        }
        Ok(table)
    }
}
