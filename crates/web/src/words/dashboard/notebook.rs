//! The notebooks: one card each. Their addresses are not on them; the device opens them by number.

use super::{Card, Level};
use crate::dashboard::Act;
use crate::words::{duration, pick};
use config::Language;
use control::{NotebookState, NotebookStatus, State, Status};
use std::time::Duration;

/// A card for each, or one that says that there is none.
pub(super) fn cards(status: &Status, language: Language) -> Vec<Card> {
    if status.notebooks.is_empty() {
        return none(status, language).into_iter().collect();
    }
    let signing_in = status.keep.as_ref().is_some_and(|keep| keep.signing_in);
    let notebooks = status.notebooks.iter();
    let card = |one| card(one, signing_in, language);
    notebooks.map(card).collect()
}

/// With a mistake in the settings nobody knows whether there is one: the settings' card says so.
fn none(status: &Status, language: Language) -> Option<Card> {
    if status.state == State::Misconfigured {
        return None;
    }
    let card = Card::new(
        "notebooks",
        pick(language, "Notebooks", "ノートブック"),
        Level::Person,
        pick(language, "None", "なし"),
        pick(
            language,
            "No notebook is configured yet.",
            "ノートブックがまだ設定されていません。",
        )
        .to_owned(),
    );
    let label = pick(language, "Choose a notebook", "ノートブックを設定する");
    Some(card.go("/settings/notebook", label))
}

fn card(notebook: &NotebookStatus, signing_in: bool, language: Language) -> Card {
    let (level, word) = state(notebook.state, signing_in, language);
    let number = notebook.number;
    let title = match language {
        Language::En => format!("Notebook {number}"),
        Language::Ja => format!("ノートブック {number}"),
    };
    let line = line(notebook, signing_in, language);
    let id = format!("notebook-{number}");
    let card = Card::new(&id, &title, level, word, line);
    let card = match notebook.state {
        NotebookState::WaitingForPerson | NotebookState::Crashed | NotebookState::Offline => {
            card.quoting(&notebook.reason)
        }
        _ => card,
    };
    let card = actions(card, notebook, signing_in, language);
    facts(card, notebook, language)
}

/// What all of them share (a pause, the end of the hours, a sign-in under way) needs a person once: the
/// card of the keeping says so.
fn state(state: NotebookState, signing_in: bool, language: Language) -> (Level, &'static str) {
    match state {
        NotebookState::Starting => (Level::Busy, pick(language, "Starting", "起動中")),
        NotebookState::Open => (Level::Good, pick(language, "Open", "開いています")),
        NotebookState::Reloading => (Level::Good, pick(language, "Reloading", "再読み込み中")),
        NotebookState::WaitingForPerson => (
            Level::Person,
            pick(language, "Waiting for you", "あなたの操作を待っています"),
        ),
        NotebookState::SignedOut if signing_in => (
            Level::Still,
            pick(language, "Signing in", "ログイン手続き中"),
        ),
        NotebookState::SignedOut => (
            Level::Person,
            pick(language, "Signed out", "ログインが必要です"),
        ),
        NotebookState::Crashed => (Level::Failed, pick(language, "Crashed", "異常終了")),
        NotebookState::Offline => (
            Level::Failed,
            pick(language, "Not reached", "接続できません"),
        ),
        NotebookState::Capped => (Level::Still, pick(language, "Hours over", "時間切れ")),
        NotebookState::Paused => (Level::Still, pick(language, "Paused", "一時停止中")),
    }
}

