//! Every state of a card has its words and its button, in both languages.

use crate::content::page;
use crate::overviews::{all, with_notebook, with_tunnel};
use config::Language;
use control::{NotebookState, TunnelState};
use web::Overview;

/// The card of this name on the page.
fn card(overview: &Overview, id: &str, language: Language) -> String {
    let page = page(overview, language);
    let mut cards = page.split("<li class=\"").skip(1);
    let id = format!(" id=\"{id}\">");
    let card = cards.find(|card| card.contains(&id)).expect("a card");
    // The last one is followed by the rest of the page.
    let card = card.split("</ol>").next().expect("its end");
    card.to_owned()
}

/// What a button of this address begins with.
fn press(address: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{address}\"><input type=\"hidden\" name=\"token\" value=\"0123456789abcdef\">"
    )
}

/// What a link there has in it.
fn go(address: &str) -> String {
    format!("\" href=\"{address}\">")
}

#[test]
fn every_state_of_a_notebook_has_words_and_its_button() {
    use NotebookState as S;
    for (state, english, japanese, button) in [
        (S::Starting, "Starting", "起動中", go("/start/1")),
        (S::Open, "Open", "開いています", press("/do/reload/1")),
        (S::Reloading, "Reloading", "再読み込み中", go("/start/1")),
        (
            S::WaitingForPerson,
            "Waiting for you",
            "あなたの操作を待っています",
            press("/do/reload/1"),
        ),
        (
            S::SignedOut,
            "Signed out",
            "ログインが必要です",
            press("/do/sign-in"),
        ),
        (S::Crashed, "Crashed", "異常終了", press("/do/reload/1")),
        (S::Offline, "Not reached", "接続できません", go("/start/1")),
        (S::Capped, "Hours over", "時間切れ", press("/do/renew")),
        (S::Paused, "Paused", "一時停止中", press("/do/resume")),
    ] {
        for (language, word) in [(Language::En, english), (Language::Ja, japanese)] {
            let card = card(&with_notebook(state), "notebook-1", language);
            let word = format!("<span class=\"verdict\">{word}</span>");
            assert!(card.contains(&word), "{state:?}: {card}");
            assert!(card.contains(&button), "{state:?}: {button}: {card}");
        }
    }
}

#[test]
fn every_state_of_the_tunnel_has_words_and_its_button() {
    use TunnelState as S;
    let notebook = || go("/notebook.ipynb");
    for (state, english, japanese, button) in [
        (S::Waiting, "Nobody there", "未接続", notebook()),
        (
            S::Taken,
            "Blocked",
            "使用できません",
            go("/settings/tunnel"),
        ),
        (S::Connected, "Being asked", "確認中", notebook()),
        (S::Up, "Connected", "接続済み", notebook()),
        (S::OtherKey, "Unknown machine", "未登録のマシン", notebook()),
        (S::Refused, "Refused", "拒否されました", notebook()),
        (S::NoSshd, "No answer", "応答がありません", notebook()),
        (S::Silent, "Silent", "応答がありません", notebook()),
        (S::Unknown, "Not known", "不明", go("/logs")),
    ] {
        for (language, word) in [(Language::En, english), (Language::Ja, japanese)] {
            let card = card(&with_tunnel(state), "tunnel", language);
            let word = format!("<span class=\"verdict\">{word}</span>");
            assert!(card.contains(&word), "{state:?}: {card}");
            assert!(card.contains(&button), "{state:?}: {button}: {card}");
        }
    }
}

