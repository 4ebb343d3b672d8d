//! Who may ask keeperd, by the account that the kernel says has connected (SO_PEERCRED).
//!
//! Root, the desktop's user `keeper`, and the members of `keeper-people` may ask everything; so may
//! keeperd's own account and group, which read its configuration anyway. Nobody else gets more than a
//! refusal in words. Not even a status without the notebooks' addresses: it consists of sentences, and
//! any of them, of today or of a later version, may quote what an owner would not tell. What is no
//! secret is at /metrics.
//!
//! The socket's mode cannot say this: a file has one group, and keeperd is not in `keeper-people`. So
//! everybody may connect, and strangers are sent away before they have taken a place.
//!
//! Accounts are read from /etc/passwd and /etc/group alone, since keeperd is linked statically and
//! has no NSS; the device has no other accounts. They are read at each connection, so whoever is made
//! a member need not log in again, and whoever is no longer one is sent away at once.

use camino::{Utf8Path, Utf8PathBuf};
use std::fs::File;
use std::io::Read as _;
use tokio::net::UnixStream;

/// The desktop's user.
const DESKTOP: &str = "keeper";

/// The group of the people.
const PEOPLE: &str = "keeper-people";

/// The most bytes of a file of accounts; a device has a few thousand.
const MOST: u64 = 1024 * 1024;

/// An account that has connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Peer {
    uid: u32,
    gid: u32,
}

/// Knows who may ask.
pub(crate) struct People {
    /// Where `passwd` and `group` are.
    accounts: Utf8PathBuf,
    /// keeperd's own account.
    own: Peer,
}

impl People {
    pub(crate) fn new(accounts: Utf8PathBuf) -> Self {
        let own = Peer {
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
        };
        Self { accounts, own }
    }

    /// Whether the one at the other end of `stream` may ask.
    ///
    /// # Errors
    /// In words for them, when not.
    pub(crate) fn admit(&self, stream: &UnixStream) -> Result<(), String> {
        let credentials = stream.peer_cred();
        let credentials = credentials.map_err(|error| format!("asking who you are: {error}"))?;
        let peer = Peer {
            uid: credentials.uid(),
            gid: credentials.gid(),
        };
        if peer.uid == 0 || peer.uid == self.own.uid || peer.gid == self.own.gid {
            return Ok(());
        }
        let passwd = read(&self.accounts.join("passwd"))?;
        let group = read(&self.accounts.join("group"))?;
        if is_known(&passwd, &group, peer, self.own.gid) {
            return Ok(());
        }
        Err(format!(
            "only root, the user {DESKTOP} and members of the group {PEOPLE} may ask; \
             `sudo adduser NAME {PEOPLE}` makes NAME one of them"
        ))
    }
}

fn read(path: &Utf8Path) -> Result<String, String> {
    let mut text = String::new();
    let file = File::open(path).and_then(|file| file.take(MOST).read_to_string(&mut text));
    match file {
        Ok(_) => Ok(text),
        Err(error) => Err(format!("reading {path}: {error}")),
    }
}

/// Whether the texts of /etc/passwd and /etc/group make `peer` the desktop's user, or a member of the
/// people's group or of the one with the number `own`. Lines that make no sense are left out, as the
/// C library does.
fn is_known(passwd: &str, group: &str, peer: Peer, own: u32) -> bool {
    let (mut names, mut gids) = (Vec::new(), vec![peer.gid]);
    for line in passwd.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if let [name, _, uid, gid, ..] = fields[..]
            && !name.is_empty()
            && uid.parse() == Ok(peer.uid)
            && let Ok(gid) = gid.parse()
        {
            names.push(name);
            gids.push(gid);
        }
    }
    let is_member = |line: &str| {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, _, gid, members, ..] = fields[..] else {
            return false;
        };
        let Ok(gid) = gid.parse::<u32>() else {
            return false;
        };
        (name == PEOPLE || gid == own)
            && (gids.contains(&gid) || members.split(',').any(|member| names.contains(&member)))
    };
    names.contains(&DESKTOP) || group.lines().any(is_member)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nkeeper:x:998:998::/home/keeper:/bin/bash\n\
                          keeperd:x:997:997::/:/usr/sbin/nologin\ntaro:x:1001:1001::/home/taro:/bin/bash\n\
                          anna:x:1000:990::/home/anna:/bin/bash\nbob:x:1002:1002:::\nbroken\n:x:1003:1003:::\n\
                          carol:x:1004:1004:::\neve:x:1005:many:::\n";
    const GROUP: &str = "adm:x:4:bob,eve\nkeeper-people:x:990:taro,ghost,\nkeeperd:x:997:carol\nbroken\n\
                         keeper-people-not:x:991:bob\n";

    #[track_caller]
    fn known(passwd: &str, group: &str, uid: u32, gid: u32) -> bool {
        is_known(passwd, group, Peer { uid, gid }, 997)
    }

    #[test]
    fn the_desktop_and_members_may_ask_and_nobody_else() {
        for (who, uid, gid, expected) in [
            ("the desktop", 998, 998, true),
            ("listed", 1001, 1001, true),
            ("listed, with another group for now", 1001, 4, true),
            ("of the group by passwd", 1000, 990, true),
            (
                "of the group by passwd, with another for now",
                1000,
                4,
                true,
            ),
            ("of the group for now", 1002, 990, true),
            ("of keeperd's group", 1004, 1004, true),
            ("listed elsewhere", 1002, 1002, false),
            ("without a name", 1003, 1003, false),
            ("without a line", 5000, 5000, false),
            ("of a line that makes no sense", 1005, 1005, false),
            ("nobody, as from another namespace", 65_534, 65_534, false),
        ] {
            assert_eq!(known(PASSWD, GROUP, uid, gid), expected, "{who}");
        }
    }

    #[test]
    fn without_the_group_there_are_no_people() {
        for group in [
            "",
            "keeper-people",
            "keeper-people:x:990",
            "keeper-people:x::taro",
            "keeper-peopleX:x:990:taro",
            "x:keeper-people:990:taro",
        ] {
            assert!(!known(PASSWD, group, 1001, 1001), "{group}");
            assert!(!known(PASSWD, group, 1000, 990), "{group}");
        }
        assert!(!known("", GROUP, 1001, 1001));
    }

    #[test]
    fn an_endless_or_absent_file_of_accounts_admits_nobody() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let path = Utf8PathBuf::try_from(dir.path().join("passwd")).expect("a UTF-8 path");
        let error = read(&path).expect_err("no such file");
        assert!(error.contains("No such file"), "{error}");
        std::fs::write(&path, vec![b'\n'; 2 << 20]).expect("writing");
        assert_eq!(read(&path).map(|text| text.len()), Ok(1 << 20));
    }
}
