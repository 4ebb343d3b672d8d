//! Reading a root's tar entry by entry.
//!
//! The tar crate's own view of extended headers splits them at newlines, which a capability may
//! hold; so headers are read raw here, and names longer than a header put together.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use tar::EntryType;

use super::{Content, Entry};

/// Extended headers larger than this are none that we or a distribution would write.
const HEADER_LIMIT: u64 = 1 << 20;

/// Shows every entry of a tar to `see`, in order, with the bytes of its content.
///
/// # Errors
/// The tar is broken or holds what no root file system does; `see` failed.
pub fn read(tar: impl Read, see: &mut dyn FnMut(Entry, &mut dyn Read) -> Result<()>) -> Result<()> {
    let mut archive = tar::Archive::new(tar);
    let mut ahead = Ahead::default();
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        match kind.as_byte() {
            b'x' => ahead.take_extensions(&bytes(&mut entry)?)?,
            b'g' => {}
            b'L' => ahead.path = Some(text(&mut entry)?),
            b'K' => ahead.link = Some(text(&mut entry)?),
            _ => {
                let ahead = std::mem::take(&mut ahead);
                let found = describe(entry.header(), ahead)?;
                see(found, &mut entry)?;
            }
        }
    }
    Ok(())
}

/// What headers said of the entry that follows them.
#[derive(Default)]
struct Ahead {
    path: Option<PathBuf>,
    link: Option<PathBuf>,
    xattrs: Vec<(String, Vec<u8>)>,
}

impl Ahead {
    /// Records `LENGTH KEY=VALUE` and a newline (pax(1), extended header); the value may hold any
    /// byte, the length counts all of it.
    fn take_extensions(&mut self, mut records: &[u8]) -> Result<()> {
        while !records.is_empty() {
            let broken = "an extended header is broken";
            let space = records
                .iter()
                .position(|byte| *byte == b' ')
                .context(broken)?;
            let length: usize = std::str::from_utf8(&records[..space])?
                .parse()
                .context(broken)?;
            ensure!(length > space + 1 && length <= records.len(), broken);
            let record = &records[space + 1..length - 1];
            let equals = record
                .iter()
                .position(|byte| *byte == b'=')
                .context(broken)?;
            let (key, value) = (
                std::str::from_utf8(&record[..equals])?,
                &record[equals + 1..],
            );
            match key {
                "path" => self.path = Some(path(value)),
                "linkpath" => self.link = Some(path(value)),
                _ => {
                    if let Some(name) = key.strip_prefix("SCHILY.xattr.") {
                        self.xattrs.push((name.to_owned(), value.to_vec()));
                    }
                }
            }
            records = &records[length..];
        }
        Ok(())
    }
}

fn describe(header: &tar::Header, ahead: Ahead) -> Result<Entry> {
    let whole = match ahead.path {
        Some(path) => path,
        None => path(&header.path_bytes()),
    };
    let path = clean(&whole);
    let link = ahead
        .link
        .or_else(|| header.link_name_bytes().map(|bytes| self::path(&bytes)));
    let link = || {
        link.clone()
            .with_context(|| format!("the link /{} has no target", path.display()))
    };
    let device = || -> Result<(u32, u32)> {
        let missing = "a device node without numbers";
        Ok((
            header.device_major()?.context(missing)?,
            header.device_minor()?.context(missing)?,
        ))
    };
    let content = match header.entry_type() {
        EntryType::Regular | EntryType::Continuous => Content::File(header.entry_size()?),
        EntryType::Directory => Content::Directory,
        EntryType::Symlink => Content::Symlink(link()?),
        EntryType::Link => Content::HardLink(clean(&link()?)),
        EntryType::Char => device().map(|(major, minor)| Content::Device(true, major, minor))?,
        EntryType::Block => device().map(|(major, minor)| Content::Device(false, major, minor))?,
        EntryType::Fifo => Content::Fifo,
        other => bail!("/{} is of the unknown kind {other:?}", path.display()),
    };
    Ok(Entry {
        content,
        mode: header.mode()? & 0o7777,
        uid: u32::try_from(header.uid()?)?,
        gid: u32::try_from(header.gid()?)?,
        mtime: header.mtime()?,
        xattrs: ahead.xattrs,
        path,
    })
}

fn bytes(entry: &mut impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(HEADER_LIMIT + 1).read_to_end(&mut bytes)?;
    ensure!(
        bytes.len() as u64 <= HEADER_LIMIT,
        "an extended header is larger than 1 MiB"
    );
    Ok(bytes)
}

fn text(entry: &mut impl Read) -> Result<PathBuf> {
    let bytes = bytes(entry)?;
    let end = bytes
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(bytes.len());
    Ok(path(&bytes[..end]))
}

fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

fn clean(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_extended_headers_are_errors() {
        for records in ["", "x", "5 a=b\n", "99 a=b\n", "0 a=b\n", "6 a b\n"] {
            let result = Ahead::default().take_extensions(records.as_bytes());
            assert_eq!(result.is_ok(), records.is_empty(), "{records:?}");
        }
        let mut ahead = Ahead::default();
        ahead
            .take_extensions(b"31 SCHILY.xattr.user.x=a\nb=c\0d\n")
            .unwrap();
        assert_eq!(ahead.xattrs, [("user.x".into(), b"a\nb=c\0d".to_vec())]);
    }
}
