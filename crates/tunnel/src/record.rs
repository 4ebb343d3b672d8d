//! What the device remembers of its enrolments, `/etc/keeper/tunnel.toml`: public halves only.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::key::PublicKey;
use crate::time::Time;

/// Where it is, below the root.
pub const RECORD: &str = "etc/keeper/tunnel.toml";

/// The longest record that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// How many enrolments are remembered; the oldest that are of no more use are forgotten.
const MOST: usize = 64;

const HEADER: &str = "\
# The Colab machines that may dial in. Made by `sudo keeper tunnel enrol` and `sudo keeper tunnel revoke`.
";

/// All enrolments, the newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// In the order in which they were made.
    #[serde(default, rename = "key", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Enrolled>,
}

/// One enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    /// What `keeper tunnel revoke` calls it: eight hexadecimal digits.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What the machine dials with.
    pub dial_key: PublicKey,
    /// What the machine's own sshd shows.
    pub host_key: PublicKey,
    /// When it was made.
    pub made: Time,
    /// When it ends.
    pub expires: Time,
    /// When it was revoked, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Time>,
}

impl Enrolled {
    /// Whether the device takes it at `now`.
    pub fn is_good(&self, now: Time) -> bool {
        self.revoked.is_none() && now < self.expires
    }
}

impl Record {
    /// Reads the record at `path`; where there is none, nothing was enrolled yet.
    ///
    /// # Errors
    /// It cannot be read, is longer than a record is, or none of ours.
    pub fn load(path: &Path) -> Result<Self> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let mut text = String::new();
        file.take(MAX_BYTES + 1).read_to_string(&mut text)?;
        ensure!(
            text.len() as u64 <= MAX_BYTES,
            "it is longer than {MAX_BYTES} bytes"
        );
        Self::parse(&text)
    }

    /// Reads the text of a record.
    ///
    /// # Errors
    /// It is none of ours.
    pub fn parse(text: &str) -> Result<Self> {
        let record: Self = toml::from_str(text).context("reading the enrolled machines")?;
        for key in &record.keys {
            if !is_name(&key.name) || key.id != key.dial_key.id() {
                bail!("reading the enrolled machines: {:?} is damaged", key.id);
            }
        }
        Ok(record)
    }

    /// As a file.
    ///
    /// # Errors
    /// None that is known: it is text and times alone.
    pub fn to_toml(&self) -> Result<String> {
        Ok(format!("{HEADER}{}", toml::to_string(self)?))
    }

    /// Those that the device takes at `now`.
    pub fn good(&self, now: Time) -> impl Iterator<Item = &Enrolled> {
        self.keys.iter().filter(move |key| key.is_good(now))
    }

    /// Adds one.
    ///
    /// # Errors
    /// There are too many that are still good.
    pub fn add(&mut self, enrolled: Enrolled, now: Time) -> Result<()> {
        while self.keys.len() >= MOST {
            let Some(useless) = self.keys.iter().position(|key| !key.is_good(now)) else {
                bail!("{MOST} machines are enrolled already");
            };
            self.keys.remove(useless);
        }
        self.keys.push(enrolled);
        Ok(())
    }

    /// Marks the one with this id, or the beginning of one that is no other's; gives it back.
    ///
    /// # Errors
    /// There is none, there are several, or it is revoked already.
    pub fn revoke(&mut self, id: &str, now: Time) -> Result<&Enrolled> {
        let fits = |key: &&mut Enrolled| !id.is_empty() && key.id.starts_with(id);
        let mut fitting = self.keys.iter_mut().filter(fits);
        let Some(key) = fitting.next() else {
            bail!("no machine is enrolled as {id:?}");
        };
        if fitting.next().is_some() {
            bail!("several machines are enrolled as {id:?}…");
        }
        if let Some(time) = key.revoked {
            bail!("{} was revoked at {time} already", key.id);
        }
        key.revoked = Some(now);
        Ok(key)
    }
}

/// Whether a machine may be called so: up to 32 letters, digits, dots, hyphens and underscores.
pub fn is_name(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=32).contains(&text.len()) && text.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    fn key(number: u8) -> PublicKey {
        let mut blob = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20".to_vec();
        blob.extend([number; 32]);
        PublicKey::parse(&format!("ssh-ed25519 {}", BASE64.encode(&blob))).expect("a key")
    }

    fn enrolled(number: u8, expires: i64) -> Enrolled {
        Enrolled {
            id: key(number).id(),
            name: "colab".into(),
            dial_key: key(number),
            host_key: key(200),
            made: Time::at(0),
            expires: Time::at(expires),
            revoked: None,
        }
    }

    #[test]
    fn it_is_written_and_read_again() {
        let mut record = Record::default();
        assert_eq!(
            Record::parse(&record.to_toml().expect("text")).ok(),
            Some(record.clone())
        );
        for number in 0..3 {
            let made = record.add(enrolled(number, 100), Time::at(1));
            made.expect("room");
        }
        let id = record.keys[1].id.clone();
        record.revoke(&id[..6], Time::at(2)).expect("it is there");
        let text = record.to_toml().expect("text");
        assert_eq!(Record::parse(&text).ok(), Some(record.clone()), "{text}");
        assert_eq!(record.good(Time::at(3)).count(), 2);
        assert_eq!(record.good(Time::at(100)).count(), 0);
        let again = record.revoke(&id, Time::at(4)).unwrap_err();
        assert_eq!(
            again.to_string(),
            format!("{id} was revoked at 1970-01-01T00:00:02Z already")
        );
        for (id, said) in [
            ("", "no machine is enrolled as \"\""),
            ("zz", "no machine is enrolled as \"zz\""),
        ] {
            let error = record.revoke(id, Time::at(4)).unwrap_err();
            assert_eq!(error.to_string(), said);
        }
    }

    #[test]
    fn only_those_of_no_use_are_forgotten() {
        let mut record = Record::default();
        for number in 0..64 {
            let expires = if number == 5 { 10 } else { 100 };
            record
                .add(enrolled(number, expires), Time::at(1))
                .expect("room");
        }
        let full = record.add(enrolled(64, 100), Time::at(1)).unwrap_err();
        assert_eq!(full.to_string(), "64 machines are enrolled already");
        record.add(enrolled(64, 100), Time::at(10)).expect("room");
        assert_eq!(record.keys.len(), 64);
        assert!(record.keys.iter().all(|one| one.dial_key != key(5)));
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let good = Record {
            keys: vec![enrolled(1, 100)],
        }
        .to_toml()
        .expect("text");
        for (from, to) in [
            ("name = \"colab\"", "name = \"co\\nlab\""),
            ("id = \"", "id = \"0"),
            ("1970-01-01T00:01:40Z", "soon"),
            ("[[key]]", "[[keys]]"),
            ("ssh-ed25519 ", "ssh-rsa "),
        ] {
            assert!(good.contains(from), "{good}");
            assert!(Record::parse(&good.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
