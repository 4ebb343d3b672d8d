//! From a configuration to the files that services read: pure, one module for each program that
//! reads them.
//!
//! **Nothing of `keeper.toml` reaches a file but numbers, words from fixed lists, and lines that
//! [`config`] has checked to be one line.** Of the enrolled machines, there are keys that
//! [`tunnel`] has checked, and times.

mod ddns;
mod expiry;
mod fail2ban;
mod firewall;
mod keys;
mod ports;
mod rdp;
mod router;
mod session;
mod sshd;
mod vm;

pub(crate) use vm::SHELL_KEY;

use std::collections::BTreeMap;

use config::Config;

use crate::accounts::Facts;

/// The files of a generation: name and text.
pub type Files = BTreeMap<&'static str, String>;

/// The first line of each file, behind its mark of a comment.
const HEADER: &str =
    "Made by keeper-apply from /etc/keeper/keeper.toml. What is changed here is lost.";

/// Everything that the device's services read in place of `keeper.toml`.
pub fn render(config: &Config, facts: &Facts) -> Files {
    [
        ("ddclient.conf", '#', ddns::settings(config)),
        ("expiry.conf", '#', expiry::timer(facts)),
        ("fail2ban.conf", '#', fail2ban::jail()),
        ("firewall.nft", '#', firewall::rules(config, facts)),
        ("people.keys", '#', keys::people(config)),
        ("router.env", '#', router::variables(config)),
        ("sesman.ini", ';', rdp::sesman(facts)),
        ("session.env", '#', session::variables(config)),
        ("sshd.conf", '#', sshd::settings(config, facts)),
        ("tunnel.keys", '#', keys::tunnel(config, facts)),
        ("vm_known_hosts", '#', vm::known_hosts(facts)),
        ("vm_ssh_config", '#', vm::ssh_config(config)),
        ("xrdp.ini", ';', rdp::xrdp()),
    ]
    .into_iter()
    .map(|(name, mark, text)| (name, format!("{mark} {HEADER}\n{text}")))
    .collect()
}

#[cfg(test)]
mod tests;
