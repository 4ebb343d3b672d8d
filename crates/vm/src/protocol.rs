//! What the guest's check says, line by line, and when it is to be believed. The other end is
//! `tests/guest/check.sh`; the transport is `check`'s.
//!
//! ```text
//! booted                      systemd has nothing left to start
//! check NAME ok|fail DETAIL   one result; U+001F stands for a line break in the detail
//! note TEXT                   for the reader, decides nothing
//! done NONCE                  everything has been said
//! ended RESULT                the check itself is gone, whether it was done or not
//! ```

use std::fmt;

use anyhow::{Context, Result, bail, ensure};

/// No line of an honest check is longer, in bytes.
const LONGEST: usize = 64 << 10;
const LINE_BREAK: char = '\u{1f}';

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// Whether it was well.
    pub ok: bool,
    /// What was seen; several lines when something was wrong.
    pub detail: String,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.ok { "ok" } else { "FAILED" };
        write!(f, "{} {state}", self.name)?;
        if self.detail.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", self.detail.replace('\n', "\n    "))
    }
}

/// What a line meant.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Booted,
    Check(Check),
    Note(String),
    Done,
    Ended,
}

/// Takes the guest's words in, as they come.
#[derive(Debug)]
pub(crate) struct Listener {
    nonce: String,
    partial: Vec<u8>,
    checks: Vec<Check>,
    done: bool,
}

impl Listener {
    /// Believes a `done` with this nonce alone.
    pub(crate) fn new(nonce: &str) -> Self {
        Self {
            nonce: nonce.to_owned(),
            partial: Vec::new(),
            checks: Vec::new(),
            done: false,
        }
    }

    /// Hears some bytes; a line counts when it is whole.
    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.partial.extend_from_slice(piece);
            ensure!(
                self.partial.len() <= LONGEST,
                "the check in the guest sent a line without an end"
            );
            if self.partial.ends_with(b"\n") {
                let line = String::from_utf8_lossy(&self.partial).into_owned();
                self.partial.clear();
                events.push(self.line(line.trim_end_matches(['\n', '\r']))?);
            }
        }
        Ok(events)
    }

    /// The checks, once all of `expected` have been reported and the guest was done.
    pub(crate) fn finish(self, expected: &[&str]) -> Result<Vec<Check>> {
        ensure!(self.done, "the check in the guest did not come to its end");
        let missing: Vec<&str> = expected
            .iter()
            .filter(|name| !self.checks.iter().any(|check| check.name == **name))
            .copied()
            .collect();
        ensure!(
            missing.is_empty(),
            "the check in the guest said nothing of: {}",
            missing.join(", ")
        );
        Ok(self.checks)
    }

    fn line(&mut self, line: &str) -> Result<Event> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        if self.done {
            ensure!(
                verb == "ended",
                "the check in the guest went on after its end: {line:?}"
            );
            return Ok(Event::Ended);
        }
        let event = match verb {
            "booted" => Event::Booted,
            "note" => Event::Note(readable(rest)),
            "check" => Event::Check(
                self.check(rest)
                    .with_context(|| format!("the check in the guest sent {line:?}"))?,
            ),
            "done" => {
                ensure!(
                    rest == self.nonce,
                    "what claims to be the check in the guest does not know this boot's number"
                );
                self.done = true;
                Event::Done
            }
            "ended" => bail!("the check in the guest broke off ({})", readable(rest)),
            _ => bail!("the check in the guest sent {line:?}, which is no line of a check"),
        };
        Ok(event)
    }

    fn check(&mut self, rest: &str) -> Result<Check> {
        let (name, rest) = rest.split_once(' ').context("no result")?;
        let (state, detail) = rest.split_once(' ').unwrap_or((rest, ""));
        let ok = match state {
            "ok" => true,
            "fail" => false,
            _ => bail!("a result is `ok` or `fail`"),
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        ensure!(
            !name.is_empty() && name.chars().all(plain),
            "a name is a-z, 0-9 and -"
        );
        ensure!(
            !self.checks.iter().any(|check| check.name == name),
            "it has been said before"
        );
        let check = Check {
            name: name.to_owned(),
            ok,
            detail: readable(detail),
        };
        self.checks.push(check.clone());
        Ok(check)
    }
}

/// The guest's text for a terminal: lines are lines, every other control character is gone.
fn readable(text: &str) -> String {
    let text = text.trim_matches([' ', LINE_BREAK]);
    text.replace(LINE_BREAK, "\n")
        .replace('\t', "    ")
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: &[&str] = &["systemd", "units"];

    fn hear(said: &str) -> Result<Vec<Check>> {
        let mut listener = Listener::new("0123");
        listener.hear(said.as_bytes())?;
        listener.finish(EXPECTED)
    }

    #[test]
    fn an_honest_check_is_heard_in_pieces_of_any_size() {
        let said = b"booted\ncheck systemd ok running\nnote \xff\x1b[31mred\ncheck units fail a.service\x1fline 2\x1f\ndone 0123\nended success\n";
        for size in 1..said.len() {
            let mut listener = Listener::new("0123");
            let mut events = Vec::new();
            for piece in said.chunks(size) {
                events.extend(listener.hear(piece).unwrap());
            }
            assert_eq!(events.len(), 6);
            assert_eq!(events[5], Event::Ended);
            assert_eq!(events[0], Event::Booted);
            assert_eq!(events[2], Event::Note("\u{fffd}[31mred".into()));
            let checks = listener.finish(EXPECTED).unwrap();
            assert_eq!(checks[1].to_string(), "units FAILED: a.service\n    line 2");
        }
    }

    #[test]
    fn nothing_else_is_believed() {
        let good = "check systemd ok\ncheck units ok\n";
        for (said, reason) in [
            (String::new(), "did not come to its end"),
            (good.into(), "did not come to its end"),
            // The last line was cut off: it might have gone on.
            (format!("{good}done 0123"), "did not come to its end"),
            (format!("{good}done 4567\n"), "this boot's number"),
            (format!("{good}done\n"), "this boot's number"),
            (format!("{good}done 01234\n"), "this boot's number"),
            (
                "check systemd ok\ndone 0123\n".into(),
                "said nothing of: units",
            ),
            ("done 0123\n".into(), "said nothing of: systemd, units"),
            (
                format!("check units fail x\n{good}"),
                "sent \"check units ok\"",
            ),
            (
                format!("{good}done 0123\ncheck more ok\n"),
                "went on after its end",
            ),
            (format!("{good}ended signal\n"), "broke off (signal)"),
            ("check systemd okay\n".into(), "sent \"check systemd okay\""),
            ("check systemd\n".into(), "sent"),
            ("check SYS\u{7}TEM ok\n".into(), "sent"),
            ("Kernel panic - not syncing\n".into(), "no line of a check"),
            ("x".repeat(LONGEST + 1), "a line without an end"),
        ] {
            let error = format!("{:#}", hear(&said).unwrap_err());
            assert!(error.contains(reason), "{reason:?} is not in {error:?}");
        }
    }
}
