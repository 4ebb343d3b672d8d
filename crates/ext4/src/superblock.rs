//! The superblock: what the file system says about itself, and where its parts lie. Groups and
//! inodes are found with it in `table`.

use crate::bytes::{array_at, u8_at, u16_at, u32_at, wide};
use crate::checksum::{START, crc32c};
use crate::error::{Error, Result};
use crate::features::{self, Features};
use crate::source::Source;

/// Where it stands, and how long it is.
const OFFSET: u64 = 1024;
const LENGTH: usize = 1024;

const MAGIC: u16 = 0xef53;
const UNMOUNTED: u16 = 1;
const HAS_ERRORS: u16 = 2;
const HAS_ORPHANS: u16 = 4;

/// Blocks of 64 KiB are the largest that the kernel knows.
const LARGEST_BLOCK_SHIFT: u32 = 6;

/// Fewer blocks in a group make no sense; mke2fs refuses them too.
const SMALLEST_GROUP: u32 = 256;

/// Where the checksum is; it covers what is before it.
const CHECKSUM: usize = 0x3fc;

/// What a file system says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superblock {
    /// Its label, empty when it has none. Bytes that are no UTF-8 are replaced.
    pub label: String,
    /// Its UUID, in the usual notation.
    pub uuid: String,
    /// The features that it uses.
    pub features: Features,
    /// Its size in bytes.
    pub size: u64,
    /// The size of its blocks in bytes.
    pub block_size: u32,
    /// How many inodes there is room for.
    pub inodes: u32,
    /// When it was made, in seconds since 1970; 0 when that is not known.
    pub made: u64,
    /// When it was last written to, in seconds since 1970.
    pub written: u64,
}

/// Where things are.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) block_size: usize,
    pub(crate) blocks: u64,
    pub(crate) groups: u64,
    pub(crate) inodes: u32,
    pub(crate) inodes_per_group: u32,
    pub(crate) inode_size: usize,
    /// Inodes below it are the file system's own; the root is one of them.
    pub(crate) first_inode: u32,
    /// How long a group's descriptor is.
    pub(crate) descriptor_size: usize,
    /// What inode checksums begin with, where there are any.
    pub(crate) checksum_seed: Option<u32>,
    pub(crate) features: Features,
}

impl Layout {
    pub(crate) fn byte_of(&self, block: u64) -> u64 {
        block.saturating_mul(self.block_size as u64)
    }

    /// Whether these blocks exist. Block 0 never holds what an inode points at.
    pub(crate) fn holds(&self, block: u64, count: u64) -> bool {
        let end = block.checked_add(count);
        block != 0 && end.is_some_and(|end| end <= self.blocks)
    }
}

/// Reads and judges it.
pub(crate) fn read(source: &Source) -> Result<(Superblock, Layout)> {
    let mut bytes = [0; LENGTH];
    // What has no room for a superblock is no file system rather than a short one.
    if source.size() < OFFSET + LENGTH as u64 {
        return Err(Error::NotExt);
    }
    source.read(OFFSET, &mut bytes)?;
    parse(&bytes)
}

fn parse(bytes: &[u8; LENGTH]) -> Result<(Superblock, Layout)> {
    let raw = Raw::of(bytes).ok_or(Error::NotExt)?;
    if raw.magic != MAGIC {
        return Err(Error::NotExt);
    }
    // First of all, since what follows may be nonsense otherwise.
    if raw
        .features
        .has_read_only_compatible(features::METADATA_CHECKSUMS)
    {
        verify(bytes, &raw)?;
    }
    if raw.features.has_incompatible(features::RECOVER) {
        return Err(Error::NeedsRecovery);
    }
    let unreadable = raw.features.unreadable();
    if !unreadable.is_empty() {
        return Err(Error::Unsupported {
            features: unreadable,
        });
    }
    clean(&raw)?;
    let layout = raw.layout()?;
    let superblock = Superblock {
        label: until_nul(&raw.label),
        uuid: uuid(raw.uuid),
        features: raw.features,
        size: layout.byte_of(layout.blocks),
        block_size: layout.block_size as u32,
        inodes: raw.inodes,
        made: raw.made,
        written: raw.written,
    };
    Ok((superblock, layout))
}

fn verify(bytes: &[u8; LENGTH], raw: &Raw) -> Result<()> {
    if raw.checksum_type != 1 {
        let what = format!(
            "its checksums are of the unknown type {}",
            raw.checksum_type
        );
        return Err(Error::superblock(what));
    }
    if crc32c(START, &bytes[..CHECKSUM]) != raw.checksum {
        return Err(Error::superblock("its checksum is wrong"));
    }
    Ok(())
}

fn clean(raw: &Raw) -> Result<()> {
    let orphans = raw.state & HAS_ORPHANS != 0
        || raw.last_orphan != 0
        || raw
            .features
            .has_read_only_compatible(features::ORPHAN_PRESENT);
    let why = if raw.state & HAS_ERRORS != 0 {
        "errors were found in it and not repaired"
    } else if raw.state & UNMOUNTED == 0 {
        "it was not unmounted"
    } else if orphans {
        "deleted files are still to be cleared away"
    } else {
        return Ok(());
    };
    Err(Error::NotClean { why })
}

