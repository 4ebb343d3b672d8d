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

/// The names of entries as tar knows them, one a line: for `tar --exclude-from`.
pub fn tar_names(entries: &[Entry]) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    let names = entries.iter().flat_map(|entry| {
        let path = Path::new(".").join(&entry.path);
        let mut name = path.as_os_str().as_bytes().to_vec();
        name.push(b'\n');
        name
    });
    names.collect()
}
