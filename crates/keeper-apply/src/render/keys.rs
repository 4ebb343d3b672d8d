//! Files of keys that sshd reads beside those in the homes.

use config::{Config, Text as _};

/// `people.keys`: the owner's keys, which open the account of every person.
pub(super) fn people(config: &Config) -> String {
    let keys = config.ssh.authorized_keys.iter();
    keys.map(|key| format!("{}\n", key.as_str())).collect()
}

/// `tunnel.keys`: nobody is enrolled yet.
pub(super) fn tunnel() -> String {
    String::new()
}
