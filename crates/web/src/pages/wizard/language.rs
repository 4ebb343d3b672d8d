//! The language of everything: each is named in itself, since nobody may know the others.

use super::{Page, parts};
use maud::{Markup, html};
use setup::{Field, Purpose};

/// What languages are called by those who speak them.
const LANGUAGES: [(&str, &str, &str); 2] = [
    ("en", "English", "Pages, messages and desktop in English"),
    (
        "ja",
        "日本語",
        "画面、メッセージ、デスクトップを日本語で表示",
    ),
];

pub(super) fn fields(page: &Page<'_>) -> Markup {
    let name = Field::Language.as_str();
    html! {
        (preset(page))
        fieldset id=(name) aria-describedby=[parts::described(page, Field::Language)] {
            legend { "Language / " span lang="ja" { "言語" } }
            (parts::fault(page, Field::Language))
            div.cards.two {
                @for (value, own, what) in LANGUAGES {
                    @let id = format!("{name}-{value}");
                    div.card {
                        input id=(id) type="radio" name=(name) value=(value) required
                            checked[page.text(Field::Language) == value];
                        label for=(id) lang=(value) {
                            strong { (own) }
                            span { (what) }
                        }
                    }
                }
            }
        }
    }
}

/// A device that was to set itself up says why it has not.
fn preset(page: &Page<'_>) -> Markup {
    let problems = &page.view.problems;
    html! {
        @if page.purpose == Purpose::FirstBoot && !problems.is_empty() {
            section.warning {
                h2 { (page.pick("keeper.toml on the card has mistakes", "カードの keeper.toml に誤りがあります")) }
                p {
                    (page.pick(
                        "So the device has not set itself up. Mend the file and start the device again, or go on here.",
                        "そのため自動で設定できませんでした。ファイルを修正して再起動するか、このまま設定を進めてください。",
                    ))
                }
                ul.problems { @for problem in problems { li { code { (problem) } } } }
            }
        }
    }
}
