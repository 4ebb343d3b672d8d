//! What is done with secrets before they are kept: a password becomes its hash, so that it lies on no card.

use anyhow::{Context as _, Result, ensure};
use setup::Secret;

use super::hands::{Hands, must};

/// A password as /etc/shadow has it.
pub(super) fn hash(hands: &dyn Hands, password: &Secret) -> Result<Secret> {
    let line = format!("{}\n", password.reveal());
    // SHA-512: of those that every profile's libcrypt knows, the strongest that openssl makes.
    let said = must(
        hands,
        "openssl",
        &["passwd", "-6", "-stdin"],
        line.as_bytes(),
    );
    let said = String::from_utf8(said.context("hashing the password")?);
    let hash = Secret::new(said.unwrap_or_default().trim_end());
    ensure!(
        setup::is_hash(hash.reveal()) && hash.reveal().starts_with("$6$"),
        "openssl made no hash of the password"
    );
    Ok(hash)
}
