//! What a laptop's ssh is told, so that it reaches the Colab machine through the device.

use crate::ALIAS;
use crate::record::Enrolled;

/// How the laptop reaches the device, and the machine behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laptop {
    /// Where the device is reached from outside.
    pub address: String,
    /// The port there.
    pub port: u16,
    /// The person's account on the device.
    pub user: String,
    /// The loopback port of the device behind which the machine is.
    pub entrance: u16,
}

/// The two blocks for `~/.ssh/config`.
pub fn ssh_config(laptop: &Laptop) -> String {
    let Laptop {
        address,
        port,
        user,
        entrance,
    } = laptop;
    format!(
        "\
# Colab Keeper: the device, and the Colab machine behind it.
Host colab-keeper
    HostName {address}
    Port {port}
    User {user}
    ServerAliveInterval 15

Host colab
    HostName localhost
    Port {entrance}
    User root
    ProxyJump colab-keeper
    HostKeyAlias {ALIAS}
    # Each machine's own key: ssh colab-keeper keeper ssh-config --known-hosts > ~/.ssh/known_hosts_colab
    UserKnownHostsFile ~/.ssh/known_hosts_colab
    StrictHostKeyChecking yes
    ServerAliveInterval 15
"
    )
}

/// Lines of a known_hosts file: what the machine behind the entrance may show.
pub fn known_hosts<'a>(enrolled: impl IntoIterator<Item = &'a Enrolled>) -> String {
    let keys = enrolled.into_iter();
    keys.map(|key| format!("{ALIAS} {}\n", key.host_key))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_the_way_and_pins_the_machine() {
        let text = ssh_config(&Laptop {
            address: "home.example.org".into(),
            port: 10022,
            user: "hanako".into(),
            entrance: 20022,
        });
        for line in [
            "HostName home.example.org",
            "Port 10022",
            "User hanako",
            "Port 20022",
            "ProxyJump colab-keeper",
            "HostKeyAlias colab-vm",
            "StrictHostKeyChecking yes",
        ] {
            assert!(text.lines().any(|one| one.trim() == line), "{line}: {text}");
        }
    }
}
