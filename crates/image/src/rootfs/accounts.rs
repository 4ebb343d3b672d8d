//! Names of users and groups in a root: what its /etc/passwd and /etc/group say.

use std::collections::HashMap;

use anyhow::{Result, anyhow};

use crate::hint::Hint;

/// The users and groups of a root.
#[derive(Debug, Default)]
pub struct Accounts {
    users: HashMap<String, u32>,
    groups: HashMap<String, u32>,
}

impl Accounts {
    /// From the texts of /etc/passwd and /etc/group. Lines that are none are passed over.
    pub fn parse(passwd: &str, group: &str) -> Self {
        Self {
            users: ids(passwd),
            groups: ids(group),
        }
    }

    /// A user's id; `file` says whose owner it is to be.
    ///
    /// # Errors
    /// There is no such user.
    pub fn user(&self, name: &str, file: &str) -> Result<u32> {
        find(&self.users, name, "user", file)
    }

    /// A group's id.
    ///
    /// # Errors
    /// There is no such group.
    pub fn group(&self, name: &str, file: &str) -> Result<u32> {
        find(&self.groups, name, "group", file)
    }
}

fn ids(text: &str) -> HashMap<String, u32> {
    let entry = |line: &str| {
        let mut fields = line.split(':');
        Some((fields.next()?.to_owned(), fields.nth(1)?.parse().ok()?))
    };
    text.lines().filter_map(entry).collect()
}

fn find(ids: &HashMap<String, u32>, name: &str, kind: &str, file: &str) -> Result<u32> {
    let error =
        || anyhow!("/{file} is to belong to the {kind} {name:?}, whom the image does not have");
    ids.get(name).copied().ok_or_else(error).hint(format!(
        "declare the {kind} in usr/lib/sysusers.d of the feature's root, or mend feature.toml"
    ))
}
