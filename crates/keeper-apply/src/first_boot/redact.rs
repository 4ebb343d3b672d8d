//! A last look at what is said about a preset: no message repeats a secret of it. Pure; the text that stays on the card is
//! [`setup::without_secrets`]'s.

use toml::de::{DeTable, DeValue};

/// Sections and keys. An address of `notify` may be all that somebody needs to write to it.
const SECRETS: [(&str, &str); 6] = [
    ("owner", "password"),
    ("owner", "password_hash"),
    ("wifi", "password"),
    ("ddns", "secret"),
    ("notify", "webhook"),
    ("notify", "ntfy"),
];
/// What is shorter is part of ordinary words.
const SHORTEST: usize = 3;
const NOT_SHOWN: &str = "this is not right (not shown: it repeats a secret)";

/// What the secrets of a preset say, as far as it can be read.
fn secrets(text: &str) -> Vec<String> {
    let (root, _) = DeTable::parse_recoverable(text);
    let root = root.get_ref();
    let value = |(section, key): &(&str, &str)| {
        let value = root.get(*section)?.get_ref().as_table()?.get(*key)?;
        match value.get_ref() {
            DeValue::String(said) => Some(said.clone().into_owned()),
            _ => None,
        }
    };
    SECRETS.iter().filter_map(value).collect()
}

/// A message about the preset `text`, unless it repeats a secret of it.
pub(super) fn message(message: String, text: &str) -> String {
    let repeats = |secret: &String| {
        // A message shows a value as TOML would write it.
        let written = format!("{secret:?}");
        let written = written.trim_matches('"');
        let long = secret.chars().count() >= SHORTEST;
        long && (message.contains(secret.as_str()) || message.contains(written))
    };
    if !secrets(text).iter().any(repeats) {
        return message;
    }
    let begin: Vec<&str> = message.splitn(3, ':').take(2).collect();
    match begin[..] {
        [file, line] if line.parse::<usize>().is_ok() => format!("{file}:{line}: {NOT_SHOWN}"),
        _ => NOT_SHOWN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_repeats_a_secret() {
        let text = "[owner]\npassword = \"se\\\"same\"\nname = \"hana\"\n";
        let hidden = format!("keeper.toml:2: {NOT_SHOWN}");
        for (said, expected) in [
            ("keeper.toml:3: owner.name = \"hana\": no", None),
            (
                "keeper.toml:2: owner.password = \"se\\\"same\": no",
                Some(&*hidden),
            ),
            ("the password se\"same is short", Some(NOT_SHOWN)),
        ] {
            assert_eq!(message(said.to_owned(), text), expected.unwrap_or(said));
            assert_eq!(message(said.to_owned(), "[owner"), said);
        }
    }
}
