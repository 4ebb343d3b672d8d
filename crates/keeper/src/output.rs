//! What is printed: to stdout, and with nothing in it that could steer a terminal.

use crate::words::say;
use anyhow::{Context as _, Result};
use std::io::{ErrorKind, IsTerminal as _, Write as _};

/// Prints `text`.
///
/// # Errors
/// stdout is closed or full.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes());
    let written = written.and_then(|()| stdout.flush());
    written
        .map_err(Unwritten)
        .with_context(|| say("writing to stdout", &[]))
}

/// Why stdout does not take what is printed.
#[derive(Debug)]
struct Unwritten(std::io::Error);

impl std::fmt::Display for Unwritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unwritten {}

/// Whether `error` says no more than that the reader of our stdout has gone, as in `… | head`.
pub(crate) fn is_unwanted(error: &anyhow::Error) -> bool {
    let unwritten = error.downcast_ref::<Unwritten>();
    unwritten.is_some_and(|Unwritten(error)| error.kind() == ErrorKind::BrokenPipe)
}

/// Whether stdout is a terminal that a person looks at.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Text of others on one line of a terminal: pages give themselves titles, and titles end up in
/// reasons.
pub(crate) fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if steers(c) { ' ' } else { c })
        .collect()
}

/// Colours, where they are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint(bool);

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it should be.
    Good,
    /// It passes, or waits for somebody.
    Middling,
    /// It is not.
    Bad,
    /// Neither.
    Plain,
}

impl Paint {
    /// On a terminal that has colours, unless NO_COLOR is set.
    pub(crate) fn for_stdout() -> Self {
        let without = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        Self(is_terminal() && !without && !dumb)
    }

    /// Nowhere.
    #[cfg(test)]
    pub(crate) fn none() -> Self {
        Self(false)
    }

    /// `text` in the colour of `tone`.
    pub(crate) fn tint(self, tone: Tone, text: &str) -> String {
        let colour = match tone {
            Tone::Good => 32,
            Tone::Middling => 33,
            Tone::Bad => 31,
            Tone::Plain => return text.to_owned(),
        };
        if self.0 {
            format!("\x1b[{colour}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_others_steers_the_terminal() {
        assert_eq!(plain("a\x1b[2J\r\n\u{9b}b\u{202e}c"), "a [2J   b c");
        assert_eq!(plain("ノートブック – é"), "ノートブック – é");
    }

    #[test]
    fn colours_are_there_or_not() {
        assert_eq!(Paint(true).tint(Tone::Bad, "x"), "\x1b[31mx\x1b[0m");
        assert_eq!(Paint(true).tint(Tone::Plain, "x"), "x");
        assert_eq!(Paint(false).tint(Tone::Good, "x"), "x");
    }
}
