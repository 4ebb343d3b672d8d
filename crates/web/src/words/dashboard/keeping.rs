//! The keeping of all notebooks: for how long, and what holds it up.

use super::{Card, Level};
use crate::dashboard::Act;
use crate::pages::SIGN_IN;
use crate::words::{duration, pick};
use config::Language;
use control::{KeepStatus, NotebookState, Status};
use std::time::Duration;

/// None where there is nothing to keep.
pub(super) fn card(status: &Status, language: Language) -> Option<Card> {
    let keep = status.keep.as_ref()?;
    let first = status.notebooks.first()?;
    let over = keep.left_seconds == 0 || first.state == NotebookState::Capped;
    let renew = pick(language, "Renew the hours", "時間を更新する");
    let card = if keep.signing_in {
        signing_in(language)
    } else if keep.paused {
        paused(language)
    } else if over {
        ended(keep, language).press(Act::Renew, renew)
    } else {
        let pause = pick(language, "Pause", "一時停止する");
        let reload = pick(language, "Reload all now", "今すぐすべて再読み込み");
        let sign_in = pick(language, "Sign in", "ログインする");
        at_work(keep, language)
            .press(Act::Renew, renew)
            .press(Act::Pause, pause)
            .press(Act::Reload(None), reload)
            .press(Act::SignIn, sign_in)
    };
    Some(card)
}

fn new(level: Level, word: &'static str, line: String, language: Language) -> Card {
    let title = pick(language, "Keeping open", "ノートブックの維持");
    Card::new("keeping", title, level, word, line)
}

fn signing_in(language: Language) -> Card {
    let line = pick(
        language,
        "The browser on the device's desktop waits for you to sign in. Nothing is reloaded until you say that it is done.",
        "機器のデスクトップのブラウザーで、ログインを待っています。完了するまで再読み込みしません。",
    );
    let word = pick(language, "Signing in", "ログイン手続き中");
    let card = new(Level::Person, word, line.to_owned(), language);
    card.go(
        SIGN_IN,
        pick(language, "Go on with the sign-in", "ログインを続ける"),
    )
}

fn paused(language: Language) -> Card {
    let line = pick(
        language,
        "You have paused it: nothing is reloaded until you go on.",
        "一時停止しています。再開するまで再読み込みしません。",
    );
    let word = pick(language, "Paused", "一時停止中");
    let card = new(Level::Still, word, line.to_owned(), language);
    card.press(Act::Resume, pick(language, "Go on", "再開する"))
}

fn ended(keep: &KeepStatus, language: Language) -> Card {
    let hours = keep.hours;
    let line = match language {
        Language::En => {
            format!("The {hours} h are over: nothing is reloaded until you renew them.")
        }
        Language::Ja => {
            format!("維持する {hours} 時間が終わりました。更新するまで再読み込みしません。")
        }
    };
    let word = pick(language, "Hours over", "時間切れ");
    new(Level::Person, word, line, language)
}

fn at_work(keep: &KeepStatus, language: Language) -> Card {
    let left = duration(Duration::from_secs(keep.left_seconds), language);
    let hours = keep.hours;
    let mut line = match language {
        Language::En => format!("{left} of {hours} h are left."),
        Language::Ja => format!("残り {left}です(全 {hours} 時間)。"),
    };
    if keep.person {
        line += pick(
            language,
            " Somebody is using the desktop: reloads wait meanwhile.",
            "デスクトップの使用中は再読み込みを待ちます。",
        );
    }
    let word = pick(language, "At work", "動作中");
    new(Level::Good, word, line, language)
}
