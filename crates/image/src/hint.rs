//! Errors that end with what to type next.
//!
//! A hint is a line of its own behind the error: `error: …` says what and where, `hint: …` says
//! what to do about it.

use std::fmt;

/// Hangs a hint on an error.
pub trait Hint<T> {
    /// `hint` is a whole line without a full stop, best a command to type.
    ///
    /// # Errors
    /// The same error, with the hint.
    fn hint(self, hint: impl Into<String>) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> Hint<T> for Result<T, E> {
    fn hint(self, hint: impl Into<String>) -> anyhow::Result<T> {
        self.map_err(|error| {
            let source = error.into();
            anyhow::Error::new(Hinted {
                said: source.to_string(),
                hint: hint.into(),
                source,
            })
        })
    }
}

/// The first hint in an error's chain.
pub fn hint_of(error: &anyhow::Error) -> Option<&str> {
    error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Hinted>())
        .map(|hinted| &*hinted.hint)
}

/// A hint that proposes the known names nearest to one that is not known.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut close: Vec<(f64, &str)> = known
        .into_iter()
        .map(|other| (strsim::jaro_winkler(name, other), other))
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names: Vec<&str> = close.iter().take(3).map(|(_, other)| *other).collect();
    format!("the nearest names are {}", names.join(", "))
}

/// The error and its causes, one line each, none said twice.
pub fn chain_of(error: &anyhow::Error) -> Vec<String> {
    let mut said = Vec::new();
    for cause in error.chain() {
        let line = cause.to_string();
        if said.last() != Some(&line) {
            said.push(line);
        }
    }
    said
}

/// An error with a hint; prints as the error itself.
#[derive(Debug)]
struct Hinted {
    said: String,
    hint: String,
    source: anyhow::Error,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl std::error::Error for Hinted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.source().or(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Context, anyhow};

    #[test]
    fn near_names_are_proposed() {
        let known = ["chromium", "chromium-driver", "xrdp", "zsh"];
        assert!(nearest("chromum", known).starts_with("the nearest names are chromium,"));
    }

    #[test]
    fn a_hint_is_found_through_context_and_the_error_is_said_once() {
        let error = Err::<(), _>(anyhow!("no room").context("writing x"))
            .hint("free some room")
            .context("making the image")
            .unwrap_err();
        assert_eq!(hint_of(&error), Some("free some room"));
        assert_eq!(
            chain_of(&error),
            ["making the image", "writing x", "no room"]
        );
    }
}
