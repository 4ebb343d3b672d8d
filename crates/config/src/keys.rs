//! Which keys exist, and for one that does not, which was probably meant.

use crate::text;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeString, DeTable};

/// Keys by section, as the reader was asked for them.
#[derive(Default)]
pub(crate) struct Known(BTreeMap<&'static str, Vec<&'static str>>);

impl Known {
    /// Whether it is new.
    pub(crate) fn section(&mut self, section: &'static str) -> bool {
        let new = !self.0.contains_key(section);
        self.0.entry(section).or_default();
        new
    }

    pub(crate) fn key(&mut self, section: &'static str, key: &'static str) {
        let keys = self.0.entry(section).or_default();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }

    /// Byte offset and message for every key of `root` that is not known.
    pub(crate) fn unknown_in(&self, root: &DeTable<'_>) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (name, value) in root {
            match (
                self.0.get_key_value(name.get_ref().as_ref()),
                value.get_ref().as_table(),
            ) {
                (Some((section, keys)), Some(table)) => {
                    let unknown = table
                        .keys()
                        .filter(|key| !keys.contains(&key.get_ref().as_ref()));
                    found.extend(unknown.map(|key| self.unknown_key(section, keys, key)));
                }
                (Some(_), None) => {} // reported when it was asked for
                (None, table) => found.push(self.unknown_name(name, table.is_some())),
            }
        }
        found
    }

    fn unknown_key(
        &self,
        section: &str,
        keys: &[&str],
        key: &Spanned<DeString<'_>>,
    ) -> (usize, String) {
        let shown = text::key(key.get_ref());
        let cure = match nearest(key.get_ref(), keys.iter().copied()) {
            Some(near) => format!("did you mean {section}.{near}?"),
            None => match self.elsewhere(key.get_ref()) {
                Some(home) => format!("did you mean {home}?"),
                None => format!("[{section}] knows {}", keys.join(", ")),
            },
        };
        (
            key.span().start,
            format!("{section}.{shown}: unknown key; {cure}"),
        )
    }

    /// Something at the top of the file that is no section of ours.
    fn unknown_name(&self, name: &Spanned<DeString<'_>>, is_table: bool) -> (usize, String) {
        let shown = text::key(name.get_ref());
        let what = if is_table {
            format!("[{shown}]: unknown section")
        } else {
            format!("{shown}: unknown key")
        };
        let near = nearest(name.get_ref(), self.0.keys().copied()).map(|near| format!("[{near}]"));
        let home = self.elsewhere(name.get_ref());
        let meant = if is_table {
            near.or(home)
        } else {
            home.or(near)
        };
        let cure = match meant {
            Some(meant) => format!("did you mean {meant}?"),
            None => {
                let sections: Vec<_> = self
                    .0
                    .keys()
                    .map(|section| format!("[{section}]"))
                    .collect();
                format!("the sections are {}", sections.join(", "))
            }
        };
        (name.span().start, format!("{what}; {cure}"))
    }

    /// `section.key` of the nearest key in any section.
    fn elsewhere(&self, key: &str) -> Option<String> {
        let near = nearest(key, self.0.values().flatten().copied())?;
        let (section, _) = self.0.iter().find(|(_, keys)| keys.contains(&near))?;
        Some(format!("{section}.{near}"))
    }
}

/// The candidate that `word` is probably a slip of: up to a third of its letters differ.
fn nearest<'k>(word: &str, candidates: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > 40 {
        return None;
    }
    let word = word.to_lowercase().replace('-', "_");
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
}
