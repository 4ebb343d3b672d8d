//! Nothing is left unsaid in Japanese, and nothing is in the table that nobody says.

use super::*;
use std::collections::BTreeSet;

const SOURCES: [&str; 5] = [
    include_str!("../finding.rs"),
    include_str!("../judge.rs"),
    include_str!("../judge/near.rs"),
    include_str!("../judge/outside.rs"),
    include_str!("../judge/tunnel.rs"),
];

/// What stands in quotes in the code, comments and attributes apart.
fn literals() -> BTreeSet<&'static str> {
    let lines = SOURCES.iter().flat_map(|source| source.lines());
    let code = lines.filter(|line| !line.trim_start().starts_with(['/', '#']));
    code.flat_map(|line| line.split('"').skip(1).step_by(2))
        .collect()
}

#[test]
fn every_sentence_is_there_in_japanese() {
    let literals = literals();
    let sentences: Vec<&&str> = literals.iter().filter(|text| text.contains(' ')).collect();
    assert!(sentences.len() > 80, "{}", sentences.len());
    for text in sentences {
        let japanese = japanese(text).unwrap_or_else(|| panic!("not in the table: {text:?}"));
        let places = |text: &str| text.matches("{}").count();
        assert_eq!(places(text), places(japanese), "{text}");
    }
    for step in crate::Step::ALL {
        assert!(japanese(step.title().english).is_some(), "{step:?}");
    }
}

#[test]
fn every_sentence_of_the_table_is_said_once() {
    let (literals, mut seen) = (literals(), BTreeSet::new());
    for (english, _) in super::japanese::sentences() {
        assert!(seen.insert(english), "twice: {english}");
        assert!(literals.contains(english), "said by nobody: {english}");
    }
}

#[test]
fn values_stand_in_their_places_in_every_language() {
    let sentence = Sentence::new("{} of {}")
        .with("{}")
        .with_said(Sentence::new("{} h").with(3));
    assert_eq!(sentence.to_string(), "{} of 3 h");
    let said = sentence.in_words(
        &|english| super::japanese(english).unwrap_or(english),
        &|value| value.replace('{', "("),
    );
    assert_eq!(said, "(} of 3 時間");
}
