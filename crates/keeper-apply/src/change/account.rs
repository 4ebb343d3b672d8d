//! The owner's account: what may become of which name, making it, and removing it again. The home appears by a rename,
//! whole and theirs.

use std::collections::BTreeSet;
use std::io::ErrorKind;

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use setup::{Owner, Secret};

use super::check::refuse;
use super::hands::{Hands, must};
use super::{By, below, is_set_up, secrets};
use crate::accounts::Facts;
use crate::apply::Apply;

/// Those that an owner is in, where the image has them: sudo, the desktop and the tunnel, keeperd's settings, the
/// journal.
const GROUPS: [&str; 4] = ["sudo", "keeper-people", "keeperd", "adm"];
/// Accounts of people begin here.
const FIRST_PERSON: u32 = 1000;
/// And end before these, which are nobody's.
const LAST_PERSON: u32 = 59_999;

/// An owner that is in order, with their password.
pub(super) struct Wanted {
    name: String,
    password: Option<Secret>,
    hash: Option<Secret>,
    was: Option<Account>,
}

/// An owner as the journal has them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOwner {
    name: String,
    hash: Option<Secret>,
    /// The account that was there before; none makes one.
    was: Option<Account>,
}

/// What is changed of an account that was there.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    /// As in /etc/shadow, a locked one too.
    hash: Secret,
    /// Which of [`GROUPS`] it was in.
    groups: BTreeSet<String>,
}

impl Account {
    /// Whether anybody can log in with it: what is locked begins with a sign that no hash has.
    fn has_password(&self) -> bool {
        self.hash.reveal().starts_with('$')
    }
}

impl Wanted {
    /// The same with the password's hash in place of the password.
    pub(super) fn hashed(self, hands: &dyn Hands) -> Result<NewOwner> {
        let hash = match self.password {
            Some(password) => Some(secrets::hash(hands, &password)?),
            None => self.hash,
        };
        Ok(NewOwner {
            name: self.name,
            hash,
            was: self.was,
        })
    }
}

/// Looks at whom a change wants for an owner.
pub(super) fn check(apply: &Apply<'_>, owner: Option<&Owner>, by: By) -> Result<Option<Wanted>> {
    let facts = Facts::read(&apply.root, false)?;
    let Some(owner) = owner else {
        return match by {
            By::Person => Ok(None),
            By::Preset if !facts.people.is_empty() => Ok(None),
            By::Wizard | By::Preset => refuse("a new device needs an owner"),
        };
    };
    if by == By::Person {
        return refuse("the settings make no accounts");
    }
    if setup::account_name(&owner.name).is_err() {
        return refuse("the owner's login name is none that an account may have");
    }
    password(owner, by)?;
    let given = owner.password.is_some() || owner.password_hash.is_some();
    let was = present(apply, &facts, &owner.name)?;
    if !given && !was.as_ref().is_some_and(Account::has_password) {
        // A key alone logs in over SSH: sudo, approvals and remote desktop ask for a password.
        return refuse("the owner needs a password");
    }
    Ok(Some(Wanted {
        name: owner.name.clone(),
        password: owner.password.clone(),
        hash: owner.password_hash.clone(),
        was,
    }))
}

fn password(owner: &Owner, by: By) -> Result<()> {
    match (&owner.password, &owner.password_hash) {
        (Some(_), Some(_)) => refuse("there is a password and a hash in its place"),
        (Some(password), None) => {
            if setup::password(password.reveal(), &owner.name).is_ok() {
                Ok(())
            } else {
                refuse("the owner's password is none that is accepted")
            }
        }
        (None, Some(hash)) if by == By::Preset => {
            if setup::is_hash(hash.reveal()) {
                Ok(())
            } else {
                refuse("the hash of the owner's password is none that is accepted")
            }
        }
        (None, Some(_)) => refuse("only a preset has a hash in place of a password"),
        (None, None) => Ok(()),
    }
}

/// What there is under that name: nothing at all, or a person's account that becomes the owner's.
fn present(apply: &Apply<'_>, facts: &Facts, name: &str) -> Result<Option<Account>> {
    if let Some(uid) = facts.uids.get(name) {
        let person = facts.people.iter().any(|person| person.name == name);
        if !person || !(FIRST_PERSON..=LAST_PERSON).contains(uid) {
            return refuse("the system has an account of that name already");
        }
        let shadow = fs::read_to_string(below(apply, "etc/shadow"))?;
        let groups = GROUPS.iter().filter(|group| is_in(apply, name, group));
        return Ok(Some(Account {
            hash: Secret::new(hash_in(&shadow, name).unwrap_or("!")),
            groups: groups.map(|group| (*group).to_owned()).collect(),
        }));
    }
    if group(apply, name).is_some() {
        return refuse("the system has a group of that name already");
    }
    match fs::symlink_metadata(apply.root.join("home").join(name)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
        Ok(_) => refuse("there is somebody's home under that name already"),
    }
}

/// Makes the account, or makes an owner of the one that is there. `again`: a power cut may have come in between.
pub(super) fn make(
    apply: &Apply<'_>,
    hands: &dyn Hands,
    owner: &NewOwner,
    again: bool,
) -> Result<()> {
    let name = &*owner.name;
    let groups = GROUPS.iter().filter(|one| group(apply, one).is_some());
    let groups = groups.copied().collect::<Vec<_>>().join(",");
    if owner.was.is_some() {
        if !groups.is_empty() {
            must(
                hands,
                "usermod",
                &["--append", "--groups", &groups, name],
                b"",
            )?;
        }
    } else if !(again && is_set_up(&apply.root)) {
        // Once the device is set up, the account is whole, and its owner may have logged in.
        if again {
            // Half an account is made anew more surely than mended.
            undo(apply, hands, owner)?;
        }
        add(hands, name, &groups)?;
        home(apply, hands, name)?;
    }
    match &owner.hash {
        Some(hash) => set_hash(hands, name, hash),
        // useradd has locked it.
        None => Ok(()),
    }
}