#[test]
fn every_other_state_has_its_word_and_its_button_too() {
    for (name, id, word, button) in [
        ("bare", "notebooks", "None", go("/settings/notebook")),
        ("bare", "tunnel", "Off", go("/settings/tunnel")),
        ("tunnel-off", "tunnel", "Off", go("/settings/tunnel")),
        ("well", "keeping", "At work", press("/do/renew")),
        ("well", "keeping", "At work", press("/do/pause")),
        ("well", "keeping", "At work", press("/do/reload")),
        ("keeping-paused", "keeping", "Paused", press("/do/resume")),
        ("keeping-over", "keeping", "Hours over", press("/do/renew")),
        ("signing-in", "keeping", "Signing in", go("/sign-in")),
        ("signing-in", "notebook-1", "Signing in", go("/sign-in")),
        ("well", "settings", "In force", go("/settings")),
        ("settings-earlier", "settings", "A mistake", go("/settings")),
        ("settings-nothing", "settings", "A mistake", go("/settings")),
        ("well", "network", "Connected", go("/settings/network")),
        ("network-down", "network", "Not connected", go("/start/1")),
        (
            "network-no-way",
            "network",
            "Not connected",
            go("/settings/network"),
        ),
        ("well", "browser", "Running", go("/logs")),
        ("kiosk-Starting", "browser", "Starting", go("/logs")),
        (
            "kiosk-NotAnswering",
            "browser",
            "Not answering",
            go("/logs"),
        ),
        ("kiosk-Absent", "browser", "Not there", go("/logs")),
        (
            "browser-installing",
            "browser",
            "Being installed",
            go("/logs"),
        ),
        ("well", "public-name", "Up to date", go("/settings/tunnel")),
        (
            "name-failed",
            "public-name",
            "Not updated",
            go("/settings/tunnel"),
        ),
        (
            "name-not-yet",
            "public-name",
            "Not yet",
            go("/settings/tunnel"),
        ),
        ("well", "device", "OK", go("/logs")),
        ("disk-full", "device", "Nearly full", go("/logs")),
        ("memory-full", "device", "Short of memory", go("/logs")),
        ("hot", "device", "Too hot", go("/logs")),
    ] {
        let (_, overview) = all().into_iter().find(|(one, _)| one == name).expect(name);
        let card = card(&overview, id, Language::En);
        let word = format!("<span class=\"verdict\">{word}</span>");
        assert!(card.contains(&word), "{name}: {card}");
        assert!(card.contains(&button), "{name}: {button}: {card}");
    }
}

#[test]
fn the_device_is_told_in_numbers() {
    let (_, overview) = all()
        .into_iter()
        .find(|(one, _)| one == "restart")
        .expect("it");
    for (language, id, parts) in [
        (
            Language::En,
            "device",
            &[
                "It has been on for 3 days. Updates are in force from its next restart on.",
                "<dt>Storage</dt><dd>21.4 GB of 31.2 GB free</dd>",
                "<dt>Memory</dt><dd>2.1 GB of 4.0 GB free</dd>",
                "<dt>Temperature</dt><dd>48 °C</dd>",
                "<dt>Load</dt><dd>0.31, 0.27, 0.20</dd>",
                "<dt>Updates</dt><dd>12 waiting; security updates install themselves</dd>",
            ][..],
        ),
        (
            Language::En,
            "tunnel",
            &[
                "<dt>Round trip</dt><dd>31 ms</dd>",
                "<dt>GPU</dt><dd>Tesla T4, 15360 MiB</dd>",
            ],
        ),
        (
            Language::En,
            "notebook-1",
            &[
                "<dt>Last reload</dt><dd>1 min ago</dd>",
                "<dt>Next reload</dt><dd>in 8 min</dd>",
            ],
        ),
        (
            Language::Ja,
            "device",
            &[
                "起動してから 3 日経過しました。",
                "<dd>31.2 GB 中 21.4 GB 空き</dd>",
                "<dd>48 °C</dd>",
            ],
        ),
        (Language::Ja, "keeping", &["残り 10 時間です(全 12 時間)。"]),
        (
            Language::Ja,
            "public-name",
            &["pi.example は 4 分前に更新されました。"],
        ),
    ] {
        let card = card(&overview, id, language);
        for part in parts {
            assert!(card.contains(part), "{part}: {card}");
        }
    }
}
