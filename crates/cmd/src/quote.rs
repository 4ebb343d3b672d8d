//! Shell quoting, for showing command lines. Nothing here is ever handed to a shell.

use std::ffi::OsStr;

/// `word` as a POSIX shell would want it typed.
pub fn quote(word: impl AsRef<OsStr>) -> String {
    let word = word.as_ref().to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn words_are_quoted_only_when_they_must_be() {
        for (word, shown) in [
            ("plain-1.0_x/y:z", "plain-1.0_x/y:z"),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
        ] {
            assert_eq!(quote(word), shown);
        }
    }
}
