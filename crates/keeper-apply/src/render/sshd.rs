//! sshd's settings, valid from OpenSSH 8.2 to 10: a drop-in that sorts before all others, since for
//! sshd the first value of a setting counts.
//!
//! sshd refuses a whole file for one unknown name, so everything here was known to 8.2, and key
//! exchanges are given as what is taken away from the version's own list: it takes patterns.

use config::Config;

use super::ports::{VNC, WEB};
use crate::accounts::{DESKTOP, Facts, PEOPLE, SETUP, SETUP_DESKTOP};

/// `sshd.conf`, read as sshd_config.d/10-keeper.conf.
pub(super) fn settings(config: &Config, facts: &Facts) -> String {
    let parts = [
        everybody(config, facts),
        tunnel(config),
        people(config),
        // A file that includes this one goes on outside of any condition.
        "\nMatch all\n".to_owned(),
    ];
    parts.concat()
}

fn everybody(config: &Config, facts: &Facts) -> String {
    // Accounts of services. Their programs could write keys into their own homes.
    // `setup` has a password, which is for RDP alone.
    let mut denied = vec![DESKTOP, "keeperd", "keeper-shell", SETUP, SETUP_DESKTOP];
    if !config.tunnel.switch.enabled() {
        denied.push("colab-tunnel");
    }
    // ssh-audit warns of every exchange that a quantum computer could undo, but 8.2 has no other.
    let exchanges = if facts.post_quantum {
        "-curve25519-*,ecdh-*,diffie-hellman-*"
    } else {
        "-ecdh-*,diffie-hellman-group1-*,diffie-hellman-group14-*,diffie-hellman-group-exchange-*"
    };
    format!(
        "\
# Read first, before cloud-init's 50-cloud-init.conf: the first value of a setting counts. Valid from OpenSSH 8.2 on.
PubkeyAuthentication yes
PasswordAuthentication no
# PAM would ask for the password by another name. OpenSSH 8.7 renamed this to KbdInteractiveAuthentication and takes both.
ChallengeResponseAuthentication no
HostbasedAuthentication no
PermitEmptyPasswords no
PermitRootLogin no
PermitUserEnvironment no
DenyUsers {}

AllowTcpForwarding no
AllowStreamLocalForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
GatewayPorts no

LogLevel VERBOSE
LoginGraceTime 30s
MaxAuthTries 4
MaxStartups 10:30:60

# The one key that keeper-host-key.service makes.
HostKey /etc/ssh/ssh_host_ed25519_key
KexAlgorithms {exchanges}
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com,umac-128-etm@openssh.com
",
        denied.join(" "),
    )
}

/// The account of the Colab machine: it holds the tunnel's entrance open and does nothing else.
fn tunnel(config: &Config) -> String {
    let entrance = config.tunnel.entrance.get();
    let (forwarding, listen, keys) = if config.tunnel.switch.enabled() {
        (
            "remote",
            format!("localhost:{entrance}"),
            "/etc/keeper/applied/tunnel.keys",
        )
    } else {
        ("no", "none".to_owned(), "none")
    };
    format!(
        "
Match User colab-tunnel
\tAuthenticationMethods publickey
\tAuthorizedKeysFile {keys}
\tAllowTcpForwarding {forwarding}
\tPermitListen {listen}
\tPermitOpen none
\tPermitTTY no
\tPermitUserRC no
\t# No shell, no command, no file transfer; forwarding alone needs no session.
\tMaxSessions 0
\tForceCommand /bin/false
\t# Frees the entrance of a machine that is gone within half a minute.
\tClientAliveInterval 10
\tClientAliveCountMax 3
"
    )
}

/// The people: they reach the desktop, keeperd's pages and the Colab machine through SSH.
fn people(config: &Config) -> String {
    let passwords = if config.ssh.password_login {
        "\tPasswordAuthentication yes\n"
    } else {
        ""
    };
    let open: Vec<String> = [WEB, VNC, config.tunnel.entrance.get()]
        .iter()
        .flat_map(|port| [format!("127.0.0.1:{port}"), format!("localhost:{port}")])
        .collect();
    format!(
        "
Match Group {PEOPLE}
\tAuthorizedKeysFile .ssh/authorized_keys /etc/keeper/applied/people.keys
\tAllowTcpForwarding local
\tPermitOpen {}
\tPermitListen none
{passwords}",
        open.join(" "),
    )
}
