//! Device nodes, which nobody but the machine's root may make: they stay entries of tars.

use std::io::BufReader;
use std::path::Path;

use anyhow::Result;

use super::{Content, Entry, read};

/// The device nodes of a root's tar, in its order.
///
/// # Errors
/// The tar cannot be read.
pub fn device_nodes(tar: &Path) -> Result<Vec<Entry>> {
    let file = BufReader::with_capacity(1 << 20, fs_err::File::open(tar)?);
    let mut nodes = Vec::new();
    read(file, &mut |entry, _| {
        if matches!(entry.content, Content::Device(..)) {
            nodes.push(entry);
        }
        Ok(())
    })?;
    Ok(nodes)
}

/// The names of entries as tar may know them, with and without `./`, one a line: for
/// `tar --exclude-from`.
pub fn tar_names(entries: &[Entry]) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    let names = entries.iter().flat_map(|entry| {
        let plain = entry.path.as_os_str().as_bytes();
        [plain, b"\n./", plain, b"\n"].concat()
    });
    names.collect()
}