fn add(hands: &dyn Hands, name: &str, groups: &str) -> Result<()> {
    let home = format!("/home/{name}");
    let mut arguments = vec!["--no-create-home", "--user-group", "--shell", "/bin/bash"];
    arguments.extend(["--home-dir", &home]);
    if !groups.is_empty() {
        arguments.extend(["--groups", groups]);
    }
    arguments.push(name);
    must(hands, "useradd", &arguments, b"")
        .map(drop)
        .context("making the account")
}

fn home(apply: &Apply<'_>, hands: &dyn Hands, name: &str) -> Result<()> {
    let (home, new) = (format!("/home/{name}"), format!("/home/.{name}.new"));
    let theirs = format!("{name}:{name}");
    must(hands, "rm", &["-rf", "--", &new], b"")?;
    if below(apply, "etc/skel").is_dir() {
        must(hands, "cp", &["-a", "--", "/etc/skel", &new], b"")?;
    } else {
        must(hands, "mkdir", &["-p", "--", &new], b"")?;
    }
    must(hands, "chown", &["-R", "-h", "--", &theirs, &new], b"")?;
    must(hands, "chmod", &["0750", "--", &new], b"")?;
    hands.sync();
    must(hands, "mv", &["-T", "--", &new, &home], b"")
        .map(drop)
        .context("making the home")
}

fn set_hash(hands: &dyn Hands, name: &str, hash: &Secret) -> Result<()> {
    let line = format!("{name}:{}\n", hash.reveal());
    must(hands, "chpasswd", &["--encrypted"], line.as_bytes())
        .map(drop)
        .context("setting the password")
}

/// What [`make`] has done, or has begun, is undone.
pub(super) fn undo(apply: &Apply<'_>, hands: &dyn Hands, owner: &NewOwner) -> Result<()> {
    let name = &*owner.name;
    let Some(was) = &owner.was else {
        remove(apply, hands, name)?;
        let (home, new) = (format!("/home/{name}"), format!("/home/.{name}.new"));
        return must(hands, "rm", &["-rf", "--", &home, &new], b"").map(drop);
    };
    let now = fs::read_to_string(below(apply, "etc/shadow"))?;
    if hash_in(&now, name).is_some_and(|hash| hash != was.hash.reveal()) {
        set_hash(hands, name, &was.hash)?;
    }
    for group in GROUPS {
        if is_in(apply, name, group) && !was.groups.contains(group) {
            must(hands, "gpasswd", &["--delete", name, group], b"")?;
        }
    }
    Ok(())
}

/// Removes an account, of which a power cut may have left a part: useradd and userdel write one file after the other.
fn remove(apply: &Apply<'_>, hands: &dyn Hands, name: &str) -> Result<()> {
    let is_whole = Facts::read(&apply.root, false)?.uids.contains_key(name);
    if !is_whole && !is_left(apply, name)? {
        return Ok(());
    }
    if !is_whole {
        // userdel removes what it finds in all files, but wants to find it in the first.
        if group(apply, name).is_some() {
            must(hands, "groupdel", &[name], b"")?;
        }
        must(
            hands,
            "useradd",
            &["--no-create-home", "--user-group", name],
            b"",
        )?;
    }
    must(hands, "userdel", &["--force", name], b"")?;
    if group(apply, name).is_some() {
        must(hands, "groupdel", &[name], b"")?;
    }
    Ok(())
}

/// Whether any file has something of an account that is none any more.
fn is_left(apply: &Apply<'_>, name: &str) -> Result<bool> {
    let is_named = |line: &str| line.split(':').next() == Some(name);
    let lists = |line: &str| {
        let members = line.rsplit(':').next();
        members.is_some_and(|members| members.split(',').any(|member| member == name))
    };
    for (file, has_members) in [
        ("shadow", false),
        ("group", true),
        ("gshadow", true),
        ("subuid", false),
        ("subgid", false),
    ] {
        // A system may do without some of them; one that cannot be read may hold anything.
        let bytes = match fs::read(below(apply, &format!("etc/{file}"))) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            bytes => bytes?,
        };
        let text = String::from_utf8_lossy(&bytes);
        if text
            .lines()
            .any(|line| is_named(line) || (has_members && lists(line)))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Number and listed members of a group.
pub(super) fn group(apply: &Apply<'_>, name: &str) -> Option<(u32, Vec<String>)> {
    let text = fs::read_to_string(below(apply, "etc/group")).ok()?;
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let gid = fields.nth(1)?.parse().ok()?;
        let members = fields.next().unwrap_or_default().split(',');
        Some((gid, members.map(str::to_owned).collect()))
    })
}

/// Whether an account is in a group, listed or by its first.
pub(super) fn is_in(apply: &Apply<'_>, name: &str, of: &str) -> bool {
    let Some((gid, members)) = group(apply, of) else {
        return false;
    };
    members.iter().any(|member| member == name) || first_group(&apply.root, name) == Some(gid)
}

fn first_group(root: &Utf8Path, name: &str) -> Option<u32> {
    let text = fs::read_to_string(root.join("etc/passwd")).ok()?;
    let mut lines = text.lines().map(|line| line.split(':'));
    let mut fields =
        lines.find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    fields.nth(2)?.parse().ok()
}

/// The second field of an account's line.
fn hash_in<'a>(shadow: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = shadow.lines().map(|line| line.split(':'));
    let mut fields =
        lines.find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    fields.next()
}
