//! What goes wrong, each with what a person is told.

use std::time::Duration;

use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;
use tunnel::{Enrolment, Time};

use crate::colab::{ALL, Colab};
use crate::health;
use crate::machine::{Machine, wait, wait_for};
use crate::world::{Ground, enrol, hanako, shell};

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox("a_string_that_is_no_good_is_told_so", strings),
        trial_in_sandbox("a_port_that_is_taken_is_told_so", port),
        trial_in_sandbox("a_host_that_is_another_is_told_so", hosts),
        trial_in_sandbox("a_second_machine_waits_until_the_first_is_gone", second),
        trial_in_sandbox("a_machine_waits_for_an_entrance_that_is_taken", taken),
    ]
}

/// Executes cells, of which the last one must fail; what it has printed.
#[track_caller]
pub fn refused(vm: &Machine, secret: &str, cells: &str) -> String {
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

fn port() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    vm.sh("socat tcp-listen:22,bind=127.0.0.1 - </dev/null >/dev/null 2>&1 &");
    wait("somebody listens", || vm.sh("ss -Hltn").contains(":22 "));
    let said = refused(&vm, &enrol(&device, ""), "prepare");
    assert!(
        said.starts_with("✘ sshd does not start:\n") && said.contains("Address already in use"),
        "{said}"
    );
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
    assert!(!device.logged().contains("Accepted"));

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

    assert_eq!(health::ask(&device), control::Machine::OtherKey);

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

fn taken() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    // Both of loopback's addresses: sshd is content with one.
    let (code, said) = hanako(
        &device,
        "for address in TCP4-LISTEN:20022,bind=127.0.0.1 TCP6-LISTEN:20022,bind=[::1]; do
             socat $address,fork EXEC:true >/dev/null 2>&1 &
             echo $! >>/home/hanako/taken
         done",
    );
    assert_eq!((code, &*said), (0, ""));
    wait("the entrance is taken", || {
        device.sh("ss -Hltn").matches(":20022").count() == 2
    });
    let mut colab = Colab::execute(&vm, &enrol(&device, ""), ALL);
    let said = colab.said("connect");
    assert!(
        said.starts_with("… trying on: the tunnel's entrance is taken"),
        "{said}"
    );
    let (code, said) = shell(&device, "true");
    assert_eq!((code, &*said), (255, "No Colab machine is connected.\n"));
    // It is in as soon as it may.
    device.sh("kill $(cat /home/hanako/taken)");
    wait("the machine is in", || {
        shell(&device, "uname -n") == (0, "vm\n".into())
    });
}
