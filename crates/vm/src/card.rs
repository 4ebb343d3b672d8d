//! What an owner does to a card in a computer of theirs: writing and reading files of its boot
//! partition. The image stays as it is; the changes are in the card's copy-on-write layer.

use anyhow::{Context, Result};
use camino::{Utf8Path, Utf8PathBuf};
use image::tools::Tools;

use crate::disk::{Disk, boot_partition};
use crate::machine::comma_escaped;
use crate::session::Session;

impl Session {
    /// Writes files, by name and text, on the boot partition of the card, over those that are
    /// there. The machine is switched off.
    ///
    /// # Errors
    /// The boot partition is damaged or full.
    pub fn write_boot_files(&self, files: &[(&str, &str)], tools: &Tools) -> Result<()> {
        let there = partition(&self.machine.disk, &self.image.disk.path)?;
        let fat = self.copy_boot_partition(&there, tools)?;
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

    /// A file of the boot partition, as it is on the card now; `None` when there is none, or the
    /// machine is writing it.
    ///
    /// # Errors
    /// The card cannot be read.
    pub fn read_boot_file(&self, name: &str, tools: &Tools) -> Result<Option<String>> {
        let there = partition(&self.machine.disk, &self.image.disk.path)?;
        let fat = self.copy_boot_partition(&there, tools)?;
        let copy = tools.cmd("mtype").arg("-i").arg(&fat);
        let read = copy.arg(format!("::/{name}")).output();
        fs_err::remove_file(fat)?;
        let read = read?;
        let text = String::from_utf8_lossy(&read.stdout).into_owned();
        Ok(read.status.success().then_some(text))
    }

    fn copy_boot_partition(&self, there: &str, tools: &Tools) -> Result<Utf8PathBuf> {
        let fat = self.run.dir().join("boot.fat");
        // -U: the machine may have it.
        let out = tools.cmd("qemu-img").args(["convert", "-U", "-O", "raw"]);
        out.args(["--image-opts", there])
            .arg(&fat)
            .run()
            .context("copying the boot partition from the card")?;
        Ok(fat)
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
