//! The socket that keeperd connects to, and who else may.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Result as IoResult};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};

use anyhow::{Context as _, Result, bail};
use camino::Utf8Path;
use rustix::net::sockopt::socket_peercred;
use rustix::process::geteuid;

use crate::hint::hinted;

const ACCOUNTS: &str = "/etc/passwd";

/// Listens at `path`, for its owner and group. The group is the directory's, by that one's set-group-ID
/// bit: this program's user is not in keeperd's group.
///
/// # Errors
/// The directory is not there, another one answers already, or something that is no socket is in the
/// way.
pub(crate) fn bind(path: &Utf8Path) -> Result<UnixListener> {
    remove_left_over(path)?;
    let listener = match UnixListener::bind(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(hinted(
                format!("listening on {path}: its directory is not there"),
                "sudo systemd-tmpfiles --create",
            ));
        }
        bound => bound.with_context(|| format!("listening on {path}"))?,
    };
    fs::set_permissions(path, Permissions::from_mode(0o660))
        .with_context(|| format!("setting the permissions of {path}"))?;
    Ok(listener)
}

/// Removes the socket of one that has ended.
fn remove_left_over(path: &Utf8Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("looking at {path}")),
        Ok(found) if !found.file_type().is_socket() => {
            bail!("listening on {path}: something that is no socket is there")
        }
        Ok(_) => {}
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
            fs::remove_file(path).with_context(|| format!("removing the left-over {path}"))
        }
        Err(error) => Err(error).with_context(|| format!("trying {path}")),
        Ok(_) => Err(hinted(
            format!("listening on {path}: another keeper-session answers there"),
            "systemctl --user status keeper-session-helper.service",
        )),
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    uid: u32,
}

impl Client {
    /// The user `name`, which may be a number.
    ///
    /// # Errors
    /// There is no such user.
    pub(crate) fn of(name: &str) -> Result<Self> {
        let uid = match name.parse() {
            Ok(uid) => Some(uid),
            Err(_) => {
                let accounts = fs::read(ACCOUNTS).with_context(|| format!("reading {ACCOUNTS}"))?;
                uid_of(name, &String::from_utf8_lossy(&accounts))
            }
        };
        let none = || {
            hinted(
                format!("{ACCOUNTS}: there is no user {name:?}"),
                "sudo systemd-sysusers",
            )
        };
        Ok(Self {
            uid: uid.ok_or_else(none)?,
        })
    }

    /// Nothing for the client and for ourselves; for others, who they are.
    ///
    /// # Errors
    /// The kernel does not say who connected.
    pub(crate) fn stranger(self, stream: &UnixStream) -> IoResult<Option<u32>> {
        let uid = socket_peercred(stream)?.uid.as_raw();
        let known = uid == self.uid || uid == geteuid().as_raw();
        Ok((!known).then_some(uid))
    }
}

/// The number of a user, from the text of passwd(5).
fn uid_of(name: &str, accounts: &str) -> Option<u32> {
    let mut lines = accounts.lines().map(|line| line.split(':'));
    lines.find_map(|mut fields| (fields.next()? == name).then(|| fields.nth(1)?.parse().ok())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_the_whole_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\n\nkeeper:x:998:998::/:\nkeeperd:x:997:9::/:\n\
                        odd:x:many:1::/:\nshort:x\n";
        for (name, uid) in [
            ("root", Some(0)),
            ("keeper", Some(998)),
            ("keeperd", Some(997)),
            ("keep", None),
            ("odd", None),
            ("short", None),
            ("", None),
        ] {
            assert_eq!(uid_of(name, accounts), uid, "{name}");
        }
        assert_eq!(Client::of("4711").unwrap().uid, 4711);
        let error = Client::of("no such user").unwrap_err();
        assert_eq!(
            error.to_string(),
            "/etc/passwd: there is no user \"no such user\""
        );
    }
}
