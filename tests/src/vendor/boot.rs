//! What is on the twin's boot partition, as a directory.

use std::path::Path;

use anyhow::Result;
use cmd::Cmd;
use image::{files, overlay};

use super::{Maker, root};

/// Not in Debian's arm64 packages: U-Boot for the 32-bit processor of the first Raspberry Pi 2.
const PLACEHOLDER: &str = "uboot_rpi_2.bin";

/// Brings it all together in the new directory `dir`.
pub(super) fn lay_out(maker: &Maker, dir: &Path) -> Result<()> {
    fs_err::create_dir(dir)?;
    Cmd::new("tar")
        .args(["--extract", "--no-same-owner", "--directory"])
        .arg(dir)
        .arg("--file")
        .arg(maker.root.file("boot.tar"))
        .run()?;
    files::copy_tree(&maker.fixtures.join("boot"), dir)?;
    fs_err::write(dir.join(PLACEHOLDER), "a placeholder\n")?;
    kernel(maker, dir)?;
    let own = |program| {
        maker
            .own_tools
            .cmd(program)
            .env("SOURCE_DATE_EPOCH", maker.epoch.to_string())
    };
    let script = dir.join("boot.cmd");
    fs_err::copy(maker.fixtures.join("boot.cmd"), &script)?;
    own("mkimage")
        .args([
            "-q",
            "-A",
            "arm64",
            "-T",
            "script",
            "-C",
            "none",
            "-n",
            "boot script",
            "-d",
        ])
        .arg(&script)
        .arg(dir.join("boot.scr"))
        .run()?;
    fs_err::remove_file(script)?;
    fs_err::create_dir(dir.join("overlays"))?;
    for node in overlay::walk(&maker.fixtures.join("overlays"))? {
        let source = dir.join("overlay.dts");
        fs_err::copy(maker.fixtures.join("overlays").join(&node.path), &source)?;
        let compiled = dir.join("overlays").join(node.path).with_extension("dtbo");
        own("dtc")
            .args(["-q", "-@", "-I", "dts", "-O", "dtb", "-o"])
            .args([&compiled, &source])
            .run()?;
        fs_err::remove_file(source)?;
    }
    Ok(())
}

/// The kernel, compressed as Ubuntu's are for arm64, and its initramfs.
fn kernel(maker: &Maker, dir: &Path) -> Result<()> {
    let version = root::kernel(maker)?;
    let tar = maker.root.file("root.tar");
    for name in ["vmlinuz", "initrd.img"] {
        let file = Path::new("boot").join(format!("{name}-{version}"));
        fs_err::write(dir.join(name), root::read(&tar, &file)?)?;
    }
    let kernel = dir.join("vmlinuz");
    maker
        .own_tools
        .cmd("gzip")
        .args(["-n", "-6"])
        .arg(&kernel)
        .run()?;
    fs_err::rename(kernel.with_extension("gz"), kernel)?;
    Ok(())
}