fn line(notebook: &NotebookStatus, signing_in: bool, language: Language) -> String {
    let span = duration(Duration::from_secs(notebook.for_seconds), language);
    match (notebook.state, language) {
        (NotebookState::Starting, Language::En) => {
            format!("It has been on its way into the browser for {span}.")
        }
        (NotebookState::Starting, Language::Ja) => {
            format!("ブラウザーで開いています({span}前から)。")
        }
        (NotebookState::Open, Language::En) => format!("It has been open for {span}."),
        (NotebookState::Open, Language::Ja) => format!("{span}前から開いています。"),
        (NotebookState::Reloading, Language::En) => "It is being reloaded.".to_owned(),
        (NotebookState::Reloading, Language::Ja) => "再読み込みしています。".to_owned(),
        (NotebookState::WaitingForPerson, Language::En) => format!(
            "For {span} the page has asked what only a person may answer. Answer it on the device's desktop."
        ),
        (NotebookState::WaitingForPerson, Language::Ja) => {
            format!(
                "{span}前から、人が答える必要のある表示が出ています。機器のデスクトップで操作してください。"
            )
        }
        (NotebookState::SignedOut, Language::En) if signing_in => {
            "It comes back once you have signed in.".to_owned()
        }
        (NotebookState::SignedOut, Language::Ja) if signing_in => {
            "ログインが完了すると再び開きます。".to_owned()
        }
        (NotebookState::SignedOut, Language::En) => {
            format!("For {span} the browser has shown a sign-in page in its place.")
        }
        (NotebookState::SignedOut, Language::Ja) => {
            format!("{span}前から、代わりにログインのページが表示されています。")
        }
        (NotebookState::Crashed, Language::En) => {
            format!("Its page has not answered for {span}. The device brings it back by itself.")
        }
        (NotebookState::Crashed, Language::Ja) => {
            format!("{span}前からページが応答していません。自動的に復旧を試みます。")
        }
        (NotebookState::Offline, Language::En) => {
            format!("Its server has not been reached for {span}. The device tries again by itself.")
        }
        (NotebookState::Offline, Language::Ja) => {
            format!("{span}前からサーバーに接続できません。自動的に再試行します。")
        }
        (NotebookState::Capped, Language::En) => {
            "The hours are over: it is not reloaded until you renew them.".to_owned()
        }
        (NotebookState::Capped, Language::Ja) => {
            "維持する時間が終わりました。更新するまで再読み込みしません。".to_owned()
        }
        (NotebookState::Paused, Language::En) => "It is not reloaded until you go on.".to_owned(),
        (NotebookState::Paused, Language::Ja) => "再開するまで再読み込みしません。".to_owned(),
    }
}

fn actions(card: Card, notebook: &NotebookStatus, signing_in: bool, language: Language) -> Card {
    let start = format!("/start/{}", notebook.number);
    let reload = Act::Reload(Some(notebook.number));
    let again = pick(language, "Reload now", "今すぐ再読み込み");
    let open = pick(language, "Open the notebook", "ノートブックを開く");
    match notebook.state {
        NotebookState::Starting | NotebookState::Reloading => card.go(&start, open),
        NotebookState::Open | NotebookState::WaitingForPerson | NotebookState::Crashed => {
            card.press(reload, again).go(&start, open)
        }
        NotebookState::SignedOut if signing_in => {
            let label = pick(language, "Go on with the sign-in", "ログインを続ける");
            card.go(crate::pages::SIGN_IN, label)
        }
        NotebookState::SignedOut => {
            let label = pick(language, "Sign in", "ログインする");
            card.press(Act::SignIn, label).go(&start, open)
        }
        NotebookState::Offline => {
            let label = pick(language, "See what is in the way", "原因を確認する");
            card.go(&start, label)
        }
        NotebookState::Capped => {
            let label = pick(language, "Renew the hours", "時間を更新する");
            card.press(Act::Renew, label)
        }
        NotebookState::Paused => card.press(Act::Resume, pick(language, "Go on", "再開する")),
    }
}

fn facts(card: Card, notebook: &NotebookStatus, language: Language) -> Card {
    let span = |seconds| duration(Duration::from_secs(seconds), language);
    let last = notebook.last_reload_seconds.map(|seconds| match language {
        Language::En => format!("{} ago", span(seconds)),
        Language::Ja => format!("{}前", span(seconds)),
    });
    let next = notebook.next_reload_seconds.map(|seconds| match language {
        Language::En => format!("in {}", span(seconds)),
        Language::Ja => format!("{}後", span(seconds)),
    });
    let opened = pick(
        language,
        "by request, until `keeper close`",
        "`keeper close` まで",
    );
    let reloads = match language {
        Language::En => notebook.reloads.to_string(),
        Language::Ja => format!("{} 回", notebook.reloads),
    };
    card.knowing(pick(language, "Reloads", "再読み込み"), Some(reloads))
        .knowing(pick(language, "Last reload", "前回の再読み込み"), last)
        .knowing(pick(language, "Next reload", "次回の再読み込み"), next)
        .knowing(
            pick(language, "Kept open", "維持する期間"),
            notebook.opened.then(|| opened.to_owned()),
        )
}
