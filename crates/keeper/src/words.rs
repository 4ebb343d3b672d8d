//! The language of what `keeper` says: every sentence is written in English where it is used, and
//! `japanese` has all of them in Japanese, `help` those of the help.
//!
//! What keeperd says in its own words is passed on as it is.

mod help;
mod japanese;

use clap::Command;
use config::Language;
use std::fmt::Display;
use std::sync::OnceLock;

static SPOKEN: OnceLock<Language> = OnceLock::new();

/// The language that the environment asks for; the first of these variables that says anything counts.
pub(crate) fn language(variable: impl Fn(&str) -> Option<String>) -> Language {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let mut said = said.filter_map(variable).filter(|value| !value.is_empty());
    let locale = said.next().unwrap_or_default();
    match locale.split(['_', '.', '@']).next() {
        Some("ja") => Language::Ja,
        _ => Language::En,
    }
}

/// From here on everything is said in `language`.
pub(crate) fn speak(language: Language) {
    // The first one counts, and there is only one.
    let _ = SPOKEN.set(language);
}

/// `english` in the language spoken, with each `{}` replaced by the next of `values`.
pub(crate) fn say(english: &str, values: &[&dyn Display]) -> String {
    fill(template(english), values)
}

/// `english` in the language spoken, with its places.
pub(crate) fn template(english: &str) -> &str {
    match SPOKEN.get() {
        Some(Language::Ja) => in_japanese(english).unwrap_or(english),
        _ => english,
    }
}

fn in_japanese(english: &str) -> Option<&'static str> {
    let mut sentences = japanese::TABLE.iter().chain(help::TABLE);
    sentences
        .find(|(key, _)| *key == english)
        .map(|(_, japanese)| *japanese)
        .or_else(|| doctor::japanese(english))
}

fn fill(template: &str, values: &[&dyn Display]) -> String {
    let mut text = String::new();
    let mut rest = template;
    for value in values {
        let Some((before, after)) = rest.split_once("{}") else {
            break;
        };
        text += before;
        text += &value.to_string();
        rest = after;
    }
    text + rest
}

/// The command line with its help texts in `language`.
pub(crate) fn in_words(command: Command, language: Language) -> Command {
    match language {
        Language::En => command,
        Language::Ja => translated(command),
    }
}

fn translated(mut command: Command) -> Command {
    let japanese = |text: Option<&clap::builder::StyledStr>| {
        text.and_then(|text| in_japanese(&text.to_string()))
    };
    if let Some(about) = japanese(command.get_about()) {
        command = command.about(about);
    }
    if let Some(help) = japanese(command.get_after_help()) {
        command = command.after_help(help);
    }
    command
        .mut_args(|arg| match japanese(arg.get_help()) {
            Some(help) => arg.help(help),
            None => arg,
        })
        .mut_subcommands(translated)
}

/// The columns that a label of ours takes on a terminal: Japanese characters take two.
pub(crate) fn width(label: &str) -> usize {
    label
        .chars()
        .map(|c| if c >= '\u{1100}' { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests;
