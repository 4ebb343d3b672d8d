//! The same thing looked at again and again: in place on a terminal, one below the other elsewhere.
//! Ctrl-C ends it as it should end: with exit status 0, and a terminal as it was.

use crate::hint;
use crate::output::{self, print};
use crate::words::say;
use anyhow::{Context as _, Result};
use rustix::termios::tcgetwinsize;
use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

/// The time between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// How often the end looks whether something is still being printed, and for how long it sleeps
/// between two looks. A terminal that takes nothing more must not keep Ctrl-C from working.
const LOOKS: (u32, Duration) = (50, Duration::from_millis(20));

/// Held while something is being printed.
static PRINTING: Mutex<()> = Mutex::new(());

/// To another screen, which leaves what was on the first one alone.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?7l";

/// Back to the first one, with the cursor and long lines as they were.
const LEAVE: &str = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/// Prints what `look` finds, each time below what it found before. What fails ends it.
///
/// # Errors
/// That of `look`, or of stdout.
pub(crate) fn lines(mut look: impl FnMut() -> Result<String>) -> Result<()> {
    until_ctrl_c("")?;
    loop {
        draw(&look()?)?;
        std::thread::sleep(PAUSE);
    }
}

/// Shows what `look` finds in the place of what it found before. On a terminal what fails is shown in
/// the same way: keeperd may come back. Elsewhere this is [`lines`], with an empty line between two.
///
/// # Errors
/// Of stdout; elsewhere than on a terminal that of `look` too.
pub(crate) fn screen(mut look: impl FnMut() -> Result<String>) -> Result<()> {
    if !output::is_terminal() {
        return lines(|| Ok(look()? + "\n"));
    }
    until_ctrl_c(LEAVE)?;
    draw(ENTER)?;
    loop {
        let text = look().unwrap_or_else(|error| failure(&error));
        // A terminal that does not know its size says 0.
        let size = tcgetwinsize(std::io::stdout()).map_or(0, |size| size.ws_row);
        let rows = if size == 0 { 24 } else { usize::from(size) };
        draw(&frame(&text, rows))?;
        std::thread::sleep(PAUSE);
    }
}

fn draw(text: &str) -> Result<()> {
    let _printing = PRINTING.lock();
    print(text)
}

fn failure(error: &anyhow::Error) -> String {
    let mut text = format!("{} {error:#}\n", say("error:", &[]));
    if let Some(hint) = hint::of(error) {
        text += &format!("{} {hint}\n", say("hint:", &[]));
    }
    text
}

/// `text` from the first row on, over what is there; as much of it as `rows` hold.
fn frame(text: &str, rows: usize) -> String {
    let mut frame = "\x1b[H".to_owned();
    for (row, line) in text.lines().take(rows.max(1)).enumerate() {
        // A line end in the last row would move all of it.
        frame += if row == 0 { "" } else { "\n" };
        frame += line;
        frame += "\x1b[K";
    }
    frame + "\x1b[J"
}

/// From here on Ctrl-C and its like print `last` and end the program well.
fn until_ctrl_c(last: &'static str) -> Result<()> {
    let signals = Signals::new([SIGINT, SIGTERM, SIGHUP]);
    let mut signals = signals.with_context(|| say("catching Ctrl-C", &[]))?;
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            for _ in 0..LOOKS.0 {
                if let Ok(_printing) = PRINTING.try_lock() {
                    let mut stdout = std::io::stdout().lock();
                    let _ = stdout.write_all(last.as_bytes());
                    let _ = stdout.flush();
                    break;
                }
                std::thread::sleep(LOOKS.1);
            }
            std::process::exit(0);
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_fits_into_its_rows() {
        assert_eq!(frame("a\nb\n", 24), "\x1b[Ha\x1b[K\nb\x1b[K\x1b[J");
        assert_eq!(frame("a\nb\nc\n", 2), "\x1b[Ha\x1b[K\nb\x1b[K\x1b[J");
        assert_eq!(frame("a\n", 0), "\x1b[Ha\x1b[K\x1b[J");
        assert_eq!(frame("", 24), "\x1b[H\x1b[J");
    }
}
