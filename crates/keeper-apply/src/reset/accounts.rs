//! The account files without those who go. Pure texts, and writing them in such an order that after a power cut the next
//! start does the rest: somebody has an account as long as passwd has their line.
//!
//! No userdel: it writes passwd first, so that what a power cut leaves in the other files belongs to nobody and is not found
//! again; and it does nothing at all about accounts that stay with a password which a former owner knows.

use std::collections::BTreeSet;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use anyhow::{Context as _, Result, ensure};
use camino::Utf8Path;
use fs_err as fs;

use super::PEOPLE;
use crate::accounts::{Facts, Person};
use crate::disk::{self, Kept};

/// More than such a file of ours has.
const MOST: u64 = 1024 * 1024;
/// What the password's field of passwd says where the hash is in shadow.
const IN_SHADOW: &str = "x";
/// Nobody logs in with it.
const LOCKED: &str = "!";

/// Whether a reset removes this account. A second root is a way in that somebody has made for themselves.
pub(super) fn goes(person: &Person) -> bool {
    PEOPLE.contains(&person.uid) || (person.uid == 0 && person.name != "root")
}

/// Everybody who has an account.
///
/// # Errors
/// It is not known: by a file that the card has damaged, everybody would be somebody who goes.
pub(super) fn everybody(root: &Utf8Path) -> Result<Vec<Person>> {
    let everybody = Facts::everybody(root)?;
    let has_root = everybody.iter().any(|one| one.name == "root");
    ensure!(has_root, "etc/passwd is damaged: it has no root");
    Ok(everybody)
}

/// Who stays, and which groups.
struct Stay<'a> {
    names: BTreeSet<&'a str>,
    first_groups: BTreeSet<&'a str>,
    groups: BTreeSet<String>,
}

/// What becomes of a file.
type Edit<'a> = fn(&Stay<'a>, &str) -> String;

/// Removes all who go, and whatever else belongs to nobody; of those who stay nobody can log in with a password.
///
/// # Errors
/// Somebody may still be there.
pub(super) fn remove(root: &Utf8Path, everybody: &[Person]) -> Result<()> {
    let gone: BTreeSet<&str> = everybody
        .iter()
        .filter(|one| goes(one))
        .map(|one| &*one.name)
        .collect();
    let read = |file: &str| disk::read_bounded(&root.join("etc").join(file), MOST);
    let passwd = read("passwd")?.context("there is no etc/passwd")?;
    let group = read("group")?.context("there is no etc/group")?;
    let mut stay = Stay::of(&passwd, &gone);
    let group = stay.groups_in(&group);
    let mut files = vec![("group", group)];
    let others: [(&str, Edit<'_>); 4] = [
        ("shadow", Stay::shadow),
        ("gshadow", Stay::gshadow),
        ("subuid", Stay::ranges),
        ("subgid", Stay::ranges),
    ];
    for (file, edit) in others {
        // A system may do without some of them.
        if let Some(text) = read(file)? {
            files.push((file, edit(&stay, &text)));
        }
    }
    files.push(("passwd", stay.passwd(&passwd)));
    for (file, text) in files {
        replace(&root.join("etc").join(file), &text)?;
    }
    Ok(())
}

/// Whose it was it is still.
fn replace(path: &Utf8Path, text: &str) -> Result<()> {
    if disk::read_bounded(path, MOST)?.as_deref() == Some(text) {
        return Ok(());
    }
    disk::release(path);
    let data = fs::symlink_metadata(path)?;
    let kept = Kept {
        mode: data.permissions().mode() & 0o7777,
        uid: data.uid(),
        gid: data.gid(),
    };
    disk::replace(path, text.as_bytes(), kept)
}

impl<'a> Stay<'a> {
    fn of(passwd: &'a str, gone: &BTreeSet<&str>) -> Self {
        let lines = passwd.lines().map(|line| line.split(':'));
        let mut stay = Self {
            names: BTreeSet::new(),
            first_groups: BTreeSet::new(),
            groups: BTreeSet::new(),
        };
        for mut fields in lines {
            if let Some(name) = fields.next().filter(|name| !gone.contains(name)) {
                stay.names.insert(name);
                stay.first_groups.extend(fields.nth(2));
            }
        }
        stay
    }

    fn passwd(&self, text: &str) -> String {
        lines(text, |fields| {
            // A hash may stand here as it did long ago, and nothing at all means that none is asked for.
            if let Some(password) = fields.get_mut(1)
                && ![IN_SHADOW, "*", LOCKED].contains(&&**password)
            {
                *password = IN_SHADOW.to_owned();
            }
            self.has(&fields[0])
        })
    }

    fn shadow(&self, text: &str) -> String {
        lines(text, |fields| {
            // The image has no password of anybody's, root's included.
            if let Some(hash) = fields.get_mut(1)
                && !hash.starts_with(['!', '*'])
            {
                *hash = LOCKED.to_owned();
            }
            self.has(&fields[0])
        })
    }

    /// /etc/group; which groups it has is known from then on. A group of a person's number is one that a person or their
    /// account has brought.
    fn groups_in(&mut self, text: &str) -> String {
        let mut groups = BTreeSet::new();
        let kept = lines(text, |fields| {
            self.only_members(fields);
            let gid = fields.get(2).map_or("", String::as_str);
            let of_people = gid.parse().is_ok_and(|gid: u32| PEOPLE.contains(&gid));
            let stays = !of_people || self.first_groups.contains(gid);
            if stays {
                groups.insert(fields[0].clone());
            }
            stays
        });
        self.groups = groups;
        kept
    }

    fn gshadow(&self, text: &str) -> String {
        lines(text, |fields| {
            self.only_members(fields);
            // Who may administer a group.
            if let Some(administrators) = fields.get_mut(2) {
                *administrators = self.members(administrators);
            }
            self.groups.contains(&fields[0])
        })
    }

    /// /etc/subuid and /etc/subgid.
    fn ranges(&self, text: &str) -> String {
        lines(text, |fields| self.has(&fields[0]))
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    fn only_members(&self, fields: &mut [String]) {
        if let Some(members) = fields.get_mut(3) {
            *members = self.members(members);
        }
    }

    fn members(&self, list: &str) -> String {
        let members = list.split(',').filter(|name| self.has(name));
        members.collect::<Vec<_>>().join(",")
    }
}

/// The lines of an account file that stay, edited.
fn lines(text: &str, mut stays: impl FnMut(&mut Vec<String>) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        let mut fields: Vec<String> = line.split(':').map(str::to_owned).collect();
        if stays(&mut fields) {
            kept.push_str(&fields.join(":"));
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests;
