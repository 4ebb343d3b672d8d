//! Extended attributes: in what an inode has left of its room, and in one block beside it.

use crate::FileSystem;
use crate::acl;
use crate::bytes::{u8_at, u16_at, u32_at};
use crate::error::{Error, Result};

const MAGIC: u32 = 0xea02_0000;

/// What stands before an entry's name.
const ENTRY: usize = 16;

/// What stands before the entries of a block.
const BLOCK_HEADER: usize = 32;

/// The kernel takes no longer value.
const LONGEST: usize = 65536;

const ACCESS: u8 = 2;
const DEFAULT: u8 = 3;

type Attributes = Vec<(String, Vec<u8>)>;

/// All of an inode, sorted by name. `within` are the inode's bytes behind its fields.
pub(crate) fn read(
    fs: &FileSystem,
    number: u32,
    within: &[u8],
    block: u64,
) -> Result<Vec<(String, Vec<u8>)>> {
    let refuse = |what| Error::damaged(number, what);
    let mut found = Vec::new();
    if u32_at(within, 0) == Some(MAGIC) {
        // Values are found from the first entry on.
        entries(&within[4..], 0, &mut found).map_err(refuse)?;
    }
    if block != 0 {
        if !fs.layout.holds(block, 1) {
            return Err(refuse(format!(
                "its extended attributes are in block {block}"
            )));
        }
        let bytes = fs.block(block)?;
        if u32_at(&bytes, 0) != Some(MAGIC) || u32_at(&bytes, 8) != Some(1) {
            let what = format!("block {block} holds no extended attributes");
            return Err(refuse(what));
        }
        entries(&bytes, BLOCK_HEADER, &mut found).map_err(refuse)?;
    }
    found.sort_unstable();
    if let Some([(name, _), _]) = found.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(refuse(format!(
            "it has the extended attribute {name} twice"
        )));
    }
    Ok(found)
}

/// The entries from `at` on, up to the empty one; their values are elsewhere in `bytes`.
fn entries(bytes: &[u8], mut at: usize, found: &mut Attributes) -> std::result::Result<(), String> {
    let beyond = || "an extended attribute is out of bounds".to_owned();
    // The end is marked by four zeros, or there is no room for another.
    while let Some(word) = u32_at(bytes, at) {
        if word == 0 {
            return Ok(());
        }
        let length = usize::from(u8_at(bytes, at).ok_or_else(beyond)?);
        let index = u8_at(bytes, at + 1).ok_or_else(beyond)?;
        let name = bytes
            .get(at + ENTRY..at + ENTRY + length)
            .ok_or_else(beyond)?;
        let name = full_name(index, name)?;
        let value =
            value(bytes, at).ok_or_else(|| format!("{name}: its value is out of bounds"))?;
        let value = match index {
            ACCESS | DEFAULT => {
                acl::generic(value).ok_or_else(|| format!("{name}: no such list"))?
            }
            _ => value.to_vec(),
        };
        found.push((name, value));
        at += (ENTRY + length).next_multiple_of(4);
    }
    Ok(())
}

/// None too if the value is in an inode of its own: that feature is refused before.
fn value(bytes: &[u8], entry: usize) -> Option<&[u8]> {
    let offset = usize::from(u16_at(bytes, entry + 2)?);
    let inode = u32_at(bytes, entry + 4)?;
    let size = u32_at(bytes, entry + 8)? as usize;
    if inode != 0 || size > LONGEST {
        return None;
    }
    // The place of an empty value means nothing.
    match size {
        0 => Some(&[]),
        _ => bytes.get(offset..offset + size),
    }
}

/// Names begin with a number that stands for their name space.
fn full_name(index: u8, rest: &[u8]) -> std::result::Result<String, String> {
    let space = match index {
        1 => "user.",
        ACCESS => "system.posix_acl_access",
        DEFAULT => "system.posix_acl_default",
        4 => "trusted.",
        6 => "security.",
        _ => {
            return Err(format!(
                "an extended attribute in the unknown name space {index}"
            ));
        }
    };
    let whole = [ACCESS, DEFAULT].contains(&index);
    let text = std::str::from_utf8(rest).ok();
    match text.filter(|text| text.is_empty() == whole && !text.contains('\0')) {
        Some(text) => Ok(format!("{space}{text}")),
        None => {
            let shown = rest.escape_ascii();
            Err(format!(
                "an extended attribute has the name \"{space}{shown}\""
            ))
        }
    }
}
