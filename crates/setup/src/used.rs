//! A preset after its use: the same text without its secrets, so that what stays on the card tells nobody.

use std::ops::Range;

use toml::de::{DeArray, DeTable, DeValue};

/// What stands in a secret's place. A preset does not accept it as one.
pub(crate) const REMOVED: &str = "(removed)";

/// The text with each secret's value replaced by `"(removed)"`, without comments, and everything else byte for byte. Secrets
/// are those of the preset's own sections, the addresses under `[notify]`, and whatever has a key that sounds like one; a
/// comment may hold any of them. None for a text that is no TOML: which of its words are secrets cannot be told.
pub fn without_secrets(text: &str) -> Option<String> {
    // A bound for the parser alone: no preset that was used is longer.
    if text.len() > config::MAX_BYTES {
        return None;
    }
    let root = DeTable::parse(text).ok()?;
    let mut spans = Vec::new();
    in_table(root.get_ref(), false, &mut spans);
    let removed = format!("\"{REMOVED}\"");
    let mut edits: Vec<(Range<usize>, &str)> =
        spans.into_iter().map(|span| (span, &*removed)).collect();
    edits.extend(comments(text).into_iter().map(|span| (span, "")));
    let result = edited(text, edits);
    // What is left says the same, or all of it goes.
    DeTable::parse(&result).is_ok().then_some(result)
}

fn in_table(table: &DeTable<'_>, secret: bool, spans: &mut Vec<Range<usize>>) {
    for (key, value) in table {
        let secret = secret || sounds_secret(key.get_ref());
        in_value(value.get_ref(), value.span(), secret, spans);
    }
}

fn in_array(array: &DeArray<'_>, secret: bool, spans: &mut Vec<Range<usize>>) {
    for value in array {
        in_value(value.get_ref(), value.span(), secret, spans);
    }
}

fn in_value(value: &DeValue<'_>, span: Range<usize>, secret: bool, spans: &mut Vec<Range<usize>>) {
    match value {
        DeValue::Table(table) => in_table(table, secret, spans),
        DeValue::Array(array) => in_array(array, secret, spans),
        _ if secret => spans.push(span),
        _ => {}
    }
}

fn edited(text: &str, mut edits: Vec<(Range<usize>, &str)>) -> String {
    edits.sort_by_key(|(span, _)| span.start);
    let (mut result, mut from) = (String::with_capacity(text.len()), 0);
    for (span, instead) in edits {
        result.push_str(&text[from..span.start]);
        result.push_str(instead);
        from = span.end;
    }
    result.push_str(&text[from..]);
    result
}

/// Where comments stand in a text that is TOML, with the space before them; a line that is nothing else, whole.
fn comments(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = text[at..].find(['#', '"', '\'']).map(|start| at + start) {
        let rest = &text[start..];
        if !rest.starts_with('#') {
            at = start + length_of_string(rest);
            continue;
        }
        let line = rest.find('\n').map_or(rest.len(), |end| end + 1);
        at = start + line;
        let before = text[..start].trim_end_matches([' ', '\t']);
        let whole_line = before.is_empty() || before.ends_with(['\n', '\u{feff}']);
        let end = if whole_line {
            at
        } else {
            start + rest[..line].trim_end_matches(['\r', '\n']).len()
        };
        found.push(before.len()..end);
    }
    found
}

/// How long the string is that `text` begins with.
fn length_of_string(text: &str) -> usize {
    let kinds = ["\"\"\"", "'''", "\"", "'"];
    let quotes = kinds.into_iter().find(|quotes| text.starts_with(quotes));
    let quotes = quotes.unwrap_or_default();
    let (escapes, mut at) = (quotes.starts_with('"'), quotes.len());
    while !quotes.is_empty() && at < text.len() {
        let rest = &text[at..];
        if escapes && rest.starts_with('\\') {
            at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
        } else if rest.starts_with(quotes) {
            // The last quotes of a text over several lines may stand right before those that end it.
            let same = rest
                .bytes()
                .take_while(|byte| quotes.as_bytes()[0] == *byte);
            let most = if quotes.len() == 1 { 1 } else { 5 };
            return at + same.count().min(most);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Whether a secret is kept under such a key. Slips count: better one value too many.
fn sounds_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    let sounds = [
        "pass", "pasw", "secret", "psk", "token", "hash", "phrase", "pwd", "wpa",
    ];
    let is = ["webhook", "ntfy", "key", "pw"];
    key != "password_login" && (is.contains(&&*key) || sounds.iter().any(|part| key.contains(part)))
}

#[cfg(test)]
#[path = "used_tests.rs"]
mod tests;
