//! Files that are on the disk when a function returns, and not before it is called: what changes, first boot and
//! reset are made of, so that a power cut finds the one state or the other. What belongs into which file is not here.

use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};

use anyhow::{Context as _, Result, ensure};
use camino::Utf8Path;
use fs_err as fs;
use fs_err::os::unix::fs::OpenOptionsExt as _;
use rustix::fs::OFlags;

mod remove;

/// A regular file of at most so many bytes; none when it is not there. It may be somebody's who
/// means no good, so no link is followed, and nothing is waited for.
pub(crate) fn read_bounded(path: &Utf8Path, most: u64) -> Result<Option<String>> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let opened = fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    ensure!(file.metadata()?.is_file(), "{path} is no file");
    let mut text = String::new();
    let read = file.take(most + 1).read_to_string(&mut text);
    read.with_context(|| format!("reading {path}"))?;
    ensure!(
        text.len() as u64 <= most,
        "{path} is longer than {most} bytes"
    );
    Ok(Some(text))
}

/// Whose a file is, and who may do what with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Permissions.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

impl Kept {
    /// Root's alone.
    pub const SECRET: Self = Self::roots(0o600);
    /// Root's, for all to read.
    pub const PUBLIC: Self = Self::roots(0o644);

    /// Root's.
    pub(crate) const fn roots(mode: u32) -> Self {
        Self {
            mode,
            uid: 0,
            gid: 0,
        }
    }
}

/// Writes a file of root's, as [`replace()`].
///
/// # Errors
/// As [`replace()`].
pub(crate) fn write(path: &Utf8Path, text: &str, mode: u32) -> Result<()> {
    replace(path, text.as_bytes(), Kept::roots(mode))
}

/// Writes a file whole or not at all, as FAT allows it too: under another name, then renamed.
///
/// # Errors
/// It cannot be written; then what was there is there.
pub(crate) fn replace(path: &Utf8Path, bytes: &[u8], kept: Kept) -> Result<()> {
    let (dir, name) = path
        .parent()
        .zip(path.file_name())
        .context("a file in a directory")?;
    let new = dir.join(format!(".{name}.new"));
    cut::point()?;
    remove::any(&new)?;
    // Closed from the beginning: what is in it may be a secret.
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    cut::point()?;
    file.write_all(bytes)?;
    give(&file, kept)?;
    put_on_disk(&file)?;
    cut::point()?;
    fs::rename(&new, path)?;
    sync(dir)
}

/// FAT knows neither owners nor modes, and says so.
fn give(file: &fs::File, kept: Kept) -> Result<()> {
    let now = file.metadata()?;
    if (now.uid(), now.gid()) != (kept.uid, kept.gid) && rustix::process::geteuid().is_root() {
        fchown(file.file(), Some(kept.uid), Some(kept.gid))
            .with_context(|| format!("giving {} to its owner", file.path().display()))?;
    }
    if now.mode() & 0o7777 == kept.mode {
        return Ok(());
    }
    match file.set_permissions(std::fs::Permissions::from_mode(kept.mode)) {
        Err(error) if error.kind() != ErrorKind::PermissionDenied => Err(error.into()),
        _ => Ok(()),
    }
}

/// As [`write()`], unless the file says so already: a card wears, and addresses come and go.
///
/// # Errors
/// As [`write()`].
pub(crate) fn write_changed(path: &Utf8Path, text: &str, mode: u32) -> Result<bool> {
    let there = read_bounded(path, text.len() as u64);
    if matches!(there, Ok(Some(there)) if there == text) {
        return Ok(false);
    }
    write(path, text, mode).map(|()| true)
}

/// Writes line ends over all of a file, where it lies: removing it would leave its bytes on the card.
///
/// # Errors
/// It cannot be written, or is no file.
pub(crate) fn blank(path: &Utf8Path) -> Result<()> {
    cut::point()?;
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let mut file = fs::OpenOptions::new()
        .write(true)
        .custom_flags(flags.cast_signed())
        .open(path)?;
    let data = file.metadata()?;
    ensure!(data.is_file(), "{path} is no file");
    file.rewind()?;
    // It may be any file of somebody's, as long as the card.
    std::io::copy(&mut std::io::repeat(b'\n').take(data.len()), &mut file)?;
    put_on_disk(&file)
}

/// Removes a file, a link, or a directory with all in it; it need not be there. No link is followed, and what lies on
/// another file system stays.
///
/// # Errors
/// Something of it cannot be removed; all else is.
pub(crate) fn remove(path: &Utf8Path) -> Result<()> {
    if fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(());
    }
    cut::point()?;
    remove::any(path)?;
    path.parent().map_or(Ok(()), sync)
}

