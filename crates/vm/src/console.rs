//! The serial console's log, read as it grows: its last lines, and the signs that the guest will
//! never come up. Nothing here decides that a boot went well.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;

use anyhow::Result;
use camino::{Utf8Path, Utf8PathBuf};

/// How many lines an error repeats.
const LAST_LINES: usize = 20;
/// What a hopeless guest says, and what that means.
const TROUBLE: [(&str, &str); 4] = [
    ("Kernel panic - not syncing", "the kernel panicked"),
    (
        "Gave up waiting for root",
        "the initramfs did not find the root file system",
    ),
    ("(initramfs)", "the initramfs gave up and opened a shell"),
    (
        "You are in emergency mode",
        "systemd fell into emergency mode",
    ),
];

/// A console's log, read up to some place.
#[derive(Debug)]
pub(crate) struct Tail {
    path: Utf8PathBuf,
    file: Option<File>,
    partial: Vec<u8>,
    lines: VecDeque<String>,
    trouble: Option<String>,
}

impl Tail {
    /// Of a log that need not be there yet.
    pub(crate) fn new(path: &Utf8Path) -> Self {
        Self {
            path: path.to_owned(),
            file: None,
            partial: Vec::new(),
            lines: VecDeque::new(),
            trouble: None,
        }
    }

    /// Reads what is new.
    pub(crate) fn poll(&mut self) -> Result<()> {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        let mut new = Vec::new();
        if let Some(file) = &mut self.file {
            file.read_to_end(&mut new)?;
        }
        self.take(&new);
        Ok(())
    }

    /// The last line that has something in it.
    pub(crate) fn last(&self) -> &str {
        self.lines.back().map_or("", String::as_str)
    }

    /// What is hopeless, if anything is, with the line that says so.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Where the log is.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The last lines, indented, each on its own, as the end of an error.
    pub(crate) fn quoted(&self) -> String {
        if self.lines.is_empty() {
            return "the console said nothing".into();
        }
        let lines = self.lines.iter().map(|line| format!("\n    {line}"));
        format!("the console said last:{}", lines.collect::<String>())
    }

    fn take(&mut self, new: &[u8]) {
        self.partial.extend_from_slice(new);
        while let Some(end) = self
            .partial
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
        {
            let line: Vec<u8> = self.partial.drain(..=end).collect();
            self.line(&clean(&line));
        }
        // A prompt has no end of line.
        let prompt = clean(&self.partial);
        self.look(&prompt);
    }

    fn line(&mut self, line: &str) {
        self.look(line);
        if line.trim().is_empty() {
            return;
        }
        if self.lines.len() == LAST_LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(line.to_owned());
    }

    fn look(&mut self, line: &str) {
        if self.trouble.is_some() {
            return;
        }
        let found = TROUBLE.iter().find(|(sign, _)| line.contains(sign));
        self.trouble = found.map(|(_, meaning)| format!("{meaning} (\"{}\")", line.trim()));
    }
}

/// A line without escape sequences and control characters: it comes from the guest and goes to a
/// terminal.
fn clean(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let mut shown = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' && rest.next_if_eq(&'[').is_some() {
            // ECMA-48: parameters and intermediates, then one final character.
            while rest.next_if(|c| matches!(c, ' '..='?')).is_some() {}
            rest.next_if(|c| matches!(c, '@'..='~'));
        } else if !c.is_control() {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_plain_text_and_the_last_ones_are_kept() {
        let mut tail = Tail::new("/nowhere".into());
        tail.poll().unwrap();
        assert_eq!(tail.quoted(), "the console said nothing");
        tail.take(b"\x1b[0;32m  OK  \x1b[0m] Started a\r\n\x07\x1b]x\xff");
        assert_eq!(tail.last(), "  OK  ] Started a");
        for number in 0..50 {
            tail.take(format!("line {number}\n\n").as_bytes());
        }
        assert_eq!(tail.lines.len(), LAST_LINES);
        assert!(tail.quoted().ends_with("\n    line 49"));
        assert_eq!(tail.trouble(), None);
    }

    #[test]
    fn hopeless_guests_are_known() {
        for (said, meaning) in [
            (
                "[ 1.2] Kernel panic - not syncing: VFS\n",
                "the kernel panicked",
            ),
            ("\n(initramfs) ", "the initramfs gave up and opened a shell"),
            (
                "You are in emergency mode. After\r\n",
                "systemd fell into emergency mode",
            ),
        ] {
            let mut tail = Tail::new("/nowhere".into());
            let (first, second) = said.split_at(9);
            tail.take(first.as_bytes());
            tail.take(second.as_bytes());
            let trouble = tail.trouble().unwrap();
            assert!(trouble.starts_with(meaning), "{trouble}");
        }
    }
}
