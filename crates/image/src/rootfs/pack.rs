//! From a directory tree to a tar.

use std::collections::HashMap;
use std::fs::Metadata;
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Content, Entry, Writer};

/// Packs everything below `root` for which `wanted` says so (a directory that is not wanted takes
/// its content with it). Times after `epoch` (seconds since 1970) become `epoch`: they say when the
/// image was built, not what it is. Other file systems mounted in the tree stay out, and so do
/// sockets. `nodes` are device nodes that belong to the tree and could not be made in it.
///
/// # Errors
/// Something cannot be read or written.
pub fn pack<W: Write>(
    root: &Path,
    nodes: &[Entry],
    epoch: u64,
    wanted: &dyn Fn(&Path) -> bool,
    out: W,
) -> Result<W> {
    let device = fs_err::symlink_metadata(root)?.dev();
    let mut packer = Packer {
        root,
        epoch,
        wanted,
        device,
        first_names: HashMap::new(),
        writer: Writer::new(out),
    };
    packer.add(Path::new(""))?;
    // Those whose directory has been removed meanwhile go with it.
    let has_a_place = |node: &&Entry| match node.path.parent() {
        Some(dir) => root.join(dir).is_dir() && wanted(&node.path),
        None => false,
    };
    for node in nodes.iter().filter(has_a_place) {
        packer.writer.add(node, std::io::empty())?;
    }
    packer.writer.finish()
}

struct Packer<'a, W: Write> {
    root: &'a Path,
    epoch: u64,
    wanted: &'a dyn Fn(&Path) -> bool,
    device: u64,
    /// Of inodes with several names: the one that was packed.
    first_names: HashMap<u64, PathBuf>,
    writer: Writer<W>,
}

impl<W: Write> Packer<'_, W> {
    fn add(&mut self, path: &Path) -> Result<()> {
        let full = self.root.join(path);
        let data = fs_err::symlink_metadata(&full)?;
        let Some(content) = self.content(path, &full, &data)? else {
            return Ok(());
        };
        let xattrs = match content {
            Content::HardLink(_) | Content::Symlink(_) => Vec::new(),
            _ => xattrs(&full)?,
        };
        let entry = Entry {
            path: path.to_owned(),
            mode: data.mode() & 0o7777,
            uid: data.uid(),
            gid: data.gid(),
            mtime: u64::try_from(data.mtime()).unwrap_or(0).min(self.epoch),
            xattrs,
            content,
        };
        match entry.content {
            Content::File(_) => self.writer.add(&entry, fs_err::File::open(&full)?)?,
            _ => self.writer.add(&entry, std::io::empty())?,
        }
        if entry.content == Content::Directory && data.dev() == self.device {
            self.add_children(path, &full)?;
        }
        Ok(())
    }

    fn add_children(&mut self, path: &Path, full: &Path) -> Result<()> {
        let mut names = Vec::new();
        for child in fs_err::read_dir(full)? {
            names.push(child?.file_name());
        }
        names.sort();
        for name in names {
            let child = path.join(name);
            if (self.wanted)(&child) {
                self.add(&child)?;
            }
        }
        Ok(())
    }

    fn content(&mut self, path: &Path, full: &Path, data: &Metadata) -> Result<Option<Content>> {
        let kind = data.file_type();
        if !kind.is_dir() && data.nlink() > 1 {
            if let Some(first) = self.first_names.get(&data.ino()) {
                return Ok(Some(Content::HardLink(first.clone())));
            }
            self.first_names.insert(data.ino(), path.to_owned());
        }
        let (major, minor) = (
            rustix::fs::major(data.rdev()),
            rustix::fs::minor(data.rdev()),
        );
        Ok(if kind.is_file() {
            Some(Content::File(data.len()))
        } else if kind.is_dir() {
            Some(Content::Directory)
        } else if kind.is_symlink() {
            Some(Content::Symlink(fs_err::read_link(full)?))
        } else if kind.is_char_device() || kind.is_block_device() {
            Some(Content::Device(kind.is_char_device(), major, minor))
        } else if kind.is_fifo() {
            Some(Content::Fifo)
        } else {
            None
        })
    }
}

/// The attributes that belong to the file itself; a host's security module adds its own.
fn xattrs(path: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    use rustix::fs::{lgetxattr, llistxattr};
    let reading = || format!("reading the extended attributes of {}", path.display());
    let mut names = [0; 4096];
    let length = match llistxattr(path, &mut names) {
        Ok(length) => length,
        Err(rustix::io::Errno::OPNOTSUPP) => 0,
        Err(error) => return Err(error).with_context(reading),
    };
    let mut found = Vec::new();
    for name in names[..length].split(|byte| *byte == 0) {
        let Ok(name) = std::str::from_utf8(name) else {
            continue;
        };
        let acl = name.starts_with("system.posix_acl_");
        if name == "security.capability" || acl || name.starts_with("user.") {
            let mut value = [0; 4096];
            let length = lgetxattr(path, name, &mut value).with_context(reading)?;
            found.push((name.to_owned(), value[..length].to_vec()));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(path: &str) -> Entry {
        Entry {
            path: path.into(),
            content: Content::Device(true, 1, 3),
            mode: 0o666,
            uid: 0,
            gid: 0,
            mtime: 1000,
            xattrs: vec![],
        }
    }

    #[test]
    fn a_tree_is_packed_sorted_with_links_and_clamped_times() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs_err::create_dir(root.join("b")).unwrap();
        fs_err::write(root.join("b/one"), "1").unwrap();
        fs_err::hard_link(root.join("b/one"), root.join("a")).unwrap();
        fs_err::os::unix::fs::symlink("b/../b", root.join("c")).unwrap();
        fs_err::write(root.join("skipped"), "").unwrap();
        let wanted = |path: &Path| path != Path::new("skipped");
        let bytes = pack(
            root,
            &[node("b/null"), node("gone/null")],
            1000,
            &wanted,
            Vec::new(),
        )
        .unwrap();
        let mut entries = Vec::new();
        crate::rootfs::read(&bytes[..], &mut |entry, _| {
            entries.push(entry);
            Ok(())
        })
        .unwrap();
        let shape: Vec<(&str, &Content)> = entries
            .iter()
            .map(|entry| (entry.path.to_str().unwrap(), &entry.content))
            .collect();
        assert_eq!(
            shape,
            [
                ("", &Content::Directory),
                ("a", &Content::File(1)),
                ("b", &Content::Directory),
                ("b/one", &Content::HardLink("a".into())),
                ("c", &Content::Symlink("b/../b".into())),
                ("b/null", &Content::Device(true, 1, 3)),
            ]
        );
        assert!(entries.iter().all(|entry| entry.mtime == 1000));
    }
}
