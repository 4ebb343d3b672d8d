//! What `install-browser` says about the browser's installation, for `keeper status`. It is only
//! shown: text of another program, cut and cleaned.

use camino::Utf8Path;
use std::fs::File;
use std::io::Read as _;

/// How many bytes of the file are looked at.
const LOOKED_AT: u64 = 512;

/// How many characters are shown.
const SHOWN: usize = 200;

/// The first line of the file at `path`; none when there is no such file, or nothing in it.
pub(crate) fn status(path: &Utf8Path) -> Option<String> {
    // Opening anything else, a pipe for one, might wait for ever.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path)
        .ok()?
        .take(LOOKED_AT)
        .read_to_end(&mut bytes)
        .ok()?;
    shown(&bytes)
}

fn shown(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().next()?.trim();
    let line: String = line
        .chars()
        .filter(|c| !c.is_control())
        .take(SHOWN)
        .collect();
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_and_cleaned() {
        let long = "x".repeat(LOOKED_AT as usize);
        for (bytes, expected) in [
            (&b"installed\n"[..], Some("installed")),
            (
                b"installing 45%: \x1b[31mDownload\nmore",
                Some("installing 45%: [31mDownload"),
            ),
            (b"", None),
            (b"\n\n", None),
            (b"\x07", None),
            (b"a\xff", Some("a\u{fffd}")),
            (long.as_bytes(), Some(&long[..SHOWN])),
        ] {
            assert_eq!(shown(bytes).as_deref(), expected);
        }
    }

    #[test]
    fn what_is_no_file_is_no_status() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let path = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        assert_eq!(status(path), None);
        assert_eq!(status(&path.join("status")), None);
        std::fs::write(path.join("status"), "waiting-for-network\n").expect("writing");
        assert_eq!(
            status(&path.join("status")).as_deref(),
            Some("waiting-for-network")
        );
    }
}
