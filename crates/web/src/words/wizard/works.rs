//! The parts of the work, and how far each is.

use crate::words::pick;
use config::Language;
use setup::{Progress, Work};

/// What a part does.
pub(crate) fn work(work: Work, language: Language) -> &'static str {
    let (english, japanese) = match work {
        Work::Check => ("Looking everything through", "内容の確認"),
        Work::Settings => ("Settings and services", "設定とサービス"),
        Work::Name => ("Name on the network", "ネットワーク上の名前"),
        Work::Place => ("Time zone and keyboard", "タイムゾーンとキーボード"),
        Work::Secrets => ("Secret of the public name", "公開名のトークン"),
        Work::Network => ("Wi-Fi", "Wi-Fi 接続"),
        Work::Owner => ("The owner’s account", "所有者のアカウント"),
        Work::Finish => ("Finishing", "仕上げ"),
    };
    pick(language, english, japanese)
}

/// How far it is, in a word or two.
pub(crate) fn state(progress: Option<Progress>, language: Language) -> &'static str {
    let (english, japanese) = match progress {
        None => ("Waiting", "待機中"),
        Some(Progress::Begun) => ("Under way", "処理中"),
        Some(Progress::Done) => ("Done", "完了"),
        Some(Progress::Unchanged) => ("Nothing to do", "変更なし"),
    };
    pick(language, english, japanese)
}
