//! Which ids of the host the namespace's ids are: all of them for real root, the user itself and
//! its subordinate range (`/etc/subuid`) for everybody else.

use anyhow::{Context, Result, bail};
use cmd::Cmd;

use crate::hint::Hint;

/// How many ids a root file system needs: 0 to `nobody` (65534) and one more.
const IDS: u32 = 65_536;

/// The mapping for a new user namespace.
#[derive(Debug, PartialEq, Eq)]
pub enum IdMap {
    /// We are root and write the maps ourselves: newuidmap refuses root, who has no range.
    Identity {
        /// How many ids our own namespace has.
        count: u32,
    },
    /// newuidmap and newgidmap write them: ourselves as 0, then our subordinate ranges.
    Subordinate {
        /// Our own user and group.
        own: (u32, u32),
        /// First subordinate user and group.
        first: (u32, u32),
    },
}

/// The mapping that this user can have.
///
/// # Errors
/// There is no subordinate range, or it is too short; the error has the cure.
pub fn wanted() -> Result<IdMap> {
    let (uid, gid) = (
        rustix::process::getuid().as_raw(),
        rustix::process::getgid().as_raw(),
    );
    if uid == 0 {
        let count = ids_from_zero(&fs_err::read_to_string("/proc/self/uid_map")?).min(
            ids_from_zero(&fs_err::read_to_string("/proc/self/gid_map")?),
        );
        return Ok(IdMap::Identity {
            count: count.min(IDS),
        });
    }
    let name = user_name(uid);
    Ok(IdMap::Subordinate {
        own: (uid, gid),
        first: (
            range("/etc/subuid", &name, uid)?,
            range("/etc/subgid", &name, uid)?,
        ),
    })
}

impl IdMap {
    /// Writes the maps of process `pid`, which has just made its user namespace.
    ///
    /// # Errors
    /// The kernel or newuidmap refused.
    pub fn write(&self, pid: u32) -> Result<()> {
        match *self {
            IdMap::Identity { count } => {
                for file in ["gid_map", "uid_map"] {
                    let path = format!("/proc/{pid}/{file}");
                    // One write(2): the kernel takes a map whole or not at all.
                    fs_err::write(&path, format!("0 0 {count}\n"))
                        .with_context(|| format!("mapping the ids of a user namespace ({path})"))?;
                }
                Ok(())
            }
            IdMap::Subordinate { own, first } => {
                map_with("newuidmap", pid, own.0, first.0)?;
                map_with("newgidmap", pid, own.1, first.1)
            }
        }
    }
}

fn map_with(tool: &str, pid: u32, own: u32, first: u32) -> Result<()> {
    let map = [pid, 0, own, 1, 1, first, IDS - 1].map(|number| number.to_string());
    Cmd::new(tool)
        .args(map)
        .run()
        .context("mapping the ids of a user namespace")
        .hint(
            "the package uidmap must be installed and its newuidmap set-uid: `cargo xtask doctor`",
        )
}

/// The first subordinate id of a user in a file such as /etc/subuid.
fn range(file: &str, name: &str, uid: u32) -> Result<u32> {
    let text = fs_err::read_to_string(file).unwrap_or_default();
    if let Some(first) = find_range(&text, name, uid) {
        return Ok(first);
    }
    let option = if file.ends_with("subgid") {
        "--add-subgids"
    } else {
        "--add-subuids"
    };
    let error = anyhow::anyhow!("{file} gives {name} no range of {IDS} subordinate ids");
    Err(error).hint(format!("sudo usermod {option} 100000-165535 {name}"))
}

fn find_range(text: &str, name: &str, uid: u32) -> Option<u32> {
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let who = fields.next()?;
        let first = fields.next()?.parse().ok()?;
        let count: u32 = fields.next()?.trim().parse().ok()?;
        ((who == name || who == uid.to_string()) && count >= IDS - 1).then_some(first)
    })
}

/// How many ids a map such as /proc/self/uid_map gives from 0 on.
fn ids_from_zero(map: &str) -> u32 {
    let mut next = 0_u64;
    for line in map.lines() {
        let numbers: Vec<u64> = line.split_whitespace().flat_map(str::parse).collect();
        if let [first, _, count] = numbers[..]
            && first == next
        {
            next += count;
        }
    }
    u32::try_from(next).unwrap_or(u32::MAX)
}

fn user_name(uid: u32) -> String {
    let passwd = fs_err::read_to_string("/etc/passwd").unwrap_or_default();
    let name = passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        (fields.get(2)? == &uid.to_string()).then(|| fields[0].to_owned())
    });
    name.or_else(|| std::env::var("USER").ok())
        .unwrap_or_else(|| uid.to_string())
}

/// Whether the maps of a user namespace could be written at all.
///
/// # Errors
/// Fewer ids than a root file system needs.
pub(super) fn check_size(map: &IdMap) -> Result<()> {
    if let IdMap::Identity { count } = map
        && *count < IDS
    {
        bail!("this container has {count} user ids, a root file system needs {IDS}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_found_by_name_or_number_and_must_be_long_enough() {
        let text = "anna:100000:65536\n1001:165536:65536\nbob:300000:1000\n";
        assert_eq!(find_range(text, "anna", 1000), Some(100_000));
        assert_eq!(find_range(text, "carl", 1001), Some(165_536));
        assert_eq!(find_range(text, "bob", 1002), None);
        assert_eq!(find_range("anna:x:y\n\n::\n", "anna", 1000), None);
    }

    #[test]
    fn a_map_is_counted_from_zero_without_gaps() {
        assert_eq!(
            ids_from_zero("         0          0 4294967295\n"),
            u32::MAX
        );
        assert_eq!(ids_from_zero("0 1000 1\n1 100000 65535\n"), 65_536);
        assert_eq!(ids_from_zero("5 0 100\n"), 0);
    }
}
