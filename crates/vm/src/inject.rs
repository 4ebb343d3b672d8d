//! Puts the guest's check beside the image: a second archive before the initrd that QEMU is given.
//! The image itself stays byte for byte what is shipped.
//!
//! The archive holds a file that initramfs-tools' init reads as configuration. At that time /run is
//! not mounted yet, so all it does is to append a line to the last scripts that run before the real
//! root takes over; that line puts the unit and its script into /run, which moves along.

use std::time::Duration;

use anyhow::{Context, Result};
use camino::Utf8Path;

use crate::cpio::{self, Archive};

const CHECK: &str = include_str!("../../../tests/guest/check.sh");
const INSTALL: &str = include_str!("../../../tests/guest/install.sh");
const UNIT: &str = include_str!("../../../tests/guest/keeper-check.service");
/// Sourced by initramfs-tools' init, as Debian 12 has it (0.142).
const HOOK: &str = "echo 'sh /keeper-check/install.sh' >>/scripts/init-bottom/ORDER\n";

/// Writes the check and `initrd` behind it into the new file `to`. The guest gives up waiting for
/// its boot after `limit`.
pub(crate) fn extend(initrd: &Utf8Path, to: &Utf8Path, nonce: &str, limit: Duration) -> Result<()> {
    let bytes = joined(archive(nonce, limit), &fs_err::read(initrd)?);
    fs_err::write(to, bytes).context("putting the check before the initrd")?;
    Ok(())
}

/// A number that nobody can know who has not read this boot's initrd.
pub(crate) fn nonce() -> Result<String> {
    let mut bytes = [0; 16];
    let mut random = fs_err::File::open("/dev/urandom")?;
    std::io::Read::read_exact(&mut random, &mut bytes)?;
    Ok(image::digest::hex(&bytes))
}

/// The kernel takes archives one behind the other, each compressed or not, with zeros between. But
/// behind one that `lz4 -l` compressed it finds nothing: that form does not tell its end.
fn joined(mut archive: Vec<u8>, initrd: &[u8]) -> Vec<u8> {
    cpio::pad(&mut archive);
    archive.extend_from_slice(initrd);
    archive
}

fn archive(nonce: &str, limit: Duration) -> Vec<u8> {
    let settings = format!("nonce={nonce}\nlimit={}\n", limit.as_secs());
    let mut archive = Archive::default();
    for dir in ["conf", "conf/conf.d", "keeper-check"] {
        archive.dir(dir);
    }
    archive.file("conf/conf.d/keeper-check", 0o644, HOOK.as_bytes());
    for (name, mode, content) in [
        ("install.sh", 0o644, INSTALL),
        ("check.sh", 0o644, CHECK),
        ("keeper-check.service", 0o644, UNIT),
        ("settings", 0o600, &settings),
    ] {
        archive.file(&format!("keeper-check/{name}"), mode, content.as_bytes());
    }
    archive.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::GUEST_CHECKS;

    #[test]
    fn the_guests_script_makes_every_check_that_is_expected_of_it() {
        for name in GUEST_CHECKS {
            let call = format!("\nrun {name} ");
            assert!(CHECK.contains(&call), "check.sh has no line `run {name} …`");
        }
    }

    #[test]
    fn the_archive_comes_first_and_holds_the_nonce() {
        let bytes = joined(archive("0123", Duration::from_secs(60)), b"initrd");
        assert!(bytes.starts_with(b"070701") && bytes.ends_with(b"\0initrd"));
        assert!((bytes.len() - b"initrd".len()).is_multiple_of(4));
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("nonce=0123\nlimit=60\n"));
    }

    #[test]
    fn no_two_boots_share_a_nonce() {
        let (one, other) = (nonce().unwrap(), nonce().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
