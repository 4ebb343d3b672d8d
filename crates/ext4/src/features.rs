//! The three sets of features of a file system, and their names as e2fsprogs prints them.

/// Additions that a reader need not know.
const COMPATIBLE: [(u32, &str); 13] = [
    (0x1, "dir_prealloc"),
    (0x2, "imagic_inodes"),
    (0x4, "has_journal"),
    (0x8, "ext_attr"),
    (0x10, "resize_inode"),
    (0x20, "dir_index"),
    (0x40, "lazy_bg"),
    (0x80, "exclude_inode"),
    (0x100, "snapshot_bitmap"),
    (0x200, "sparse_super2"),
    (0x400, "fast_commit"),
    (0x800, "stable_inodes"),
    (0x1000, "orphan_file"),
];

/// What a reader must know.
const INCOMPATIBLE: [(u32, &str); 16] = [
    (0x1, "compression"),
    (FILETYPE, "filetype"),
    (RECOVER, "needs_recovery"),
    (0x8, "journal_dev"),
    (0x10, "meta_bg"),
    (EXTENTS, "extent"),
    (SIXTY_FOUR_BITS, "64bit"),
    (MMP, "mmp"),
    (FLEX_BG, "flex_bg"),
    (0x400, "ea_inode"),
    (0x1000, "dirdata"),
    (CHECKSUM_SEED, "metadata_csum_seed"),
    (LARGE_DIR, "large_dir"),
    (0x8000, "inline_data"),
    (0x1_0000, "encrypt"),
    (0x2_0000, "casefold"),
];

/// What only a writer must know.
const READ_ONLY_COMPATIBLE: [(u32, &str); 17] = [
    (0x1, "sparse_super"),
    (0x2, "large_file"),
    (0x4, "btree_dir"),
    (0x8, "huge_file"),
    (0x10, "uninit_bg"),
    (0x20, "dir_nlink"),
    (0x40, "extra_isize"),
    (0x80, "has_snapshot"),
    (0x100, "quota"),
    (0x200, "bigalloc"),
    (METADATA_CHECKSUMS, "metadata_csum"),
    (0x800, "replica"),
    (0x1000, "read-only"),
    (0x2000, "project"),
    (0x4000, "shared_blocks"),
    (0x8000, "verity"),
    (ORPHAN_PRESENT, "orphan_present"),
];

pub(crate) const FILETYPE: u32 = 0x2;
pub(crate) const RECOVER: u32 = 0x4;
pub(crate) const EXTENTS: u32 = 0x40;
pub(crate) const SIXTY_FOUR_BITS: u32 = 0x80;
pub(crate) const MMP: u32 = 0x100;
pub(crate) const FLEX_BG: u32 = 0x200;
pub(crate) const CHECKSUM_SEED: u32 = 0x2000;
pub(crate) const LARGE_DIR: u32 = 0x4000;
pub(crate) const METADATA_CHECKSUMS: u32 = 0x400;
pub(crate) const ORPHAN_PRESENT: u32 = 0x1_0000;

/// The incompatible features that this crate reads.
const READABLE: u32 =
    FILETYPE | EXTENTS | SIXTY_FOUR_BITS | MMP | FLEX_BG | CHECKSUM_SEED | LARGE_DIR;

/// The features of a file system, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features {
    /// Those that anybody may ignore.
    pub compatible: u32,
    /// Those that a reader must know.
    pub incompatible: u32,
    /// Those that only a writer must know.
    pub read_only_compatible: u32,
}

impl Features {
    /// The names of all, as mke2fs takes them; bits without a name as a number.
    pub fn names(&self) -> Vec<String> {
        let sets = [
            (self.compatible, &COMPATIBLE[..]),
            (self.incompatible, &INCOMPATIBLE),
            (self.read_only_compatible, &READ_ONLY_COMPATIBLE),
        ];
        sets.iter()
            .flat_map(|(bits, known)| names(*bits, known))
            .collect()
    }

    /// The names of those that keep us from reading.
    pub(crate) fn unreadable(&self) -> Vec<String> {
        names(self.incompatible & !READABLE, &INCOMPATIBLE)
    }

    pub(crate) fn has_incompatible(&self, bit: u32) -> bool {
        self.incompatible & bit != 0
    }

    pub(crate) fn has_read_only_compatible(&self, bit: u32) -> bool {
        self.read_only_compatible & bit != 0
    }
}

fn names(bits: u32, known: &[(u32, &str)]) -> Vec<String> {
    let set = (0..u32::BITS)
        .map(|bit| 1 << bit)
        .filter(|bit| bits & bit != 0);
    set.map(|bit| match known.iter().find(|(known, _)| *known == bit) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("{bit:#x}"),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_named_by_its_bit() {
        let features = Features {
            compatible: 0,
            incompatible: EXTENTS | 0x1 | 0x8000 | 0x8000_0000,
            read_only_compatible: 0x4000_0000,
        };
        assert_eq!(
            features.unreadable(),
            ["compression", "inline_data", "0x80000000"]
        );
        assert_eq!(
            features.names(),
            [
                "compression",
                "extent",
                "inline_data",
                "0x80000000",
                "0x40000000"
            ]
        );
    }
}
