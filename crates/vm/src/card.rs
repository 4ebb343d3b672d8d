//! What an owner does to a freshly flashed card: writing files of its boot partition. The image
//! stays as it is; the changes are in the card's copy-on-write layer.

use anyhow::{Context, Result};
use camino::Utf8Path;
use image::tools::Tools;

use crate::disk::{Disk, boot_partition};
use crate::machine::comma_escaped;
use crate::session::Session;

impl Session {
    /// Writes files, by name and text, on the boot partition of the card, over those that are
    /// there. The machine has not been started yet.
    ///
    /// # Errors
    /// The boot partition is damaged or full.
    pub fn write_boot_files(&self, files: &[(&str, &str)], tools: &Tools) -> Result<()> {
        let card = &self.machine.disk;
        let there = partition(card, &self.image.disk.path)?;
        let fat = self.run.dir().join("boot.fat");
        let out = tools.cmd("qemu-img").args(["convert", "-O", "raw"]);
        out.args(["--image-opts", &there])
            .arg(&fat)
            .run()
            .context("copying the boot partition from the card")?;
        for (name, text) in files {
            let file = self.run.dir().join("boot.file");
            fs_err::write(&file, text)?;
            let copy = tools.cmd("mcopy").args(["-o", "-i"]).arg(&fat).arg(&file);
            copy.arg(format!("::/{name}"))
                .run()
                .with_context(|| format!("writing {name} on the boot partition"))?;
        }
        let back = tools.cmd("qemu-img").args(["convert", "-n", "-f", "raw"]);
        back.arg("--target-image-opts")
            .arg(&fat)
            .arg(&there)
            .run()
            .context("copying the boot partition to the card")?;
        fs_err::remove_file(fat)?;
        Ok(())
    }
}

/// The boot partition of `card`, in QEMU's words for a part of a disk. Where it is stands in the raw
/// image under the card.
fn partition(card: &Disk, raw: &Utf8Path) -> Result<String> {
    let place = boot_partition(raw)?;
    Ok(format!(
        "driver=raw,offset={},size={},file.driver={},file.file.driver=file,file.file.filename={}",
        place.start,
        place.size,
        card.format.name(),
        comma_escaped(&card.path),
    ))
}
