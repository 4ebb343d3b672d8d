//! Removing directories with all in them. No link is followed, and nothing is removed that lies on another file system: a
//! disk that somebody has mounted there is theirs. What cannot be removed keeps nothing else from being removed.

use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use anyhow::{Context as _, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{AtFlags, CWD, Dir, FileType, IFlags, Mode, OFlags};
use rustix::io::Errno;

use super::cut;

/// So many of the things that are left are named.
const NAMED: usize = 3;
const OTHER_DISK: &str = "another file system is mounted there";
/// What keeps even root from removing a file, by `chattr`.
const PROTECTED: IFlags = IFlags::IMMUTABLE.union(IFlags::APPEND);

/// Removes whatever is at `path`.
pub(super) fn any(path: &Utf8Path) -> Result<()> {
    let (parent, name) = path
        .parent()
        .zip(path.file_name())
        .context("a file in a directory")?;
    let dir = match opened(parent) {
        Err(Errno::NOENT) => return Ok(()),
        dir => dir.with_context(|| format!("opening {parent}"))?,
    };
    let mut removal = Removal::on_that_of(dir.as_fd(), parent)?;
    let name = std::ffi::CString::new(name)?;
    match kind(dir.as_fd(), &name) {
        Err(Errno::NOENT) => return Ok(()),
        kind => removal.entry(dir.as_fd(), &name, kind.ok()),
    }
    removal.end()
}

/// Removes all in the directory at `dir` but what has one of these names.
pub(super) fn contents(dir: &Utf8Path, but: &[&str]) -> Result<()> {
    let above = dir.parent().context("a directory in another")?;
    let above = opened(above).with_context(|| format!("opening {above}"))?;
    let mut removal = Removal::on_that_of(above.as_fd(), dir)?;
    let inside = open(CWD, dir.as_std_path()).with_context(|| format!("opening {dir}"))?;
    if device(inside.as_fd()) != Some(removal.device) {
        bail!("{dir}: {OTHER_DISK}");
    }
    removal.all_in(inside.as_fd(), |name| {
        if but.iter().any(|but| but.as_bytes() == name.to_bytes()) {
            return Ok(false);
        }
        cut::point().map(|()| true)
    })?;
    removal.end()
}

/// Takes away from a file and its directory what `chattr` has given them and no mode shows. That it cannot be done is seen
/// when they are to be changed.
pub(super) fn release(path: &Utf8Path) {
    for path in [path.parent(), Some(path)].into_iter().flatten() {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        if let Ok(file) = rustix::fs::open(path.as_std_path(), flags, Mode::empty()) {
            release_open(file.as_fd());
        }
    }
}

fn release_open(file: BorrowedFd<'_>) {
    if let Ok(flags) = rustix::fs::ioctl_getflags(file)
        && flags.intersects(PROTECTED)
    {
        let _ = rustix::fs::ioctl_setflags(file, flags - PROTECTED);
    }
}

/// A directory in which something is removed: a link to it is as good.
fn opened(dir: &Utf8Path) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(dir.as_std_path(), flags, Mode::empty())
}

/// One that is removed itself: a link to it is none.
fn open(dir: impl AsFd, name: impl rustix::path::Arg) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(dir, name, flags, Mode::empty())
}

fn kind(dir: BorrowedFd<'_>, name: &CStr) -> rustix::io::Result<FileType> {
    let data = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(data.st_mode))
}

fn device(file: BorrowedFd<'_>) -> Option<u64> {
    rustix::fs::fstat(file).ok().map(|data| data.st_dev)
}

/// One removal: what it may touch, and what is left.
struct Removal {
    /// The file system that it stays on.
    device: u64,
    /// Where it is just now.
    at: Utf8PathBuf,
    left: Vec<String>,
    more: usize,
}

impl Removal {
    fn on_that_of(dir: BorrowedFd<'_>, at: &Utf8Path) -> Result<Self> {
        Ok(Self {
            device: device(dir).with_context(|| format!("looking at {at}"))?,
            at: at.to_owned(),
            left: Vec::new(),
            more: 0,
        })
    }

    fn entry(&mut self, dir: BorrowedFd<'_>, name: &CStr, kind: Option<FileType>) {
        // Whatever its bytes are, it is removed; only a message shows them so.
        self.at.push(&*name.to_string_lossy());
        let before = self.left.len() + self.more;
        let is_dir = kind == Some(FileType::Directory);
        if is_dir {
            self.inside(dir, name);
        }
        // What is in it is named, not the directory that cannot go for it.
        if self.left.len() + self.more == before
            && let Err(error) = unlink(dir, name, is_dir)
        {
            self.note(&error.to_string());
        }
        self.at.pop();
    }

