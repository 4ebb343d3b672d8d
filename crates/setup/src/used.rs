//! A preset after its use: the same text without its secrets, so that what stays on the card tells nobody.

use std::ops::Range;

use toml::de::{DeArray, DeTable, DeValue};

/// What stands in a secret's place. A preset does not accept it as one.
pub(crate) const REMOVED: &str = "(removed)";

/// The text with each secret's value replaced by `"(removed)"`, and everything else byte for byte. Secrets are those of the
/// preset's own sections, the addresses under `[notify]`, and whatever has a key that sounds like one. In a text that is no
/// TOML, each line with such a key loses what comes after the key, and
/// lines that a text begun there goes on to are lost.
pub fn without_secrets(text: &str) -> String {
    // A bound for the parser alone: no preset that was used is longer.
    if text.len() <= config::MAX_BYTES {
        let (root, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let mut spans = Vec::new();
            in_table(root.get_ref(), false, &mut spans);
            return replaced(text, spans);
        }
    }
    line_by_line(text)
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

fn replaced(text: &str, mut spans: Vec<Range<usize>>) -> String {
    spans.sort_by_key(|span| span.start);
    let (mut result, mut from) = (String::with_capacity(text.len()), 0);
    for span in spans {
        result.push_str(&text[from..span.start]);
        result.push_str(&format!("\"{REMOVED}\""));
        from = span.end;
    }
    result.push_str(&text[from..]);
    result
}

/// Whether a secret is kept under such a key. Slips count: better one value too many.
fn sounds_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    let sounds = ["pass", "pasw", "secret", "psk", "token", "hash"];
    let is = ["webhook", "ntfy"];
    key != "password_login" && (is.contains(&&*key) || sounds.iter().any(|part| key.contains(part)))
}

fn line_by_line(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    // The quotes that end a text over several lines whose beginning has been removed.
    let mut until: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        if let Some(quotes) = until {
            if line.contains(quotes) {
                until = None;
            }
            continue;
        }
        let Some(key_end) = secret_key_in(line) else {
            result.push_str(line);
            continue;
        };
        let (kept, rest) = line.split_at(key_end);
        let end = &line[line.trim_end_matches(['\r', '\n']).len()..];
        result.push_str(&format!("{kept} = \"{REMOVED}\"{end}"));
        until = opened(rest);
    }
    result
}

/// Where in a line the first key ends that sounds like a secret's: a word with `=` behind it, or one that the line
/// begins with.
fn secret_key_in(line: &str) -> Option<usize> {
    let in_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let mut at = 0;
    while let Some(start) = line[at..].find(in_word).map(|start| at + start) {
        let length = line[start..].find(|c| !in_word(c));
        let end = length.map_or(line.len(), |length| start + length);
        let quote = line[end..].starts_with(['"', '\'']);
        let end_of_key = if quote { end + 1 } else { end };
        let assigned = line[end_of_key..].trim_start().starts_with('=');
        let first = line[..start]
            .trim_matches([' ', '\t', '"', '\''])
            .is_empty();
        if (assigned || first) && sounds_secret(&line[start..end]) {
            return Some(if assigned { end_of_key } else { end });
        }
        at = end;
    }
    None
}

/// The quotes of a text that begins here and does not end here. One that lacks its last quote takes what follows with it,
/// up to the next quote: that may be the rest of a secret.
fn opened(rest: &str) -> Option<&'static str> {
    let value = rest.trim_start_matches(|c: char| c == '=' || c.is_whitespace());
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let quotes = quotes
        .into_iter()
        .find(|quotes| value.starts_with(quotes))?;
    let open = !value[quotes.len()..].contains(quotes);
    open.then_some(quotes)
}

#[cfg(test)]
#[path = "used_tests.rs"]
mod tests;
