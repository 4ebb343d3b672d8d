//! How foreign text (keys, values) is quoted in a message: short, on one line, without control
//! characters.

use toml::de::DeValue;

/// The longest piece of a value that a message shows, in characters.
const SHOWN: usize = 60;

/// A string in quotes, cut when it is long, with everything unprintable escaped.
pub(crate) fn quote(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?} (cut)", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// A key as it would be written: bare where TOML allows it, quoted otherwise.
pub(crate) fn key(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.len() <= SHOWN && text.chars().all(bare) {
        text.to_owned()
    } else {
        quote(text)
    }
}

/// Any value; of arrays and tables only what they are.
pub(crate) fn value(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quote(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(answer) => answer.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) => "[…]".to_owned(),
        DeValue::Table(_) => "{…}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn foreign_text_stays_short_and_on_one_line() {
        assert_eq!(
            super::quote("a\nb\u{1b}[31m\u{202e}"),
            r#""a\nb\u{1b}[31m\u{202e}""#
        );
        assert_eq!(
            super::quote(&"ん".repeat(61)),
            format!("\"{}\" (cut)", "ん".repeat(60))
        );
        assert_eq!(super::key("reload_minutes"), "reload_minutes");
        assert_eq!(super::key("a b"), "\"a b\"");
        assert_eq!(super::key(""), "\"\"");
    }
}
