//! Where the setup code is kept, so that a device that starts anew shows the one that its owner has noted.

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use setup::Code;

use crate::disk;
use crate::generation::STORE;

/// No code is longer, in bytes.
const MOST: u64 = 64;

/// Where it is.
fn path(root: &Utf8Path) -> Utf8PathBuf {
    root.join(STORE).join("setup-code")
}

/// The code that this device has; none when it has none, or a damaged one.
pub(super) fn kept(root: &Utf8Path) -> Option<Code> {
    let text = disk::read_bounded(&path(root), MOST).ok().flatten()?;
    Code::parse(text.trim())
}

/// The code that this device has, or a new one, which it has from then on.
pub(super) fn keep(root: &Utf8Path) -> Result<Code> {
    if let Some(code) = kept(root) {
        return Ok(code);
    }
    let code = Code::new().context("making a setup code")?;
    let text = format!("{}\n", code.reveal());
    disk::write(&path(root), &text, 0o600).context("keeping the setup code")?;
    Ok(code)
}

/// Forgets it.
pub(super) fn forget(root: &Utf8Path) -> Result<()> {
    disk::remove(&path(root)).context("removing the setup code")
}
