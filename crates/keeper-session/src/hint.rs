//! Errors that end with what to type next.

use std::fmt;

/// An error that says what to do about it.
#[derive(Debug)]
struct Hinted {
    said: String,
    hint: &'static str,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl std::error::Error for Hinted {}

/// An error that says `said`; `hint` is what to type next.
pub(crate) fn hinted(said: impl Into<String>, hint: &'static str) -> anyhow::Error {
    let said = said.into();
    anyhow::Error::new(Hinted { said, hint })
}

/// The first hint in an error's chain.
pub(crate) fn hint_of(error: &anyhow::Error) -> Option<&'static str> {
    let mut causes = error.chain();
    causes.find_map(|cause| cause.downcast_ref::<Hinted>().map(|hinted| hinted.hint))
}
