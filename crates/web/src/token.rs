//! What a form of ours carries, and a page of somebody else's cannot know.

use rustix::io::Errno;
use rustix::rand::{GetRandomFlags, getrandom};
use std::fmt::Write as _;
use std::sync::Arc;

/// Random bytes in a token.
const BYTES: usize = 16;

/// Where a form carries it.
const FIELD: &[u8] = b"token=";

/// A token: random, and the same for as long as the server lives.
#[derive(Debug, Clone)]
pub(crate) struct Token(Arc<str>);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// The kernel gives no random numbers.
    pub(crate) fn new() -> std::io::Result<Self> {
        let mut bytes = [0; BYTES];
        // So few bytes come whole, if they come.
        if getrandom(&mut bytes, GetRandomFlags::empty())? != BYTES {
            return Err(Errno::AGAIN.into());
        }
        let mut text = String::new();
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(text.into()))
    }

    /// As the form carries it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a form that was sent carries it, and nothing else. All of it is compared, wherever it begins to differ:
    /// the time that takes tells nothing.
    pub(crate) fn is_in(&self, form: &[u8]) -> bool {
        form.strip_prefix(FIELD)
            .is_some_and(|sent| self.is_bytes(sent))
    }

    /// Whether this is it, as a form's field of more than one carries it; compared in the same way.
    pub(crate) fn is(&self, sent: &str) -> bool {
        self.is_bytes(sent.as_bytes())
    }

    fn is_bytes(&self, sent: &[u8]) -> bool {
        let own = self.0.as_bytes();
        let differing = own.iter().zip(sent).filter(|(one, other)| one != other);
        sent.len() == own.len() && differing.count() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_new_and_knows_itself_alone() {
        let token = Token::new().expect("a token");
        let other = Token::new().expect("a token");
        assert_eq!(token.as_str().len(), 2 * BYTES);
        assert_ne!(token.as_str(), other.as_str());
        let form = format!("token={}", token.as_str());
        assert!(token.is_in(form.as_bytes()));
        assert!(!other.is_in(form.as_bytes()));
        assert!(token.is(token.as_str()));
        assert!(!token.is(other.as_str()) && !token.is("") && !token.is(&form));
        for wrong in [
            "",
            "token=",
            token.as_str(),
            &form[..form.len() - 1],
            &format!("{form}0"),
            &format!("{form}&x=y"),
            &format!("x=y&{form}"),
            &form.to_uppercase(),
        ] {
            assert!(!token.is_in(wrong.as_bytes()), "{wrong}");
        }
    }
}
