//! The wizard's sentences that are not of one page alone, in every language: the names of the steps;
//! labels and hints in `fields`, what is wrong in `faults`, what became of an errand in `errands`,
//! the parts of the work in `works`, names of keyboards and countries in `places`.

mod errands;
mod faults;
mod fields;
mod places;
mod works;

pub(crate) use errands::{failed, succeeded};
pub(crate) use faults::sentence;
pub(crate) use fields::{hint, label};
pub(crate) use places::{COUNTRIES, KEYBOARDS, PROVIDERS, Place};
pub(crate) use works::{state, work};

use super::pick;
use config::Language;
use setup::{Purpose, Step};

/// A step's name: a word or two.
pub(crate) fn name(step: Step, language: Language) -> &'static str {
    let (english, japanese) = match step {
        Step::Language => ("Language", "言語"),
        Step::Place => ("Place", "地域"),
        Step::Network => ("Network", "ネットワーク"),
        Step::Owner => ("Owner", "所有者"),
        Step::Runtime => ("Runtime", "実行環境"),
        Step::Notebook => ("Notebook", "ノートブック"),
        Step::Tunnel => ("Tunnel", "トンネル"),
        Step::Summary => ("Summary", "確認"),
    };
    pick(language, english, japanese)
}

/// The heading of a step's page.
pub(crate) fn title(step: Step, language: Language) -> &'static str {
    let (english, japanese) = match step {
        Step::Language => ("Choose your language", "言語を選んでください"),
        Step::Place => ("Where is the device?", "どこでお使いになりますか?"),
        Step::Network => ("Connect to the network", "ネットワークに接続"),
        Step::Owner => ("Who owns the device?", "所有者のアカウントを作成"),
        Step::Runtime => ("Where does the notebook run?", "ノートブックの実行環境"),
        Step::Notebook => ("Which notebook stays open?", "開いておくノートブック"),
        Step::Tunnel => ("A shell on the Colab machine", "Colab マシンへのトンネル"),
        Step::Summary => ("Is everything right?", "内容を確認してください"),
    };
    pick(language, english, japanese)
}

/// What all of the pages are for.
pub(crate) fn purpose(purpose: Purpose, language: Language) -> &'static str {
    match purpose {
        Purpose::FirstBoot => pick(language, "Setup", "初期設定"),
        Purpose::Settings => pick(language, "Settings", "設定"),
    }
}
