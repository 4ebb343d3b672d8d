//! The whole of the tunnel on the device: an enrolled machine dials the image's own sshd, people have a
//! shell on it, and keeperd knows how it is. The machine is a second sshd of the device's.

use std::time::Duration;

use control::{Status, TunnelState, TunnelStatus};
use e2e::guest::{ENTRANCE, Guest, HANAKO};
use e2e::patience::wait_for;
use libtest_mimic::Trial;
use tunnel::Enrolment;

use crate::colab::USER;
use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![scenario(
        "an_enrolled_machine_has_a_shell_and_its_health_is_known",
        machine,
    )]
}

/// In emulation. keeperd asks once a minute.
const SEEN: Duration = Duration::from_secs(180);

/// What the notebook does in a machine. Root has no password here, which PAM does not mind.
const COLAB: &str = r"
cat >/run/colab/sshd_config <<'END'
ListenAddress 127.0.0.1
Port 2222
HostKey /run/colab/host_key
PidFile /run/colab/sshd.pid
AuthorizedKeysFile /run/colab/login_keys
AuthenticationMethods publickey
PermitRootLogin prohibit-password
UsePAM yes
END
/usr/sbin/sshd -f /run/colab/sshd_config
";

fn machine(guest: &Guest) {
    let line = guest.root("keeper tunnel enrol --name test --days 1 --address 127.0.0.1");
    let given = Enrolment::decode(&line.well()).expect("an enrolment string");
    assert!(is(guest, TunnelState::Waiting).gpu.is_none());
    start(guest, &given);

    let up = is(guest, TunnelState::Up);
    assert!(up.round_trip_us.is_some_and(|time| time > 0), "{up:?}");
    assert!(up.connected_seconds.is_some(), "{up:?}");
    let said = guest.as_user(HANAKO, "keeper shell --run 'id -u; echo $SSH_CONNECTION'");
    let said = said.well();
    assert!(
        said.starts_with("0\n127.0.0.1 ") && said.ends_with(" 2222"),
        "expected the second sshd's shell: {said}"
    );
    let said = guest.as_user(HANAKO, "keeper doctor --json").stdout;
    let findings: Vec<serde_json::Value> = serde_json::from_str(&said).expect(&said);
    for step in ["enrolment", "tunnel", "vm"] {
        let finding = findings.iter().find(|one| one["step"] == step);
        let finding = finding.expect("every step is there");
        assert_eq!(finding["verdict"], "ok", "{finding}");
    }

    guest.root("kill $(cat /run/colab/ssh.pid)").well();
    is(guest, TunnelState::Waiting);
    guest
        .root("kill $(cat /run/colab/sshd.pid); rm -r /run/colab /etc/keeper/tunnel.toml; keeper apply")
        .well();
}

/// Plays the machine: its own sshd, and the line to the device's.
fn start(guest: &Guest, given: &Enrolment) {
    let device = given.device_host_keys.first().expect("the device's key");
    let login = given.login_keys.join("\n");
    let files = [
        ("dial_key", given.dial_key.trim_end()),
        ("host_key", given.host_key.trim_end()),
        ("known_hosts", &format!("device {device}")),
        ("login_keys", &login),
    ];
    let files = files.map(|(name, text)| format!("cat >/run/colab/{name} <<'END'\n{text}\nEND\n"));
    let dial = format!(
        "setsid ssh -N -F none -i /run/colab/dial_key -o IdentitiesOnly=yes -o BatchMode=yes \
             -o HostKeyAlias=device -o UserKnownHostsFile=/run/colab/known_hosts -o StrictHostKeyChecking=yes \
             -o ExitOnForwardFailure=yes -R localhost:{ENTRANCE}:127.0.0.1:2222 {USER}@127.0.0.1 \
             </dev/null >/dev/null 2>&1 &
        echo $! >/run/colab/ssh.pid"
    );
    let script = format!(
        "set -e\numask 077\nmkdir /run/colab\n{}{COLAB}{dial}",
        files.concat()
    );
    guest.root(&script).well();
}

/// Waits until the tunnel is so; what keeperd says of it.
#[track_caller]
fn is(guest: &Guest, state: TunnelState) -> TunnelStatus {
    let mut last = String::new();
    let seen = wait_for(&format!("the tunnel is {state:?}"), SEEN, || {
        last = guest.as_user(HANAKO, "keeper status --json").stdout;
        let status: Status = serde_json::from_str(&last).ok()?;
        status.tunnel.filter(|tunnel| tunnel.state == state)
    });
    seen.unwrap_or_else(|| {
        let asked = guest
            .root("systemctl status 'keeper-tunnel-ask.*'; ls -l /run/keeper /run/keeper-tunnel");
        panic!("expected {state:?}: {last}\n{}", asked.stdout)
    })
}
