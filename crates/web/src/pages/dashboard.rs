//! The dashboard: cards in one column, what needs a person at the top. What a card says is in `words`.
//!
//! A state is a word and a mark, its colour only repeats them. The page asks for itself again every now
//! and then, by the browser alone; it has nothing to be typed that could be lost by that.

mod card;
mod logs;

pub use logs::logs;

use super::{DASHBOARD_STYLE_PATH, Frame, LOGS, SIGN_IN};
use crate::dashboard::{Notice, Overview};
use crate::words::dashboard::{self as words, shown};
use crate::words::{duration, pick};
use config::Language;
use maud::{Markup, html};
use std::time::Duration;

/// After how long the page asks for itself again.
const RENEWAL: Duration = Duration::from_secs(15);

/// The dashboard, with what became of the button that was last pressed. `token` is what its buttons send.
pub fn dashboard(
    overview: &Overview,
    notice: Option<&Notice>,
    token: &str,
    language: Language,
) -> Markup {
    let all = words::cards(overview, language);
    let title = words::heading(&all, overview.status.state, language);
    let frame = Frame {
        language,
        title,
        refresh: Some(RENEWAL),
    };
    let after = duration(RENEWAL, language);
    frame.with_style(
        DASHBOARD_STYLE_PATH,
        html! {
            h1 { (title) }
            @if let Some(notice) = notice { (said(notice, language)) }
            (card::list(&all, Some(token), language))
            (ways(language))
            p.again {
                @match language {
                    Language::En => { "This page refreshes every " (after) "." }
                    Language::Ja => { "このページは " (after) "ごとに更新されます。" }
                }
            }
        },
    )
}

/// The cards alone. Without a `token` there are no buttons among them.
pub fn cards(overview: &Overview, token: Option<&str>, language: Language) -> Markup {
    card::list(&words::cards(overview, language), token, language)
}

fn said(notice: &Notice, language: Language) -> Markup {
    let (text, why) = words::notice(notice, language);
    let (class, mark) = match notice {
        Notice::Done(_) => ("notice ok", "✓"),
        Notice::Failed(..) => ("notice failed", "✕"),
    };
    html! {
        p class=(class) role="status" {
            span.mark aria-hidden="true" { (mark) } " " (text)
            @if let Some(why) = why { " " code { (why) } }
        }
    }
}

/// Where else one can go.
fn ways(language: Language) -> Markup {
    let ways = [
        ("/settings", pick(language, "Settings", "設定")),
        (
            "/start/1",
            pick(language, "Open notebook 1", "ノートブック 1 を開く"),
        ),
        (SIGN_IN, pick(language, "Sign-in", "ログイン")),
        (LOGS, pick(language, "Log", "ログ")),
    ];
    html! {
        nav aria-label=(pick(language, "More", "その他")) {
            @for (to, label) in ways { a.button href=(to) { (label) } }
        }
    }
}

/// For a button on a page that another run of this server has made.
pub fn stale(language: Language) -> Markup {
    let title = pick(
        language,
        "This page has grown old",
        "このページは古くなりました",
    );
    apart(
        title,
        html! {
            p.lead {
                (pick(
                    language,
                    "Nothing has been changed. Press the button once more on the new page.",
                    "何も変更されていません。新しいページで、もう一度ボタンを押してください。",
                ))
            }
        },
        language,
    )
}

/// When there is no notebook to be downloaded; why, in words.
pub fn no_notebook(why: &str, language: Language) -> Markup {
    let title = pick(
        language,
        "The notebook could not be made",
        "ノートブックを作成できませんでした",
    );
    apart(title, html! { p { code { (shown(why)) } } }, language)
}

/// A page that leads back to the dashboard.
fn apart(title: &str, content: Markup, language: Language) -> Markup {
    let frame = Frame {
        language,
        title,
        refresh: None,
    };
    frame.around(html! {
        h1 { (title) }
        (content)
        p { (back(language)) }
    })
}

fn back(language: Language) -> Markup {
    html! {
        a.button href="/" { (pick(language, "Back to the dashboard", "ダッシュボードに戻る")) }
    }
}
