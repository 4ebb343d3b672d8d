//! The keeper.toml that answers are made from, and by what it is recognised.

use camino::Utf8Path;
use config::Config;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;

/// What the file says, and its SHA-256 in hex.
pub(super) struct Base {
    pub(super) config: Config,
    /// None where there is no file to be read.
    pub(super) digest: Option<String>,
}

impl Base {
    /// Reads the file at `path`. A broken one is taken for what is in force, so that the pages can mend it.
    pub(super) fn read(path: &Utf8Path, in_force: impl FnOnce() -> Option<Config>) -> Self {
        let bytes = read(path);
        let digest = bytes.as_deref().map(hex);
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let config = text.and_then(|text| config::parse(&text).ok());
        Self {
            config: config.or_else(in_force).unwrap_or_default(),
            digest,
        }
    }
}

/// The SHA-256 of the file at `path`; none where there is none to be read.
pub(super) fn digest(path: &Utf8Path) -> Option<String> {
    read(path).as_deref().map(hex)
}

/// One byte more than a keeper.toml may have is no keeper.toml, whatever follows.
fn read(path: &Utf8Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(config::MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8PathBuf;

    #[test]
    fn a_broken_file_is_taken_for_what_is_in_force() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let path = Utf8PathBuf::try_from(dir.path().join("keeper.toml")).expect("a UTF-8 path");
        let earlier = config::parse("router.map = true").expect("a configuration");
        let base = Base::read(&path, || Some(earlier.clone()));
        assert_eq!((base.config, base.digest), (earlier.clone(), None));
        for (bytes, in_force, expected) in [
            (&b"router.map = true"[..], None, earlier.clone()),
            (b"router.map = 7", Some(earlier.clone()), earlier.clone()),
            (b"router.map = 7", None, Config::default()),
            (b"# \xff", Some(earlier.clone()), earlier.clone()),
            (b"", Some(earlier.clone()), Config::default()),
        ] {
            std::fs::write(&path, bytes).expect("writing");
            let base = Base::read(&path, || in_force);
            assert_eq!(base.config, expected, "{bytes:?}");
            assert_eq!(base.digest, digest(&path));
        }
        assert_eq!(
            digest(&path).as_deref(),
            Some("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        );
    }
}
