//! Writes cpio archives of the "newc" kind, the one that the kernel unpacks as an initramfs. The
//! format is the kernel's Documentation/driver-api/early-userspace/buffer-format.rst. Reading is
//! not done here.

use std::fmt::Write as _;

/// What ends an archive.
const TRAILER: &str = "TRAILER!!!";
const FILE: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;

/// An archive under construction. Everything in it belongs to root and is dated 1970.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    entries: u32,
}

impl Archive {
    /// Adds a directory; `path` has no leading slash.
    pub(crate) fn dir(&mut self, path: &str) {
        self.entry(path, DIRECTORY | 0o755, b"");
    }

    /// Adds a file with these permissions.
    pub(crate) fn file(&mut self, path: &str, mode: u32, content: &[u8]) {
        self.entry(path, FILE | mode, content);
    }

    /// The archive, with its end.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.entries = 0;
        self.entry(TRAILER, 0, b"");
        self.bytes
    }

    fn entry(&mut self, name: &str, mode: u32, content: &[u8]) {
        let length = u32::try_from(content.len()).expect("files of the check are small");
        let name_length = u32::try_from(name.len() + 1).expect("names of the check are short");
        let links = if mode & DIRECTORY != 0 { 2 } else { 1 };
        let ino = self.entries;
        self.entries += 1;
        // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor,
        // namesize, check.
        let fields = [
            ino,
            mode,
            0,
            0,
            links,
            0,
            length,
            0,
            0,
            0,
            0,
            name_length,
            0,
        ];
        let mut header = String::from("070701");
        for field in fields {
            let _ = write!(header, "{field:08X}");
        }
        self.bytes.extend_from_slice(header.as_bytes());
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        pad(&mut self.bytes);
        self.bytes.extend_from_slice(content);
        pad(&mut self.bytes);
    }
}

/// Fills with zeros up to a multiple of four, where the kernel expects every header.
pub(crate) fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_what_the_format_says() {
        let mut archive = Archive::default();
        archive.dir("a");
        archive.file("a/b", 0o600, b"hello");
        let bytes = archive.finish();
        let text = String::from_utf8(bytes).unwrap();
        let header = |ino: u32, mode: u32, links: u32, size: usize, name: usize| {
            format!(
                "070701{ino:08X}{mode:08X}{z}{z}{links:08X}{z}{size:08X}{z}{z}{z}{z}{name:08X}{z}",
                z = "00000000"
            )
        };
        let dir = header(0, 0o40755, 2, 0, 2) + "a\0";
        let file = header(1, 0o100600, 1, 5, 4) + "a/b\0\0\0hello\0\0\0";
        let end = header(0, 0, 1, 0, 11) + "TRAILER!!!\0\0\0\0";
        assert_eq!(text, dir + &file + &end);
    }
}
