//! The pages: the frame that all of them have, and the address that none of them has.
//!
//! Every page is a pure function of plain data and a language. Text is escaped by maud. A new page
//! is a file in `pages/`, a route in `router`, and its sentences.

mod dashboard;
mod sign_in;
mod start;
pub mod wizard;

pub use dashboard::{cards, dashboard, logs, no_notebook, stale};
pub use sign_in::sign_in;
pub use start::{RETRY, start};

use crate::words::pick;
use config::Language;
use maud::{DOCTYPE, Markup, html};
use std::time::Duration;

/// The style of all pages.
pub const STYLE: &str = include_str!("pages/style.css");

/// Where [`STYLE`] is served.
pub const STYLE_PATH: &str = "/style.css";

/// The style of the dashboard, besides [`STYLE`].
pub const DASHBOARD_STYLE: &str = include_str!("pages/dashboard.css");

/// Where [`DASHBOARD_STYLE`] is served.
pub const DASHBOARD_STYLE_PATH: &str = "/dashboard.css";

/// Where the dashboard is for programs.
pub const LIVE: &str = "/live";

/// Where the log is.
pub const LOGS: &str = "/logs";

/// Where the notebook is that brings a Colab machine here.
pub const NOTEBOOK: &str = "/notebook.ipynb";

/// Where the page for signing in is.
pub const SIGN_IN: &str = "/sign-in";

/// Where its "done" button sends its token.
pub const SIGN_IN_DONE: &str = "/sign-in/done";

/// The name on every page.
const BRAND: &str = "Colab Keeper";

/// What the frame needs to know of a page.
struct Frame<'a> {
    language: Language,
    title: &'a str,
    /// Asked for again after this time, by the browser alone: no script is needed.
    refresh: Option<Duration>,
}

impl Frame<'_> {
    fn around(&self, content: Markup) -> Markup {
        self.whole(None, html! {}, content)
    }

    /// As `around`, with more in the header than our name.
    fn below(&self, header: Markup, content: Markup) -> Markup {
        self.whole(None, header, content)
    }

    /// As `around`, with one more style, by its address.
    fn with_style(&self, style: &str, content: Markup) -> Markup {
        self.whole(Some(style), html! {}, content)
    }

    fn whole(&self, style: Option<&str>, header: Markup, content: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.language_tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    @if let Some(after) = self.refresh {
                        meta http-equiv="refresh" content=(after.as_secs());
                    }
                    title { (self.title) " – " (BRAND) }
                    link rel="stylesheet" href=(STYLE_PATH);
                    @if let Some(style) = style { link rel="stylesheet" href=(style); }
                }
                body {
                    header { p.brand { (BRAND) } (header) }
                    main { (content) }
                }
            }
        }
    }

    fn language_tag(&self) -> &'static str {
        pick(self.language, "en", "ja")
    }
}

/// For an address that there is not.
pub fn not_found(language: Language) -> Markup {
    let title = pick(language, "There is no such page", "このページはありません");
    let frame = Frame {
        language,
        title,
        refresh: None,
    };
    frame.around(html! {
        h1 { (title) }
        p.lead {
            (pick(
                language,
                "The address may be misspelt. The notebooks are one step away:",
                "アドレスが間違っている可能性があります。ノートブックへはこちらから:",
            ))
        }
        p { a.button href="/start/1" { (pick(language, "Open notebook 1", "ノートブック 1 を開く")) } }
    })
}