    fn inside(&mut self, above: BorrowedFd<'_>, name: &CStr) {
        match open(above, name) {
            Ok(dir) if device(dir.as_fd()) != Some(self.device) => self.note(OTHER_DISK),
            Ok(dir) => {
                // With everything taken, nothing breaks off.
                let _ = self.all_in(dir.as_fd(), |_| Ok(true));
            }
            Err(error) => self.note(&error.to_string()),
        }
    }

    fn all_in(&mut self, dir: BorrowedFd<'_>, goes: impl Fn(&CStr) -> Result<bool>) -> Result<()> {
        let entries = match Dir::read_from(dir) {
            Ok(entries) => entries,
            Err(error) => {
                self.note(&error.to_string());
                return Ok(());
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.note(&error.to_string());
                    break;
                }
            };
            let name = entry.file_name();
            if [c".", c".."].contains(&name) || !goes(name)? {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => kind(dir, name).ok(),
                kind => Some(kind),
            };
            self.entry(dir, name, kind);
        }
        Ok(())
    }

    fn note(&mut self, why: &str) {
        if self.left.len() < NAMED {
            self.left.push(format!("{}: {why}", self.at));
        } else {
            self.more += 1;
        }
    }

    fn end(self) -> Result<()> {
        match (self.left.join("; "), self.more) {
            (left, 0) if left.is_empty() => Ok(()),
            (left, 0) => bail!("{left}"),
            (left, more) => bail!("{left}; and {more} more"),
        }
    }
}

fn unlink(dir: BorrowedFd<'_>, name: &CStr, is_dir: bool) -> rustix::io::Result<()> {
    let flags = if is_dir {
        AtFlags::REMOVEDIR
    } else {
        AtFlags::empty()
    };
    match rustix::fs::unlinkat(dir, name, flags) {
        Err(Errno::PERM) => {}
        Err(Errno::NOENT) => return Ok(()),
        done => return done,
    }
    release_open(dir);
    if is_dir || kind(dir, name) == Ok(FileType::RegularFile) {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        if let Ok(file) = rustix::fs::openat(dir, name, flags, Mode::empty()) {
            release_open(file.as_fd());
        }
    }
    rustix::fs::unlinkat(dir, name, flags)
}

#[cfg(test)]
mod tests {
    use fs_err as fs;

    use super::*;

    fn room() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        fs::create_dir_all(root.join("home/taro/usb/x")).expect("a directory");
        fs::write(root.join("home/taro/usb/x/photo"), "").expect("a file");
        fs::write(root.join("home/taro/diary"), "").expect("a file");
        (dir, root)
    }

    /// A disk cannot be mounted here: so all is as if the whole directory were one.
    #[test]
    fn what_lies_on_another_file_system_stays() {
        let (_dir, root) = room();
        let above = opened(&root.join("home")).expect("a directory");
        let mut removal = Removal::on_that_of(above.as_fd(), &root.join("home")).expect("a device");
        removal.device += 1;
        removal.entry(above.as_fd(), c"taro", Some(FileType::Directory));
        let error = removal.end().expect_err("it stays").to_string();
        assert_eq!(error, format!("{root}/home/taro: {OTHER_DISK}"));
        assert!(root.join("home/taro/usb/x/photo").exists());
        any(&root.join("home/taro")).expect("its own file system");
        assert!(!root.join("home/taro").exists());
        any(&root.join("home/taro")).expect("it need not be there");
        any(&root.join("nowhere/taro")).expect("nor what it would be in");
    }

    #[test]
    fn what_is_left_is_counted_and_the_first_are_named() {
        let at = Utf8PathBuf::from("/home");
        let mut removal = Removal {
            device: 0,
            at,
            left: Vec::new(),
            more: 0,
        };
        for _ in 0..NAMED + 2 {
            removal.note("busy");
        }
        let error = removal.end().expect_err("something is left").to_string();
        assert_eq!(error, "/home: busy; /home: busy; /home: busy; and 2 more");
    }

    #[test]
    fn names_that_are_no_text_and_sockets_go_too() {
        use std::os::unix::ffi::OsStrExt as _;
        let (_dir, root) = room();
        let odd = std::ffi::OsStr::from_bytes(b"\xff");
        fs::write(root.join("home").as_std_path().join(odd), "").expect("a file");
        let socket = root.join("home/taro/socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        contents(&root.join("home"), &["stays"]).expect("emptying");
        assert_eq!(
            fs::read_dir(root.join("home")).expect("it stays").count(),
            0
        );
    }
}
