//! The device's own nftables table, for nft 0.9.3 and Linux 5.4 upwards.
//!
//! Loopback is not private: every program on the device reaches every port of it. So it is decided
//! by the account that opens a connection. The rules look at the first packet of a connection alone,
//! which always belongs to a socket, and so to somebody; later packets need not.

use std::collections::BTreeSet;

use config::Config;

use super::ports::{BROWSER, RDP, SESMAN, VNC, WEB};
use crate::accounts::{DESKTOP, Facts, SETUP_DESKTOP};

/// `firewall.nft`: loading it replaces the table in one step, whether there was one or not.
pub(super) fn rules(config: &Config, facts: &Facts) -> String {
    let guarded = guarded(config, facts);
    let allowed: String = guarded
        .iter()
        .map(|(port, uids)| allow(*port, uids))
        .collect();
    let ports: Vec<String> = guarded
        .iter()
        .map(|(port, _)| *port)
        .collect::<BTreeSet<u16>>()
        .iter()
        .map(u16::to_string)
        .collect();
    let ports = ports.join(", ");
    format!(
        "\
# Declared, deleted, defined: all in one transaction, so that there is no moment without rules.
table inet keeper
delete table inet keeper

table inet keeper {{
\t# Who on this device may open which of its own ports. Numbers are accounts.
\tchain loopback {{
\t\ttype filter hook output priority 0; policy accept;
\t\toifname != \"lo\" accept
\t\ttcp flags & (fin | syn | rst | ack) != syn accept
{allowed}\t\ttcp dport {{ {ports} }} reject with tcp reset
\t}}

\t# The remote desktop is for the local network.
\tchain rdp {{
\t\ttype filter hook input priority 0; policy accept;
\t\ttcp dport != {RDP} accept
\t\tiifname \"lo\" accept
\t\tip saddr {{ 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16 }} accept
\t\tip6 saddr {{ fe80::/10, fc00::/7 }} accept
\t\ttcp dport {RDP} drop
\t}}
}}
"
    )
}

/// Each port with the accounts that may open it; where there are none, nobody may.
fn guarded(config: &Config, facts: &Facts) -> [(u16, Vec<u32>); 5] {
    // An account that does not exist is left out: nft would refuse the whole file for its name.
    let uid = |name: &str| facts.uids.get(name).copied();
    let only = |name: &str| Vec::from_iter(uid(name));
    let entrance = config.tunnel.entrance.get();
    if facts.setup {
        // xrdp leads to the wizard's desktop, whose browser alone reaches the wizard: a program of anybody
        // else's, a person of user-data's among them, could answer it in the owner's place.
        return [
            (SESMAN, only("xrdp")),
            (VNC, only("xrdp")),
            (WEB, only(SETUP_DESKTOP)),
            (BROWSER, Vec::new()),
            (entrance, Vec::new()),
        ];
    }
    let people: Vec<u32> = facts.people.iter().map(|person| person.uid).collect();
    [
        (SESMAN, only("xrdp")),
        (VNC, joined(&people, uid("xrdp"))),
        (WEB, joined(&people, uid(DESKTOP))),
        (BROWSER, only("keeperd")),
        (entrance, joined(&people, uid("keeper-shell"))),
    ]
}

fn joined(people: &[u32], service: Option<u32>) -> Vec<u32> {
    let all: BTreeSet<u32> = people.iter().copied().chain(service).collect();
    all.into_iter().collect()
}

/// The line that lets accounts through to a port; none where there are none.
fn allow(port: u16, uids: &[u32]) -> String {
    if uids.is_empty() {
        return String::new();
    }
    let uids: Vec<String> = uids.iter().map(u32::to_string).collect();
    format!(
        "\t\ttcp dport {port} meta skuid {{ {} }} accept\n",
        uids.join(", ")
    )
}
