//! deny.toml: what we ask of the crates of others. cargo-deny reads the same file; here is only
//! the part that [`super::dependencies`] goes by.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::repository;

/// The file, as far as it is read here.
#[derive(Debug, Default, Deserialize)]
pub struct Policy {
    /// Which licences are accepted.
    pub licenses: Licenses,
    /// Which crates may be there.
    #[serde(default)]
    pub bans: Bans,
}

/// `[licenses]`.
#[derive(Debug, Default, Deserialize)]
pub struct Licenses {
    /// SPDX names.
    pub allow: BTreeSet<String>,
}

/// `[bans]`.
#[derive(Debug, Default, Deserialize)]
pub struct Bans {
    /// Crates that must not be there at all.
    #[serde(default)]
    pub deny: Vec<Named>,
    /// Old versions that may be there beside newer ones.
    #[serde(default)]
    pub skip: Vec<Named>,
}

/// A crate, with its version as `name@version` where it matters.
#[derive(Debug, Deserialize)]
pub struct Named {
    /// `syn@2`.
    #[serde(rename = "crate")]
    pub name: String,
    /// Why.
    pub reason: Option<String>,
}

impl Named {
    /// Whether it means this crate; a version may be cut short: `syn@2` means all of 2.
    pub fn means(&self, name: &str, version: &str) -> bool {
        match self.name.split_once('@') {
            None => self.name == name,
            Some((ours, start)) => {
                let rest = version.strip_prefix(start);
                ours == name && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
        }
    }
}

/// Reads it.
///
/// # Errors
/// It is missing or no TOML.
pub fn load() -> Result<Policy> {
    let text = fs_err::read_to_string(repository::root().join("deny.toml"))?;
    toml::from_str(&text).context("reading deny.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_may_be_cut_short() {
        let named = |name: &str| Named {
            name: name.into(),
            reason: None,
        };
        assert!(named("syn").means("syn", "2.0.1"));
        assert!(named("syn@2").means("syn", "2.0.1"));
        assert!(named("syn@2.0.1").means("syn", "2.0.1"));
        assert!(!named("syn@2").means("syn", "20.1.0"));
        assert!(!named("syn@2").means("synstructure", "2.0.1"));
    }

    #[test]
    fn the_repositorys_own_policy_can_be_read() {
        assert!(load().unwrap().licenses.allow.contains("MIT"));
    }
}
