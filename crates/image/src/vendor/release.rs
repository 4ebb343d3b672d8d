//! A vendor's release: a directory on a web server with images, SHA256SUMS and its signature.
//! Which image it comes to is found out once and remembered until `--update`, as the archive's
//! answers are ([`crate::resolution`]).

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::download::Client;
use super::http::{Error, host_of};
use super::signature::Signers;
use super::sums::Sums;
use crate::hint::Hint;
use crate::profile::Import;
use crate::progress::Progress;
use crate::{digest, files};

/// No list of checksums is larger, in bytes.
pub(super) const LARGEST_LIST: u64 = 1 << 20;
/// Nor is a packed image.
const LARGEST_IMAGE: u64 = 16 << 30;

/// The image that a release comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Its file name.
    pub name: String,
    /// Of the file as it is downloaded.
    pub sha256: String,
    /// The fingerprint of whoever signed for that.
    pub signer: String,
}

/// The image that `import` comes to, from memory, or from the server when nothing is remembered or
/// `update` asks for it. Inside the sandbox only.
///
/// # Errors
/// The server cannot be reached, the signature does not count, or no file matches.
pub fn resolve(
    import: &Import,
    signers: &Signers,
    client: &Client,
    cache: &Path,
    update: bool,
    progress: &Progress,
) -> Result<Release> {
    let memory = cache
        .join("resolved")
        .join(format!("{}.json", &digest::of(import)[..16]));
    let remembered = || serde_json::from_slice(&fs_err::read(&memory).ok()?).ok();
    if let Some(release) = remembered().filter(|_| !update) {
        return Ok(release);
    }
    let step = progress.step(format!("checksums from {}", host_of(&import.url)));
    let get = |name: &str| {
        let url = address_of(import, name);
        let bytes = client.bytes(&url, LARGEST_LIST, progress);
        with_hint(bytes, import, "is `url` under [import] still right?")
            .with_context(|| format!("fetching {url}"))
    };
    let (list, signature) = (get("SHA256SUMS")?, get("SHA256SUMS.gpg")?);
    let release = judge(import, signers, &list, &signature)
        .with_context(|| format!("checking {}", address_of(import, "SHA256SUMS")))?;
    files::write_whole(&memory, &serde_json::to_vec_pretty(&release)?)?;
    step.done(&release.name);
    Ok(release)
}

fn judge(import: &Import, signers: &Signers, list: &[u8], signature: &[u8]) -> Result<Release> {
    let signer = signers.check(list, signature)?;
    let sums = Sums::parse(std::str::from_utf8(list).context("it is no text")?)?;
    let (name, sha256) = sums.choose(&import.image)?;
    Ok(Release {
        name: name.to_owned(),
        sha256: sha256.to_owned(),
        signer,
    })
}

/// Brings the image of `release` into the cache, unless it is there, and returns its path. Its
/// bytes are verified each time.
///
/// # Errors
/// The server cannot be reached or has other bytes, or there is no room.
pub fn fetch(
    import: &Import,
    release: &Release,
    client: &Client,
    cache: &Path,
    progress: &Progress,
) -> Result<PathBuf> {
    let file = cache.join("vendor").join(&release.name);
    if file.exists() {
        let step = progress.step(format!("verifying the cached {}", release.name));
        if digest::of_file(&file)? == release.sha256 {
            step.done("");
            return Ok(file);
        }
        drop(step);
        progress.warn(&format!(
            "{} in the cache is damaged, or of an earlier release: fetching it again",
            release.name
        ));
        fs_err::remove_file(&file)?;
    }
    let url = address_of(import, &release.name);
    let fetched = client.file(&url, &file, &release.sha256, LARGEST_IMAGE, progress);
    with_hint(
        fetched,
        import,
        "the release may have changed: --update reads its list anew",
    )
    .with_context(|| format!("fetching {url}"))?;
    Ok(file)
}

fn address_of(import: &Import, name: &str) -> String {
    format!("{}/{name}", import.url.trim_end_matches('/'))
}

/// Says what to do about a file that did not come; `other` is for when the server has an answer,
/// but not the file.
fn with_hint<T>(result: Result<T, Error>, import: &Import, other: &str) -> Result<T> {
    let hint = match &result {
        Err(Error::Unreachable { .. } | Error::Broken { .. }) => format!(
            "`--base FILE` takes an image that you have, and --profile debian-12 builds without {}; \
             what has come is kept, and the same command goes on with it",
            host_of(&import.url)
        ),
        Err(Error::Here(_)) | Ok(_) => return Ok(result?),
        Err(_) => other.to_owned(),
    };
    result.hint(hint)
}

/// For serde: the address of a directory on a web server.
pub(crate) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let url = String::deserialize(deserializer)?;
    let web = url.starts_with("http://") || url.starts_with("https://");
    if !web || url.contains(|c: char| c.is_whitespace() || "?#".contains(c)) {
        return Err(D::Error::custom(format!(
            "{url:?} is no address of a directory, as https://…/release is"
        )));
    }
    Ok(url)
}

/// For serde: at least one fingerprint, in capitals.
pub(crate) fn fingerprints<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    let given = Vec::<String>::deserialize(deserializer)?;
    if given.is_empty() {
        return Err(D::Error::custom(
            "no fingerprint: nobody's signature would count",
        ));
    }
    let plain = |one: &String| {
        if one.len() != 40 || !one.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(D::Error::custom(format!(
                "{one:?} is no fingerprint of 40 hexadecimal digits"
            )));
        }
        Ok(one.to_ascii_uppercase())
    };
    given.iter().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(url: &str, key: &str) -> Result<Import, toml::de::Error> {
        toml::from_str(&format!(
            "url = {url:?}\nimage = \"*.img.xz\"\nsigned-by = [{key:?}]\nkeyring = \"x.gpg\"\n"
        ))
    }

    #[test]
    fn an_import_is_read_from_a_profile() {
        let read = import("https://a.example/release/", &"a1".repeat(20)).unwrap();
        assert_eq!(read.signed_by, ["A1".repeat(20)]);
        assert_eq!(address_of(&read, "x"), "https://a.example/release/x");
    }

    #[test]
    fn a_mistake_in_an_import_is_named() {
        let key = "a1".repeat(20);
        for (url, key, expected) in [
            (
                "a.example",
                &*key,
                "\"a.example\" is no address of a directory",
            ),
            ("file:///x", &key, "is no address of a directory"),
            ("https://a.example/ x", &key, "is no address of a directory"),
            (
                "https://a.example/x",
                "94AA3F0EFE21092",
                "is no fingerprint of 40",
            ),
            (
                "https://a.example/x",
                &"g".repeat(40),
                "is no fingerprint of 40",
            ),
        ] {
            let error = import(url, key).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let none = "url = \"https://a.example\"\nimage = \"x\"\nsigned-by = []\nkeyring = \"x\"\n";
        let error = toml::from_str::<Import>(none).unwrap_err().to_string();
        assert!(error.contains("no fingerprint"), "{error}");
    }
}