/// The fields as they stand there.
struct Raw {
    magic: u16,
    state: u16,
    revision: u32,
    inodes: u32,
    blocks: u64,
    first_data_block: u32,
    block_shift: u32,
    blocks_per_group: u32,
    inodes_per_group: u32,
    inode_size: u16,
    first_inode: u32,
    descriptor_size: u16,
    last_orphan: u32,
    features: Features,
    uuid: [u8; 16],
    label: [u8; 16],
    made: u64,
    written: u64,
    checksum_type: u8,
    checksum_seed: u32,
    checksum: u32,
}

impl Raw {
    fn of(bytes: &[u8]) -> Option<Self> {
        let features = Features {
            compatible: u32_at(bytes, 0x5c)?,
            incompatible: u32_at(bytes, 0x60)?,
            read_only_compatible: u32_at(bytes, 0x64)?,
        };
        // The field is something else's without this feature.
        let high_blocks = if features.has_incompatible(features::SIXTY_FOUR_BITS) {
            u32_at(bytes, 0x150)?
        } else {
            0
        };
        Some(Self {
            magic: u16_at(bytes, 0x38)?,
            state: u16_at(bytes, 0x3a)?,
            revision: u32_at(bytes, 0x4c)?,
            inodes: u32_at(bytes, 0)?,
            blocks: wide(u32_at(bytes, 0x4)?, high_blocks),
            first_data_block: u32_at(bytes, 0x14)?,
            block_shift: u32_at(bytes, 0x18)?,
            blocks_per_group: u32_at(bytes, 0x20)?,
            inodes_per_group: u32_at(bytes, 0x28)?,
            inode_size: u16_at(bytes, 0x58)?,
            first_inode: u32_at(bytes, 0x54)?,
            descriptor_size: u16_at(bytes, 0xfe)?,
            last_orphan: u32_at(bytes, 0xe8)?,
            features,
            uuid: array_at(bytes, 0x68)?,
            label: array_at(bytes, 0x78)?,
            made: wide(u32_at(bytes, 0x108)?, u8_at(bytes, 0x276)?.into()),
            written: wide(u32_at(bytes, 0x30)?, u8_at(bytes, 0x274)?.into()),
            checksum_type: u8_at(bytes, 0x175)?,
            checksum_seed: u32_at(bytes, 0x270)?,
            checksum: u32_at(bytes, CHECKSUM)?,
        })
    }

    fn layout(&self) -> Result<Layout> {
        if self.block_shift > LARGEST_BLOCK_SHIFT {
            let what = format!("blocks of 2^{} KiB", self.block_shift);
            return Err(Error::superblock(what));
        }
        let block_size = 1024_usize << self.block_shift;
        let bits = 8 * block_size as u32;
        // A group's bitmaps are one block each, but with bigalloc a bit stands for a cluster.
        if self.blocks_per_group < SMALLEST_GROUP {
            let what = format!("groups of {} blocks", self.blocks_per_group);
            return Err(Error::superblock(what));
        }
        if self.inodes_per_group == 0 || self.inodes_per_group > bits {
            let what = format!("groups of {} inodes", self.inodes_per_group);
            return Err(Error::superblock(what));
        }
        let data = self.blocks.saturating_sub(self.first_data_block.into());
        let groups = data.div_ceil(self.blocks_per_group.into());
        let room = groups.saturating_mul(self.inodes_per_group.into());
        if self.first_data_block > 1 || u64::from(self.inodes) > room || self.inodes < 2 {
            let what = format!("{} inodes in {groups} groups", self.inodes);
            return Err(Error::superblock(what));
        }
        Ok(Layout {
            block_size,
            blocks: self.blocks,
            groups,
            inodes: self.inodes,
            inodes_per_group: self.inodes_per_group,
            inode_size: self.inode_size(block_size)?,
            first_inode: if self.revision == 0 {
                11
            } else {
                self.first_inode
            },
            descriptor_size: self.descriptor_size()?,
            checksum_seed: self.checksum_seed(),
            features: self.features,
        })
    }

    fn inode_size(&self, block_size: usize) -> Result<usize> {
        let size = usize::from(self.inode_size);
        match self.revision {
            0 => Ok(128),
            _ if size.is_power_of_two() && (128..=block_size).contains(&size) => Ok(size),
            _ => Err(Error::superblock(format!("inodes of {size} bytes"))),
        }
    }

    fn descriptor_size(&self) -> Result<usize> {
        let size = usize::from(self.descriptor_size);
        match self.features.has_incompatible(features::SIXTY_FOUR_BITS) {
            false => Ok(32),
            true if size.is_power_of_two() && (64..=1024).contains(&size) => Ok(size),
            true => {
                let what = format!("group descriptors of {size} bytes");
                Err(Error::superblock(what))
            }
        }
    }

    fn checksum_seed(&self) -> Option<u32> {
        let checked = self
            .features
            .has_read_only_compatible(features::METADATA_CHECKSUMS);
        let stored = self.features.has_incompatible(features::CHECKSUM_SEED);
        checked.then(|| match stored {
            true => self.checksum_seed,
            false => crc32c(START, &self.uuid),
        })
    }
}

fn until_nul(bytes: &[u8]) -> String {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

fn uuid(bytes: [u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&index) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
