//! The setup code: random, of this device alone, and easy to type.

use crate::secret::Secret;
use rustix::rand::{GetRandomFlags, getrandom};

/// The characters of a code: the digits 2 to 9 and the letters but `l` and `o`, which are 32, so that five random bits
/// are one of them and none is likelier. `0` and `1` are missing with the letters that look like them. Of `1`, `l` and `i`
/// the last alone is left: without the other two, and in lower case, its dot makes it certain. `y` and `z`, which German
/// keyboards have the other way round, are needed to make 32; who types the code uses their own keyboard as usual.
const ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// So many characters are 65 bits.
const LENGTH: usize = 13;

/// Before these characters stands a hyphen.
const BREAKS: [usize; 2] = [4, 8];

/// The longest text that is looked at for a code: one with a space after each character is shorter.
const LONGEST: usize = 64;

/// A setup code: 13 characters of 32, which are 65 bits, in groups: `k7pd-2mxq-9trwv`. All are lower case or digits, and
/// no two of them look alike.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Secret);

impl Code {
    /// A new one.
    ///
    /// # Errors
    /// The kernel gives no random numbers.
    pub fn new() -> std::io::Result<Self> {
        let mut random = [0; LENGTH];
        // So few bytes come at once or not at all, but for a signal while the kernel is still collecting.
        let got = rustix::io::retry_on_intr(|| {
            getrandom(random.as_mut_slice(), GetRandomFlags::empty())
        })?;
        if got != LENGTH {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Self::of(
            random.map(|byte| ALPHABET[usize::from(byte % 32)]),
        ))
    }

    /// One that was written down before; `None` when it is none. Capital letters, spaces, and hyphens that are missing or
    /// elsewhere make no difference.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let typed = text
            .bytes()
            .filter(|byte| *byte != b'-' && !byte.is_ascii_whitespace());
        let typed: Vec<u8> = typed.map(|byte| byte.to_ascii_lowercase()).collect();
        let characters = <[u8; LENGTH]>::try_from(typed).ok()?;
        let all_known = characters.iter().all(|byte| ALPHABET.contains(byte));
        all_known.then(|| Self::of(characters))
    }

    /// As it is shown and typed: it is the password, hyphens included.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    fn of(characters: [u8; LENGTH]) -> Self {
        let mut text = String::with_capacity(LENGTH + BREAKS.len());
        for (index, byte) in characters.into_iter().enumerate() {
            if BREAKS.contains(&index) {
                text.push('-');
            }
            text.push(char::from(byte));
        }
        Self(Secret::new(text))
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a setup code, not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_alphabet_has_32_characters_and_no_two_that_look_alike() {
        assert_eq!(ALPHABET.iter().collect::<BTreeSet<_>>().len(), 32);
        for group in ["0o", "1li"] {
            let of_it = group.bytes().filter(|byte| ALPHABET.contains(byte)).count();
            assert!(of_it <= 1, "{group}");
        }
        assert!(
            ALPHABET
                .iter()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        );
    }

    #[test]
    fn a_new_code_is_13_characters_in_groups_and_another_each_time() {
        let codes: Vec<Code> = (0..200).map(|_| Code::new().expect("a code")).collect();
        for code in &codes {
            let groups: Vec<_> = code.reveal().split('-').map(str::len).collect();
            assert_eq!(groups, [4, 4, 5]);
            assert_eq!(Code::parse(code.reveal()).as_ref(), Some(code));
        }
        let different: BTreeSet<_> = codes.iter().map(Code::reveal).collect();
        assert_eq!(different.len(), 200);
        let used: BTreeSet<_> = different.iter().flat_map(|code| code.chars()).collect();
        assert_eq!(used.len(), 33, "every character is used, and the hyphen");
    }

    #[test]
    fn a_code_is_known_however_it_was_written_down() {
        let canonical = "k7pd-2mxq-9trwv";
        for text in [
            canonical,
            "K7PD-2MXQ-9TRWV",
            "k7pd2mxq9trwv",
            " k7pd 2mxq 9trwv\r\n",
            "k 7 p d 2 m x q 9 t r w v",
        ] {
            let code = Code::parse(text).map(|code| code.reveal().to_owned());
            assert_eq!(code.as_deref(), Some(canonical), "{text}");
        }
        for text in [
            "",
            "k7pd-2mxq-9trw",
            "k7pd-2mxq-9trwvv",
            "k7pd-2mxq-9tr0v",
            "k7pd-2mxq-9trlv",
            "k7pd_2mxq_9trwv",
            "k7pd-2mxq-9trwあ",
            &"-".repeat(100_000),
        ] {
            assert_eq!(Code::parse(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_not_shown_by_chance() {
        let code = Code::parse("k7pd-2mxq-9trwv").expect("a code");
        assert!(!format!("{code:?}").contains("k7pd"));
    }
}
