//! File systems for the tests, made and looked at by the host's e2fsprogs.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use ext4::{FileSystem, Inode, Kind};
use tempfile::TempDir;

/// An ordinary user's `PATH` may lack the directories of mke2fs and debugfs.
const PROGRAMS: &str = "/usr/sbin:/sbin:/usr/bin:/bin";

/// A directory with a file system in it.
pub struct Image {
    pub dir: TempDir,
    pub file: PathBuf,
}

/// Everything that a walk showed, by path.
pub type Tree = BTreeMap<PathBuf, Inode>;

impl Image {
    /// Makes one from what `fill` puts into a directory; `options` are words for mke2fs.
    pub fn new(options: &str, size: &str, fill: impl FnOnce(&Path)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let from = dir.path().join("from");
        fs_err::create_dir(&from).unwrap();
        fill(&from);
        let file = dir.path().join("image");
        tool("mke2fs")
            .args(["-q", "-F"])
            .args(options.split_whitespace())
            .arg("-d")
            .args([&from, &file])
            .arg(size)
            .run()
            .unwrap();
        Self { dir, file }
    }

    /// What debugfs answers to a command.
    pub fn ask(&self, command: &str) -> String {
        let debugfs = tool("debugfs").args(["-R", command]);
        debugfs.arg(&self.file).read().unwrap()
    }

    /// Runs commands that change the file system.
    pub fn change(&self, commands: &[&str]) {
        let script = self.dir.path().join("script");
        fs_err::write(&script, commands.join("\n") + "\n").unwrap();
        let debugfs = tool("debugfs").arg("-w").arg("-f");
        let debugfs = debugfs.args([&script, &self.file]);
        // It repeats each command, and ends well even when one fails.
        debugfs
            .run_with(|line| {
                let fine = ["debugfs", "Allocated inode"];
                assert!(fine.iter().any(|start| line.starts_with(start)), "{line}");
            })
            .unwrap();
    }

    /// Overwrites bytes.
    pub fn patch(&self, at: u64, bytes: &[u8]) {
        let file = fs_err::OpenOptions::new().write(true).open(&self.file);
        file.unwrap().file().write_all_at(bytes, at).unwrap();
    }

    /// All of it.
    pub fn bytes(&self) -> Vec<u8> {
        fs_err::read(&self.file).unwrap()
    }

    /// Where an inode is, in bytes from the start.
    pub fn place_of(&self, path: &str, block_size: u64) -> u64 {
        let said = self.ask(&format!("imap {path}"));
        let (_, place) = said.split_once("located at block ").unwrap();
        let (block, offset) = place.trim().split_once(", offset 0x").unwrap();
        block.parse::<u64>().unwrap() * block_size + u64::from_str_radix(offset, 16).unwrap()
    }

    pub fn try_open(&self) -> Result<FileSystem, ext4::Error> {
        let file = fs_err::File::open(&self.file).unwrap().into_file();
        FileSystem::open(file, 0, u64::MAX)
    }

    pub fn open(&self) -> FileSystem {
        self.try_open().unwrap()
    }

    pub fn try_tree(&self) -> Result<Tree, ext4::Error> {
        let mut tree = Tree::new();
        self.try_open()?.walk(&mut |node| {
            tree.insert(node.path.to_owned(), node.inode.clone());
            Ok::<_, ext4::Error>(())
        })?;
        Ok(tree)
    }

    pub fn tree(&self) -> Tree {
        self.try_tree().unwrap()
    }

    /// Compares every name, mode, owner, time, size, link count, target and content with what
    /// debugfs says of it.
    pub fn matches_debugfs(&self) -> Tree {
        let fs = self.open();
        let tree = self.tree();
        let out = self.dir.path().join("out");
        fs_err::create_dir(&out).unwrap();
        self.ask(&format!("rdump / {}", out.display()));
        assert_eq!(dumped(&out), names_of(&tree));
        for (path, inode) in &tree {
            assert_stat(inode, &self.ask(&format!("stat <{}>", inode.number)));
            match &inode.kind {
                Kind::File { .. } => {
                    let expected = fs_err::read(out.join(path)).unwrap();
                    assert!(content(&fs, inode) == expected, "{}", path.display());
                }
                Kind::Symlink { target } => {
                    let expected = fs_err::read_link(out.join(path)).unwrap();
                    assert_eq!(expected.as_os_str().as_encoded_bytes(), target);
                }
                _ => {}
            }
        }
        tree
    }
}

/// A program of e2fsprogs, told to speak English.
pub fn tool(name: &str) -> cmd::Cmd {
    cmd::Cmd::new(name).env("PATH", PROGRAMS).env("LC_ALL", "C")
}

/// The whole content of a file.
pub fn content(fs: &FileSystem, inode: &Inode) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut content = fs.content(inode).unwrap();
    content.read_to_end(&mut bytes).unwrap();
    bytes
}

/// What debugfs dumps: devices, pipes and sockets are left out.
fn names_of(tree: &Tree) -> Vec<PathBuf> {
    let dumped = tree.iter().filter(|(_, inode)| {
        matches!(
            inode.kind,
            Kind::File { .. } | Kind::Directory | Kind::Symlink { .. }
        )
    });
    dumped.map(|(path, _)| path.clone()).collect()
}

fn dumped(out: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    let mut index = 0;
    while index < found.len() {
        let dir = out.join(&found[index]);
        if dir.symlink_metadata().unwrap().is_dir() {
            for entry in fs_err::read_dir(&dir).unwrap() {
                let path = entry.unwrap().path();
                found.push(path.strip_prefix(out).unwrap().to_owned());
            }
        }
        index += 1;
    }
    found.sort();
    found
}

fn assert_stat(inode: &Inode, said: &str) {
    let words: Vec<&str> = said.split_whitespace().collect();
    let after = |name: &str| {
        let at = words.iter().position(|word| *word == name);
        words[at.unwrap_or_else(|| panic!("no {name} in {said}")) + 1]
    };
    let number = |name: &str| after(name).parse::<u64>().unwrap();
    let kind = match &inode.kind {
        Kind::File { size } => {
            assert_eq!(*size, number("Size:"), "{said}");
            "regular"
        }
        Kind::Directory => "directory",
        Kind::Symlink { target } => {
            assert_eq!(target.len() as u64, number("Size:"), "{said}");
            "symlink"
        }
        Kind::Device { char, major, minor } => {
            let numbers = format!("{major:02}:{minor:02}");
            assert_eq!(after("number:"), numbers, "{said}");
            if *char { "character" } else { "block" }
        }
        Kind::Fifo => "FIFO",
        Kind::Socket => "socket",
    };
    assert_eq!(after("Type:"), kind, "{said}");
    let mode = u32::from_str_radix(after("Mode:"), 8);
    assert_eq!(mode, Ok(inode.mode), "{said}");
    assert_eq!(number("User:"), inode.uid.into(), "{said}");
    assert_eq!(number("Group:"), inode.gid.into(), "{said}");
    assert_eq!(number("Links:"), inode.links.into(), "{said}");
    // In hexadecimal: the seconds, and behind a colon the nanoseconds above the epoch's two bits.
    let (seconds, extra) = after("mtime:")
        .split_once(':')
        .unwrap_or((after("mtime:"), "0"));
    let hex = |text: &str| u32::from_str_radix(text.trim_start_matches("0x"), 16).unwrap();
    let extra = hex(extra);
    let expected = i64::from(hex(seconds).cast_signed()) + (i64::from(extra & 3) << 32);
    assert_eq!(
        (inode.mtime, inode.mtime_nanos),
        (expected, extra >> 2),
        "{said}"
    );
}
