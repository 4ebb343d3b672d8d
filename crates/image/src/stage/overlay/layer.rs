//! The layer: entries with their bytes, to be laid over a root.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::overlay::{Feature, Kind, Node, parents};
use crate::rootfs::{self, Accounts, Content, Entry, Writer};

/// A file of the layer and its bytes.
pub type Laid = (Entry, Vec<u8>);

/// Files to be laid over a root, sorted by path.
pub struct Layer {
    epoch: u64,
    files: BTreeMap<PathBuf, Laid>,
}

impl Layer {
    /// An empty layer; its files get the time `epoch`.
    pub fn new(epoch: u64) -> Self {
        Self {
            epoch,
            files: BTreeMap::new(),
        }
    }

    /// Reads a written layer back.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(path: &Path) -> Result<BTreeMap<PathBuf, Laid>> {
        let mut files = BTreeMap::new();
        rootfs::read(fs_err::File::open(path)?, &mut |entry, data| {
            let mut bytes = Vec::new();
            data.read_to_end(&mut bytes)?;
            files.insert(entry.path.clone(), (entry, bytes));
            Ok(())
        })?;
        Ok(files)
    }

    /// Writes it as a tar.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut writer = Writer::new(fs_err::File::create(path)?);
        for (entry, bytes) in self.files.values() {
            writer.add(entry, bytes.as_slice())?;
        }
        writer.finish()?;
        Ok(())
    }

    /// The bytes of one of its files.
    pub fn bytes(&self, path: &Path) -> Option<&[u8]> {
        self.files.get(path).map(|(_, bytes)| bytes.as_slice())
    }

    /// Its files below a directory.
    pub fn below<'a>(&'a self, dir: &'a Path) -> impl Iterator<Item = (&'a Path, &'a [u8])> {
        let files = self
            .files
            .iter()
            .filter(move |(path, _)| path.starts_with(dir));
        files.map(|(path, (_, bytes))| (path.as_path(), bytes.as_slice()))
    }

    /// Adds a file of root's.
    ///
    /// # Errors
    /// The layer has one there already.
    pub fn file(&mut self, path: &Path, bytes: Vec<u8>, mode: u32) -> Result<()> {
        self.add(path, Content::File(bytes.len() as u64), bytes, mode)
    }

    /// Adds a symbolic link.
    ///
    /// # Errors
    /// The layer has something else there already.
    pub fn symlink(&mut self, path: &Path, target: &Path) -> Result<()> {
        let content = Content::Symlink(target.to_owned());
        if self
            .files
            .get(path)
            .is_some_and(|(entry, _)| entry.content == content)
        {
            return Ok(());
        }
        self.add(path, content, Vec::new(), 0o777)
    }

    /// Adds a tree of a feature below `to`, a directory of the root, all of it root's for now.
    ///
    /// # Errors
    /// Another feature has one of its files.
    pub fn tree(&mut self, nodes: &[Node], to: &Path) -> Result<()> {
        let to = to.strip_prefix("/").unwrap_or(to);
        for node in nodes {
            let path = to.join(&node.path);
            match &node.kind {
                Kind::Directory => self.directory(&path),
                Kind::Symlink(target) => self.symlink(&path, target)?,
                Kind::File { bytes, executable } => {
                    let mode = if *executable { 0o755 } else { 0o644 };
                    self.file(&path, bytes.clone(), mode)?;
                }
            }
        }
        Ok(())
    }

    /// Gives a feature's files to whom its manifest gives them.
    ///
    /// # Errors
    /// An owner does not exist.
    pub fn own(&mut self, feature: &Feature, accounts: &Accounts) -> Result<()> {
        for owned in &feature.manifest.path {
            if let Some((entry, _)) = self.files.get_mut(Path::new(&owned.path)) {
                entry.uid = accounts.user(&owned.owner, &owned.path)?;
                entry.gid = accounts.group(&owned.group, &owned.path)?;
                entry.mode = owned.mode(entry.mode)?;
            }
        }
        Ok(())
    }

    /// Adds the account files, which keep their own owners and modes.
    pub fn add_accounts(&mut self, accounts: BTreeMap<PathBuf, Laid>) {
        self.files.extend(accounts);
    }

    fn add(&mut self, path: &Path, content: Content, bytes: Vec<u8>, mode: u32) -> Result<()> {
        parents(path).iter().for_each(|dir| self.directory(dir));
        let entry = self.entry(path, content, mode);
        let before = self.files.insert(path.to_owned(), (entry, bytes));
        ensure!(before.is_none(), "two features lay /{}", path.display());
        Ok(())
    }

    fn directory(&mut self, path: &Path) {
        let entry = self.entry(path, Content::Directory, 0o755);
        self.files
            .entry(path.to_owned())
            .or_insert((entry, Vec::new()));
    }

    fn entry(&self, path: &Path, content: Content, mode: u32) -> Entry {
        Entry {
            path: path.to_owned(),
            content,
            mode,
            uid: 0,
            gid: 0,
            mtime: self.epoch,
            xattrs: vec![],
        }
    }
}

/// The regular files of a root's tar that are `wanted`, by path.
///
/// # Errors
/// It cannot be read.
pub fn read_files(
    tar: &Path,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let file = std::io::BufReader::with_capacity(1 << 20, fs_err::File::open(tar)?);
    let mut files = BTreeMap::new();
    rootfs::read(file, &mut |entry, data| {
        if matches!(entry.content, Content::File(_)) && wanted(&entry.path) {
            let mut bytes = Vec::new();
            data.read_to_end(&mut bytes)?;
            files.insert(entry.path, bytes);
        }
        Ok(())
    })?;
    Ok(files)
}
