//! Files of keeperd's own that are replaced as a whole: after a power cut there is the old one or the
//! new one. Nobody else may read them.

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

/// Makes `text` the content of the file at `path`, by rename.
///
/// # Errors
/// The system's.
pub(crate) fn write(path: &Utf8Path, text: &str) -> Result<()> {
    let new = Utf8PathBuf::from(format!("{path}.new"));
    let write = || {
        // Addresses may hold tokens.
        let mut options = File::options();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, path)
    };
    write().with_context(|| format!("writing {path}"))
}
