//! The tunnel's health: what `keeper status` says of a machine that dials in, answers and vanishes.

use std::time::Duration;

use control::{Answer, Machine as Health, Question, TunnelState, TunnelStatus};
use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;

use crate::colab::{ALL, Colab, TOOLS};
use crate::machine::{Machine, wait_for};
use crate::world::{Ground, enrol, hanako};

pub fn trials() -> Vec<Trial> {
    vec![trial_in_sandbox(
        "the_health_of_the_tunnel_is_seen_and_told",
        health,
    )]
}

/// keeperd looks every ten seconds, and asks at once.
const SEEN: Duration = Duration::from_secs(90);
/// A machine that is gone must have freed the entrance by then.
const FREED: Duration = Duration::from_secs(60);

/// What systemd does when keeperd has written its question.
const PATH_UNIT: &str = r#"
asked=
while sleep 0.2; do
    question=$(cat /run/keeper/ask-machine 2>/dev/null || :)
    if [ "$question" != "$asked" ]; then
        asked=$question
        setpriv --reuid=keeper-shell --regid=keeper-shell --clear-groups /usr/libexec/keeper/keeper-tunnel
    fi
done >/dev/null 2>&1 &
"#;

/// Every form in which it is asked.
const NVIDIA_SMI: &str = r#"#!/bin/sh
case $* in
*driver_version*) echo "Tesla T4, 15360 MiB, 550.54" ;;
*nounits*) echo "Tesla T4, 15360" ;;
*) echo "Tesla T4, 15360 MiB" ;;
esac
"#;

fn health() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    fs_err::write(vm.room.join("nvidia-smi"), NVIDIA_SMI).unwrap();
    vm.sh(&format!(
        "install -D -m 755 {}/nvidia-smi {TOOLS}/nvidia-smi",
        vm.room.display()
    ));
    keeperd(&device);
    is(&device, TunnelState::Waiting, SEEN);

    let secret = enrol(&device, "");
    let mut colab = Colab::execute(&vm, &secret, ALL);
    assert!(colab.said("machine").contains("GPU: Tesla T4"));
    assert!(colab.said("connect").starts_with("✔ connected"));
    let status = is(&device, TunnelState::Up, SEEN);
    let round_trip = status.round_trip_us.expect("a round trip");
    assert!((1..5_000_000).contains(&round_trip), "{round_trip}");
    let gpu = status.gpu.expect("a GPU");
    assert_eq!((&*gpu.name, gpu.memory_mib), ("Tesla T4", 15_360));
    assert!(status.connected_seconds.expect("since when") <= SEEN.as_secs());
    let (_, shown) = hanako(&device, "keeper status");
    for words in [
        "the Colab machine answers, for ",
        "connected for ",
        "GPU Tesla T4, 15360 MiB",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }

    // keeperd itself has no way to the machine.
    let script =
        "setpriv --reuid=keeperd --regid=997 --clear-groups socat -u TCP4:127.0.0.1:20022 -";
    let (code, said) = device.attempt(script);
    assert!(code != 0 && said.contains("refused"), "{code} {said}");

    vm.sh("pkill -x sshd");
    assert_eq!(ask(&device), Health::NoSshd);
    router.sh("nft add element ip cut machines '{ 198.51.1.2 }'");
    assert_eq!(ask(&device), Health::Silent);
    let status = is(&device, TunnelState::Waiting, FREED);
    assert_eq!((status.connected_seconds, status.gpu), (None, None));
}

/// Starts keeperd, and what systemd has to do with it.
fn keeperd(device: &Machine) {
    let log = device.room.join("keeperd.log");
    device.sh(&format!(
        "install -d -o keeperd /run/keeper /var/lib/keeper
         install -d -o keeper-shell /run/keeper-tunnel
         setpriv --reuid=keeperd --regid=997 --clear-groups keeperd >/dev/null 2>{} &
         {PATH_UNIT}",
        log.display()
    ));
}

/// Waits until the tunnel is so; what is said of it.
#[track_caller]
fn is(device: &Machine, state: TunnelState, limit: Duration) -> TunnelStatus {
    let mut last = None;
    wait_for(&format!("the tunnel is {state:?}"), limit, || {
        let (_, said) = hanako(device, "keeper status --json");
        let status = serde_json::from_str::<control::Status>(&said).ok();
        last = status.and_then(|status| status.tunnel);
        last.as_ref().is_some_and(|tunnel| tunnel.state == state)
    });
    last.expect("a tunnel")
}

/// What the machine is found to be now.
pub fn ask(device: &Machine) -> Health {
    let number = 7;
    let question = control::to_line(&Question { number }).unwrap();
    fs_err::write(device.room.join("question"), question).unwrap();
    let room = device.room.display();
    device.sh(&format!(
        "rm -rf /run/asked; install -d -o keeper-shell /run/asked
         setpriv --reuid=keeper-shell --regid=keeper-shell --clear-groups /usr/libexec/keeper/keeper-tunnel \
             --question {room}/question --answer /run/asked/answer"
    ));
    let line = device.sh("cat /run/asked/answer");
    let answer: Answer = control::from_line(line.as_bytes()).unwrap();
    assert_eq!(answer.number, number);
    answer.machine
}
