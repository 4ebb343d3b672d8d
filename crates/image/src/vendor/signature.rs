//! Who signed a file: gpgv from the builder's tools is asked, and its machine-readable answer is
//! judged. The lines are described in GnuPG's doc/DETAILS.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, ensure};

use crate::date::date;
use crate::hint::Hint;
use crate::profile::Import;
use crate::tools::Tools;

/// What begins each line of the answer.
const MARK: &str = "[GNUPG:] ";
/// `ERRSIG`'s reason for: the key is not in the keyring.
const NO_KEY: &str = "9";

/// Whose signatures count, and what checks them.
pub struct Signers<'a> {
    tools: &'a Tools,
    keyring: PathBuf,
    trusted: Vec<String>,
}

impl<'a> Signers<'a> {
    /// Those whom an import names.
    ///
    /// # Errors
    /// There is no such keyring.
    pub fn new(import: &Import, repository: &Path, tools: &'a Tools) -> Result<Self> {
        let keyring = tools.keyring(&import.keyring, repository)?;
        Ok(Self {
            tools,
            keyring,
            trusted: import.signed_by.clone(),
        })
    }

    /// The trusted fingerprint that signed `data`. `signature` is a detached one. Inside the
    /// sandbox only.
    ///
    /// # Errors
    /// No trusted key did, or its signature does not count; the error says which it is.
    pub fn check(&self, data: &[u8], signature: &[u8]) -> Result<String> {
        // The tools see /tmp at its own place.
        let room = tempfile::Builder::new()
            .prefix("signature-")
            .tempdir_in("/tmp")?;
        let at = |name: &str| room.path().join(name);
        fs_err::write(at("data"), data)?;
        fs_err::write(at("signature"), signature)?;
        fs_err::copy(&self.keyring, at("keyring"))?;
        let gpgv = self.tools.cmd("gpgv").args(["--status-fd", "1"]);
        let gpgv = gpgv
            .arg("--homedir")
            .arg(room.path())
            .arg("--keyring")
            .arg(at("keyring"))
            .arg(at("signature"))
            .arg(at("data"));
        let output = gpgv.output()?;
        let status = String::from_utf8_lossy(&output.stdout);
        // Of what is no detached signature it may say nothing, with status 2.
        ensure!(
            status.contains(MARK) || output.status.code() == Some(2),
            "gpgv gave no answer: {}",
            output.status
        );
        judge(&status, &self.trusted)
    }
}

/// One signature of the answer.
#[derive(Debug, Default)]
struct Signature {
    /// `GOODSIG`, `BADSIG`, …
    verdict: String,
    /// The end of a fingerprint, or all of it.
    key: String,
    /// Of the key that signed and of its primary key.
    fingerprints: Vec<String>,
    /// Seconds since 1970.
    key_expired: Option<u64>,
    expired: Option<u64>,
    /// Why it could not be checked.
    reason: String,
}

impl Signature {
    /// The trusted fingerprint that it claims to be by, or is by.
    fn trusted<'a>(&self, trusted: &'a [String]) -> Option<&'a String> {
        trusted.iter().find(|one| {
            let by_id = self.key.len() >= 16 && one.ends_with(&*self.key);
            self.fingerprints.contains(*one) || (self.fingerprints.is_empty() && by_id)
        })
    }

    fn name(&self) -> &str {
        self.fingerprints.last().unwrap_or(&self.key)
    }
}

/// The trusted fingerprint that signed, by what gpgv said.
fn judge(status: &str, trusted: &[String]) -> Result<String> {
    let signatures = parse(status);
    let good = |one: &&Signature| one.verdict == "GOODSIG" && !one.fingerprints.is_empty();
    let by = signatures.iter().filter(good);
    if let Some(fingerprint) = by.filter_map(|one| one.trusted(trusted)).next() {
        return Ok(fingerprint.clone());
    }
    // The one that should have counted, or else the first.
    let ours = signatures.iter().find(|one| one.trusted(trusted).is_some());
    match ours.or(signatures.first()) {
        Some(signature) => Err(refusal(signature, trusted)),
        None => Err(anyhow!("it is no detached signature")).hint(
            "a proxy or a login page may have answered instead of the server: look at the file",
        ),
    }
}

