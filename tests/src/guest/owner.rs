//! The people of a device under test, what they write on its card, and how they prove who they are.
//! Every run has new passwords and keys.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use image::tools::Tools;

use crate::patience;

/// Whom user-data makes: one of the people, and may become root.
pub const HANAKO: &str = "hanako";
/// Whom the wizard makes the device's owner.
pub const TARO: &str = "taro";
/// Has an account and nothing else.
pub const TANAKA: &str = "tanaka";
/// What she has called the device.
pub const HOSTNAME: &str = "hanakos-keeper";
/// The tunnel's entrance.
pub const ENTRANCE: u16 = 20022;

/// A network without name lookup: nothing of the outside world has a part in the tests, and a
/// resolver of this machine's that answers oddly would keep the device busy.
pub const NETWORK: &str = "\
version: 2
ethernets:
  eth0:
    dhcp4: true
    dhcp4-overrides:
      use-dns: false
    optional: true
";

/// What the owner knows and has.
pub struct Owner {
    /// Passwords by account: hanako's, tanaka's, root's, and taro's, who has no account before the wizard.
    pub passwords: [(&'static str, String); 4],
    /// hanako's key, from user-data.
    pub key: PathBuf,
    /// A key that only `keeper.toml` names.
    pub second_key: PathBuf,
    /// tanaka's key, from user-data.
    pub tanakas_key: PathBuf,
    /// The key of the Colab machine, which nobody has enrolled.
    pub tunnel_key: PathBuf,
    hashes: Vec<String>,
}

impl Owner {
    /// Makes keys in `dir`, which the tools see, and passwords.
    ///
    /// # Errors
    /// The tools refuse.
    pub fn new(tools: &Tools, dir: &Path) -> Result<Self> {
        let passwords =
            [HANAKO, TANAKA, "root", TARO].map(|name| letters(20).map(|password| (name, password)));
        let [hanakos, tanakas, roots, taros] = passwords;
        let passwords = [hanakos?, tanakas?, roots?, taros?];
        let hashes = passwords.iter().map(|(_, password)| hash(tools, password));
        Ok(Self {
            hashes: hashes.collect::<Result<_>>()?,
            key: make_key(tools, dir, "hanako")?,
            second_key: make_key(tools, dir, "hanako-in-keeper-toml")?,
            tanakas_key: make_key(tools, dir, "tanaka")?,
            tunnel_key: make_key(tools, dir, "colab")?,
            passwords,
        })
    }

    /// An account's password.
    ///
    /// # Panics
    /// It has none.
    pub fn password(&self, account: &str) -> &str {
        let found = self.passwords.iter().find(|(name, _)| *name == account);
        &found.expect("an account with a password").1
    }

    /// The public half of a key.
    ///
    /// # Panics
    /// There is no such key.
    pub fn public(key: &Path) -> String {
        let text = fs_err::read_to_string(key.with_extension("pub")).expect("ssh-keygen wrote it");
        text.trim().to_owned()
    }

    /// What the owner writes on the card.
    pub fn user_data(&self) -> String {
        format!(
            "\
#cloud-config
hostname: {HOSTNAME}
ssh_pwauth: false
users:
  - name: {HANAKO}
    groups: [keeper-people, keeperd, sudo]
    shell: /bin/bash
    sudo: ALL=(ALL) NOPASSWD:ALL
    lock_passwd: false
    passwd: {}
    ssh_authorized_keys: [\"{}\"]
  - name: {TANAKA}
    shell: /bin/bash
    lock_passwd: false
    passwd: {}
    ssh_authorized_keys: [\"{}\"]
runcmd:
  - [usermod, --password, '{}', root]
",
            self.hashes[0],
            Self::public(&self.key),
            self.hashes[1],
            Self::public(&self.tanakas_key),
            self.hashes[2],
        )
    }

    /// The configuration, with `more` lines of its section `[browser]` and of others behind them.
    pub(super) fn keeper_toml(&self, notebook: &str, more: &str) -> String {
        let (site, _) = notebook.rsplit_once('/').expect("an address");
        format!(
            "\
[tunnel]
enabled = true
paid_plan_confirmed = true
entrance = {ENTRANCE}
[ssh]
authorized_keys = [\"{}\"]
[notify]
webhook = \"{site}/hook\"
ntfy = \"{site}/topic\"
[browser]
notebooks = [\"{notebook}\"]
reload_minutes = 1440
{more}",
            Self::public(&self.second_key)
        )
    }
}

/// Digits that no reader takes for others.
pub(super) fn digits(count: usize) -> Result<String> {
    random(count, b"234567")
}

fn letters(count: usize) -> Result<String> {
    random(count, b"abcdefghkmnpqrstuvwxyz23456789")
}

fn random(count: usize, of: &[u8]) -> Result<String> {
    let mut bytes = vec![0; count];
    let mut source = fs_err::File::open("/dev/urandom")?;
    std::io::Read::read_exact(&mut source, &mut bytes)?;
    let pick = |byte: &u8| char::from(of[usize::from(*byte) % of.len()]);
    Ok(bytes.iter().map(pick).collect())
}

fn hash(tools: &Tools, password: &str) -> Result<String> {
    let command = tools.cmd("openssl").args(["passwd", "-6", "-stdin"]);
    let said = patience::run(command, password, std::time::Duration::from_secs(30));
    anyhow::ensure!(said.code == Some(0), "hashing a password: {}", said.stderr);
    Ok(said.stdout.trim().to_owned())
}

fn make_key(tools: &Tools, dir: &Path, name: &str) -> Result<PathBuf> {
    let file = dir.join(name);
    let command = tools
        .cmd("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", name]);
    let made = command.arg("-f").arg(&file).run();
    made.with_context(|| format!("making the key {name}"))?;
    Ok(file)
}
