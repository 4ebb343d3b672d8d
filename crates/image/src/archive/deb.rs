//! What we read of a .deb ourselves: when it was made. Unpacking is dpkg-deb's.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Seconds since 1970 at which a package was made: the time that its archive's first member has
/// (deb(5), ar's header). Distributions set it from the changelog, so that it belongs to the
/// package and not to the machine that built it.
///
/// # Errors
/// The file is no .deb.
pub fn made_at(deb: &Path) -> Result<u64> {
    let mut header = [0; 68];
    fs_err::File::open(deb)?.read_exact(&mut header)?;
    parse(&header).with_context(|| format!("reading {}", deb.display()))
}

fn parse(header: &[u8; 68]) -> Result<u64> {
    ensure!(
        header.starts_with(b"!<arch>\ndebian-binary"),
        "it is no Debian package"
    );
    let time = std::str::from_utf8(&header[24..36])?.trim();
    time.parse().context("its first member has no time")
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_time_stands_in_the_first_members_header() {
        let mut header = [b' '; 68];
        header[..21].copy_from_slice(b"!<arch>\ndebian-binary");
        header[24..34].copy_from_slice(b"1700000000");
        assert_eq!(parse(&header).unwrap(), 1_700_000_000);
        assert!(parse(&[0; 68]).is_err());
    }
}
