//! How keeper-shell's ssh reaches the Colab machine behind the tunnel's entrance, and by which key
//! it knows it. For OpenSSH 8.2 upwards.

use config::Config;
use tunnel::ALIAS;

use crate::accounts::Facts;

/// keeper-shell's own key, made at the first enrolment.
pub(crate) const SHELL_KEY: &str = "/var/lib/keeper-shell/id_ed25519";

/// `vm_known_hosts`: what the machine may show.
pub(super) fn known_hosts(facts: &Facts) -> String {
    let machines = facts.machines.iter();
    machines
        .map(|machine| format!("{ALIAS} {}\n", machine.host_key))
        .collect()
}

/// `vm_ssh_config`.
pub(super) fn ssh_config(config: &Config) -> String {
    let entrance = config.tunnel.entrance.get();
    format!(
        "\
Host {ALIAS}
\tHostName 127.0.0.1
\tPort {entrance}
\tUser root
\tHostKeyAlias {ALIAS}
\tUserKnownHostsFile /etc/keeper/applied/vm_known_hosts
\tGlobalKnownHostsFile /dev/null
\tStrictHostKeyChecking yes
\tUpdateHostKeys no
\tCheckHostIP no
\tIdentityFile {SHELL_KEY}
\tIdentitiesOnly yes
\tBatchMode yes
\t# Whoever types here is not to steer this ssh: it could forward ports and run programs of the device.
\tEscapeChar none
\tForwardAgent no
\tForwardX11 no
\tClearAllForwardings yes
\tPermitLocalCommand no
\tConnectTimeout 10
\tServerAliveInterval 10
\tServerAliveCountMax 3
"
    )
}
