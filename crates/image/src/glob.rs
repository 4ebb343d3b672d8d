//! Patterns over paths: `*` stands for any run of characters but `/`, `**` for any run at all.

/// Whether `pattern` matches the whole of `text`.
pub fn matches(pattern: &str, text: &str) -> bool {
    match_bytes(pattern.as_bytes(), text.as_bytes())
}

fn match_bytes(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=text.len()).any(|end| match_bytes(rest, &text[end..])),
        [b'*', rest @ ..] => {
            let reach = text
                .iter()
                .position(|byte| *byte == b'/')
                .unwrap_or(text.len());
            (0..=reach).any(|end| match_bytes(rest, &text[end..]))
        }
        [first, rest @ ..] => text.first() == Some(first) && match_bytes(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stop_at_slashes_and_double_stars_do_not() {
        for (pattern, text, expected) in [
            ("a/*.elf", "a/start.elf", true),
            ("a/*.elf", "a/b/start.elf", false),
            ("a/**.elf", "a/b/start.elf", true),
            ("*", "", true),
            ("ssh_host_*", "ssh_host_", true),
            ("x", "xy", false),
            (".*", ".bashrc", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
