//! One file of a root, and how it is written to a tar.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tar::{Builder, EntryType, Header};

/// A file of a root file system, without its content's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the root; empty for the root itself.
    pub path: PathBuf,
    /// What it is.
    pub content: Content,
    /// Permission bits, set-id and sticky included.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Modification time in seconds since 1970.
    pub mtime: u64,
    /// Extended attributes by full name, such as `security.capability`.
    pub xattrs: Vec<(String, Vec<u8>)>,
}

/// What an [`Entry`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A regular file of so many bytes.
    File(u64),
    /// A directory.
    Directory,
    /// A symbolic link to that text.
    Symlink(PathBuf),
    /// Another name of the file at that path, which comes earlier.
    HardLink(PathBuf),
    /// A device node: character (or else block), major, minor.
    Device(bool, u32, u32),
    /// A named pipe.
    Fifo,
}

/// Writes entries to a tar.
pub struct Writer<W: Write> {
    tar: Builder<W>,
}

impl<W: Write> Writer<W> {
    /// An empty tar.
    pub fn new(out: W) -> Self {
        Self {
            tar: Builder::new(out),
        }
    }

    /// Adds an entry; `data` holds the bytes of a regular file and is not read for anything else.
    ///
    /// # Errors
    /// The output cannot be written, or `data` is shorter than it should be.
    pub fn add(&mut self, entry: &Entry, data: impl Read) -> Result<()> {
        self.write(entry, data)
            .with_context(|| format!("packing /{}", entry.path.display()))
    }

    /// Ends the tar and gives the output back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(self) -> Result<W> {
        Ok(self.tar.into_inner()?)
    }

    fn write(&mut self, entry: &Entry, data: impl Read) -> Result<()> {
        if !entry.xattrs.is_empty() {
            let records: Vec<(String, &[u8])> = entry
                .xattrs
                .iter()
                .map(|(name, value)| (format!("SCHILY.xattr.{name}"), value.as_slice()))
                .collect();
            self.tar
                .append_pax_extensions(records.iter().map(|(key, value)| (key.as_str(), *value)))?;
        }
        let mut header = header(entry)?;
        let path = Path::new(".").join(&entry.path);
        match &entry.content {
            Content::Symlink(target) | Content::HardLink(target) => {
                let target = match entry.content {
                    Content::HardLink(_) => &Path::new(".").join(target),
                    _ => target,
                };
                // Not `append_link`: it rewrites the target as a clean path.
                append_link(&mut self.tar, &mut header, &path, target)?;
            }
            Content::File(size) => self.tar.append_data(&mut header, path, data.take(*size))?,
            _ => self.tar.append_data(&mut header, path, std::io::empty())?,
        }
        Ok(())
    }
}

fn header(entry: &Entry) -> Result<Header> {
    let mut header = Header::new_gnu();
    header.set_mode(entry.mode);
    header.set_uid(entry.uid.into());
    header.set_gid(entry.gid.into());
    header.set_mtime(entry.mtime);
    header.set_size(0);
    header.set_entry_type(match entry.content {
        Content::File(_) => EntryType::Regular,
        Content::Directory => EntryType::Directory,
        Content::Symlink(_) => EntryType::Symlink,
        Content::HardLink(_) => EntryType::Link,
        Content::Device(true, ..) => EntryType::Char,
        Content::Device(false, ..) => EntryType::Block,
        Content::Fifo => EntryType::Fifo,
    });
    match entry.content {
        Content::File(size) => header.set_size(size),
        Content::Device(_, major, minor) => {
            header.set_device_major(major)?;
            header.set_device_minor(minor)?;
        }
        _ => {}
    }
    Ok(header)
}

fn append_link(
    tar: &mut Builder<impl Write>,
    header: &mut Header,
    path: &Path,
    target: &Path,
) -> Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let text = target.as_os_str().as_bytes();
    if header.set_link_name_literal(text).is_err() {
        // GNU's long link name: an entry of type K with the text before the link's own.
        let mut long = Header::new_gnu();
        long.set_entry_type(EntryType::new(b'K'));
        long.set_size(text.len() as u64 + 1);
        long.set_mode(0o644);
        long.set_mtime(0);
        long.set_path("././@LongLink")?;
        long.set_cksum();
        tar.append(&long, text.chain(&b"\0"[..]))?;
    }
    tar.append_data(header, path, std::io::empty())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rootfs::read;

    #[test]
    fn what_is_written_is_what_is_read() {
        let plain = Entry {
            path: "usr/bin/ping".into(),
            content: Content::File(4),
            mode: 0o4755,
            uid: 0,
            gid: 42,
            mtime: 1_700_000_000,
            xattrs: vec![("security.capability".into(), vec![1, 0, 0, 2, 0xff, b'\n'])],
        };
        let long = "x/".repeat(120) + "y";
        let entries = [
            Entry {
                path: "".into(),
                content: Content::Directory,
                xattrs: vec![],
                ..plain.clone()
            },
            plain.clone(),
            Entry {
                path: long.clone().into(),
                content: Content::HardLink("usr/bin/ping".into()),
                xattrs: vec![],
                ..plain.clone()
            },
            Entry {
                path: "l".into(),
                content: Content::Symlink("../a//b/./c/".into()),
                xattrs: vec![],
                ..plain.clone()
            },
            Entry {
                path: "m".into(),
                content: Content::Symlink(long.into()),
                xattrs: vec![],
                ..plain.clone()
            },
            Entry {
                path: "dev/null".into(),
                content: Content::Device(true, 1, 3),
                xattrs: vec![],
                ..plain.clone()
            },
            Entry {
                path: "run/x".into(),
                content: Content::Fifo,
                xattrs: vec![],
                ..plain
            },
        ];
        let mut writer = Writer::new(Vec::new());
        for entry in &entries {
            writer.add(entry, &b"data"[..]).unwrap();
        }
        let bytes = writer.finish().unwrap();
        let mut found = Vec::new();
        read(&bytes[..], &mut |entry, _| {
            found.push(entry);
            Ok(())
        })
        .unwrap();
        assert_eq!(found, entries);
    }
}
