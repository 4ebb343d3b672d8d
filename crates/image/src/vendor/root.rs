//! From a vendor's ext4 to the tar that a root is between stages.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ext4::{FileSystem, Kind, Node};

use crate::dpkg;
use crate::progress::Step;
use crate::rootfs::{Content, Entry, Writer};

/// dpkg's status of a desktop has 3 MiB.
const LONGEST_STATUS: u64 = 64 << 20;
/// A directory that every ext4 has and mke2fs makes.
const LOST_AND_FOUND: &str = "lost+found";

/// What was met on the way.
#[derive(Debug, Default)]
pub struct Met {
    /// dpkg's status.
    pub status: Option<String>,
    /// Sockets, which only a running program gives a meaning: they are left out.
    pub sockets: usize,
}

/// Writes everything in a file system as a tar, names sorted, times and owners as they are. `step`
/// advances by the bytes of content.
///
/// # Errors
/// The file system is damaged or holds more than it has room for; the output cannot be written.
pub fn to_tar<W: Write>(fs: &FileSystem, step: &Step, out: W) -> Result<(W, Met)> {
    let mut taker = Taker {
        fs,
        step,
        // Files with holes may be longer than what they occupy, but not without bound.
        room: fs.superblock().size.saturating_mul(4),
        first_names: HashMap::new(),
        met: Met::default(),
        writer: Writer::new(out),
    };
    fs.walk(&mut |node| taker.take(node))?;
    Ok((taker.writer.finish()?, taker.met))
}

struct Taker<'a, W: Write> {
    fs: &'a FileSystem,
    step: &'a Step,
    room: u64,
    /// Of inodes with several names: the one that came first.
    first_names: HashMap<u32, PathBuf>,
    met: Met,
    writer: Writer<W>,
}

impl<W: Write> Taker<'_, W> {
    fn take(&mut self, node: Node<'_>) -> Result<()> {
        if node.path.starts_with(LOST_AND_FOUND) {
            return Ok(());
        }
        let Some(content) = self.content(&node) else {
            return Ok(());
        };
        let inode = node.inode;
        let entry = Entry {
            path: node.path.to_owned(),
            mode: inode.mode,
            uid: inode.uid,
            gid: inode.gid,
            mtime: u64::try_from(inode.mtime).unwrap_or(0),
            xattrs: match content {
                Content::HardLink(_) => Vec::new(),
                _ => inode.xattrs.clone(),
            },
            content,
        };
        let Content::File(size) = entry.content else {
            return self.writer.add(&entry, std::io::empty());
        };
        self.room = self
            .room
            .checked_sub(size)
            .context("its files are many times larger than itself")?;
        let mut content = self.fs.content(inode)?;
        if entry.path == Path::new(dpkg::STATUS) {
            ensure!(size <= LONGEST_STATUS, "/{} has {size} bytes", dpkg::STATUS);
            let mut text = String::new();
            content
                .read_to_string(&mut text)
                .with_context(|| format!("reading /{}", dpkg::STATUS))?;
            self.writer.add(&entry, text.as_bytes())?;
            self.met.status = Some(text);
        } else {
            self.writer.add(&entry, content)?;
        }
        self.step.advance(size);
        Ok(())
    }

    /// What the tar says of it; nothing of a socket.
    fn content(&mut self, node: &Node<'_>) -> Option<Content> {
        let inode = node.inode;
        if inode.links > 1 && inode.kind != Kind::Directory {
            if let Some(first) = self.first_names.get(&inode.number) {
                return Some(Content::HardLink(first.clone()));
            }
            self.first_names.insert(inode.number, node.path.to_owned());
        }
        Some(match &inode.kind {
            Kind::File { size } => Content::File(*size),
            Kind::Directory => Content::Directory,
            Kind::Symlink { target } => Content::Symlink(OsStr::from_bytes(target).into()),
            Kind::Device { char, major, minor } => Content::Device(*char, *major, *minor),
            Kind::Fifo => Content::Fifo,
            Kind::Socket => {
                self.met.sockets += 1;
                return None;
            }
        })
    }
}
