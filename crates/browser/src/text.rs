//! Text of others, made fit to be shown.

/// `text` as one line of at most `most` characters, without what does not print.
pub fn line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let words = text.split_whitespace();
    // A word alone may be longer than all that is wanted.
    for word in words.take(most) {
        let gap = if line.is_empty() { "" } else { " " };
        line.extend(
            gap.chars()
                .chain(word.chars())
                .filter(|c| shows(*c))
                .take(most + 1),
        );
        if line.chars().nth(most).is_some() {
            break;
        }
    }
    match line.char_indices().nth(most) {
        Some((end, _)) => line[..end].trim_end().to_owned() + "…",
        None => line,
    }
}

/// Control characters and what turns the direction of writing can hide or forge what follows.
fn shows(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn what_others_say_becomes_one_short_line() {
        for (text, expected) in [
            ("", ""),
            (" a\n\tb  c ", "a b c"),
            ("a\u{1b}[31m\u{7}\u{202e}b", "a[31mb"),
            ("0123456789", "0123456789"),
            ("01234567890", "0123456789…"),
            ("012345678 9", "012345678…"),
            ("まだ接続していますか?はい", "まだ接続していますか…"),
        ] {
            assert_eq!(line(text, 10), expected, "{text:?}");
        }
        assert_eq!(line(&"x".repeat(1 << 20), 10), "xxxxxxxxxx…");
        assert_eq!(line(&"x ".repeat(1 << 20), 4), "x x…");
    }
}
