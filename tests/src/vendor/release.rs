//! The twin's release directory: the image compressed, its checksum, and a signature by a key that
//! is made for it and thrown away.

use std::path::Path;

use anyhow::{Context, Result};
use cmd::Cmd;
use image::digest;
use image::tools::ToolSet;

use super::Maker;

/// The image's file name.
pub(super) const IMAGE: &str = "twin-11.11-preinstalled-server-arm64+raspi.img.xz";
/// What the store's entry holds.
pub(super) const DIR: &str = "release";
pub(super) const KEYRING: &str = "keyring.gpg";
pub(super) const FINGERPRINT: &str = "fingerprint";

/// What making the twin takes beyond the builder's tools.
pub(super) const TOOLS: ToolSet = ToolSet {
    name: "vendor",
    packages: &["device-tree-compiler", "gnupg", "gzip", "u-boot-tools"],
};

const SIGNER: &str = "Image Signing Key <images@example.invalid>";

/// Makes the release from the finished image, which goes.
pub(super) fn publish(maker: &Maker, disk: &Path, entry: &Path) -> Result<()> {
    let dir = entry.join(DIR);
    fs_err::create_dir(&dir)?;
    maker
        .tools
        .cmd("xz")
        // Fast before small; in blocks, so that they can be unpacked in parallel.
        .args(["--lzma2=preset=0,nice=4,depth=1", "--threads=2"])
        .arg("--block-size=16MiB")
        .arg(disk)
        .run()
        .context("compressing the image")?;
    fs_err::copy(disk.with_extension("img.xz"), dir.join(IMAGE))?;
    let sums = dir.join("SHA256SUMS");
    fs_err::write(&sums, sums_of(&digest::of_file(&dir.join(IMAGE))?))?;
    sign(maker, &sums, entry).context("signing the checksums")
}

/// A line for each of the release's images, ours among them.
fn sums_of(sum: &str) -> String {
    let other = digest::of_bytes(b"an image that is not made");
    [
        (&*other, IMAGE.replace("arm64", "armhf")),
        (sum, IMAGE.to_owned()),
        (&*other, IMAGE.replace("server", "core")),
    ]
    .map(|(sum, name)| format!("{sum} *{name}\n"))
    .concat()
}

fn sign(maker: &Maker, sums: &Path, entry: &Path) -> Result<()> {
    // Short: the agent's socket is in it. The tools see /tmp.
    let home = tempfile::tempdir_in("/tmp")?;
    let gpg = || -> Cmd {
        maker
            .own_tools
            .cmd("gpg")
            .env("GNUPGHOME", home.path())
            .args(["--batch", "--quiet", "--passphrase", ""])
    };
    gpg()
        .args(["--quick-generate-key", SIGNER, "rsa4096", "sign", "never"])
        .run()?;
    let key = gpg()
        .args(["--with-colons", "--list-keys", SIGNER])
        .read()?;
    let fingerprint = key
        .lines()
        .find_map(|line| {
            line.strip_prefix("fpr:")?
                .split(':')
                .find(|field| !field.is_empty())
        })
        .context("gpg names no fingerprint")?;
    fs_err::write(entry.join(FINGERPRINT), fingerprint)?;
    gpg()
        .arg("--output")
        .arg(entry.join(KEYRING))
        .args(["--export", SIGNER])
        .run()?;
    gpg()
        .args(["--armor", "--digest-algo", "SHA512", "--output"])
        .arg(sums.with_extension("gpg"))
        .arg("--detach-sign")
        .arg(sums)
        .run()?;
    // It would end when it misses its directory, but only by and by.
    maker
        .own_tools
        .cmd("gpgconf")
        .env("GNUPGHOME", home.path())
        .args(["--kill", "all"])
        .run()?;
    Ok(())
}
