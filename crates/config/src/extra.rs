//! What a document may hold besides a keeper.toml's own keys: another crate reads it through here, and its problems are
//! told as all others are, with line and key. What the keys mean is that crate's.

use crate::reader::{Reader, Section};
use crate::setting::Refusal;
use crate::text;

/// A document whose own sections have been read.
pub struct Extra<'r, 'a>(pub(crate) &'r mut Reader<'a>);

/// One more key.
#[derive(Debug, Clone, Copy)]
pub struct ExtraKey<'t> {
    /// As it is written.
    pub name: &'static str,
    /// What is accepted, as the end of a sentence: "expected …".
    pub accepts: &'t str,
    /// Whether its value is a secret, which no message shows.
    pub secret: bool,
}

/// A section of it: one more, or one of keeper.toml's own.
pub struct ExtraSection<'r, 'a>(Section<'r, 'a>);

impl<'a> Extra<'_, 'a> {
    /// The section `[name]`, empty when the document has none.
    pub fn section(&mut self, name: &'static str) -> ExtraSection<'_, 'a> {
        ExtraSection(self.0.section(name))
    }
}

impl ExtraSection<'_, '_> {
    /// The string at `key`, if there is one that `check` accepts. Absent and `""` both mean none.
    pub fn string(
        &mut self,
        key: ExtraKey<'_>,
        check: impl FnOnce(&str) -> Result<(), Refusal>,
    ) -> Option<String> {
        let value = self.0.value(key.name)?;
        let text = value.get_ref().as_str();
        let reason = match text {
            Some("") => return None,
            Some(text) => check(text).err(),
            None => Some(None),
        };
        let what = match reason {
            None => return text.map(str::to_owned),
            Some(None) => format!("expected {}", key.accepts),
            Some(Some(reason)) => format!("{reason}; expected {}", key.accepts),
        };
        let shown = if key.secret {
            "(not shown)".to_owned()
        } else {
            text::value(value.get_ref())
        };
        self.0.complain(key.name, value, &shown, &what);
        None
    }

    /// Whether the key has a value, right or wrong, other than `""`.
    pub fn is_set(&mut self, key: &'static str) -> bool {
        let value = self.0.value(key);
        value.is_some_and(|value| value.get_ref().as_str() != Some(""))
    }

    /// Reports what is wrong with the section as a whole, `[name]: reason`.
    pub fn reject(&mut self, reason: &str) {
        self.0.reject_whole(reason);
    }
}
