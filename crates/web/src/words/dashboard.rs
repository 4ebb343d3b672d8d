//! What the dashboard's cards say, in every language: each is a state in a word, one sentence, and what can be
//! done. One module for each kind of card; `notice` is what became of a button, `plain` makes others'
//! text fit to be shown.
//!
//! Texts that keeperd has from elsewhere are quoted only where they say what no sentence of ours can.

mod device;
mod keeping;
mod notebook;
mod notice;
mod plain;
mod settings;
mod system;
mod tunnel;

pub(crate) use notice::notice;
pub(crate) use plain::{line, shown};

use crate::dashboard::{Act, Overview};
use crate::words::pick;
use config::Language;
use control::State;

/// How well it is with what a card is about, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// A person must do something.
    Person,
    /// It is not well; the device mends it by itself, or nothing can be done here.
    Failed,
    /// It is on its way.
    Busy,
    /// It rests, since somebody wants it so.
    Still,
    /// It is well.
    Good,
}

/// A card of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// Its name within the page.
    pub(crate) id: String,
    /// What it is about.
    pub(crate) title: String,
    /// How well that is.
    pub(crate) level: Level,
    /// Its state in a word or two.
    pub(crate) word: &'static str,
    /// The same in a sentence or two.
    pub(crate) line: String,
    /// What others have said of it, each fit to be shown; or what to type.
    pub(crate) quotes: Vec<String>,
    /// What there is to know besides.
    pub(crate) facts: Vec<(&'static str, String)>,
    /// What can be done, the nearest first.
    pub(crate) actions: Vec<Action>,
}

/// What can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// A button.
    Press(Act, &'static str),
    /// A link.
    Go(String, &'static str),
}

impl Card {
    fn new(id: &str, title: &str, level: Level, word: &'static str, line: String) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            level,
            word,
            line,
            quotes: Vec::new(),
            facts: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// With this, if it says anything.
    fn quoting(mut self, text: &str) -> Self {
        let text = shown(text);
        if !text.is_empty() {
            self.quotes.push(text);
        }
        self
    }

    fn knowing(mut self, label: &'static str, value: Option<String>) -> Self {
        self.facts.extend(value.map(|value| (label, value)));
        self
    }

    fn press(mut self, act: Act, label: &'static str) -> Self {
        self.actions.push(Action::Press(act, label));
        self
    }

    fn go(mut self, to: &str, label: &'static str) -> Self {
        self.actions.push(Action::Go(to.to_owned(), label));
        self
    }
}

/// All cards: what needs a person first, then what is not well, then the rest; otherwise as a person
/// thinks of them, from the notebooks to the device.
pub(crate) fn cards(overview: &Overview, language: Language) -> Vec<Card> {
    let status = &overview.status;
    let mut cards = Vec::new();
    cards.extend(keeping::card(status, language));
    cards.extend(notebook::cards(status, language));
    cards.push(settings::card(&status.config, language));
    cards.push(tunnel::card(status.tunnel.as_ref(), language));
    cards.extend(tunnel::name(overview.public_name.as_ref(), language));
    cards.extend(system::network(status, language));
    cards.extend(system::browser(status, language));
    cards.push(device::card(overview, language));
    // Sorting keeps the order of what is equal.
    cards.sort_by_key(|card| card.level.min(Level::Busy));
    cards
}

/// How it is as a whole: the worst of `cards`.
pub(crate) fn heading(cards: &[Card], doing: State, language: Language) -> &'static str {
    let worst = cards.iter().map(|card| card.level).min();
    match worst.unwrap_or(Level::Good) {
        Level::Person => pick(
            language,
            "Something needs you",
            "対応が必要な項目があります",
        ),
        Level::Failed => pick(
            language,
            "Something is not well",
            "問題が起きている項目があります",
        ),
        Level::Busy => pick(language, "Getting ready", "準備しています"),
        Level::Still | Level::Good if doing == State::Paused => {
            pick(language, "Paused", "一時停止中です")
        }
        Level::Still | Level::Good => pick(language, "All is well", "すべて正常です"),
    }
}
