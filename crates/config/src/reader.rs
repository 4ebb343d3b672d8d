//! Walks a TOML document key by key, collecting problems instead of stopping at the first.
//!
//! It learns the known keys by being asked for them, so there is no second list of them to keep in
//! step: what nobody asked for is unknown. It knows nothing of the keys themselves: those are in
//! `sections`.

use crate::problem::{Problem, Problems};
use crate::setting::{Setting, Text};
use crate::{keys, text};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The document being read, and what has been found wrong with it.
pub(crate) struct Reader<'a> {
    root: &'a DeTable<'a>,
    known: keys::Known,
    lines: Lines,
    problems: Vec<Problem>,
}

/// Parses `text` and has `read` fetch its settings.
pub(crate) fn document<T>(
    text: &str,
    read: impl FnOnce(&mut Reader<'_>) -> T,
) -> Result<T, Problems> {
    let lines = Lines::new(text);
    let (root, errors) = DeTable::parse_recoverable(text);
    let errors = errors.iter().map(|error| Problem {
        line: error.span().map(|span| lines.at(span.start)),
        message: format!("this is not TOML: {}", error.message().replace('\n', "; ")),
    });
    match Problems::from_list(errors.collect()) {
        Some(problems) => Err(problems),
        None => {
            let mut reader = Reader {
                root: root.get_ref(),
                known: keys::Known::default(),
                lines,
                problems: Vec::new(),
            };
            let value = read(&mut reader);
            reader.finish(value)
        }
    }
}

impl<'a> Reader<'a> {
    /// The table `[name]`, empty when the document has none.
    pub(crate) fn section(&mut self, name: &'static str) -> Section<'_, 'a> {
        let first = self.known.section(name);
        let value = self.root.get(name);
        let table = value.and_then(|value| value.get_ref().as_table());
        if let (Some(value), None, true) = (value, table, first) {
            // Whoever writes a text in a section's place may have meant a secret.
            let shown = match value.get_ref() {
                DeValue::String(_) => "(not shown)".to_owned(),
                other => text::value(other),
            };
            self.report(
                value.span().start,
                format!("{name} = {shown}: expected a table, [{name}]"),
            );
        }
        Section {
            reader: self,
            name,
            table,
        }
    }

    fn report(&mut self, offset: usize, message: String) {
        self.problems.push(Problem {
            line: Some(self.lines.at(offset)),
            message,
        });
    }

    fn finish<T>(mut self, value: T) -> Result<T, Problems> {
        for (offset, message) in self.known.unknown_in(self.root) {
            self.report(offset, message);
        }
        match Problems::from_list(self.problems) {
            Some(problems) => Err(problems),
            None => Ok(value),
        }
    }
}

/// One table of the document.
pub(crate) struct Section<'r, 'a> {
    reader: &'r mut Reader<'a>,
    name: &'static str,
    table: Option<&'a DeTable<'a>>,
}

impl<'a> Section<'_, 'a> {
    /// The setting `key`, or `default` when it is absent (or wrong, which is reported).
    pub(crate) fn get<T: Setting>(&mut self, key: &'static str, default: T) -> T {
        let Some(value) = self.value(key) else {
            return default;
        };
        self.check(key, value, T::read(value.get_ref()), T::accepts())
            .unwrap_or(default)
    }

    /// The setting `key`; absent and `""` both mean none.
    pub(crate) fn optional<T: Text>(&mut self, key: &'static str) -> Option<T> {
        let value = self
            .value(key)
            .filter(|value| value.get_ref().as_str() != Some(""))?;
        let accepts = format!("{}, or \"\" for none", T::accepts());
        self.check(key, value, <T as Setting>::read(value.get_ref()), accepts)
    }

    /// The array `key`, each item for itself; the same item twice is a problem.
    pub(crate) fn list<T: Setting + PartialEq>(&mut self, key: &'static str) -> Vec<T> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            let message = format!("expected a list, each item {}", T::accepts());
            self.problem::<T>(key, value, &message);
            return Vec::new();
        };
        let mut items = Vec::new();
        for (index, value) in array.iter().enumerate() {
            let key = format!("{key}[{index}]");
            match self.check(&key, value, T::read(value.get_ref()), T::accepts()) {
                Some(item) if items.contains(&item) => {
                    self.problem::<T>(&key, value, "it is in the list already")
                }
                item => items.extend(item),
            }
        }
        items
    }

    /// Reports what a single key cannot know: a value that does not go with another key's.
    pub(crate) fn reject<T: Setting>(&mut self, key: &'static str, reason: &str) {
        if let Some(value) = self.value(key) {
            self.problem::<T>(key, value, reason);
        }
    }

    /// Reports what is wrong with the section as a whole.
    pub(crate) fn reject_whole(&mut self, reason: &str) {
        let offset = self.reader.root.get(self.name).map(|it| it.span().start);
        let message = format!("[{}]: {reason}", self.name);
        self.reader.report(offset.unwrap_or_default(), message);
    }

    pub(crate) fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.reader.known.key(self.name, key);
        self.table?.get(key)
    }

    fn check<T: Setting>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        read: Result<T, Option<&'static str>>,
        accepts: String,
    ) -> Option<T> {
        match read {
            Ok(setting) => return Some(setting),
            Err(Some(reason)) => {
                self.problem::<T>(key, value, &format!("{reason}; expected {accepts}"))
            }
            Err(None) => self.problem::<T>(key, value, &format!("expected {accepts}")),
        }
        None
    }

    fn problem<T: Setting>(&mut self, key: &str, value: &Spanned<DeValue<'_>>, what: &str) {
        self.complain(key, value, &T::show(value.get_ref()), what);
    }

    /// Reports a problem of a key whose value may be shown so.
    pub(crate) fn complain(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        shown: &str,
        what: &str,
    ) {
        self.reader.report(
            value.span().start,
            format!("{}.{key} = {shown}: {what}", self.name),
        );
    }
}

/// From byte offsets to line numbers.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(offset, _)| offset).collect())
    }

    /// The line that holds the byte at `offset`, counted from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|&newline| newline < offset) + 1
    }
}
