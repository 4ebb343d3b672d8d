//! Lines for the journal: stderr with the priority that systemd reads from the front of each
//! (sd-daemon(3)).

use std::fmt::Arguments;
use std::io::Write as _;

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

/// A closed stderr is no reason to end.
fn write(priority: u8, message: Arguments<'_>) {
    let mut stderr = std::io::stderr().lock();
    for line in message.to_string().lines() {
        let _ = writeln!(stderr, "<{priority}>{line}");
    }
}
