//! Public keys of the one kind that an enrolment uses, and names of hosts. Both go into files that
//! sshd and ssh read line by line, so nothing else passes.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// RFC 8709: the length of the name, the name, the length of the key.
const HEAD: &[u8] = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20";
/// The key itself.
const KEY: usize = 32;
/// RFC 1035.
const LONGEST_ADDRESS: usize = 253;

/// An Ed25519 public key as OpenSSH writes it: `ssh-ed25519 AAAA…`, without a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(String);

impl PublicKey {
    /// Takes a line of a public key file; its comment is left out.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let (kind, blob) = (words.next()?, words.next()?);
        let bytes = BASE64.decode(blob.as_bytes()).ok()?;
        let whole = bytes.len() == HEAD.len() + KEY && bytes.starts_with(HEAD);
        (kind == "ssh-ed25519" && whole).then(|| Self(format!("{kind} {blob}")))
    }

    /// As OpenSSH writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Eight letters that tell it from others.
    pub fn id(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(&self.0)[..4])
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.0
    }
}

impl TryFrom<String> for PublicKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| "expected a public key of the type ssh-ed25519".to_owned())
    }
}

/// Whether it is a host's name or an IP address, and so nothing to an ssh_config but a word.
pub fn is_address(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':');
    text.len() <= LONGEST_ADDRESS
        && text.bytes().all(letter)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_key_loses_its_comment_and_nothing_else() {
        let key = PublicKey::parse(&format!("{LINE} me@home\n")).expect("a key");
        assert_eq!(key.as_str(), LINE);
        assert_eq!(key.id().len(), 8);
        for text in [
            "",
            "ssh-ed25519",
            "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "restrict ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(PublicKey::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_address_is_one_word() {
        for good in ["home.example.org", "203.0.113.7", "2001:db8::1", "::1", "a"] {
            assert!(is_address(good), "{good:?}");
        }
        let long = "a".repeat(254);
        for bad in [
            "",
            "-oProxyCommand=x",
            "a b",
            "a\nb",
            "a%h",
            "[::1]",
            "a/b",
            ".a",
            &long,
        ] {
            assert!(!is_address(bad), "{bad:?}");
        }
    }
}