/// Why a signature does not count.
fn refusal(signature: &Signature, trusted: &[String]) -> anyhow::Error {
    let key = signature.name();
    let ours = signature.trusted(trusted).is_some();
    let at = |moment: Option<u64>| {
        moment.map_or("some time ago".into(), |at| format!("at {}", date(at)))
    };
    let wanted = trusted.join(" or ");
    let (said, hint) = match &*signature.verdict {
        "BADSIG" => (
            format!(
                "the signature by {key} is of other contents: somebody or something changed the list"
            ),
            "fetch it again later, or from another network; do not use what it lists",
        ),
        "ERRSIG" if ours && signature.reason == NO_KEY => (
            format!(
                "it is signed by {key}, as it should be, but the keyring does not hold that key"
            ),
            "name the keyring that does as `keyring` under [import]",
        ),
        "GOODSIG" | "ERRSIG" if !ours => (
            format!("it is signed by {key}, not by {wanted}"),
            "if the vendor has a new key and you have reason to trust it, add it to `signed-by` under [import]",
        ),
        "ERRSIG" => (
            format!(
                "the signature by {key} cannot be checked: gpgv gives the reason {}",
                signature.reason
            ),
            "the log has gpgv's own words",
        ),
        "EXPKEYSIG" => (
            format!(
                "the key {key} that signed it expired {}",
                at(signature.key_expired)
            ),
            "an update of the keyring may have prolonged it: run again with --update",
        ),
        "EXPSIG" => (
            format!("the signature by {key} expired {}", at(signature.expired)),
            "the vendor must sign anew",
        ),
        "REVKEYSIG" => (
            format!("the key {key} that signed it has been revoked by its owner"),
            "do not use what it lists; the vendor should have signed with another key",
        ),
        other => (
            format!("gpgv says {other} of the signature by {key}"),
            "the log has gpgv's own words",
        ),
    };
    Err::<(), _>(anyhow!(said)).hint(hint).unwrap_err()
}

fn parse(status: &str) -> Vec<Signature> {
    let mut signatures: Vec<Signature> = Vec::new();
    let mut begun = false;
    for line in status.lines().filter_map(|line| line.strip_prefix(MARK)) {
        let words: Vec<&str> = line.split(' ').collect();
        let word = |index: usize| words.get(index).copied().unwrap_or_default();
        if word(0) == "NEWSIG" || !begun {
            signatures.push(Signature::default());
            begun = true;
        }
        let Some(current) = signatures.last_mut() else {
            continue;
        };
        match word(0) {
            verdict @ ("GOODSIG" | "BADSIG" | "ERRSIG" | "EXPSIG" | "EXPKEYSIG" | "REVKEYSIG") => {
                // A second verdict on one signature could only soften the first.
                if current.verdict.is_empty() || verdict != "GOODSIG" {
                    current.verdict = verdict.to_owned();
                }
                current.key = word(1).to_owned();
                if verdict == "ERRSIG" {
                    current.reason = word(6).to_owned();
                    current.fingerprints.extend(fingerprint(word(7)));
                }
            }
            "VALIDSIG" => {
                current.fingerprints = [fingerprint(word(1)), fingerprint(word(10))]
                    .into_iter()
                    .flatten()
                    .collect();
                current.expired = word(4).parse().ok();
            }
            "KEYEXPIRED" => current.key_expired = word(1).parse().ok(),
            _ => {}
        }
    }
    signatures.retain(|one| !one.verdict.is_empty());
    signatures
}

/// A word that is one: 40 or, of newer keys, 64 hexadecimal digits.
fn fingerprint(word: &str) -> Option<String> {
    let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    (hex && [40, 64].contains(&word.len())).then(|| word.to_ascii_uppercase())
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
