//! Reading an initramfs: concatenated archives in cpio's "newc" format (Linux,
//! Documentation/driver-api/early-userspace/buffer-format.rst), already decompressed.

use anyhow::{Context, Result, bail};

const HEADER: usize = 110;

/// Path and content of every regular file.
///
/// # Errors
/// The bytes are no such archive, or end too early.
pub fn files(bytes: &[u8]) -> Result<Vec<(&str, &[u8])>> {
    let mut files = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        // Zeros pad one archive to the next.
        if bytes[at] == 0 {
            at += 1;
            continue;
        }
        let header = bytes
            .get(at..at + HEADER)
            .context("it ends inside a header")?;
        if !header.starts_with(b"070701") && !header.starts_with(b"070702") {
            bail!("byte {at} starts no file of a cpio archive");
        }
        let mode = field(header, 1)?;
        let size = field(header, 6)?;
        let name_size = field(header, 11)?;
        let name_at = at + HEADER;
        let data_at = align(name_at + name_size);
        let name = bytes
            .get(name_at..(name_at + name_size).saturating_sub(1))
            .context("it ends inside a name")?;
        let data = bytes
            .get(data_at..data_at + size)
            .context("it ends inside a file")?;
        let name = std::str::from_utf8(name).context("a name that is no UTF-8")?;
        if mode & 0o170_000 == 0o100_000 {
            files.push((name.trim_start_matches("./"), data));
        }
        at = align(data_at + size);
    }
    Ok(files)
}

/// The `index`-th of a header's eight-digit hexadecimal numbers.
fn field(header: &[u8], index: usize) -> Result<usize> {
    let digits = std::str::from_utf8(&header[6 + index * 8..][..8])?;
    Ok(usize::from_str_radix(digits, 16)?)
}

fn align(at: usize) -> usize {
    at.next_multiple_of(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, mode: u32, data: &[u8]) -> Vec<u8> {
        let numbers = [
            1,
            mode,
            0,
            0,
            1,
            0,
            data.len() as u32,
            0,
            0,
            0,
            0,
            name.len() as u32 + 1,
            0,
        ];
        let mut bytes = b"070701".to_vec();
        bytes.extend(
            numbers
                .iter()
                .flat_map(|number| format!("{number:08x}").into_bytes()),
        );
        bytes.extend(name.as_bytes());
        bytes.push(0);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    #[test]
    fn files_of_concatenated_archives_are_read() {
        let mut bytes = member("bin", 0o040_755, b"");
        bytes.extend(member("./bin/sh", 0o100_755, b"hello"));
        bytes.extend(member("TRAILER!!!", 0, b""));
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes.extend(member("b", 0o100_644, b""));
        assert_eq!(
            files(&bytes).unwrap(),
            [("bin/sh", &b"hello"[..]), ("b", b"")]
        );
    }

    #[test]
    fn broken_archives_are_errors() {
        let whole = member("file", 0o100_644, b"0123456789");
        assert!(
            files(&whole[..whole.len() - 8])
                .unwrap_err()
                .to_string()
                .contains("inside a file")
        );
        assert!(
            files(b"ELF")
                .unwrap_err()
                .to_string()
                .contains("inside a header")
        );
        assert!(
            files(&[b'x'; 200])
                .unwrap_err()
                .to_string()
                .contains("byte 0")
        );
    }
}
