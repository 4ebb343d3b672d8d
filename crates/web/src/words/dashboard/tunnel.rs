//! The tunnel from a Colab machine, and the name under which the device is found.

use super::{Card, Level, shown};
use crate::dashboard::PublicName;
use crate::pages::{LOGS, NOTEBOOK};
use crate::words::{duration, pick};
use config::Language;
use control::{TunnelState, TunnelStatus};
use std::time::Duration;

/// Makes the line to paste into the notebook.
const ENROL: &str = "sudo keeper tunnel enrol";

/// Always there: a tunnel that is off has its button too.
pub(super) fn card(tunnel: Option<&TunnelStatus>, language: Language) -> Card {
    let Some(tunnel) = tunnel else {
        return off(language);
    };
    let (level, word, line) = state(tunnel.state, language);
    let card = new(level, word, line, language);
    let card = match tunnel.state {
        TunnelState::OtherKey => card.quoting(ENROL),
        _ => card,
    };
    let card = card.quoting(tunnel.detail.as_deref().unwrap_or_default());
    action(facts(card, tunnel, language), tunnel.state, language)
}

fn new(level: Level, word: &'static str, line: &str, language: Language) -> Card {
    let title = pick(language, "Colab machine", "Colab マシン");
    Card::new("tunnel", title, level, word, line.to_owned())
}

fn off(language: Language) -> Card {
    let line = pick(
        language,
        "The tunnel from a Colab machine is switched off.",
        "Colab マシンからのトンネルはオフになっています。",
    );
    let card = new(Level::Still, pick(language, "Off", "オフ"), line, language);
    let label = pick(language, "Tunnel settings", "トンネルの設定を変更する");
    card.go("/settings/tunnel", label)
}

#[rustfmt::skip]
fn state(state: TunnelState, language: Language) -> (Level, &'static str, &'static str) {
    let (level, english, japanese) = match state {
        TunnelState::Waiting => (
            Level::Still,
            ("Nobody there", "No machine is connected. Open this notebook in Colab to connect one."),
            ("未接続", "接続しているマシンはありません。接続するには、このノートブックを Colab で開きます。"),
        ),
        TunnelState::Taken => (
            Level::Person,
            ("Blocked", "A program of this device holds the tunnel's entrance. Choose another port for it."),
            ("使用できません", "入口のポートをこの機器のプログラムが使っています。別のポートを選んでください。"),
        ),
        TunnelState::Connected => (
            Level::Busy,
            ("Being asked", "A machine has dialled in and is being asked how it is."),
            ("確認中", "マシンから接続があり、状態を確認しています。"),
        ),
        TunnelState::Up => (
            Level::Good,
            ("Connected", "The machine answers."),
            ("接続済み", "マシンは応答しています。"),
        ),
        TunnelState::OtherKey => (
            Level::Person,
            ("Unknown machine", "What is connected is not the machine that was enrolled. If it is yours, enrol it anew:"),
            ("未登録のマシン", "接続しているのは登録されたマシンではありません。ご自身のマシンなら、登録し直してください:"),
        ),
        TunnelState::Refused => (
            Level::Person,
            ("Refused", "The machine does not take this device's key. Run the notebook there once more."),
            ("拒否されました", "マシンがこの機器の鍵を受け付けません。Colab でノートブックをもう一度実行してください。"),
        ),
        TunnelState::NoSshd => (
            Level::Person,
            ("No answer", "The line stands, and no sshd answers on the machine. Run the notebook there once more."),
            ("応答がありません", "接続はありますが、マシンの sshd が応答しません。Colab でノートブックをもう一度実行してください。"),
        ),
        TunnelState::Silent => (
            Level::Failed,
            ("Silent", "The machine does not answer; Colab may have ended it. The device goes on asking."),
            ("応答がありません", "マシンが応答しません。Colab が終了させた可能性があります。確認を続けています。"),
        ),
        TunnelState::Unknown => (
            Level::Failed,
            ("Not known", "A machine is connected and could not be asked how it is. The log may say why."),
            ("不明", "マシンは接続していますが、状態を確認できません。ログで理由が分かる場合があります。"),
        ),
    };
    let (word, line) = match language {
        Language::En => english,
        Language::Ja => japanese,
    };
    (level, word, line)
}

fn action(card: Card, state: TunnelState, language: Language) -> Card {
    match state {
        TunnelState::Taken => card.go(
            "/settings/tunnel",
            pick(language, "Choose another port", "別のポートを選ぶ"),
        ),
        TunnelState::Unknown => card.go(LOGS, pick(language, "Show the log", "ログを表示する")),
        _ => card.go(
            NOTEBOOK,
            pick(
                language,
                "Download the notebook for Colab",
                "Colab 用のノートブックをダウンロード",
            ),
        ),
    }
}

fn facts(card: Card, tunnel: &TunnelStatus, language: Language) -> Card {
    let span = |seconds| duration(Duration::from_secs(seconds), language);
    let round_trip = tunnel.round_trip_us.map(|us| match (us / 1000, language) {
        (0, Language::En) => "less than 1 ms".to_owned(),
        (0, Language::Ja) => "1 ミリ秒未満".to_owned(),
        (ms, Language::En) => format!("{ms} ms"),
        (ms, Language::Ja) => format!("{ms} ミリ秒"),
    });
    // nvidia-smi of a machine elsewhere says this: a stranger's word.
    let gpu = tunnel.gpu.as_ref();
    let gpu = gpu.map(|gpu| match language {
        Language::En => format!("{}, {} MiB", shown(&gpu.name), gpu.memory_mib),
        Language::Ja => format!("{}、{} MiB", shown(&gpu.name), gpu.memory_mib),
    });
    card.knowing(
        pick(language, "Connected for", "接続時間"),
        tunnel.connected_seconds.map(span),
    )
    .knowing(pick(language, "Round trip", "往復時間"), round_trip)
    .knowing("GPU", gpu)
}

/// The public name; none when the device keeps none.
pub(super) fn name(name: Option<&PublicName>, language: Language) -> Option<Card> {
    let known = name?;
    let name = shown(&known.name);
    let title = pick(language, "Public name", "公開名");
    let updated = known.updated.map(|span| duration(span, language));
    let (level, word, line) = match (&known.error, &updated, language) {
        (Some(_), _, Language::En) => (
            Level::Person,
            "Not updated",
            format!("{name} could not be brought up to date:"),
        ),
        (Some(_), _, Language::Ja) => (
            Level::Person,
            "更新できません",
            format!("{name} を更新できませんでした:"),
        ),
        (None, Some(span), Language::En) => (
            Level::Good,
            "Up to date",
            format!("{name} was brought up to date {span} ago."),
        ),
        (None, Some(span), Language::Ja) => (
            Level::Good,
            "最新",
            format!("{name} は {span}前に更新されました。"),
        ),
        (None, None, Language::En) => (
            Level::Busy,
            "Not yet",
            format!("{name} has not been brought up to date yet."),
        ),
        (None, None, Language::Ja) => (
            Level::Busy,
            "未更新",
            format!("{name} はまだ更新されていません。"),
        ),
    };
    let card = Card::new("public-name", title, level, word, line)
        .quoting(known.error.as_deref().unwrap_or_default());
    let card = match (&known.error, updated) {
        (Some(_), Some(span)) => {
            let value = match language {
                Language::En => format!("{span} ago"),
                Language::Ja => format!("{span}前"),
            };
            card.knowing(pick(language, "Last update", "前回の更新"), Some(value))
        }
        _ => card,
    };
    let label = pick(language, "Public name settings", "公開名の設定を変更する");
    Some(card.go("/settings/tunnel", label))
}
