//! Files and directories that are there whole or not at all. What is unfinished has a name that
//! starts with `.new-`, and goes at the next build.
//!
//! One thing may stay unfinished: a download, as `<name>.part`, so that a killed build goes on with
//! it. See [`crate::vendor::download`].

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::digest;

/// Writes a file by a temporary one beside it and a rename.
///
/// # Errors
/// The directory cannot be made or written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().context("a path with a directory")?;
    fs_err::create_dir_all(dir)?;
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
    std::io::Write::write_all(&mut file, bytes)
        .with_context(|| format!("writing {}", path.display()))?;
    set_readable(file.path())?;
    file.persist(path)
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(())
}

/// Makes a directory by `fill`ing a temporary one beside it and a rename.
///
/// # Errors
/// `fill` failed, and then nothing is left; or the directory cannot be written.
pub fn make_dir_whole(path: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let parent = path.parent().context("a path with a directory")?;
    fs_err::create_dir_all(parent)?;
    let scratch = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(parent)?;
    set_readable(scratch.path())?;
    fill(scratch.path())?;
    fs_err::rename(scratch.path(), path)?;
    // Its name is gone: there is nothing left to remove.
    let _ = scratch.keep();
    Ok(())
}

/// Makes sure that files can be written into a directory, before anything long is begun.
///
/// # Errors
/// It cannot be made, or nothing can be written there.
pub fn check_writable(dir: &Path) -> Result<()> {
    let probe = || -> Result<()> {
        fs_err::create_dir_all(dir)?;
        tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
        Ok(())
    };
    probe().with_context(|| format!("{} cannot be written to", dir.display()))
}

/// Removes what a killed build left below `dir`: everything under a name of the two above.
///
/// # Errors
/// It cannot be removed.
pub fn remove_leftovers(dir: &Path) -> Result<()> {
    let Ok(entries) = fs_err::read_dir(dir) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(".new-") {
            continue;
        }
        remove(&entry)?;
    }
    Ok(())
}

/// Removes what a directory lists, with all that is in it.
///
/// # Errors
/// It cannot be removed.
pub fn remove(entry: &fs_err::DirEntry) -> Result<()> {
    if entry.file_type()?.is_dir() {
        fs_err::remove_dir_all(entry.path())?;
    } else {
        fs_err::remove_file(entry.path())?;
    }
    Ok(())
}

/// Copies the files of a directory, and of those in it, into another that may exist. Links stay what
/// they are.
///
/// # Errors
/// Something cannot be read or written.
pub fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs_err::create_dir_all(to)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let there = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &there)?;
        } else if kind.is_symlink() {
            fs_err::os::unix::fs::symlink(fs_err::read_link(entry.path())?, there)?;
        } else {
            fs_err::copy(entry.path(), there)?;
        }
    }
    Ok(())
}

/// SHA-256 of every file in a directory and those in it, by path in it, sorted.
///
/// # Errors
/// Something cannot be read.
pub fn sums_of_tree(dir: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut sums = Vec::new();
    for entry in fs_err::read_dir(dir)? {
        let entry = entry?;
        let name = PathBuf::from(entry.file_name());
        if entry.file_type()?.is_dir() {
            let below = sums_of_tree(&entry.path())?.into_iter();
            sums.extend(below.map(|(path, sum)| (name.join(path), sum)));
        } else {
            sums.push((name, digest::of_file(&entry.path())?));
        }
    }
    sums.sort();
    Ok(sums)
}

/// tempfile makes things for the owner alone; caches and outputs are for everybody to read.
pub(crate) fn set_readable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if path.is_dir() { 0o755 } else { 0o644 };
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_could_not_be_filled_is_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("made");
        make_dir_whole(&path, |scratch| {
            fs_err::write(scratch.join("half"), "x")?;
            anyhow::bail!("no more")
        })
        .unwrap_err();
        assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 0);
        make_dir_whole(&path, |scratch| {
            Ok(fs_err::write(scratch.join("all"), "x")?)
        })
        .unwrap();
        assert_eq!(fs_err::read_to_string(path.join("all")).unwrap(), "x");
    }
}
