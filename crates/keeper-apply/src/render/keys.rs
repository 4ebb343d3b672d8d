//! Files of keys that sshd reads beside those in the homes.

use config::{Config, Text as _};

use crate::accounts::{Facts, Machine};

/// `people.keys`: the owner's keys, which open the account of every person.
pub(super) fn people(config: &Config) -> String {
    let keys = config.ssh.authorized_keys.iter();
    keys.map(|key| format!("{}\n", key.as_str())).collect()
}

/// `tunnel.keys`: the enrolled machines may listen at the tunnel's entrance, each until its time.
pub(super) fn tunnel(config: &Config, facts: &Facts) -> String {
    let entrance = config.tunnel.entrance.get();
    let line = |machine: &Machine| {
        format!(
            "restrict,port-forwarding,permitlisten=\"localhost:{entrance}\",expiry-time=\"{}\" {}\n",
            machine.expiry, machine.dial_key
        )
    };
    facts.machines.iter().map(line).collect()
}
