//! A card as HTML.

use crate::words::dashboard::{Action, Card, Level};
use crate::words::pick;
use config::Language;
use maud::{Markup, html};

/// All of them. A button needs the `token` that it sends; without one there are links only.
pub(super) fn list(cards: &[Card], token: Option<&str>, language: Language) -> Markup {
    html! {
        ol.board aria-label=(pick(language, "How it is", "状態")) {
            @for one in cards { (card(one, token, language)) }
        }
    }
}

fn card(card: &Card, token: Option<&str>, language: Language) -> Markup {
    let (class, mark) = match card.level {
        Level::Person => ("person", "!"),
        Level::Failed => ("failed", "✕"),
        Level::Busy => ("busy", "…"),
        Level::Still => ("still", "–"),
        Level::Good => ("ok", "✓"),
    };
    html! {
        li class=(class) id=(card.id) {
            h2 { (card.title) }
            p.state {
                span.mark aria-hidden="true" { (mark) } " "
                span.verdict { (card.word) }
                @if card.level == Level::Person {
                    " " span.needs { (pick(language, "needs you", "要対応")) }
                }
            }
            p.line { (card.line) }
            @if !card.quotes.is_empty() {
                ul.quotes { @for quote in &card.quotes { li { code { (quote) } } } }
            }
            @if !card.facts.is_empty() {
                dl.facts {
                    @for (label, value) in &card.facts { div { dt { (label) } dd { (value) } } }
                }
            }
            (actions(card, token))
        }
    }
}

/// The one that a person is needed for stands out.
fn actions(card: &Card, token: Option<&str>) -> Markup {
    let class = |index| match (card.level, index) {
        (Level::Person, 0) => "button primary",
        _ => "button",
    };
    html! {
        div.buttons {
            @for (index, action) in card.actions.iter().enumerate() {
                @match (action, token) {
                    (Action::Go(to, label), _) => a class=(class(index)) href=(to) { (label) },
                    (Action::Press(act, label), Some(token)) => {
                        form method="post" action=(act.address()) {
                            input type="hidden" name="token" value=(token);
                            button class=(class(index)) type="submit" { (label) }
                        }
                    }
                    (Action::Press(..), None) => {}
                }
            }
        }
    }
}
