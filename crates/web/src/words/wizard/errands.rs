//! What became of an errand.

use crate::wizard::{Errand, Failure};
use crate::words::pick;
use config::Language;

/// It was done.
pub(crate) fn succeeded(errand: &Errand, language: Language) -> &'static str {
    let (english, japanese) = match errand {
        Errand::Scan => (
            "The device has looked for Wi-Fi networks.",
            "Wi-Fi ネットワークを検索しました。",
        ),
        Errand::GithubKeys(_) => (
            "The keys from GitHub have been added. Look them through.",
            "GitHub から鍵を追加しました。内容を確認してください。",
        ),
        Errand::Router => (
            "The router has been tested. The result is below.",
            "ルーターをテストしました。結果は下に表示されています。",
        ),
        Errand::Anew => ("The answers are forgotten.", "入力内容を破棄しました。"),
        Errand::Confirm => ("The network stays.", "ネットワークの設定を確定しました。"),
    };
    pick(language, english, japanese)
}

/// It came to nothing; why, and that nothing is lost.
pub(crate) fn failed(errand: &Errand, failure: &Failure, language: Language) -> String {
    let what = what(errand, language);
    let why = why(errand, failure, language);
    match language {
        Language::En => format!("{what} {why}"),
        Language::Ja => format!("{what}{why}"),
    }
}

fn what(errand: &Errand, language: Language) -> &'static str {
    let (english, japanese) = match errand {
        Errand::Scan => (
            "The device could not look for Wi-Fi networks.",
            "Wi-Fi ネットワークを検索できませんでした。",
        ),
        Errand::GithubKeys(_) => (
            "The keys could not be fetched from GitHub.",
            "GitHub から鍵を取得できませんでした。",
        ),
        Errand::Router => (
            "The router could not be tested.",
            "ルーターをテストできませんでした。",
        ),
        Errand::Anew => (
            "The answers could not be forgotten.",
            "入力内容を破棄できませんでした。",
        ),
        Errand::Confirm => (
            "The network could not be confirmed.",
            "ネットワークの設定を確定できませんでした。",
        ),
    };
    pick(language, english, japanese)
}

fn why(errand: &Errand, failure: &Failure, language: Language) -> String {
    let (english, japanese) = match failure {
        Failure::Busy => (
            "Something else is under way: try again in a moment.",
            "別の処理が実行中です。少し待ってからもう一度お試しください。",
        ),
        Failure::NoAnswer(what) => {
            return quoted(("No answer:", "応答がありません:"), what, language);
        }
        Failure::Refused(what) => return quoted(("The reason:", "理由:"), what, language),
        Failure::NotFound => match errand {
            Errand::Scan => (
                "No Wi-Fi adapter was found.",
                "Wi-Fi アダプターが見つかりません。",
            ),
            Errand::GithubKeys(_) => (
                "There is no such user, or they have no keys there: check the name.",
                "ユーザーが存在しないか、鍵が登録されていません。名前を確認してください。",
            ),
            Errand::Router => (
                "No router answers: switch on UPnP or NAT-PMP there, or forward the port by hand.",
                "応答するルーターがありません。UPnP か NAT-PMP を有効にするか、手動で転送を設定してください。",
            ),
            Errand::Anew | Errand::Confirm => (
                "There is nothing to do any more.",
                "対象の処理はすでに終わっています。",
            ),
        },
    };
    pick(language, english, japanese).to_owned()
}

fn quoted(words: (&'static str, &'static str), what: &str, language: Language) -> String {
    format!("{} {what}", pick(language, words.0, words.1))
}
