//! What goes wrong, each with what a person is told.

use std::time::Duration;

use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;
use tunnel::{Enrolment, Time};

use crate::colab::{ALL, Colab};
use crate::machine::{Machine, wait, wait_for};
use crate::world::{Ground, enrol, shell};

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox("a_string_that_is_no_good_is_told_so", strings),
        trial_in_sandbox("a_key_that_is_no_good_is_told_so", keys),
        trial_in_sandbox("a_host_that_is_another_is_told_so", hosts),
        trial_in_sandbox("a_second_machine_waits_until_the_first_is_gone", second),
        trial_in_sandbox("a_stolen_key_opens_the_entrance_and_nothing_else", stolen),
    ]
}

/// Executes cells, of which the last one must fail; what it has printed.
#[track_caller]
fn refused(vm: &Machine, secret: &str, cells: &str) -> String {
    let mut colab = Colab::execute(vm, secret, cells);
    let last = cells.split(' ').next_back().unwrap();
    let said = colab.said(last);
    assert!(
        vm.room.join(format!("results/{last}.failed")).exists(),
        "expected {last} to fail: {said}"
    );
    assert!(!said.contains("Traceback"), "{said}");
    wait("the kernel has ended", || colab.has_ended());
    said
}

fn strings() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    let good = enrol(&device, "");
    let mut old = Enrolment::decode(&good).unwrap();
    old.expires = Time::at(1_700_000_000);
    for (secret, said) in [
        ("hello", "✘ this is no whole enrolment string"),
        (
            &good[..good.len() / 2],
            "✘ this is no whole enrolment string",
        ),
        (
            &good.replacen("ck1.ey", "ck1.ez", 1),
            "✘ the enrolment string is incomplete or damaged",
        ),
        (
            &old.encode(),
            "✘ the enrolment expired at 2023-11-14T22:13:20Z; on the device: sudo keeper tunnel enrol",
        ),
    ] {
        let seen = refused(&vm, secret, "prepare");
        assert!(seen.starts_with(said), "{seen}");
        assert!(!vm.room.join("root/.colab-keeper").exists());
    }
}

const REFUSED: &str =
    "✘ your device refuses this machine's key: it has expired, it was revoked, or the tunnel is";

fn keys() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    let secret = enrol(&device, "");

    // Revoked while it is connected: the line ends, and it may not come back.
    let mut colab = Colab::execute(&vm, &secret, ALL);
    assert!(colab.said("connect").starts_with("✔ connected"));
    let id = Enrolment::decode(&secret).unwrap();
    let record = device.sh("cat /etc/keeper/tunnel.toml");
    assert!(
        !record.contains("PRIVATE") && !record.contains(&secret[..40]),
        "{record}"
    );
    let record = tunnel::Record::parse(&record).unwrap();
    assert_eq!(record.keys[0].host_key, id.host_key_public);
    device.sh(&format!(
        "/usr/libexec/keeper/keeper-apply revoke {}",
        &record.keys[0].id[..6]
    ));
    let watched = colab.said("watch");
    assert!(
        watched.contains("your device refuses this machine's key"),
        "{watched}"
    );
    assert_eq!(
        shell(&device, "true"),
        (255, "No Colab machine is connected.\n".into())
    );
    colab.said("stop");
    wait("the kernel has ended", || colab.has_ended());
    let said = refused(&vm, &secret, "prepare connect");
    assert!(said.starts_with(REFUSED), "{said}");

    // Expired: sshd itself looks at the time.
    let secret = enrol(&device, "--days 1");
    let mut colab = Colab::execute(&vm, &secret, "prepare connect stop");
    assert!(colab.said("connect").starts_with("✔ connected"));
    colab.said("stop");
    wait("the kernel has ended", || colab.has_ended());
    device.sh("sed -i 's/expiry-time=\"2[0-9]*Z\"/expiry-time=\"202001010000Z\"/' /etc/keeper/applied/tunnel.keys
               grep -c 202001010000Z /etc/keeper/applied/tunnel.keys");
    let said = refused(&vm, &secret, "prepare connect");
    assert!(said.starts_with(REFUSED), "{said}");
}

fn hosts() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    let secret = enrol(&device, "");
    let good = Enrolment::decode(&secret).unwrap();

    // Somebody else answers in the device's place.
    let mut other = good.clone();
    other.device_host_keys = vec![good.host_key_public.clone()];
    let said = refused(&vm, &other.encode(), "prepare connect");
    assert!(
        said.starts_with("✘ whoever answers there is not your device"),
        "{said}"
    );
    assert!(!device.sh("cat /run/sshd.log").contains("Accepted"));

    // Another machine answers at the entrance: it has a key to dial with, and no host key that is known.
    let another = Enrolment::decode(&enrol(&device, "--name other")).unwrap();
    let mut false_one = good.clone();
    false_one.host_key = another.dial_key.clone();
    let mut colab = Colab::execute(&vm, &false_one.encode(), ALL);
    assert!(colab.said("connect").starts_with("✔ connected"));
    let (code, said) = shell(&device, "true");
    assert!(
        code == 255 && said.starts_with("What is connected is not the machine that was enrolled"),
        "{code} {said}"
    );

    // Nobody answers.
    let mut nowhere = good;
    nowhere.port = 10023;
    let vm2 = ground.machine("vm2", &router, 2);
    let mut colab = Colab::execute(&vm2, &nowhere.encode(), ALL);
    assert_eq!(
        colab.said("connect"),
        "… trying on: nothing listens there: does the router lead the port to your device?\n"
    );
}

