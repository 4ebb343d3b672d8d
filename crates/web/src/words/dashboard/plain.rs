//! Texts of others, made fit to be shown: one line, nothing that is not there to be seen, not too long, and no
//! address beyond its host. What follows that may be a secret: a notebook's token, a webhook's, a topic.
//!
//! Escaping is not here: pages do that with all text.

/// The longest text on a card, in characters.
const SHOWN: usize = 300;

/// The longest line of the log, in characters.
const LINE: usize = 1000;

/// What ends an address in a text.
const ENDS: [char; 8] = ['"', '\'', '`', '<', '>', '(', ')', ']'];

/// A text on a card.
pub(crate) fn shown(text: &str) -> String {
    fit(text, SHOWN)
}

/// A line of the log.
pub(crate) fn line(text: &str) -> String {
    fit(text, LINE)
}

fn fit(text: &str, most: usize) -> String {
    let text: String = text.trim().chars().map(visible).collect();
    let text = without_secrets(&text);
    match text.char_indices().nth(most) {
        None => text,
        Some((end, _)) => text[..end].to_owned() + "…",
    }
}

/// The character itself, or a space in place of what is a control character or changes the direction of others.
fn visible(c: char) -> char {
    match c {
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => ' ',
        '\u{feff}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    }
}

/// Of each address, what is before the host and what is behind it becomes "…".
fn without_secrets(text: &str) -> String {
    let mut safe = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        let end = after.find(|c: char| c.is_whitespace() || ENDS.contains(&c));
        let (address, behind) = after.split_at(end.unwrap_or(after.len()));
        safe += before;
        safe += "://";
        safe += &host_of(address);
        rest = behind;
    }
    safe + rest
}

fn host_of(address: &str) -> String {
    let (front, address) = match address.rsplit_once('@') {
        Some((_, address)) => ("…@", address),
        None => ("", address),
    };
    let end = address.find(['/', '?', '#', '\\']);
    let (host, path) = address.split_at(end.unwrap_or(address.len()));
    let path = if path.len() > 1 { "/…" } else { path };
    format!("{front}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_the_host_is_shown() {
        for (text, expected) in [
            ("", ""),
            ("nothing here", "nothing here"),
            (
                "pages at http://127.0.0.1:8470/",
                "pages at http://127.0.0.1:8470/",
            ),
            (
                "https://n.example/lab?token=s3 is open",
                "https://n.example/… is open",
            ),
            ("https://me:pw@n.example/", "https://…@n.example/"),
            ("https://me:p/w@n.example/x", "https://…@n.example/…"),
            (
                "see <https://ntfy.example/topic>, please",
                "see <https://ntfy.example/…>, please",
            ),
            ("\"https://n.example#s3\"", "\"https://n.example/…\""),
            ("a://b/c://d e://f/g h", "a://b/… e://f/… h"),
            ("://", "://"),
            ("://:// https://", "://:/… https://"),
            ("https://n.example\u{0}/s3", "https://n.example /s3"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn it_is_one_line_that_reads_as_it_stands_and_ends() {
        assert_eq!(shown(" a\r\nb\u{1b}[2J\u{202e}c\t "), "a  b [2J c");
        assert_eq!(shown(&"あ".repeat(300)), "あ".repeat(300));
        assert_eq!(shown(&"あ".repeat(301)), "あ".repeat(300) + "…");
        assert_eq!(line(&"x".repeat(100_000)).chars().count(), LINE + 1);
        // It is looked through before it is cut.
        let long = format!("https://h.example/{}", "s3".repeat(100_000));
        assert_eq!(line(&long), "https://h.example/…");
    }
}
