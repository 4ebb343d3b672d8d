//! What the notebooks need: the network, and the desktop's browser.

use super::{Card, Level};
use crate::pages::LOGS;
use crate::words::{duration, pick};
use config::Language;
use control::{KioskState, KioskStatus, NetworkStatus, Status};
use std::time::Duration;

/// None before it has been looked at.
pub(super) fn network(status: &Status, language: Language) -> Option<Card> {
    let network = status.network.as_ref()?;
    let title = pick(language, "Network", "ネットワーク");
    if network.ok {
        let line = pick(
            language,
            "The notebooks can be reached.",
            "ノートブックへの経路は正常です。",
        );
        let word = pick(language, "Connected", "接続済み");
        let card = Card::new("network", title, Level::Good, word, line.to_owned());
        let label = pick(language, "Network settings", "ネットワークの設定を変更する");
        return Some(card.go("/settings/network", label));
    }
    let word = pick(language, "Not connected", "接続できません");
    let line = broken(network, language);
    let card = Card::new("network", title, Level::Failed, word, line);
    let start = format!("/start/{}", network.notebook.unwrap_or(1));
    Some(match network.notebook {
        Some(_) => card.go(
            &start,
            pick(language, "See what is in the way", "原因を確認する"),
        ),
        None => card.go(
            "/settings/network",
            pick(language, "Network settings", "ネットワークの設定を変更する"),
        ),
    })
}

fn broken(network: &NetworkStatus, language: Language) -> String {
    let span = duration(Duration::from_secs(network.for_seconds), language);
    match (network.notebook, language) {
        (Some(number), Language::En) => {
            format!("The server of notebook {number} has not answered for {span}.")
        }
        (Some(number), Language::Ja) => {
            format!("ノートブック {number} のサーバーが {span}前から応答していません。")
        }
        (None, Language::En) => "There is no way to other networks.".to_owned(),
        (None, Language::Ja) => "外部ネットワークへの経路がありません。".to_owned(),
    }
}

/// None where nobody watches over a browser, and none is being installed.
pub(super) fn browser(status: &Status, language: Language) -> Option<Card> {
    let card = match (&status.kiosk, &status.browser) {
        (Some(kiosk), _) => running(kiosk, language),
        (None, Some(_)) => new(
            Level::Busy,
            pick(language, "Being installed", "インストール中"),
            pick(
                language,
                "The browser is being installed.",
                "ブラウザーをインストールしています。",
            )
            .to_owned(),
            language,
        ),
        (None, None) => return None,
    };
    let installation = status.browser.as_deref().unwrap_or_default();
    let is_there = status
        .kiosk
        .as_ref()
        .is_some_and(|kiosk| kiosk.state == KioskState::Running);
    let card = card.quoting(if is_there { "" } else { installation });
    Some(card.go(LOGS, pick(language, "Show the log", "ログを表示する")))
}

fn new(level: Level, word: &'static str, line: String, language: Language) -> Card {
    let title = pick(language, "Browser", "ブラウザー");
    Card::new("browser", title, level, word, line)
}

fn running(kiosk: &KioskStatus, language: Language) -> Card {
    let span = duration(Duration::from_secs(kiosk.for_seconds), language);
    let (level, word) = match kiosk.state {
        KioskState::Starting => (Level::Busy, pick(language, "Starting", "起動中")),
        KioskState::Running => (Level::Good, pick(language, "Running", "動作中")),
        KioskState::NotAnswering => (
            Level::Failed,
            pick(language, "Not answering", "応答がありません"),
        ),
        KioskState::Absent => (
            Level::Failed,
            pick(language, "Not there", "起動していません"),
        ),
    };
    let line = match (kiosk.state, language) {
        (KioskState::Starting, Language::En) => "It is on its way.".to_owned(),
        (KioskState::Starting, Language::Ja) => "起動しています。".to_owned(),
        (KioskState::Running, Language::En) => format!("It has answered for {span}."),
        (KioskState::Running, Language::Ja) => format!("{span}前から応答しています。"),
        (KioskState::NotAnswering, Language::En) => {
            format!("It has not answered for {span}. The device restarts it by itself.")
        }
        (KioskState::NotAnswering, Language::Ja) => {
            format!("{span}前から応答していません。自動的に再起動します。")
        }
        (KioskState::Absent, Language::En) => {
            format!("No browser has come up for {span}. The log may say why.")
        }
        (KioskState::Absent, Language::Ja) => {
            format!("{span}前から起動していません。ログで理由が分かる場合があります。")
        }
    };
    let restarts = match (kiosk.restarts, language) {
        (0, _) => None,
        (count, Language::En) => Some(count.to_string()),
        (count, Language::Ja) => Some(format!("{count} 回")),
    };
    new(level, word, line, language).knowing(
        pick(language, "Restarts asked for", "再起動の要求"),
        restarts,
    )
}
