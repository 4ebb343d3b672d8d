//! What the rendered files must know of this device: who its people are, and the numbers of the
//! accounts that its services run under.
//!
//! /etc/passwd and /etc/group alone are read: the device has no other source of accounts, and the
//! firewall needs numbers before the network is there.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use camino::{Utf8Path, Utf8PathBuf};
use tunnel::{PublicKey, Time};

use crate::first_boot;

/// The group whose members may enter over RDP and forward ports over SSH.
pub(crate) const PEOPLE: &str = "keeper-people";
/// The group whose members may enter over RDP while the device has no owner.
pub(crate) const SETUP_PEOPLE: &str = "keeper-setup-people";
/// The one account in it: its password is the setup code.
pub(crate) const SETUP: &str = "setup";
/// The account of the desktop that shows the wizard.
pub(crate) const SETUP_DESKTOP: &str = "keeper-setup";
/// The account of the desktop.
pub(crate) const DESKTOP: &str = "keeper";

/// A member of the group of people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// Their number.
    pub uid: u32,
    /// Their login name.
    pub name: String,
    /// Their home.
    pub home: Utf8PathBuf,
}

/// A Colab machine that may dial in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// What it dials with.
    pub dial_key: PublicKey,
    /// What its own sshd shows.
    pub host_key: PublicKey,
    /// When that ends.
    pub expires: Time,
    /// The same as the device's sshd reads it: digits, and perhaps a Z.
    pub expiry: String,
}

/// What rendering must know of the device. The default is a device of which nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Members of the group `keeper-people`, by number; root never is one.
    pub people: Vec<Person>,
    /// Numbers of the accounts that exist, by name.
    pub uids: BTreeMap<String, u32>,
    /// Whether the device's OpenSSH knows key exchanges that a quantum computer cannot undo.
    pub post_quantum: bool,
    /// The Colab machines that may dial in.
    pub machines: Vec<Machine>,
    /// Whether the device has no owner yet: those of its doors that lead to the wizard are open, and no others.
    pub setup: bool,
}

impl Facts {
    /// Reads the accounts of the root file system at `root`, and whether it has an owner.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn read(root: &Utf8Path, post_quantum: bool) -> Result<Self> {
        let passwd = fs_err::read_to_string(root.join("etc/passwd"))?;
        let group = fs_err::read_to_string(root.join("etc/group"))?;
        Ok(Self {
            post_quantum,
            setup: first_boot::is_open(root),
            ..Self::parse(&passwd, &group)
        })
    }

    /// The number of a group of the root file system at `root`; none when there is no such group.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn group(root: &Utf8Path, name: &str) -> Result<Option<u32>> {
        let text = fs_err::read_to_string(root.join("etc/group"))?;
        let number = |line: &str| {
            let mut fields = line.split(':');
            (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok())
        };
        Ok(text.lines().find_map(number).flatten())
    }

    /// Everybody who has an account, whatever groups they are in.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn everybody(root: &Utf8Path) -> Result<Vec<Person>> {
        let passwd = fs_err::read_to_string(root.join("etc/passwd"))?;
        let person = |line: &str| {
            let fields: Vec<&str> = line.split(':').collect();
            let [name, _, uid, ..] = fields[..] else {
                return None;
            };
            Some(Person {
                uid: uid.parse().ok()?,
                name: name.to_owned(),
                home: fields.get(5).copied().unwrap_or_default().into(),
            })
        };
        Ok(passwd.lines().filter_map(person).collect())
    }

    /// The accounts that the texts of /etc/passwd and /etc/group describe. Lines that make no sense
    /// are left out, as the C library does.
    pub fn parse(passwd: &str, group: &str) -> Self {
        let mut accounts = Vec::new();
        for line in passwd.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            if let [name, _, uid, gid, ..] = fields[..]
                && let (Ok(uid), Ok(gid)) = (uid.parse::<u32>(), gid.parse::<u32>())
            {
                let home = fields.get(5).copied().unwrap_or_default();
                accounts.push((name, uid, gid, home));
            }
        }
        let (gid, members) = members(group);
        let people: BTreeSet<Person> = accounts
            .iter()
            .filter(|(name, uid, primary, _)| {
                *uid != 0 && (members.contains(name) || Some(*primary) == gid)
            })
            .map(|(name, uid, _, home)| Person {
                uid: *uid,
                name: (*name).to_owned(),
                home: home.into(),
            })
            .collect();
        let mut uids = BTreeMap::new();
        for (name, uid, ..) in accounts {
            // The first line of a name counts.
            uids.entry(name.to_owned()).or_insert(uid);
        }
        Self {
            people: people.into_iter().collect(),
            uids,
            post_quantum: false,
            machines: Vec::new(),
            setup: false,
        }
    }
}

/// Number and listed members of the group of people.
fn members(group: &str) -> (Option<u32>, BTreeSet<&str>) {
    for line in group.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if let [PEOPLE, _, gid, members, ..] = fields[..] {
            let members = members.split(',').filter(|name| !name.is_empty());
            return (gid.parse().ok(), members.collect());
        }
    }
    (None, BTreeSet::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_listed_or_have_the_group_as_their_first() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nxrdp:x:110:110::/run/xrdp:/usr/sbin/nologin\n\
                      taro:x:1001:1001::/home/taro:/bin/bash\nanna:x:1000:990::/home/anna:/bin/bash\n\
                      broken\nodd:x:many:1::/:/bin/sh\nbob:x:1002:1002:::\n";
        let group = "adm:x:4:bob\nkeeper-people:x:990:taro,root,ghost,\n";
        let facts = Facts::parse(passwd, group);
        let names: Vec<_> = facts.people.iter().map(|person| &*person.name).collect();
        assert_eq!(names, ["anna", "taro"]);
        assert_eq!(facts.uids.get("xrdp"), Some(&110));
        assert_eq!(facts.uids.get("odd"), None);
    }

    #[test]
    fn without_the_group_there_are_no_people() {
        for group in [
            "",
            "keeper-people",
            "keeper-people:x::\n",
            "keeper-peopleX:x:7:taro\n",
        ] {
            let facts = Facts::parse("taro:x:1001:1001::/home/taro:/bin/bash\n", group);
            assert_eq!(facts.people, [], "{group:?}");
        }
    }
}
