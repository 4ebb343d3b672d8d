//! The device itself: room, heat, load, updates.

use super::{Card, Level};
use crate::dashboard::{Overview, Space};
use crate::pages::LOGS;
use crate::words::{duration, pick};
use config::Language;

/// Of this many parts at least one must be free.
const PARTS: u64 = 20;

/// From here on a Raspberry Pi slows itself down, in °C.
const HOT: f32 = 80.0;

pub(super) fn card(overview: &Overview, language: Language) -> Card {
    let (level, word, line) = state(overview, language);
    let title = pick(language, "This device", "この機器");
    let card = Card::new("device", title, level, word, line);
    let card = facts(card, overview, language);
    card.go(LOGS, pick(language, "Show the log", "ログを表示する"))
}

/// Each problem is a state of its own; the first one that there is counts.
fn state(overview: &Overview, language: Language) -> (Level, &'static str, String) {
    let told = |level, word, line: &str| (level, word, line.to_owned());
    if overview.disk.is_some_and(is_short) {
        return told(
            Level::Person,
            pick(language, "Nearly full", "空き容量が不足しています"),
            pick(
                language,
                "The card is nearly full. Delete what you do not need, or use a larger one.",
                "カードの空き容量がほとんどありません。不要なものを削除するか、大きいカードに替えてください。",
            ),
        );
    }
    if overview.temperature.is_some_and(|celsius| celsius >= HOT) {
        return told(
            Level::Person,
            pick(language, "Too hot", "高温です"),
            pick(
                language,
                "The device is too hot and slows itself down. Give it air, or a heat sink.",
                "機器が高温のため、動作が遅くなっています。風通しをよくするか、ヒートシンクを付けてください。",
            ),
        );
    }
    if overview.memory.is_some_and(is_short) {
        return told(
            Level::Failed,
            pick(language, "Short of memory", "メモリー不足"),
            pick(
                language,
                "There is hardly any memory left. Fewer notebooks need less of it.",
                "メモリーの空きがほとんどありません。ノートブックを減らすと使用量が減ります。",
            ),
        );
    }
    let restart = overview.updates.is_some_and(|updates| updates.restart);
    let on = duration(overview.uptime, language);
    let line = match (restart, language) {
        (false, Language::En) => format!("It has been on for {on}."),
        (false, Language::Ja) => format!("起動してから {on}経過しました。"),
        (true, Language::En) => {
            format!("It has been on for {on}. Updates are in force from its next restart on.")
        }
        (true, Language::Ja) => {
            format!("起動してから {on}経過しました。更新は次の再起動で有効になります。")
        }
    };
    (Level::Good, pick(language, "OK", "正常"), line)
}

fn is_short(space: Space) -> bool {
    space.free < space.total / PARTS
}

fn facts(card: Card, overview: &Overview, language: Language) -> Card {
    let space = |space: Space| {
        let (free, total) = (size(space.free), size(space.total));
        match language {
            Language::En => format!("{free} of {total} free"),
            Language::Ja => format!("{total} 中 {free} 空き"),
        }
    };
    let celsius = overview.temperature.filter(|celsius| celsius.is_finite());
    let load = overview.load;
    let load = load.map(|[one, five, fifteen]| format!("{one:.2}, {five:.2}, {fifteen:.2}"));
    let waiting = overview
        .updates
        .map(|updates| match (updates.waiting, language) {
            (0, Language::En) => "none waiting".to_owned(),
            (0, Language::Ja) => "ありません".to_owned(),
            (count, Language::En) => {
                format!("{count} waiting; security updates install themselves")
            }
            (count, Language::Ja) => format!("{count} 件。セキュリティー更新は自動で適用されます"),
        });
    let version = super::shown(&overview.status.version);
    card.knowing(
        pick(language, "Storage", "ストレージ"),
        overview.disk.map(space),
    )
    .knowing(
        pick(language, "Memory", "メモリー"),
        overview.memory.map(space),
    )
    .knowing(
        pick(language, "Temperature", "温度"),
        celsius.map(|celsius| format!("{celsius:.0} °C")),
    )
    .knowing(pick(language, "Load", "負荷"), load)
    .knowing(pick(language, "Updates", "更新"), waiting)
    .knowing("Colab Keeper", Some(version))
}

/// As disks are sold: in powers of ten, with one digit behind the point.
fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000_000_000 => (1_000_000, "MB"),
        1_000_000_000..1_000_000_000_000 => (1_000_000_000, "GB"),
        _ => (1_000_000_000_000, "TB"),
    };
    let tenths = bytes / (unit / 10);
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_their_largest_unit() {
        for (bytes, expected) in [
            (0, "0.0 MB"),
            (99_999, "0.0 MB"),
            (999_999_999, "999.9 MB"),
            (1_000_000_000, "1.0 GB"),
            (31_268_536_320, "31.2 GB"),
            (2_000_000_000_000, "2.0 TB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn space_is_short_below_a_twentieth() {
        for (free, total, short) in [
            (0, 0, false),
            (0, 100, true),
            (4, 100, true),
            (5, 100, false),
            (u64::MAX, u64::MAX, false),
        ] {
            assert_eq!(is_short(Space { free, total }), short, "{free} of {total}");
        }
    }
}
