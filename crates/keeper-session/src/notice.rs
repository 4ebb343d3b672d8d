//! A notice on the desktop, by notify-send; D-Bus starts what shows it.

use std::time::Duration;

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use cmd::Cmd;
use control::session::SessionRequest;

/// How long notify-send may take. The first notice after the start waits for the program that shows it.
const PATIENCE: Duration = Duration::from_secs(15);

/// Shows one. Whatever the sender made of it, it is plain and short.
///
/// # Errors
/// notify-send is not there, or nobody shows notices.
pub(crate) fn show(notify_send: &Utf8Path, title: &str, text: &str, urgent: bool) -> Result<()> {
    command(notify_send, title, text, urgent)
        .run()
        .context("showing a notice")
}

fn command(notify_send: &Utf8Path, title: &str, text: &str, urgent: bool) -> Cmd {
    let (title, text) = match SessionRequest::notify(title, text, urgent) {
        SessionRequest::Notify { title, text, .. } => (title, text),
        _ => Default::default(),
    };
    let urgency = if urgent { "critical" } else { "normal" };
    // The time limit is another program's, so that nothing here needs a thread or a signal.
    Cmd::new("timeout")
        .arg("--kill-after=1")
        .arg(PATIENCE.as_secs().to_string())
        .arg(notify_send)
        .args(["--app-name=Colab Keeper", "--urgency", urgency, "--"])
        // notify-send will not have an empty title, and reads a backslash in the text as C does.
        .arg(if title.is_empty() {
            "Colab Keeper"
        } else {
            &title
        })
        .arg(text.replace('\\', r"\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_words_behind_the_options() {
        let shown = |title, text, urgent| command("n".into(), title, text, urgent).to_string();
        let front = "timeout --kill-after=1 15 n '--app-name=Colab Keeper' --urgency";
        for (title, text, urgent, end) in [
            ("A b", "c", false, "normal -- 'A b' c"),
            ("--help", "-u\nlow", true, "critical -- --help '-u\nlow'"),
            ("", "", false, "normal -- 'Colab Keeper' ''"),
            ("a\0b", r"\033[1m", false, r"normal -- 'a b' '\\033[1m'"),
        ] {
            assert_eq!(shown(title, text, urgent), format!("{front} {end}"));
        }
    }
}
