//! The doors of the device: SSH, in all the ways in which somebody may try it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use cmd::Cmd;

use super::{Guest, HANAKO};
use crate::patience::{self, Said};

/// A login may take its time in emulation.
const LOGIN: Duration = Duration::from_secs(90);
/// The socket of the connection that scripts go through.
const MASTER: &str = "master";
/// What ssh says of that connection.
const MASTER_LOG: &str = "master.log";

/// What somebody shows to be let in.
#[derive(Debug, Clone, Copy)]
pub enum Key<'a> {
    /// hanako's own key, over the connection that is there already.
    Own,
    /// This key, over a connection of its own.
    File(&'a Path),
    /// No key; a password would be asked for.
    None,
}

impl Guest {
    /// `ssh`, ready for further options or a command, as `user`.
    pub fn ssh(&self, user: &str, key: Key<'_>) -> Cmd {
        let command = self.ssh_alone();
        let command = match key {
            Key::Own => command.arg("-S").arg(self.dir.join(MASTER)),
            Key::File(file) => command
                .args(["-S", "none", "-o", "IdentitiesOnly=yes", "-i"])
                .arg(file),
            Key::None => command
                .args(["-S", "none", "-o", "PubkeyAuthentication=no", "-o"])
                .arg("PreferredAuthentications=password,keyboard-interactive"),
        };
        command.arg(format!("{user}@127.0.0.1"))
    }

    /// Tries a login, or whatever `args` ask of it, and tells what came of it.
    pub fn attempt(&self, user: &str, key: Key<'_>, args: &[&str]) -> Said {
        patience::run(self.ssh(user, key).args(args), "", LOGIN)
    }

    /// Has sshd connect to `target` (HOST:PORT) for hanako, sends `text` there, and tells what came
    /// back. What sshd says of the connection is in stderr.
    pub fn through(&self, target: &str, text: &str) -> Said {
        let log = || fs_err::read_to_string(self.dir.join(MASTER_LOG)).unwrap_or_default();
        let before = log().len();
        let command = self.ssh(HANAKO, Key::Own).args(["-W", target]);
        let mut said = patience::converse(command, text, LOGIN);
        said.stderr += log().get(before..).unwrap_or_default();
        said
    }

    /// The certificate of the remote desktop, as it lies on the device: its SHA-256.
    ///
    /// # Errors
    /// There is none.
    pub fn rdp_fingerprint(&self) -> Result<String> {
        let pem = self.root("cat \"$(sed -n 's/^certificate=//p' /etc/xrdp/xrdp.ini)\"");
        let command = self
            .tools
            .cmd("openssl")
            .args(["x509", "-noout", "-fingerprint", "-sha256"]);
        let said = patience::run(command, &pem.stdout, LOGIN);
        let fingerprint = said
            .stdout
            .trim()
            .split_once('=')
            .map(|(_, hash)| hash.to_owned());
        fingerprint.with_context(|| format!("reading xrdp's certificate: {pem:#?} {said:#?}"))
    }

    /// Opens the connection that scripts go through; whether it could be.
    pub(super) fn connect_master(&self) -> Result<bool> {
        let mut master = self.master.lock().expect("no thread panicked");
        if master.is_none() {
            let command = self
                .ssh_alone()
                .args([
                    "-N",
                    "-o",
                    "ControlMaster=yes",
                    "-o",
                    "IdentitiesOnly=yes",
                    "-S",
                ])
                .arg(self.dir.join(MASTER))
                .arg("-i")
                .arg(&self.owner.key)
                .arg(format!("{HANAKO}@127.0.0.1"));
            let mut command = command.command();
            let log = fs_err::File::create(self.dir.join(MASTER_LOG))?;
            command.stdout(Stdio::null()).stderr(log.into_file());
            *master = Some(command.spawn().context("starting ssh")?);
        }
        // Not there yet, or refused: it has ended, and is started again next time.
        if let Some(child) = master.as_mut()
            && child.try_wait()?.is_some()
        {
            *master = None;
            return Ok(false);
        }
        let check = self.ssh(HANAKO, Key::Own).args(["-O", "check"]);
        Ok(patience::run(check, "", LOGIN).code == Some(0))
    }

    /// Closes the connection that scripts go through.
    pub(super) fn leave_master(&self) -> Result<()> {
        let master = self.master.lock().expect("no thread panicked").take();
        if let Some(mut master) = master {
            // Gone with the device, perhaps.
            let _ = master.kill();
            master.wait()?;
        }
        Ok(())
    }

    /// `ssh` with the options that every use of it has.
    fn ssh_alone(&self) -> Cmd {
        let known = self.dir.join("known_hosts");
        ssh(self.tool("ssh"), self.ssh_port(), &known)
    }
}

/// `command`, which is an `ssh`, with the options that every use of it has. The host key is new, as the device is; it is
/// kept in `known`, and must be the same at each login.
pub fn ssh(command: Cmd, port: u16, known: &Path) -> Cmd {
    let known = format!("UserKnownHostsFile={}", known.display());
    let options = [
        "BatchMode=yes",
        "StrictHostKeyChecking=accept-new",
        "ConnectTimeout=30",
        "ServerAliveInterval=20",
        &known,
    ];
    let command = command.args(["-F", "none", "-p", &port.to_string()]);
    options
        .iter()
        .fold(command, |command, option| command.arg("-o").arg(option))
}
