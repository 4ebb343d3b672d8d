//! An image that the user already has: `--base FILE`. What is in it is told by its first bytes and
//! not by its name.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::BaseImage;
use super::release::LARGEST_LIST;
use super::signature::Signers;
use super::sums::Sums;
use crate::digest;
use crate::hint::Hint;
use crate::progress::Progress;

/// How an image's file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all: a disk, beginning with an MBR.
    Raw,
    /// .xz
    Xz,
    /// .zst
    Zstd,
    /// .gz
    Gzip,
}

impl Packing {
    /// The packing of a file, by its first bytes.
    ///
    /// # Errors
    /// It is no ordinary file, cannot be read, is empty, or is no image.
    pub fn of(file: &Path) -> Result<Self> {
        let shown = file.display();
        let data = fs_err::metadata(file)?;
        if data.is_dir() {
            return Err(anyhow!("{shown} is a directory")).hint("name the image in it");
        }
        ensure!(data.is_file(), "{shown} is no ordinary file");
        ensure!(data.len() > 0, "{shown} is empty");
        let mut start = Vec::new();
        fs_err::File::open(file)?
            .take(512)
            .read_to_end(&mut start)?;
        Self::of_bytes(&start)
            .map_err(|why| anyhow!("{shown} is no image: {why}"))
            .hint("a disk image is wanted: .img, .img.xz, .img.zst or .img.gz")
    }

    fn of_bytes(start: &[u8]) -> Result<Self, String> {
        let others: [(&[u8], &str); 5] = [
            (b"PK\x03\x04", "a zip archive"),
            (b"BZh", "packed with bzip2"),
            (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
            (b"QFI\xfb", "a disk of QEMU's own form"),
            (b"<", "a page of the web"),
        ];
        let starts = |magic: &[u8]| start.starts_with(magic);
        if starts(b"\xfd7zXZ\x00") {
            Ok(Self::Xz)
        } else if starts(b"\x28\xb5\x2f\xfd") {
            Ok(Self::Zstd)
        } else if starts(b"\x1f\x8b") {
            Ok(Self::Gzip)
        } else if start.get(510..512) == Some(&[0x55, 0xaa]) {
            Ok(Self::Raw)
        } else if let Some((_, what)) = others.iter().find(|(magic, _)| starts(magic)) {
            Err(format!("it is {what}"))
        } else {
            Err("it is neither packed nor begins with a boot sector".into())
        }
    }
}

/// The image in `file`, checked against SHA256SUMS and its signature where both lie beside it.
/// Inside the sandbox only.
///
/// # Errors
/// The file cannot be read or is no image, the signature does not count, or the list has another
/// checksum or none.
pub fn take(file: &Path, signers: Option<&Signers>, progress: &Progress) -> Result<BaseImage> {
    let path = std::path::absolute(file)?;
    Packing::of(&path).context("looking at the base image")?;
    let step = progress.step(format!("reading {}", name_of(&path)));
    let sha256 = digest::of_file(&path)?;
    step.done("");
    let signer = match (List::beside(&path), signers) {
        (Ok(list), Some(signers)) => Some(
            list.confirm(&path, &sha256, signers)
                .with_context(|| format!("checking {}", path.display()))?,
        ),
        (Ok(_), None) => {
            unchecked(&path, "the profile names nobody who may sign it", progress);
            None
        }
        (Err(missing), _) => {
            unchecked(&path, &format!("no {missing} beside it"), progress);
            None
        }
    };
    Ok(BaseImage {
        path,
        sha256,
        signer,
    })
}

fn unchecked(path: &Path, why: &str, progress: &Progress) {
    progress.warn(&format!(
        "{} is not checked against a signature: {why}",
        name_of(path)
    ));
}

/// SHA256SUMS and its signature, beside an image.
struct List {
    sums: PathBuf,
    signature: PathBuf,
}

impl List {
    /// Both files, or the name of the one that is not there.
    fn beside(path: &Path) -> Result<Self, &'static str> {
        let beside = |name: &'static str| {
            let file = path.with_file_name(name);
            if file.is_file() { Ok(file) } else { Err(name) }
        };
        Ok(Self {
            sums: beside("SHA256SUMS")?,
            signature: beside("SHA256SUMS.gpg")?,
        })
    }

    /// Whoever signed that the file has this checksum.
    fn confirm(&self, path: &Path, sha256: &str, signers: &Signers) -> Result<String> {
        let list = read_small(&self.sums)?;
        let signer = signers
            .check(&list, &read_small(&self.signature)?)
            .context("SHA256SUMS beside it")?;
        let sums = Sums::parse(std::str::from_utf8(&list).context("SHA256SUMS is no text")?)?;
        let name = name_of(path);
        let Some(listed) = sums.of(&name) else {
            return Err(anyhow!("SHA256SUMS beside it does not list {name}")).hint(format!(
                "{}; in a directory without SHA256SUMS, the image is taken unchecked",
                sums.nearest(&name)
            ));
        };
        if listed != sha256 {
            return Err(anyhow!(
                "it has SHA-256 {sha256}, SHA256SUMS beside it says {listed}"
            ))
            .hint("it is damaged, or not whole: fetch it again");
        }
        Ok(signer)
    }
}

fn read_small(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs_err::File::open(path)?
        .take(LARGEST_LIST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_LIST {
        bail!("{} has more than {LARGEST_LIST} bytes", path.display());
    }
    Ok(bytes)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::hint_of;

    fn packing(bytes: &[u8]) -> Result<Packing> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs_err::write(file.path(), bytes).unwrap();
        Packing::of(file.path())
    }

    #[test]
    fn the_packing_is_told_by_the_first_bytes() {
        let mut raw = vec![0; 600];
        (raw[510], raw[511]) = (0x55, 0xaa);
        for (bytes, expected) in [
            (&b"\xfd7zXZ\x00\x00\x04"[..], Packing::Xz),
            (b"\x28\xb5\x2f\xfd\x04", Packing::Zstd),
            (b"\x1f\x8b\x08", Packing::Gzip),
            (&raw, Packing::Raw),
        ] {
            assert_eq!(packing(bytes).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_no_image_is_named_with_the_reason() {
        let dir = tempfile::tempdir().unwrap();
        let error = Packing::of(dir.path()).unwrap_err().to_string();
        assert!(error.ends_with("is a directory"), "{error}");
        let error = Packing::of(&dir.path().join("missing")).unwrap_err();
        assert!(error.to_string().contains("missing"), "{error}");
        let error = Packing::of("/dev/null".as_ref()).unwrap_err().to_string();
        assert_eq!(error, "/dev/null is no ordinary file");
        for (bytes, expected) in [
            (&b"PK\x03\x04rest"[..], "it is a zip archive"),
            (b"<!DOCTYPE html>", "it is a page of the web"),
            (
                &[0; 512],
                "it is neither packed nor begins with a boot sector",
            ),
            (&[0x55, 0xaa], "it is neither packed"),
        ] {
            let error = packing(bytes).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert!(hint_of(&error).unwrap().contains(".img.xz"));
        }
        let error = packing(b"").unwrap_err().to_string();
        assert!(error.ends_with(" is empty"), "{error}");
    }
}
