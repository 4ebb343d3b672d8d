//! Sentences: English where they are said, Japanese in one table.

mod japanese;

use serde::{Serialize, Serializer};
use std::fmt;

/// A sentence with its values. Displays in English, as JSON has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// In English, with a `{}` for each value.
    pub english: &'static str,
    /// In the order of their places.
    values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Text(String),
    Said(Sentence),
}

impl Sentence {
    pub(crate) fn new(english: &'static str) -> Self {
        Self {
            english,
            values: Vec::new(),
        }
    }

    /// Puts the next value in.
    pub(crate) fn with(mut self, value: impl fmt::Display) -> Self {
        self.values.push(Value::Text(value.to_string()));
        self
    }

    /// Puts a sentence in as the next value.
    pub(crate) fn with_said(mut self, value: Self) -> Self {
        self.values.push(Value::Said(value));
        self
    }

    /// The sentence in the language into which `translate` takes a template; every value goes through
    /// `clean`, since it may come from others.
    pub fn in_words(
        &self,
        translate: &dyn Fn(&'static str) -> &'static str,
        clean: &dyn Fn(&str) -> String,
    ) -> String {
        let mut parts = translate(self.english).split("{}");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(&self.values) {
            text += &match value {
                Value::Text(value) => clean(value),
                Value::Said(sentence) => sentence.in_words(translate, clean),
            };
            text += part;
        }
        text
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(&|english| english, &str::to_owned))
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The Japanese of a sentence of this crate.
pub fn japanese(english: &str) -> Option<&'static str> {
    japanese::sentences()
        .find(|(key, _)| *key == english)
        .map(|(_, japanese)| *japanese)
}

#[cfg(test)]
mod tests;
