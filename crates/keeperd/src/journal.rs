//! Lines for the journal: stderr with the priority that systemd reads from the front of each
//! (sd-daemon(3)). The last of them are remembered for the dashboard, since keeperd may not read the
//! journal itself.
//!
//! No time stamps and no unit name: the journal adds them. What is remembered has its time.

use std::collections::VecDeque;
use std::fmt::Arguments;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};
use tunnel::Time;

/// The lines that are remembered.
const LINES: usize = 200;
/// The characters of each.
const CHARACTERS: usize = 400;

static LAST: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Something to know.
pub(crate) fn info(message: Arguments<'_>) {
    write(6, message);
}

/// Something odd that was dealt with.
pub(crate) fn warning(message: Arguments<'_>) {
    write(4, message);
}

/// Something that a person has to mend.
pub(crate) fn error(message: Arguments<'_>) {
    write(3, message);
}

/// What keeperd has said since it started, the newest last, each line with its time in UTC.
pub(crate) fn last() -> Vec<String> {
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    last.iter().cloned().collect()
}

/// A closed stderr is no reason to end.
fn write(priority: u8, message: Arguments<'_>) {
    let mut stderr = std::io::stderr().lock();
    for line in message.to_string().lines() {
        let _ = writeln!(stderr, "<{priority}>{line}");
        remember(
            &mut LAST.lock().unwrap_or_else(PoisonError::into_inner),
            line,
        );
    }
}

fn remember(last: &mut VecDeque<String>, line: &str) {
    if last.len() >= LINES {
        last.pop_front();
    }
    let line = browser::line(line, CHARACTERS);
    last.push_back(format!("{} {line}", Time::now()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_lines_are_remembered_and_none_is_endless() {
        let mut last = VecDeque::new();
        for number in 0..LINES + 7 {
            remember(&mut last, &format!("{number} {}", "x".repeat(5000)));
        }
        assert_eq!(last.len(), LINES);
        assert!(last[0].contains("Z 7 x"), "{}", last[0]);
        assert!(
            last.iter()
                .all(|line| line.chars().count() < CHARACTERS + 40)
        );
    }
}
