//! What is done with secrets before they are kept: a password becomes its hash, so that it lies on no card.

use anyhow::{Context as _, Result, ensure};
use setup::Secret;

use super::hands::{Hands, must};

/// The longest password, in bytes: xrdp cuts longer ones off, and openssl soon after.
pub(super) const MAX_PASSWORD: usize = 255;

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
        is_hash(hash.reveal()) && hash.reveal().starts_with("$6$"),
        "openssl made no hash of the password"
    );
    Ok(hash)
}

/// Whether text is a hash as crypt(5) describes them, of a kind that may still be used; it fits into a line of
/// /etc/shadow.
pub(super) fn is_hash(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"./$=,".contains(&byte);
    let kinds = ["$6$", "$y$", "$5$", "$2b$"];
    (20..=256).contains(&text.len())
        && text.bytes().all(letter)
        && kinds.iter().any(|kind| text.starts_with(kind))
        && text.matches('$').count() >= 3
}

/// Whether text is what ddns-settings takes: what stands between single quotes in ddclient's file.
pub(super) fn is_ddns(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_graphic() && !b"'\"\\#".contains(&byte);
    (1..=512).contains(&text.len()) && text.bytes().all(letter)
}

/// Whether text is a WPA passphrase, or the key that is made of one.
pub(super) fn is_wpa(text: &str) -> bool {
    let printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let key = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    key || ((8..=63).contains(&text.len()) && printable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_a_hash_goes_into_the_shadow_file() {
        let sha = format!("$6$saltsalt${}", "a".repeat(86));
        for (text, good) in [
            (&*sha, true),
            (
                "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
                true,
            ),
            (
                "$2b$05$abcdefghijklmnopqrstuuKGlS3yNXZQFGT6eZJx9KUVd0H9tFZG6",
                true,
            ),
            ("", false),
            ("!", false),
            ("*", false),
            ("password", false),
            ("$1$salt$qJH7.N4xYta3aEG/dfqo/0", false),
            ("$6$saltsalt", false),
            ("$6$saltsalt$short:0:0:::", false),
            (&*format!("{sha}\n"), false),
            (&*format!("{sha}:root"), false),
            (&*format!("{sha}\nroot:{sha}"), false),
            (&*format!("{sha}\0"), false),
            (&*sha.repeat(4), false),
        ] {
            assert_eq!(is_hash(text), good, "{text:?}");
        }
    }

    #[test]
    fn a_providers_secret_fits_between_quotes() {
        for (text, good) in [
            ("0d1f-4a5b", true),
            ("a$(reboot)`b`;", true),
            ("", false),
            ("two words", false),
            ("it's", false),
            ("a\"b", false),
            ("a\\b", false),
            ("a#b", false),
            ("a\nb", false),
            ("a\0b", false),
            ("鍵", false),
            (&*"a".repeat(513), false),
        ] {
            assert_eq!(is_ddns(text), good, "{text:?}");
        }
    }

    #[test]
    fn a_wpa_password_is_a_passphrase_or_a_key() {
        for (text, good) in [
            ("12345678", true),
            (" a\"b\\c $(x)", true),
            (&*"a".repeat(63), true),
            (&*"a".repeat(64), true),
            (&*"g".repeat(64), false),
            (&*"a".repeat(65), false),
            ("1234567", false),
            ("", false),
            ("パスワードです", false),
            ("1234567\n", false),
            ("12345678\0", false),
        ] {
            assert_eq!(is_wpa(text), good, "{text:?}");
        }
    }
}
