//! Making the twin: the suite's own packages for the builder's architecture, unpacked, and made fit
//! to be run from inside a foreign root.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use cmd::Cmd;

use crate::archive::{Apt, Package, Request};
use crate::progress::Progress;
use crate::tools::{HOST_ARCH, Tools, unpack};
use crate::{digest, files, resolution};

/// The loader that native programs ask for, and the one that they get, under a name of the same
/// length: the foreign root has no /lib64, and its packages remove one that they find.
const LOADER: &[u8] = b"/lib64/ld-linux-x86-64.so.2\0";
const OUR_LOADER: &[u8] = b"/.native/ld-linux-x86-64.so\0";

/// The native twin of a suite.
pub struct Twin {
    root: PathBuf,
    packages: Vec<Package>,
}

impl Twin {
    /// Fetches and prepares it unless it is in the cache. `request` names the packages, `arch` is
    /// the root's, `leave_foreign` are programs that stay as they are.
    ///
    /// # Errors
    /// The archive cannot be reached, or its dpkg is not what we know.
    pub fn acquire(
        cache: &Path,
        request: &Request,
        arch: &str,
        leave_foreign: &[String],
        tools: &Tools,
        update: bool,
        progress: &Progress,
    ) -> Result<Self> {
        let packages = resolution::resolve(cache, request, update, progress)?;
        let key = digest::of(&(
            &packages,
            leave_foreign,
            arch,
            tools.packages(),
            include_str!("twin.rs"),
        ));
        let root = cache.join("twin").join(&key[..16]);
        if !root.exists() {
            let apt = Apt::new(cache, request)?;
            apt.download(&packages, progress)?;
            files::make_dir_whole(&root, |scratch| {
                unpack(&apt, &packages, scratch, progress)?;
                fs_err::copy(
                    tools.file("usr/bin/qemu-aarch64"),
                    scratch.join(".emulator"),
                )?;
                prepare(scratch, leave_foreign, arch)
            })
            .context("preparing the native tools")?;
        }
        Ok(Self { root, packages })
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What it is made of: part of the key of what is made with it.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }
}

fn prepare(root: &Path, leave_foreign: &[String], arch: &str) -> Result<()> {
    for program in leave_foreign {
        let path = root.join(program);
        if path.symlink_metadata().is_ok() {
            fs_err::remove_file(path)?;
        }
    }
    let loader = Path::new("usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
    fs_err::os::unix::fs::symlink(loader, root.join("ld-linux-x86-64.so"))?;
    for dir in ["usr/bin", "usr/sbin", "usr/lib", "usr/libexec"] {
        redirect_loader(&root.join(dir))?;
    }
    retarget_dpkg(root, arch)
}

/// Points every program below `dir` to [`OUR_LOADER`].
fn redirect_loader(dir: &Path) -> Result<()> {
    let Ok(entries) = fs_err::read_dir(dir) else {
        return Ok(());
    };
    for entry in entries {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        if kind.is_dir() {
            redirect_loader(&path)?;
        } else if kind.is_file() {
            let bytes = fs_err::read(&path)?;
            if bytes.starts_with(b"\x7fELF")
                && let Some(patched) = replace(&bytes, LOADER, OUR_LOADER)
            {
                fs_err::write(&path, patched)?;
            }
        }
    }
    Ok(())
}

/// dpkg's own architecture is a word compiled into it; the native dpkg must manage a foreign root
/// as that root's own would. Both words have five letters. What it then says of itself is checked.
fn retarget_dpkg(root: &Path, arch: &str) -> Result<()> {
    let path = root.join("usr/bin/dpkg");
    let bytes = fs_err::read(&path)?;
    let (from, to) = (format!("\0{HOST_ARCH}\0"), format!("\0{arch}\0"));
    ensure!(
        from.len() == to.len(),
        "dpkg cannot be made to manage {arch}"
    );
    let patched = replace(&bytes, from.as_bytes(), to.as_bytes())
        .context("this dpkg does not hold its architecture as a word")?;
    fs_err::write(&path, patched)?;
    let library_path = root.join("usr/lib/x86_64-linux-gnu");
    let said = Cmd::new(library_path.join("ld-linux-x86-64.so.2"))
        .arg("--library-path")
        .arg(&library_path)
        .arg(&path)
        .arg("--print-architecture")
        .read()?;
    ensure!(
        said.trim() == arch,
        "the native dpkg says it manages {:?}, not {arch}",
        said.trim()
    );
    Ok(())
}

/// `bytes` with every `from` made `to`, which has the same length; nothing when there is none.
fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Option<Vec<u8>> {
    debug_assert_eq!(from.len(), to.len());
    let mut patched = bytes.to_vec();
    let mut found = false;
    let mut at = 0;
    while let Some(offset) = find(&patched[at..], from) {
        patched[at + offset..][..to.len()].copy_from_slice(to);
        // A word's closing zero may be the next one's opening zero.
        at += offset + from.len() - 1;
        found = true;
    }
    found.then_some(patched)
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(|byte| *byte == word[0]) {
        at += offset;
        if bytes[at..].starts_with(word) {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_replaced_wherever_they_stand_whole() {
        let patched = replace(b"x\0amd64\0amd64\0amd641\0", b"\0amd64\0", b"\0arm64\0");
        assert_eq!(patched.as_deref(), Some(&b"x\0arm64\0arm64\0amd641\0"[..]));
        assert_eq!(replace(b"nothing", b"\0amd64\0", b"\0arm64\0"), None);
    }

    #[test]
    fn both_loaders_have_the_same_length() {
        assert_eq!(LOADER.len(), OUR_LOADER.len());
    }
}
