//! Keys for an enrolment, made by the device's ssh-keygen in a directory that is in memory and
//! root's alone; and the end of a revoked machine's connection.

use std::os::unix::fs::DirBuilderExt as _;

use anyhow::{Context as _, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use cmd::Cmd;
use fs_err as fs;
use rustix::process::{Pid, Signal, kill_process};
use tunnel::{DIALS_AS, PublicKey, SHELL_AS};

use super::{HOST_KEY, ROOM};
use crate::accounts::Facts;
use crate::render::SHELL_KEY;
use crate::system::{NewKeys, Pair};

/// Goes with what is in it, whatever happens.
struct Private(Utf8PathBuf);

impl Drop for Private {
    fn drop(&mut self) {
        // There is nobody to tell; it is gone with the next start of the device.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Everything that an enrolment needs.
pub(super) fn make() -> Result<NewKeys> {
    fs::create_dir_all(ROOM)?;
    let room = Private(format!("{ROOM}/enrol-{}", std::process::id()).into());
    let mut builder = std::fs::DirBuilder::new();
    let made = builder.mode(0o700).create(&room.0);
    made.with_context(|| format!("making {}", room.0))?;
    Ok(NewKeys {
        dial: pair(&room.0.join("dial"))?,
        host: pair(&room.0.join("host"))?,
        shell: shell_key()?,
        device: vec![public(&fs::read_to_string(format!("{HOST_KEY}.pub"))?)?],
    })
}

fn pair(file: &Utf8Path) -> Result<Pair> {
    generate(Cmd::new("ssh-keygen"), file).run()?;
    Ok(Pair {
        private: fs::read_to_string(file)?,
        public: public(&fs::read_to_string(format!("{file}.pub"))?)?,
    })
}

fn generate(ssh_keygen: Cmd, file: &Utf8Path) -> Cmd {
    ssh_keygen.args([
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        "",
        "-f",
        file.as_str(),
    ])
}

fn public(text: &str) -> Result<PublicKey> {
    PublicKey::parse(text).context("expected a public key of the type ssh-ed25519")
}

/// The public half of keeper-shell's own key. Root neither reads nor writes in that account's
/// directory: all of it is done as keeper-shell.
fn shell_key() -> Result<PublicKey> {
    let key = Utf8Path::new(SHELL_KEY);
    if !as_shell("test")
        .args(["-e", SHELL_KEY])
        .output()?
        .status
        .success()
    {
        // Renamed when it is whole, so that a power cut leaves none or one.
        let new = Utf8PathBuf::from(format!("{key}.new"));
        let public = format!("{new}.pub");
        as_shell("rm").args(["-f", new.as_str(), &public]).run()?;
        generate(as_shell("ssh-keygen"), &new).run()?;
        as_shell("sync").arg(&new).run()?;
        as_shell("mv").args([new.as_str(), SHELL_KEY]).run()?;
    }
    let said = as_shell("ssh-keygen").args(["-y", "-f", SHELL_KEY]).read();
    public(&said.context("reading keeper-shell's key")?)
}

fn as_shell(program: &str) -> Cmd {
    Cmd::new("setpriv")
        .arg(format!("--reuid={SHELL_AS}"))
        .arg(format!("--regid={SHELL_AS}"))
        .args(["--init-groups", program])
        .clear_env()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
}

/// sshd's part of a connection that runs as the tunnel's account: with it the connection ends.
pub(super) fn end_tunnels() -> Result<()> {
    let accounts = Facts::read("/".into(), false)?;
    let Some(uid) = accounts.uids.get(DIALS_AS) else {
        bail!("there is no account {DIALS_AS}");
    };
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let pid = name.to_str().and_then(|name| name.parse().ok());
        let Some(pid) = pid.and_then(Pid::from_raw) else {
            continue;
        };
        // It may have ended by itself since.
        let status = fs::read_to_string(format!("/proc/{pid}/status"));
        if status.is_ok_and(|status| real_uid(&status) == Some(*uid)) {
            let _ = kill_process(pid, Signal::TERM);
        }
    }
    Ok(())
}

fn real_uid(status: &str) -> Option<u32> {
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_a_process_is_stands_in_its_status() {
        let status = "Name:\tsshd\nUid:\t999\t998\t999\t999\nGid:\t7\t7\t7\t7\n";
        assert_eq!(real_uid(status), Some(999));
        for odd in ["", "Uid:", "Uid:\tx", "Gid:\t7"] {
            assert_eq!(real_uid(odd), None, "{odd:?}");
        }
    }
}
