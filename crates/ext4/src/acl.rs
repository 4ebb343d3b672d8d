//! Access control lists: ext4 stores them shorter than the kernel hands them out. The latter format
//! is that of linux/posix_acl_xattr.h.

use crate::bytes::{u16_at, u32_at};

const STORED_VERSION: u32 = 1;
const GENERIC_VERSION: u32 = 2;

/// Entries for one user or one group; only they name somebody.
const USER: u16 = 0x2;
const GROUP: u16 = 0x8;

/// All tags: the two above, owner, owning group, mask and others.
const TAGS: [u16; 6] = [0x1, USER, 0x4, GROUP, 0x10, 0x20];

/// The id of an entry that names nobody.
const NOBODY: u32 = u32::MAX;

/// A stored list as getxattr(2) gives it. None if it is no such list.
pub(crate) fn generic(stored: &[u8]) -> Option<Vec<u8>> {
    if u32_at(stored, 0)? != STORED_VERSION {
        return None;
    }
    let mut generic = GENERIC_VERSION.to_le_bytes().to_vec();
    let mut at = 4;
    while at < stored.len() {
        let tag = u16_at(stored, at)?;
        let permissions = u16_at(stored, at + 2)?;
        at += 4;
        let mut id = NOBODY;
        if [USER, GROUP].contains(&tag) {
            id = u32_at(stored, at)?;
            at += 4;
        }
        if !TAGS.contains(&tag) || permissions > 7 {
            return None;
        }
        generic.extend_from_slice(&tag.to_le_bytes());
        generic.extend_from_slice(&permissions.to_le_bytes());
        generic.extend_from_slice(&id.to_le_bytes());
    }
    Some(generic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_make_no_sense_are_none() {
        let owner = [1, 0, 0, 0, 1, 0, 6, 0];
        let whole = [2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255];
        assert_eq!(generic(&owner).unwrap(), whole);
        let broken: [&[u8]; 5] = [
            &[],
            &[2, 0, 0, 0],
            &owner[..6],
            &[1, 0, 0, 0, 3, 0, 6, 0],
            &[1, 0, 0, 0, 2, 0, 6, 0],
        ];
        for broken in broken {
            assert_eq!(generic(broken), None, "{broken:?}");
        }
    }
}