fn second() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let (first, second) = (
        ground.machine("first", &router, 1),
        ground.machine("second", &router, 2),
    );
    let mut one = Colab::execute(&first, &enrol(&device, "--name one"), ALL);
    assert!(one.said("connect").starts_with("✔ connected"));
    let mut two = Colab::execute(&second, &enrol(&device, "--name two"), ALL);
    let said = two.said("connect");
    assert!(
        said.starts_with("… trying on: the tunnel's entrance is taken"),
        "{said}"
    );
    assert_eq!(shell(&device, "uname -n"), (0, "first\n".into()));

    // The first vanishes without a word.
    router.sh("nft add element ip cut machines '{ 198.51.1.2 }'");
    let free = wait_for("the entrance is free", Duration::from_secs(60), || {
        !device.sh("ss -Hltn").contains(":20022")
    });
    eprintln!(
        "    the entrance of a machine that vanished was free after {} s",
        free.as_secs()
    );
    wait_for("the second is in", Duration::from_secs(60), || {
        shell(&device, "uname -n") == (0, "second\n".into())
    });
}

fn stolen() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let thief = ground.machine("thief", &router, 1);
    let stolen = Enrolment::decode(&enrol(&device, "")).unwrap();
    fs_err::write(thief.room.join("stolen"), &stolen.dial_key).unwrap();
    let known = format!("device {}\n", stolen.device_host_keys[0]);
    fs_err::write(thief.room.join("known"), known).unwrap();
    let room = thief.room.display();
    thief.sh(&format!("install -m 600 {room}/stolen /root/key"));
    let ssh = format!(
        "ssh -F none -p 10022 -i /root/key -o IdentitiesOnly=yes -o BatchMode=yes -o HostKeyAlias=device \
         -o UserKnownHostsFile={room}/known -o StrictHostKeyChecking=yes -o ExitOnForwardFailure=yes"
    );
    let tunnel = "colab-tunnel@203.0.113.7";
    // The one thing, and that it is there on loopback alone.
    thief.sh(&format!(
        "{ssh} -f -N -R localhost:20022:127.0.0.1:22 {tunnel} >/dev/null 2>&1"
    ));
    let listening = device.sh("ss -Hltn 'sport = :20022'");
    assert!(listening.contains("127.0.0.1:20022"), "{listening}");
    assert!(
        !listening.contains("0.0.0.0:") && !listening.contains("*:"),
        "{listening}"
    );
    thief.sh("pkill -x ssh");
    wait("it is gone", || !device.sh("ss -Hltn").contains(":20022"));
    for (options, what) in [
        ("id", "a command"),
        ("-tt", "a terminal"),
        ("-s sftp", "files"),
        ("-N -R localhost:20023:127.0.0.1:22", "another port"),
        ("-N -R localhost:0:127.0.0.1:22", "any port"),
        ("-N -R 0.0.0.0:20022:127.0.0.1:22", "the port for all"),
        ("-N -R :20022:127.0.0.1:22", "the port for all, unnamed"),
        (
            "-N -R 192.168.1.50:20022:127.0.0.1:22",
            "the port for the network",
        ),
        ("-N -R /tmp/socket:127.0.0.1:22", "a socket"),
        ("-N -R 20024", "a proxy"),
        ("-W 127.0.0.1:22", "the device's sshd"),
        ("-W 127.0.0.1:5901", "the desktop"),
        ("-W 192.168.1.1:80", "the router"),
        ("-w 0:0 -N -o Tunnel=point-to-point", "a network"),
    ] {
        // Where options are for a session, they come behind the account.
        let command = if options.starts_with('-') && !options.starts_with("-s") {
            format!("timeout 20 {ssh} {options} {tunnel}")
        } else {
            let (option, word) = options.split_at(if options.starts_with("-s") { 2 } else { 0 });
            format!("timeout 20 {ssh} {option} {tunnel} {word}")
        };
        let (code, said) = thief.attempt(&command);
        assert!(
            code != 0 && code != 124,
            "{what} for a stolen key: {code} {said}"
        );
        assert!(
            !said.contains("SSH-2.0") && !said.contains("RFB"),
            "{what}: {said}"
        );
    }
    for user in ["hanako", "keeper", "keeper-shell", "keeperd", "root"] {
        let (code, said) = thief.attempt(&format!("{ssh} {user}@203.0.113.7 id"));
        assert!(
            code == 255 && said.contains("Permission denied"),
            "{user}: {code} {said}"
        );
    }
}
