//! The enrolment string: all that a Colab machine needs to dial home, in one line to paste.
//!
//! `ck1.` + base64url of a JSON object + `.` + the first eight hexadecimal digits of the object's
//! SHA-256. It is a secret: whoever has it can open the tunnel's entrance until it expires. The
//! notebook's Python reads it too (`notebook/prepare.py`).

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::key::{PublicKey, is_address};
use crate::time::Time;

/// What every enrolment string begins with; the number is that of its form.
pub const PREFIX: &str = "ck1.";

/// More than any has.
const LONGEST: usize = 64 * 1024;

/// What is in an enrolment string.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// Where the device is reached from outside: a name or an IP address.
    pub address: String,
    /// The port there.
    pub port: u16,
    /// The device's account to log in to.
    pub user: String,
    /// The loopback port of the device to open.
    pub entrance: u16,
    /// The device's own host keys, one of which it must show.
    pub device_host_keys: Vec<PublicKey>,
    /// The private key to dial with, as OpenSSH writes it.
    pub dial_key: String,
    /// The private host key of the machine's own sshd.
    pub host_key: String,
    /// Its public half.
    pub host_key_public: PublicKey,
    /// Who may log in to the machine: the device's shell first, then the owner's own keys, each as a
    /// line of an authorized_keys file without options.
    pub login_keys: Vec<String>,
    /// When the device stops taking the dial key.
    pub expires: Time,
}

/// Two of its fields are private keys.
impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrolment")
            .field("address", &self.address)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// What is wrong with an enrolment string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// It does not begin as one does.
    Other,
    /// A part of it is missing or changed.
    Damaged,
    /// It is whole, but makes no sense to this version.
    Strange,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Other => "this is no enrolment string: one begins with \"ck1.\"",
            Self::Damaged => "the enrolment string is incomplete or damaged",
            Self::Strange => "the enrolment string was made by another version of Colab Keeper",
        })
    }
}

impl std::error::Error for Broken {}

impl Enrolment {
    /// The one line to paste.
    pub fn encode(&self) -> String {
        // Strings, numbers and lists of them: nothing that JSON could not hold.
        let json = serde_json::to_vec(self).unwrap_or_default();
        format!(
            "{PREFIX}{}.{}",
            BASE64URL_NOPAD.encode(&json),
            check_of(&json)
        )
    }

    /// Reads what [`Enrolment::encode`] has written; spaces around it and line breaks in it are the
    /// clipboard's.
    ///
    /// # Errors
    /// It is something else, damaged, or of another version.
    pub fn decode(text: &str) -> Result<Self, Broken> {
        if text.len() > LONGEST {
            return Err(Broken::Damaged);
        }
        let text: String = text.split_ascii_whitespace().collect();
        let body = text.strip_prefix(PREFIX).ok_or(Broken::Other)?;
        let (body, check) = body.rsplit_once('.').ok_or(Broken::Damaged)?;
        let json = BASE64URL_NOPAD.decode(body.as_bytes());
        let json = json.map_err(|_| Broken::Damaged)?;
        if check != check_of(&json) {
            return Err(Broken::Damaged);
        }
        let enrolment: Self = serde_json::from_slice(&json).map_err(|_| Broken::Strange)?;
        if is_address(&enrolment.address) {
            Ok(enrolment)
        } else {
            Err(Broken::Strange)
        }
    }
}

fn check_of(json: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(json)[..4])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    pub(crate) fn sample() -> Enrolment {
        let key = PublicKey::parse(KEY).expect("a key");
        Enrolment {
            address: "home.example.org".into(),
            port: 10022,
            user: "colab-tunnel".into(),
            entrance: 20022,
            device_host_keys: vec![key.clone()],
            dial_key: "dial s3cret\n".into(),
            host_key: "host s3cret\n".into(),
            host_key_public: key,
            login_keys: vec![KEY.into()],
            expires: Time::at(1_795_348_799),
        }
    }

    #[test]
    fn it_comes_back_as_it_was_and_shows_no_secret() {
        let text = sample().encode();
        assert!(text.starts_with("ck1."));
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
        assert_eq!(Enrolment::decode(&text), Ok(sample()));
        let wrapped = format!("  {}\n{}\r\n", &text[..90], &text[90..]);
        assert_eq!(Enrolment::decode(&wrapped), Ok(sample()));
        assert!(!format!("{:?}", sample()).contains("s3cret"));
    }

    #[test]
    fn every_cut_and_every_slip_is_noticed() {
        let text = sample().encode();
        for end in 0..text.len() {
            assert!(Enrolment::decode(&text[..end]).is_err(), "cut at {end}");
        }
        for at in 0..text.len() {
            let other = if text.as_bytes()[at] == b'x' {
                "y"
            } else {
                "x"
            };
            let slip = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            assert!(Enrolment::decode(&slip).is_err(), "slip at {at}");
        }
    }

    #[test]
    fn it_is_told_what_is_wrong() {
        let json = |text: &str| {
            let body = BASE64URL_NOPAD.encode(text.as_bytes());
            format!("{PREFIX}{body}.{}", check_of(text.as_bytes()))
        };
        let mut elsewhere = sample();
        elsewhere.address = "-oProxyCommand=x".into();
        for (text, broken) in [
            (String::new(), Broken::Other),
            ("hello".into(), Broken::Other),
            ("ck1.".into(), Broken::Damaged),
            ("ck1.!!.00000000".into(), Broken::Damaged),
            ("x".repeat(LONGEST + 1), Broken::Damaged),
            (json("{}"), Broken::Strange),
            (json("[[[["), Broken::Strange),
            (elsewhere.encode(), Broken::Strange),
        ] {
            assert_eq!(Enrolment::decode(&text), Err(broken));
        }
    }
}
