//! What is wrong with a `keeper.toml`, in words for its owner. Not how it was found: that is
//! `reader`.

use camino::{Utf8Path, Utf8PathBuf};
use std::fmt;

/// At most so many problems are kept: a file that is no `keeper.toml` at all need not fill the
/// journal.
const MAX_PROBLEMS: usize = 40;

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line it stands on, counted from 1; none for the file as a whole.
    pub line: Option<usize>,
    /// What is wrong, with key, value and what is accepted instead, on one line.
    pub message: String,
}

impl Problem {
    /// A problem of the file as a whole.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            line: None,
            message: message.into(),
        }
    }
}

/// Everything wrong with one file, never empty. Displays as one line for each, `FILE:LINE: what`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    file: Utf8PathBuf,
    list: Vec<Problem>,
}

impl Problems {
    /// The problems in the order of their lines; none when there are none.
    pub(crate) fn from_list(mut list: Vec<Problem>) -> Option<Self> {
        list.sort_by_key(|problem| problem.line);
        let more = list.len().saturating_sub(MAX_PROBLEMS);
        if more > 0 {
            list.truncate(MAX_PROBLEMS);
            list.push(Problem::new(format!("{more} more problems are not shown")));
        }
        (!list.is_empty()).then(|| Self {
            file: "keeper.toml".into(),
            list,
        })
    }

    /// The same problems under the name of the file they are in.
    #[must_use]
    pub fn in_file(mut self, file: &Utf8Path) -> Self {
        self.file = file.to_owned();
        self
    }

    /// The problems, in the order of their lines.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// One line for each, `FILE:LINE: what`.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.list
            .iter()
            .map(|Problem { line, message }| match line {
                Some(line) => format!("{}:{line}: {message}", self.file),
                None => format!("{}: {message}", self.file),
            })
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self {
            file: "keeper.toml".into(),
            list: vec![problem],
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for Problems {}
