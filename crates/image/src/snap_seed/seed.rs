//! seed.yaml: the list of the snaps that snapd installs at first boot.
//!
//! It is read line by line, as far as snapd and the vendors' tools write it: a key `snaps` with a
//! list of maps. A library would read more of YAML and give back less of this file: its own idea of
//! `channel: 1.10` and of keys that it does not know. Here every entry keeps its very lines, and
//! what is written in another way is refused with its line, not guessed at.
//!
//! ```yaml
//! snaps:
//!   - name: core20
//!     channel: latest/stable
//!     file: core20_2318.snap
//! ```

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

/// A seed.yaml, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seed {
    /// Comments and whatever else stands before the list.
    head: String,
    entries: Vec<Entry>,
}

/// One snap.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    file: String,
    /// All its lines, the keys at the margin.
    lines: Vec<String>,
}

/// What a merge came to.
#[derive(Debug)]
pub struct Merged {
    /// The whole seed.
    pub seed: Seed,
    /// The files of the snaps that were added.
    pub added: Vec<String>,
    /// What a person should know: snaps that stay at another revision.
    pub notes: Vec<String>,
}

impl Seed {
    /// Reads the text of a seed.yaml.
    ///
    /// # Errors
    /// A line is not as snapd writes it, or a snap has no name and file of its own.
    pub fn parse(text: &str) -> Result<Self> {
        let mut reader = Reader::default();
        for (index, line) in text.lines().enumerate() {
            reader
                .line(line)
                .with_context(|| format!("line {}: {line:.80}", index + 1))?;
        }
        ensure!(reader.inside, "it has no list `snaps:`");
        let entries = reader.entries.into_iter().map(Entry::from_lines);
        let seed = Self {
            head: reader.head,
            entries: entries.collect::<Result<_>>()?,
        };
        let mut seen = BTreeSet::new();
        for entry in &seed.entries {
            for (key, value) in [("name", &entry.name), ("file", &entry.file)] {
                ensure!(
                    seen.insert((key, value)),
                    "two snaps have the {key} {value:?}"
                );
            }
        }
        Ok(seed)
    }

    /// This seed with what `prepared` has more. Of a snap that both have, ours stays: its
    /// assertions are here already, and the vendor has tried it.
    #[must_use]
    pub fn merge(self, prepared: Self) -> Merged {
        let mut merged = Merged {
            seed: self,
            added: Vec::new(),
            notes: Vec::new(),
        };
        for entry in prepared.entries {
            let ours = &mut merged.seed.entries;
            match ours.iter().find(|ours| ours.name == entry.name) {
                Some(ours) if ours.file == entry.file => {}
                Some(ours) => merged.notes.push(format!(
                    "the snap {} stays at {}, the Store has {}",
                    entry.name, ours.file, entry.file
                )),
                None => {
                    merged.added.push(entry.file.clone());
                    ours.push(entry);
                }
            }
        }
        merged
    }
}

impl std::fmt::Display for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let none = if self.entries.is_empty() { " []" } else { "" };
        writeln!(f, "{}snaps:{none}", self.head)?;
        for entry in &self.entries {
            for (index, line) in entry.lines.iter().enumerate() {
                let margin = if index == 0 { "  - " } else { "    " };
                writeln!(f, "{margin}{line}")?;
            }
        }
        Ok(())
    }
}

/// Where in the file we are.
#[derive(Default)]
struct Reader {
    head: String,
    /// Behind `snaps:`.
    inside: bool,
    /// How far the list's hyphens are indented.
    hyphen: Option<usize>,
    /// How far the keys of the entry at hand are.
    keys: Option<usize>,
    entries: Vec<Vec<String>>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<()> {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if content.trim_end().is_empty() || content.starts_with('#') {
            if !self.inside {
                self.head += line;
                self.head.push('\n');
            }
            return Ok(());
        }
        ensure!(!content.starts_with('\t'), "a tab");
        if !self.inside {
            let empty = ["snaps: []", "snaps: null"];
            let begins = content.trim_end() == "snaps:" || empty.contains(&content.trim_end());
            ensure!(
                indent == 0 && (begins || content.starts_with("---")),
                "`snaps:` is expected here"
            );
            self.inside = begins;
            return Ok(());
        }
        if let Some(rest) = content.strip_prefix('-')
            && self.hyphen.is_none_or(|hyphen| hyphen == indent)
            && (rest.is_empty() || rest.starts_with(' '))
        {
            self.hyphen = Some(indent);
            self.entries.push(Vec::new());
            self.keys = None;
            let key = rest.trim_start_matches(' ');
            if key.is_empty() {
                return Ok(());
            }
            return self.entry_line(key, line.len() - key.len());
        }
        self.entry_line(content, indent)
    }

    /// A line of the entry at hand, whose text begins in column `indent`.
    fn entry_line(&mut self, content: &str, indent: usize) -> Result<()> {
        let hyphen = self.hyphen.context("an entry begins with a hyphen")?;
        let keys = *self.keys.get_or_insert(indent);
        ensure!(
            indent > hyphen && indent >= keys,
            "it is not indented as the entry is"
        );
        let margin = " ".repeat(indent - keys);
        let entry = self
            .entries
            .last_mut()
            .context("an entry begins with a hyphen")?;
        entry.push(format!("{margin}{}", content.trim_end()));
        Ok(())
    }
}

impl Entry {
    fn from_lines(lines: Vec<String>) -> Result<Self> {
        let value = |key: &str| -> Result<String> {
            let values = lines
                .iter()
                .filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            let values: Vec<&str> = values.collect();
            let shown = lines.first().map_or("", String::as_str);
            let [value] = values[..] else {
                bail!(
                    "the snap with the line {shown:?} has {} lines `{key}:`",
                    values.len()
                );
            };
            let value = unquoted(value.trim());
            let good = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
            ensure!(
                !value.is_empty() && value.chars().all(good) && !value.starts_with('.'),
                "a snap has the {key} {value:?}",
            );
            Ok(value.to_owned())
        };
        Ok(Self {
            name: value("name")?,
            file: value("file")?,
            lines,
        })
    }
}

fn unquoted(value: &str) -> &str {
    let inner = ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(value)
}

#[cfg(test)]
mod tests;
