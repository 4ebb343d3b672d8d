//! The settings: whether they are in force, and what is wrong with them.

use super::{Card, Level, shown};
use crate::words::pick;
use config::Language;
use control::{ConfigStatus, InForce};

/// The most problems that are shown: what to do about them must stay in sight.
const PROBLEMS: usize = 3;

pub(super) fn card(config: &ConfigStatus, language: Language) -> Card {
    let well = config.in_force == InForce::File && config.problems.is_empty();
    let level = if well { Level::Good } else { Level::Person };
    let word = if well {
        pick(language, "In force", "有効")
    } else {
        pick(language, "A mistake", "誤りがあります")
    };
    let line = if well {
        in_force(&config.path, language)
    } else {
        broken(config, language)
    };
    let title = pick(language, "Settings", "設定");
    let mut card = Card::new("settings", title, level, word, line);
    for problem in config.problems.iter().take(PROBLEMS) {
        card = card.quoting(problem);
    }
    if config.problems.len() > PROBLEMS {
        card.quotes.push("…".to_owned());
    }
    let label = pick(language, "Change the settings", "設定を変更する");
    card.go("/settings", label)
}

fn in_force(path: &str, language: Language) -> String {
    let path = shown(path);
    match language {
        Language::En => format!("What {path} says is in force."),
        Language::Ja => format!("{path} の内容が有効です。"),
    }
}

fn broken(config: &ConfigStatus, language: Language) -> String {
    let path = shown(&config.path);
    let stays = match config.in_force {
        InForce::Nothing => pick(
            language,
            "until it is mended, the device does not know what to keep open:",
            "修正されるまで、どのノートブックを開くか分かりません:",
        ),
        InForce::File | InForce::Earlier => pick(
            language,
            "the earlier settings stay in force until it is mended:",
            "修正されるまで、以前の設定が有効です:",
        ),
    };
    match language {
        Language::En => format!("{path} has a mistake; {stays}"),
        Language::Ja => format!("{path} に誤りがあります。{stays}"),
    }
}
