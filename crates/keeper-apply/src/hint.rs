//! Errors that end with what to type next.

use std::fmt;

/// An error that says what to do about it.
#[derive(Debug)]
struct Hinted {
    said: String,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl std::error::Error for Hinted {}

/// An error that says `said`; `hint` is what to type next.
pub fn hinted(said: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    let (said, hint) = (said.into(), hint.into());
    anyhow::Error::new(Hinted { said, hint })
}

/// The first hint in an error's chain.
pub fn hint_of(error: &anyhow::Error) -> Option<&str> {
    error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Hinted>())
        .map(|hinted| &*hinted.hint)
}
