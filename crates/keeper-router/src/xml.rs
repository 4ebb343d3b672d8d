//! The little of XML that routers' documents need: the text of elements, found by their local names.
//!
//! No entities but the five of XML, no attributes, no nesting of an element in itself. What is odd is
//! not found.

/// The text between `<name …>` and `</name>`, for each such element in order; a namespace before the
/// name is passed over.
pub(crate) fn elements<'x>(text: &'x str, name: &str) -> Vec<&'x str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((inner, after)) = next(rest, name) {
        found.push(inner);
        rest = after;
    }
    found
}

/// The text of the first such element.
pub(crate) fn first<'x>(text: &'x str, name: &str) -> Option<&'x str> {
    next(text, name).map(|(inner, _)| inner.trim())
}

fn next<'x>(text: &'x str, name: &str) -> Option<(&'x str, &'x str)> {
    let start = tag(text, name, false)?;
    let rest = &text[start.1..];
    let end = tag(rest, name, true)?;
    Some((&rest[..end.0], &rest[end.1..]))
}

/// Where the next tag of this name begins and ends.
fn tag(text: &str, name: &str, closing: bool) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find('<')?;
        let close = open + text[open..].find('>')?;
        let inside = &text[open + 1..close];
        from = close + 1;
        let (inside, closes) = match inside.strip_prefix('/') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let word = inside
            .split([' ', '\t', '\r', '\n'])
            .next()
            .unwrap_or_default();
        let local = word.rsplit(':').next().unwrap_or_default();
        if local == name && closes == closing {
            return Some((open, from));
        }
    }
}

/// Text as it may stand in an element.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Text as it was meant.
pub(crate) fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&quot;", "\"").replace("&apos;", "'");
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_by_their_names() {
        let text =
            "<?xml version=\"1.0\"?><s:a xmlns:s=\"x\"><b> one </b>\n<c/><b x='1'>two</b></s:a>";
        assert_eq!(elements(text, "b"), [" one ", "two"]);
        assert_eq!(first(text, "b"), Some("one"));
        assert_eq!(elements(text, "a").len(), 1);
        assert_eq!(first(text, "d"), None);
        assert_eq!(unescape(&escape("a&<b>")), "a&<b>");
    }

    #[test]
    fn a_text_that_is_cut_anywhere_is_read_as_far_as_it_goes() {
        let text = "<a><b>ü</b><b>two</b></a>";
        for (end, _) in text.char_indices() {
            let _ = elements(&text[..end], "b");
        }
        assert_eq!(elements("<b><b<b>></b>", "b").len(), 1);
    }
}
