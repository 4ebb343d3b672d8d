//! `keeper tunnel …` and `keeper ssh-config`: what is enrolled. keeper-apply enrols and revokes.

use ::tunnel::{Enrolled, Laptop, PublicKey, Record, Time};
use anyhow::{Context as _, Result};
use camino::Utf8Path;
use cmd::Cmd;
use config::Config;

use crate::apply::become_program;
use crate::output::print;
use crate::settings;
use crate::words::say;

/// Where the enrolled machines are.
pub(crate) const RECORD: &str = "/etc/keeper/tunnel.toml";

/// Becomes keeper-apply.
pub(crate) fn enrol(
    program: &Utf8Path,
    name: Option<String>,
    days: Option<u16>,
    address: Option<String>,
) -> Result<()> {
    let options = [
        ("--name", name),
        ("--days", days.map(|days| days.to_string())),
        ("--address", address),
    ];
    let options = options
        .into_iter()
        .filter_map(|(option, value)| value.map(|value| format!("{option}={value}")));
    become_program(program, Cmd::new(program).arg("enrol").args(options))
}

/// Becomes keeper-apply.
pub(crate) fn revoke(program: &Utf8Path, id: &str) -> Result<()> {
    become_program(program, Cmd::new(program).args(["revoke", "--", id]))
}

/// Lists all that is remembered, the newest last, and which one is connected.
pub(crate) fn keys(config: &Utf8Path, record: &Utf8Path) -> Result<()> {
    let record = load(record)?;
    if record.keys.is_empty() {
        return print(&format!(
            "{}\n",
            say("no machine is enrolled: `sudo keeper tunnel enrol`", &[])
        ));
    }
    // Who may not read the configuration, or not reach the entrance, sees the list all the same.
    let connected = settings::load(config)
        .ok()
        .and_then(|config| connected(&config));
    let now = Time::now();
    let line = |key: &Enrolled| {
        let here = connected.as_ref() == Some(&key.host_key);
        let here = if here {
            say("; connected", &[])
        } else {
            String::new()
        };
        format!("{}  {:12}  {}{here}\n", key.id, key.name, state(key, now))
    };
    print(&record.keys.iter().map(line).collect::<String>())
}

/// The key that is shown behind the tunnel's entrance.
fn connected(config: &Config) -> Option<PublicKey> {
    let port = config.tunnel.entrance.get().to_string();
    let scan = Cmd::new("ssh-keyscan").args(["-T", "5", "-t", "ed25519", "-p", &port, "127.0.0.1"]);
    let said = scan.output().ok()?.stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    let mut lines = said.lines().filter(|line| !line.starts_with('#'));
    // The name that was asked stands before the key.
    PublicKey::parse(lines.next()?.split_once(' ')?.1)
}

fn state(key: &Enrolled, now: Time) -> String {
    match key.revoked {
        Some(time) => say("revoked at {}", &[&time]),
        None if key.is_good(now) => say("good until {}", &[&key.expires]),
        None => say("expired at {}", &[&key.expires]),
    }
}

/// The blocks for a laptop's ssh, or the keys by which it knows the machines.
pub(crate) fn ssh_config(known_hosts: bool, config: &Utf8Path, record: &Utf8Path) -> Result<()> {
    if known_hosts {
        let record = load(record)?;
        return print(&::tunnel::known_hosts(record.good(Time::now())));
    }
    let config = settings::load(config)?;
    let user = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER"));
    let laptop = Laptop {
        address: config.public_name().unwrap_or("YOUR-ROUTER").to_owned(),
        port: config.tunnel.public_port.get(),
        user: user.unwrap_or_else(|_| "YOUR-USER".to_owned()),
        entrance: config.tunnel.entrance.get(),
    };
    print(&::tunnel::ssh_config(&laptop))
}

fn load(path: &Utf8Path) -> Result<Record> {
    Record::load(path.as_std_path()).with_context(|| say("reading {}", &[&path]))
}
