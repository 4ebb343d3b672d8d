//! What has become of a button that was pressed.

use super::shown;
use crate::dashboard::{Act, Notice};
use crate::words::pick;
use config::Language;

/// In a sentence, and what keeperd said of it when it did not work.
pub(crate) fn notice(notice: &Notice, language: Language) -> (String, Option<String>) {
    match notice {
        Notice::Done(act) => (done(*act, language), None),
        Notice::Failed(act, why) => (failed(*act, language).to_owned(), Some(shown(why))),
    }
}

fn done(act: Act, language: Language) -> String {
    let text = match act {
        Act::Reload(None) => pick(
            language,
            "All notebooks are reloaded as soon as possible: never more than once a minute.",
            "すべてのノートブックを再読み込みします。再読み込みは 1 分に 1 回までです。",
        ),
        Act::Reload(Some(number)) => {
            return match language {
                Language::En => format!(
                    "Notebook {number} is reloaded as soon as possible: never more than once a minute."
                ),
                Language::Ja => format!(
                    "ノートブック {number} を再読み込みします。再読み込みは 1 分に 1 回までです。"
                ),
            };
        }
        Act::Pause => pick(
            language,
            "Paused: nothing is reloaded until you go on.",
            "一時停止しました。再開するまで再読み込みしません。",
        ),
        Act::Resume => pick(
            language,
            "Going on: the notebooks are kept open again.",
            "再開しました。ノートブックの維持を続けます。",
        ),
        Act::Renew => pick(
            language,
            "Renewed: the hours start again.",
            "更新しました。維持する時間を最初から数え直します。",
        ),
        Act::SignIn => pick(
            language,
            "The browser on the device's desktop starts again. Sign in there, then say that it is done.",
            "機器のデスクトップでブラウザーを起動し直しています。そこでログインしてから、完了を知らせてください。",
        ),
    };
    text.to_owned()
}

fn failed(act: Act, language: Language) -> &'static str {
    match act {
        Act::Reload(_) => pick(
            language,
            "Nothing is reloaded:",
            "再読み込みできませんでした:",
        ),
        Act::Pause => pick(
            language,
            "It could not be paused:",
            "一時停止できませんでした:",
        ),
        Act::Resume => pick(language, "It could not go on:", "再開できませんでした:"),
        Act::Renew => pick(
            language,
            "The hours could not be renewed:",
            "更新できませんでした:",
        ),
        Act::SignIn => pick(
            language,
            "The sign-in could not be begun:",
            "ログインの手続きを開始できませんでした:",
        ),
    }
}
