//! The gate: walks all that will ship, root, boot partition and initramfs, and refuses what an
//! image must not hold: programs of another architecture, secrets, traces of the build.
//!
//! It collects everything it finds, so that one build shows all that is wrong.

mod cpio;
mod rules;

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::hint::Hint;
use crate::rootfs::{self, Content};
use crate::scratch::Scratch;
use crate::tools::Tools;
use crate::{preset, profile};

/// The text of this module: part of the key of the stage that uses it.
pub const SOURCES: [&str; 3] = [
    include_str!("gate.rs"),
    include_str!("gate/rules.rs"),
    include_str!("gate/cpio.rs"),
];

/// How many bytes of a file are looked at for keys.
const LOOKED_AT: u64 = 1 << 20;

/// How `lz4 -l` begins, the one form of it that Linux reads; zstd reads the other only.
const LEGACY_LZ4: [u8; 4] = [0x02, 0x21, 0x4c, 0x18];

/// One pass over an image's content.
pub struct Gate<'a> {
    allowed: &'a profile::Gate,
    preset: Option<&'a [u8]>,
    refused: Vec<String>,
    seen: usize,
}

impl<'a> Gate<'a> {
    /// A gate that lets pass what the profile names.
    pub fn new(allowed: &'a profile::Gate) -> Self {
        Self {
            allowed,
            preset: None,
            refused: Vec::new(),
            seen: 0,
        }
    }

    /// For one person's image: the preset with these bytes, and no other, may be on the boot partition.
    #[must_use]
    pub fn with_preset(self, bytes: &'a [u8]) -> Self {
        Self {
            preset: Some(bytes),
            ..self
        }
    }

    /// Looks at every file of a root's tar.
    ///
    /// # Errors
    /// The tar cannot be read; what is found is kept for [`Gate::verdict`].
    pub fn root(&mut self, tar: &Path) -> Result<()> {
        let file = std::io::BufReader::with_capacity(1 << 20, fs_err::File::open(tar)?);
        rootfs::read(file, &mut |entry, data| {
            if let Some(reason) = rules::forbidden_path(&entry.path, &entry.content) {
                self.refuse("", &entry.path, reason);
            }
            if matches!(entry.content, Content::File(_)) {
                let mut bytes = Vec::new();
                data.take(LOOKED_AT).read_to_end(&mut bytes)?;
                self.file("", &entry.path, &bytes);
                if let Some(reason) = rules::forbidden_text(&entry.path, &bytes) {
                    self.refuse("", &entry.path, &reason);
                }
            }
            Ok(())
        })
    }

    /// Looks at every file of the boot partition, and into the initramfs images among them.
    ///
    /// # Errors
    /// A file cannot be read, or an initramfs not be unpacked.
    pub fn boot(&mut self, dir: &Path, tools: &Tools, scratch: &Scratch) -> Result<()> {
        let mut initramfs = 0;
        for node in crate::overlay::walk(dir)? {
            let crate::overlay::Kind::File { bytes, .. } = &node.kind else {
                continue;
            };
            self.boot_file(&node.path, bytes);
            if node.path.to_string_lossy().starts_with("initrd") {
                initramfs += 1;
                self.initramfs(&node.path, &dir.join(&node.path), tools, scratch)?;
            }
        }
        anyhow::ensure!(initramfs > 0, "the boot partition has no initramfs");
        Ok(())
    }

    fn boot_file(&mut self, path: &Path, bytes: &[u8]) {
        let place = "the boot partition's ";
        self.file(place, path, bytes);
        if path == Path::new(preset::FILE) && self.preset == Some(bytes) {
            return;
        }
        if let Some(reason) = rules::of_one_device(path) {
            self.refuse(place, path, reason);
        }
        if let Some(reason) =
            rules::boot_secret(&String::from_utf8_lossy(bytes)).filter(|_| bytes.len() < 65_536)
        {
            self.refuse(place, path, &reason);
        }
    }

    fn initramfs(
        &mut self,
        name: &Path,
        file: &Path,
        tools: &Tools,
        scratch: &Scratch,
    ) -> Result<()> {
        let room = scratch.room()?;
        let unpacked = room.path().join("initramfs.cpio");
        let mut start = Vec::new();
        fs_err::File::open(file)?.take(4).read_to_end(&mut start)?;
        let command = if start == LEGACY_LZ4 {
            let lz4 = tools.cmd("lz4").args(["-d", "-q"]);
            lz4.arg(file).arg(&unpacked)
        } else {
            // zstd reads gzip and xz too.
            let zstd = tools.cmd("zstd").args(["-d", "-q", "-o"]);
            zstd.arg(&unpacked).arg(file)
        };
        command
            .run()
            .with_context(|| format!("unpacking the initramfs {}", name.display()))?;
        let place = format!("{}: ", name.display());
        let bytes = fs_err::read(&unpacked)?;
        let files = cpio::files(&bytes).with_context(|| format!("reading {}", name.display()))?;
        anyhow::ensure!(
            !files.is_empty(),
            "the initramfs {} is empty",
            name.display()
        );
        for (path, content) in files {
            self.file(&place, Path::new(path), content);
        }
        Ok(())
    }

    /// Everything that was found, as one error.
    ///
    /// # Errors
    /// Something was.
    pub fn verdict(self) -> Result<()> {
        anyhow::ensure!(self.seen > 0, "the gate was shown nothing");
        if self.refused.is_empty() {
            return Ok(());
        }
        let list = self.refused.join("\n    ");
        Err(anyhow!(
            "{} things must not ship:\n    {list}",
            self.refused.len()
        ))
        .hint("what is right as it is goes into the profile's [gate]")
    }

    /// The rules for every file, wherever it is.
    fn file(&mut self, place: &str, path: &Path, bytes: &[u8]) {
        self.seen += 1;
        let allowed = |globs: &[String]| {
            globs
                .iter()
                .any(|glob| crate::glob::matches(glob, &path.to_string_lossy()))
        };
        if let Some(machine) = rules::foreign_elf(bytes)
            && !allowed(&self.allowed.foreign_elf)
        {
            self.refuse(place, path, &format!("is a program for {machine}"));
        }
        if rules::is_private_key(bytes) && !allowed(&self.allowed.not_a_secret) {
            self.refuse(place, path, "holds a private key");
        }
    }

    fn refuse(&mut self, place: &str, path: &Path, reason: &str) {
        self.refused
            .push(format!("{place}/{} {reason}", path.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the gate says of a preset on the boot partition of an image that was made with `asked`.
    fn said(asked: Option<&[u8]>, there: &[u8]) -> Result<()> {
        let allowed = profile::Gate::default();
        let mut gate = Gate::new(&allowed);
        if let Some(bytes) = asked {
            gate = gate.with_preset(bytes);
        }
        gate.boot_file(Path::new(preset::FILE), there);
        gate.verdict()
    }

    #[test]
    fn a_preset_passes_in_the_image_that_was_made_for_it_alone() {
        let text = b"[owner]\nname = \"hanako\"\npassword = \"x\"\n";
        said(Some(text), text).unwrap();
        for (asked, there) in [
            (None, &text[..]),
            (None, b""),
            (Some(&b"other"[..]), &text[..]),
        ] {
            let error = said(asked, there).unwrap_err().to_string();
            assert!(error.contains("keeper.toml is a preset"), "{error}");
        }
    }
}