/// Removes all in a directory but what has one of these names; the directory stays, and need not be there.
///
/// # Errors
/// Something cannot be removed, though all else is; or it is no directory, or lies on another file system than what it is in.
pub(crate) fn empty(dir: &Utf8Path, but: &[&str]) -> Result<()> {
    match fs::symlink_metadata(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
        Ok(data) => ensure!(data.is_dir(), "{dir} is no directory"),
    }
    remove::contents(dir, but)?;
    sync(dir)
}

/// Takes away from a file and its directory what keeps even root from changing them (`chattr`).
pub(crate) fn release(path: &Utf8Path) {
    remove::release(path);
}

/// Makes a directory with those above it; it may be there.
///
/// # Errors
/// It cannot be made.
pub(crate) fn make_dir(dir: &Utf8Path) -> Result<()> {
    cut::point()?;
    Ok(fs::create_dir_all(dir)?)
}

/// Puts a directory's names on the disk.
fn sync(dir: &Utf8Path) -> Result<()> {
    put_on_disk(&fs::File::open(dir)?)
}

fn put_on_disk(file: &fs::File) -> Result<()> {
    // A test only takes the power from itself, a thousand times over.
    if cfg!(test) {
        return Ok(());
    }
    Ok(file.sync_all()?)
}

/// Where a test cuts the power: at one of these points, and nothing happens after it.
pub(crate) mod cut {
    #[cfg(test)]
    thread_local! {
        static LEFT: std::cell::Cell<usize> = const { std::cell::Cell::new(usize::MAX) };
    }

    /// Passes unless a test has cut the power.
    #[cfg(not(test))]
    #[expect(clippy::unnecessary_wraps, reason = "a test's may fail")]
    pub(crate) fn point() -> anyhow::Result<()> {
        Ok(())
    }

    /// Passes unless the power is cut here or has been before.
    #[cfg(test)]
    pub(crate) fn point() -> anyhow::Result<()> {
        let left = LEFT.get();
        anyhow::ensure!(left > 0, "the power is cut");
        if left != usize::MAX {
            LEFT.set(left - 1);
        }
        Ok(())
    }

    /// So many points are passed from here on; without a number, all.
    #[cfg(test)]
    pub(crate) fn after(points: Option<usize>) {
        LEFT.set(points.unwrap_or(usize::MAX));
    }

    /// Whether the power was cut.
    #[cfg(test)]
    pub(crate) fn happened() -> bool {
        LEFT.get() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> (tempfile::TempDir, camino::Utf8PathBuf) {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = camino::Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        (dir, root)
    }

    #[test]
    fn a_file_is_whole_or_as_before_wherever_the_power_is_cut() {
        let (_dir, root) = room();
        let path = root.join("a");
        for points in 0..3 {
            write(&path, "old", 0o600).expect("writing");
            cut::after(Some(points));
            write(&path, "newer", 0o600).expect_err("no power");
            cut::after(None);
            assert_eq!(fs::read_to_string(&path).expect("a file"), "old");
            write(&path, "newer", 0o644).expect("writing");
            let data = fs::metadata(&path).expect("a file");
            assert_eq!(data.permissions().mode() & 0o777, 0o644);
            assert_eq!(fs::read_dir(&root).expect("a directory").count(), 1);
        }
    }

    #[test]
    fn no_link_is_followed_when_things_go() {
        let (_dir, root) = room();
        fs::create_dir_all(root.join("kept/inner")).expect("a directory");
        fs::create_dir_all(root.join("home/x")).expect("a directory");
        fs::os::unix::fs::symlink(root.join("kept"), root.join("home/link")).expect("a link");
        fs::os::unix::fs::symlink(root.join("kept"), root.join("home/x/link")).expect("a link");
        empty(&root.join("home"), &["stays"]).expect("emptying");
        assert_eq!(
            fs::read_dir(root.join("home")).expect("it stays").count(),
            0
        );
        assert!(root.join("kept/inner").is_dir());
        fs::os::unix::fs::symlink(root.join("kept"), root.join("link")).expect("a link");
        empty(&root.join("link"), &[]).expect_err("no directory");
        remove(&root.join("link")).expect("removing");
        remove(&root.join("link")).expect("it need not be there");
        assert!(root.join("kept/inner").is_dir());
        empty(&root.join("nowhere"), &[]).expect("it need not be there");
    }

    #[test]
    fn a_blanked_file_keeps_its_place_and_none_of_its_words() {
        let (_dir, root) = room();
        let path = root.join("a");
        write(&path, "password", 0o600).expect("writing");
        blank(&path).expect("blanking");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "\n".repeat(8));
    }
}
