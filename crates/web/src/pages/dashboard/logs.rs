//! The last lines of the log.

use super::super::{DASHBOARD_STYLE_PATH, Frame, LOGS};
use super::back;
use crate::words::dashboard::line;
use crate::words::pick;
use config::Language;
use maud::{Markup, html};

/// The most lines that are shown.
const LINES: usize = 200;

/// The most bytes of them, in UTF-8 and before they are escaped.
const BYTES: usize = 64 * 1024;

/// The page with the last of `lines`, newest last. It does not ask for itself again: somebody reads.
pub fn logs(lines: &[String], language: Language) -> Markup {
    let title = pick(language, "Log", "ログ");
    let frame = Frame {
        language,
        title,
        refresh: None,
    };
    let lines = last(lines);
    frame.with_style(
        DASHBOARD_STYLE_PATH,
        html! {
            h1 { (title) }
            p.lead {
                (pick(
                    language,
                    "The newest line is the last. Of addresses only the hosts are shown.",
                    "最新の行は最後です。URL はホスト名だけを表示しています。",
                ))
            }
            @if lines.is_empty() {
                p { (pick(language, "There are no lines.", "行がありません。")) }
            } @else {
                ol.log { @for line in &lines { li { (line) } } }
            }
            nav #end {
                a.button href={ (LOGS) "#end" } { (pick(language, "Look anew", "更新する")) }
                (back(language))
            }
            p.again {
                (pick(language, "All of it in a terminal:", "ターミナルですべて表示するには:")) " "
                code { "keeper logs" }
            }
        },
    )
}

/// As many of the last ones as may be shown, in their order.
fn last(lines: &[String]) -> Vec<String> {
    let mut bytes = 0;
    let newest = lines.iter().rev().take(LINES).map(|text| line(text));
    let mut shown: Vec<String> = newest
        .take_while(|line| {
            bytes += line.len() + 1;
            bytes <= BYTES
        })
        .collect();
    shown.reverse();
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_are_shown_within_bounds() {
        let numbered = |count: usize| -> Vec<String> {
            (1..=count).map(|number| number.to_string()).collect()
        };
        assert_eq!(last(&[]), numbered(0));
        assert_eq!(last(&numbered(3)), ["1", "2", "3"]);
        let many = last(&numbered(5000));
        assert_eq!(many.len(), LINES);
        assert_eq!((&*many[0], &*many[LINES - 1]), ("4801", "5000"));
        let long: Vec<String> = (0..LINES).map(|_| "あ".repeat(5000)).collect();
        let shown = last(&long);
        let bytes: usize = shown.iter().map(|line| line.len() + 1).sum();
        assert!(!shown.is_empty() && bytes <= BYTES, "{bytes}");
    }
}
