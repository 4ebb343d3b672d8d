//! All that a stolen enrolment key gives: one port of the device's loopback, until it ends.

use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;
use tunnel::Enrolment;

use crate::machine::{Machine, wait};
use crate::world::{Ground, enrol};

pub fn trials() -> Vec<Trial> {
    vec![trial_in_sandbox(
        "a_stolen_key_opens_the_entrance_and_nothing_else",
        stolen,
    )]
}

const ACCOUNT: &str = "colab-tunnel@203.0.113.7";

/// Whoever has the key, and OpenSSH's client to try it with.
struct Thief<'a> {
    machine: Machine<'a>,
    ssh: String,
}

impl Thief<'_> {
    /// How it ended; nothing of what the device has to say behind its sshd may be in it.
    #[track_caller]
    fn attempt(&self, arguments: &str, what: &str) -> (i32, String) {
        let command = format!("timeout 20 {} {arguments}", self.ssh);
        let (code, said) = self.machine.attempt(&command);
        assert_ne!(code, 124, "{what} for a stolen key goes on: {said}");
        assert!(
            !said.contains("SSH-2.0") && !said.contains("RFB") && !said.contains("uid="),
            "{what} for a stolen key: {said}"
        );
        (code, said)
    }

    /// Dials and stays, with what `options` ask for; ssh itself listens for it.
    fn stay(&self, options: &str) {
        let Self { machine, ssh } = self;
        machine.sh(&format!("{ssh} -f -N {options} {ACCOUNT} >/dev/null 2>&1"));
    }
}

fn stolen() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let machine = ground.machine("thief", &router, 1);
    let stolen = Enrolment::decode(&enrol(&device, "")).unwrap();
    fs_err::write(machine.room.join("stolen"), &stolen.dial_key).unwrap();
    let known = format!("device {}\n", stolen.device_host_keys[0]);
    fs_err::write(machine.room.join("known"), known).unwrap();
    let room = machine.room.display();
    machine.sh(&format!("install -m 600 {room}/stolen /root/key"));
    let ssh = format!(
        "ssh -F none -p 10022 -i /root/key -o IdentitiesOnly=yes -o BatchMode=yes -o HostKeyAlias=device \
         -o UserKnownHostsFile={room}/known -o StrictHostKeyChecking=yes -o ExitOnForwardFailure=yes"
    );
    let thief = Thief { machine, ssh };

    the_one_thing(&thief, &device);
    asked_for(&thief);
    through(&thief);
    // The key is nobody else's.
    for user in ["hanako", "keeper", "keeper-shell", "keeperd", "root"] {
        let (code, said) = thief.attempt(&format!("{user}@203.0.113.7 id"), user);
        assert!(
            code == 255 && said.contains("Permission denied"),
            "{user}: {code} {said}"
        );
    }
    // And after it was revoked it is nobody's.
    device.sh(&format!("keeper tunnel revoke {}", stolen_id(&device)));
    let (code, said) = thief.attempt(
        &format!("-N -R localhost:20022:127.0.0.1:22 {ACCOUNT}"),
        "it",
    );
    assert!(
        code == 255 && said.contains("Permission denied"),
        "{code} {said}"
    );
}

fn stolen_id(device: &Machine) -> String {
    let record = tunnel::Record::parse(&device.sh("cat /etc/keeper/tunnel.toml")).unwrap();
    record.keys[0].id.clone()
}

fn the_one_thing(thief: &Thief, device: &Machine) {
    thief.stay("-R localhost:20022:127.0.0.1:22");
    let listening = device.sh("ss -Hltn 'sport = :20022'");
    let address = |line: &'_ str| line.split_whitespace().nth(3).map(str::to_owned);
    let mut addresses: Vec<String> = listening.lines().filter_map(address).collect();
    addresses.sort();
    assert_eq!(addresses, ["127.0.0.1:20022", "[::1]:20022"]);
    thief.machine.sh("pkill -x ssh");
    wait("it is gone", || !device.sh("ss -Hltn").contains(":20022"));
}

/// What sshd is asked for and refuses.
fn asked_for(thief: &Thief) {
    let forwardings = [
        ("localhost:20023:127.0.0.1:22", "another port"),
        ("localhost:0:127.0.0.1:22", "any port"),
        ("0.0.0.0:20022:127.0.0.1:22", "the port for all"),
        (":20022:127.0.0.1:22", "the port for all, unnamed"),
        (
            "192.168.1.50:20022:127.0.0.1:22",
            "the port for the network",
        ),
        ("/tmp/socket:127.0.0.1:22", "a socket"),
        ("20024", "a proxy"),
    ];
    for (forwarding, what) in forwardings {
        let (code, said) = thief.attempt(&format!("-N -R {forwarding} {ACCOUNT}"), what);
        let refused = said.contains("remote port forwarding failed");
        assert!(code == 255 && refused, "{what}: {code} {said}");
    }
    for (arguments, what) in [
        (format!("{ACCOUNT} id"), "a command"),
        (format!("-tt {ACCOUNT}"), "a terminal"),
        (format!("-s {ACCOUNT} sftp"), "files"),
        (format!("-A -X {ACCOUNT} id"), "agent and screen"),
        (format!("-W 127.0.0.1:22 {ACCOUNT}"), "the device's sshd"),
        (format!("-W 127.0.0.1:5901 {ACCOUNT}"), "the desktop"),
        (format!("-W 192.168.1.1:80 {ACCOUNT}"), "the router"),
        (
            format!("-w 0:0 -N -o Tunnel=point-to-point {ACCOUNT}"),
            "a network",
        ),
    ] {
        let (code, said) = thief.attempt(&arguments, what);
        assert_ne!(code, 0, "{what}: {said}");
    }
}

/// What ssh listens for by itself, and the device then does not connect.
fn through(thief: &Thief) {
    thief.stay(
        "-D 1080 -L 7001:127.0.0.1:22 -L 7002:192.168.1.50:22 -L 7003:/run/keeper-shell/tmux",
    );
    for way in [
        "SOCKS4A:127.0.0.1:127.0.0.1:22,socksport=1080",
        "TCP:127.0.0.1:7001",
        "TCP:127.0.0.1:7002",
        "TCP:127.0.0.1:7003",
    ] {
        // Whoever is led to an sshd is greeted at once.
        let (_, said) = thief
            .machine
            .attempt(&format!("sleep 3 | timeout 20 socat - {way} 2>/dev/null"));
        assert_eq!(said, "", "{way}");
    }
    assert_eq!(thief.machine.sh("pgrep -c -x ssh"), "1\n");
    thief.machine.sh("pkill -x ssh");
}
