//! An enrolment as its owner makes one: its key opens the entrance until its time comes, and then the
//! device's own systemd ends the connection.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use e2e::guest::{ENTRANCE, Guest, Key};
use e2e::patience::wait_for;
use libtest_mimic::Trial;
use tunnel::{Enrolment, Record, Time};

use crate::colab::{Background, USER};
use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![scenario(
        "an_enrolment_opens_the_entrance_until_its_time_comes",
        enrolment,
    )]
}

const LOGIN: Duration = Duration::from_secs(60);
/// Applying and logging in are done by then, even in emulation.
const AHEAD: i64 = 60;
/// Up to a full minute, and the while that systemd lets pass.
const END: Duration = Duration::from_secs(150);

fn enrolment(guest: &Guest) {
    let line = guest.root("keeper tunnel enrol --name test --days 1 --address 203.0.113.7");
    let given = Enrolment::decode(&line.well()).expect("an enrolment string");
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("dial_key");
    fs_err::write(&file, &given.dial_key).expect("writing the key");
    let own = PermissionsExt::from_mode(0o600);
    fs_err::set_permissions(&file, own).expect("the key is ours alone");
    let key = || Key::File(&file);

    let target = format!("localhost:{ENTRANCE}:127.0.0.1:{}", guest.notebook.port());
    let forward = ["-N", "-o", "ExitOnForwardFailure=yes", "-R", &target];
    let mut ssh = Background::start(guest, key(), &forward);
    let through = wait_for("the entrance", LOGIN, || {
        let said = guest.through(
            &format!("127.0.0.1:{ENTRANCE}"),
            "GET /notebook HTTP/1.0\r\n\r\n",
        );
        said.stdout.contains(&guest.notebook.word).then_some(())
    });
    assert!(
        through.is_some(),
        "expected hanako to come out of the tunnel"
    );

    let expires = ends_soon(guest);
    assert!(!ssh.has_ended(), "expected the line to outlive `apply`");
    let ended = wait_for("the enrolment's end", END, || ssh.has_ended().then_some(()));
    assert!(ended.is_some(), "expected the line to end with its key");
    let now = now(guest);
    assert!(now > expires, "it has ended at {now}, before {expires}");
    let asked = guest.root("systemctl show --property=Result keeper-tunnel-end.service");
    assert_eq!(asked.well(), "Result=success");
    let said = guest.attempt(USER, key(), &forward);
    assert!(
        said.code == Some(255) && said.stderr.contains("Permission denied"),
        "expected an expired key to be refused: {said:#?}"
    );
    guest
        .root("rm /etc/keeper/tunnel.toml; keeper apply")
        .well();
}

fn now(guest: &Guest) -> Time {
    let seconds = guest.root("date +%s").well();
    Time::at(seconds.parse().expect("a number"))
}

/// Nobody may enrol for less than a day, so the record says that it was yesterday.
fn ends_soon(guest: &Guest) -> Time {
    let record = guest.root("cat /etc/keeper/tunnel.toml").well();
    let mut record = Record::parse(&record).expect("a record");
    // sshd reads minutes.
    let minute = (now(guest).seconds() + AHEAD).div_euclid(60) + 1;
    let enrolled = record.keys.last_mut().expect("it was enrolled");
    enrolled.expires = Time::at(minute * 60);
    let expires = enrolled.expires;
    let text = record.to_toml().expect("a text");
    guest
        .root(&format!(
            "cat >/etc/keeper/tunnel.toml <<'END'\n{text}END\nkeeper apply"
        ))
        .well();
    expires
}
