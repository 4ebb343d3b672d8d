//! Nothing is left unsaid in Japanese, and nothing is said that nobody asks for.

use super::*;
use std::collections::BTreeSet;

/// Every module that speaks.
const SOURCES: [&str; 19] = [
    include_str!("../lib.rs"),
    include_str!("../act.rs"),
    include_str!("../apply.rs"),
    include_str!("../client.rs"),
    include_str!("../doctor.rs"),
    include_str!("../hint.rs"),
    include_str!("../logs.rs"),
    include_str!("../notebook.rs"),
    include_str!("../output.rs"),
    include_str!("../picture.rs"),
    include_str!("../reset.rs"),
    include_str!("../screenshot.rs"),
    include_str!("../settings.rs"),
    include_str!("../shell.rs"),
    include_str!("../status.rs"),
    include_str!("../status/table.rs"),
    include_str!("../status/table/tunnel.rs"),
    include_str!("../tunnel.rs"),
    include_str!("../watch.rs"),
];

#[test]
fn the_environment_chooses() {
    for (all, messages, lang, expected) in [
        ("", "", "", Language::En),
        ("", "", "ja_JP.UTF-8", Language::Ja),
        ("", "", "ja", Language::Ja),
        ("", "", "ja.UTF-8", Language::Ja),
        ("", "", "jav_ID", Language::En),
        ("C", "", "ja_JP.UTF-8", Language::En),
        ("ja_JP", "C", "C", Language::Ja),
        ("", "en_US.UTF-8", "ja_JP.UTF-8", Language::En),
        ("", "ja_JP@x", "de_DE", Language::Ja),
    ] {
        let variable = |name: &str| match name {
            "LC_ALL" => Some(all.to_owned()),
            "LC_MESSAGES" => Some(messages.to_owned()),
            "LANG" => Some(lang.to_owned()),
            _ => None,
        };
        assert_eq!(
            language(variable),
            expected,
            "{all:?} {messages:?} {lang:?}"
        );
    }
    assert_eq!(language(|_| None), Language::En);
}

#[test]
fn places_are_filled_in_order() {
    assert_eq!(fill("{} of {}", &[&1, &"x"]), "1 of x");
    assert_eq!(fill("{}", &[&"{}"]), "{}");
    assert_eq!(fill("a {} b", &[]), "a {} b");
    assert_eq!(fill("a", &[&1]), "a");
}

/// The help texts of a command and of all below it.
fn helps(command: &Command, found: &mut BTreeSet<String>) {
    let of_args = command.get_arguments().filter_map(|arg| arg.get_help());
    let texts = command
        .get_about()
        .into_iter()
        .chain(command.get_after_help());
    found.extend(texts.chain(of_args).map(ToString::to_string));
    for verb in command.get_subcommands() {
        helps(verb, found);
    }
}

#[test]
fn every_help_text_is_there_in_japanese() {
    let mut texts = BTreeSet::new();
    helps(&crate::command(), &mut texts);
    assert!(texts.len() > 40, "{texts:?}");
    for text in &texts {
        assert!(in_japanese(text).is_some(), "not in the table: {text:?}");
    }
    let mut translated_texts = BTreeSet::new();
    helps(&translated(crate::command()), &mut translated_texts);
    let foreign = |text: &&String| !text.contains(|c: char| c >= '\u{3040}');
    let left: Vec<&String> = translated_texts.iter().filter(foreign).collect();
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn every_sentence_of_the_table_is_said_somewhere_and_has_its_places() {
    let mut texts = BTreeSet::new();
    helps(&crate::command(), &mut texts);
    let mut seen = BTreeSet::new();
    for (english, japanese) in japanese::TABLE.iter().chain(help::TABLE) {
        assert!(seen.insert(english), "twice: {english}");
        let literal = format!("{english:?}");
        let said = SOURCES.iter().any(|source| source.contains(&literal));
        assert!(
            said || texts.contains(*english),
            "said by nobody: {english}"
        );
        let places = |text: &str| text.matches("{}").count();
        assert_eq!(places(english), places(japanese), "{english}");
    }
}

/// Everything in quotes after `say(` is in the table.
#[test]
fn every_sentence_in_the_code_is_there_in_japanese() {
    let mut count = 0;
    for source in SOURCES {
        let code = source.split("\n#[cfg(test)]").next().unwrap_or_default();
        for (at, _) in code.match_indices("say(") {
            let rest = code[at + "say(".len()..].trim_start();
            let Some(text) = rest.strip_prefix('"') else {
                continue;
            };
            let (text, _) = text.split_once('"').expect("a closing quote");
            assert!(in_japanese(text).is_some(), "not in the table: {text:?}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn labels_are_as_wide_as_they_look() {
    assert_eq!(width("config"), 6);
    assert_eq!(width("設定"), 4);
    assert_eq!(width("ノートブック 1"), 14);
}
