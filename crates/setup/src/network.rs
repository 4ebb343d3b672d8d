//! What may stand where a Wi-Fi network, or the secret of a public name, is asked for.

use crate::check::Reason;

/// The longest SSID, in bytes (IEEE 802.11).
const LONGEST_SSID: usize = 32;

/// The longest secret of a provider, in bytes. Tokens have up to a few hundred.
const LONGEST_TOKEN: usize = 1024;

/// The country as it is handed on, in capitals.
pub(crate) fn country(text: &str) -> Result<String, Reason> {
    if text.is_empty() {
        return Err(Reason::Missing);
    }
    let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if two_letters {
        Ok(text.to_ascii_uppercase())
    } else {
        Err(Reason::Form)
    }
}

/// A network's name: every byte counts, spaces at its ends too.
///
/// # Errors
/// Why not.
pub fn wifi_name(name: &str) -> Result<(), Reason> {
    if name.is_empty() {
        return Err(Reason::Missing);
    }
    if name.chars().any(char::is_control) {
        return Err(Reason::Characters);
    }
    if name.len() > LONGEST_SSID {
        return Err(Reason::Form);
    }
    Ok(())
}

/// A network's password: 8 to 63 printable ASCII characters, or the key itself in 64 hexadecimal digits.
///
/// # Errors
/// Why not.
pub fn wifi_password(password: &str) -> Result<(), Reason> {
    if password.chars().any(char::is_control) {
        return Err(Reason::Characters);
    }
    let printable = password.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let key = password.len() == 64 && password.bytes().all(|byte| byte.is_ascii_hexdigit());
    if key || (printable && (8..=63).contains(&password.len())) {
        Ok(())
    } else {
        Err(Reason::Form)
    }
}

/// A token or password at a provider of names. Between quotes ddclient takes everything but quotes, backslashes and `#`
/// (0018).
///
/// # Errors
/// Why not.
pub fn ddns_secret(secret: &str) -> Result<(), Reason> {
    if secret.is_empty() {
        return Err(Reason::Missing);
    }
    if secret.chars().any(char::is_control) {
        return Err(Reason::Characters);
    }
    let taken = |byte: u8| byte.is_ascii_graphic() && !b"'\"\\#".contains(&byte);
    if secret.len() <= LONGEST_TOKEN && secret.bytes().all(taken) {
        Ok(())
    } else {
        Err(Reason::Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries() {
        assert_eq!(country("JP").as_deref(), Ok("JP"));
        assert_eq!(country("de").as_deref(), Ok("DE"));
        assert_eq!(country(""), Err(Reason::Missing));
        for bad in ["J", "JPN", "00", "日", "J\n"] {
            assert_eq!(country(bad), Err(Reason::Form), "{bad}");
        }
    }

    #[test]
    fn names_of_networks() {
        for good in [" ", "家のWi-Fi", "a\"b'c\\d", &"x".repeat(32)] {
            assert_eq!(wifi_name(good), Ok(()), "{good}");
        }
        assert_eq!(wifi_name(""), Err(Reason::Missing));
        assert_eq!(wifi_name("a\nb"), Err(Reason::Characters));
        for bad in ["あ".repeat(11), "x".repeat(33)] {
            assert_eq!(wifi_name(&bad), Err(Reason::Form), "{bad}");
        }
    }

    #[test]
    fn passwords_of_networks() {
        for good in [
            "12345678",
            " a b c d ",
            &"x".repeat(63),
            &"0123456789abcDEF".repeat(4),
        ] {
            assert_eq!(wifi_password(good), Ok(()), "{good}");
        }
        for bad in ["1234567", &"x".repeat(64), "パスワードです", ""] {
            assert_eq!(wifi_password(bad), Err(Reason::Form), "{bad}");
        }
        assert_eq!(wifi_password("1234\n5678"), Err(Reason::Characters));
    }

    #[test]
    fn secrets_of_providers() {
        for good in ["a", "0f3c-77_~!$&%/()=?", &"x".repeat(1024)] {
            assert_eq!(ddns_secret(good), Ok(()), "{good}");
        }
        for bad in ["a b", "a'b", "a\"b", "a\\b", "a#b", "ä", &"x".repeat(1025)] {
            assert_eq!(ddns_secret(bad), Err(Reason::Form), "{bad}");
        }
        assert_eq!(ddns_secret("a\nb"), Err(Reason::Characters));
        assert_eq!(ddns_secret(""), Err(Reason::Missing));
    }
}
