//! A notice on the desktop, by notify-send; D-Bus starts what shows it.

use std::time::Duration;

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use cmd::Cmd;
use control::session::Notice;

/// How long notify-send may take. The first notice after the start waits for the program that shows it.
const PATIENCE: Duration = Duration::from_secs(15);

/// Shows one. Whatever the sender made of it, it is plain and short.
///
/// # Errors
/// notify-send is not there, or nobody shows notices.
pub(crate) fn show(notify_send: &Utf8Path, notice: &Notice) -> Result<()> {
    command(notify_send, notice)
        .run()
        .context("showing a notice")
}

fn command(notify_send: &Utf8Path, notice: &Notice) -> Cmd {
    let Notice {
        about,
        title,
        text,
        urgent,
    } = Notice::new(&notice.about, &notice.title, &notice.text, notice.urgent);
    let urgency = if urgent { "critical" } else { "normal" };
    // The time limit is another program's, so that nothing here needs a thread or a signal.
    Cmd::new("timeout")
        .arg("--kill-after=1")
        .arg(PATIENCE.as_secs().to_string())
        .arg(notify_send)
        .args(["--app-name=Colab Keeper", "--urgency", urgency])
        // notify-send of 2020 cannot replace a notice; dunst does, by this.
        .arg(format!("--hint=string:x-dunst-stack-tag:{about}"))
        .arg("--")
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
        let shown = |title, text, urgent| {
            let (about, title, text) = ("a b".into(), String::from(title), String::from(text));
            let notice = Notice {
                about,
                title,
                text,
                urgent,
            };
            command("n".into(), &notice).to_string()
        };
        let front = "timeout --kill-after=1 15 n '--app-name=Colab Keeper' --urgency";
        for (title, text, urgent, end) in [
            (
                "A b",
                "c",
                false,
                "normal --hint=string:x-dunst-stack-tag:ab -- 'A b' c",
            ),
            (
                "--help",
                "-u\nlow",
                true,
                "critical --hint=string:x-dunst-stack-tag:ab -- --help '-u\nlow'",
            ),
            (
                "",
                "",
                false,
                "normal --hint=string:x-dunst-stack-tag:ab -- 'Colab Keeper' ''",
            ),
            (
                "a\0b",
                r"\033[1m",
                false,
                r"normal --hint=string:x-dunst-stack-tag:ab -- 'a b' '\\033[1m'",
            ),
        ] {
            assert_eq!(shown(title, text, urgent), format!("{front} {end}"));
        }
    }
}
