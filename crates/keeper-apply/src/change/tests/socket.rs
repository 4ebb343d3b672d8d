//! The socket: who may ask, what is no question, and what is answered.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use setup::{Answer, Ask, MAX_LINE};

use super::machine::Machine;
use super::room::{PASSWORD, Room, change};
use crate::change::answer::question;
use crate::change::{By, answer, is_set_up};

/// What is answered to these bytes.
fn asked(room: &Room, machine: &Machine, bytes: &[u8]) -> Vec<Answer> {
    let (ours, theirs) = UnixStream::pair().expect("two ends");
    let bytes = bytes.to_vec();
    let peer = std::thread::spawn(move || {
        let mut ours = ours;
        // The other end may have heard enough.
        let _ = ours.write_all(&bytes);
        let _ = ours.shutdown(Shutdown::Write);
        let mut said = Vec::new();
        let _ = ours.read_to_end(&mut said);
        said
    });
    let apply = room.apply(machine, false);
    answer(&apply, machine, theirs).expect("an answer");
    let said = String::from_utf8(peer.join().expect("a peer")).expect("text");
    let read = |line: &str| serde_json::from_str(line).expect("an answer");
    said.lines().map(read).collect()
}

fn line(ask: &Ask) -> Vec<u8> {
    let mut line = serde_json::to_vec(ask).expect("JSON");
    line.push(b'\n');
    line
}

#[test]
fn a_device_is_set_up_over_the_socket_once() {
    let room = Room::new();
    let machine = Machine::new(&room);
    let ask = line(&Ask::SetUp(Box::new(change(&room, By::Wizard))));
    let answers = asked(&room, &machine, &ask);
    let (last, progress) = answers.split_last().expect("answers");
    assert_eq!(*last, Answer::Done { confirm: Some(90) });
    assert_eq!(progress.len(), 16);
    assert!(progress.iter().all(|one| !one.is_last()));
    assert!(is_set_up(&room.root));
    let again = asked(&room, &machine, &ask);
    assert!(
        matches!(
            &again[..],
            [Answer::Progress { .. }, Answer::Refused { .. }]
        ),
        "{again:?}"
    );
    let confirmed = asked(&room, &machine, &line(&Ask::Confirm {}));
    assert_eq!(confirmed, [Answer::Done { confirm: None }]);
    let late = asked(&room, &machine, &line(&Ask::Confirm {}));
    assert!(matches!(&late[..], [Answer::Refused { .. }]), "{late:?}");
}

#[test]
fn a_failure_is_told_without_secrets() {
    let room = Room::new();
    let machine = Machine::new(&room);
    machine.broken.set("chpasswd");
    let ask = line(&Ask::SetUp(Box::new(change(&room, By::Wizard))));
    let answers = asked(&room, &machine, &ask);
    let Some(Answer::Failed { message }) = answers.last() else {
        panic!("{answers:?}");
    };
    assert!(message.contains("making the owner's account"), "{message}");
    assert!(
        !message.contains(PASSWORD) && !message.contains("$6$"),
        "{message}"
    );
    assert!(!is_set_up(&room.root));
}

#[test]
fn networks_are_answered() {
    let room = Room::new();
    let machine = Machine::new(&room);
    let seen = b"BSS x\n\tSSID: a\\x0a\nBSS y\n\tsignal: -60.00 dBm\n\tSSID: b\n";
    machine.seen.replace(seen.to_vec());
    let country = "JP".to_owned();
    let answers = asked(&room, &machine, &line(&Ask::Scan { country }));
    let [Answer::Networks { networks }] = &answers[..] else {
        panic!("{answers:?}");
    };
    assert_eq!(networks.len(), 1);
    assert_eq!(machine.ran("iw reg set JP"), 1);
    for country in ["jp", "J", "JPN", "J;", "--", "\n\n"] {
        let country = country.to_owned();
        let answers = asked(&room, &machine, &line(&Ask::Scan { country }));
        assert!(
            matches!(&answers[..], [Answer::Refused { .. }]),
            "{answers:?}"
        );
    }
}

/// A radio looks around for many seconds.
#[test]
fn who_looks_for_networks_waits_for_no_change_and_keeps_none_waiting() {
    let room = Room::new();
    let machine = Machine::new(&room);
    room.write("var/lib/keeper-apply/change.lock", "");
    let change = crate::lock::take(&room.root.join("var/lib/keeper-apply/change.lock"));
    let change = change.expect("nobody has it");
    let country = "JP".to_owned();
    let answers = asked(&room, &machine, &line(&Ask::Scan { country }));
    assert!(
        matches!(&answers[..], [Answer::Networks { .. }]),
        "{answers:?}"
    );
    drop(change);
    let _scan =
        crate::lock::take(&room.root.join("run/keeper-apply/scan.lock")).expect("nobody has it");
    let ask = line(&Ask::SetUp(Box::new(super::room::change(
        &room,
        By::Wizard,
    ))));
    let answers = asked(&room, &machine, &ask);
    assert!(
        matches!(answers.last(), Some(Answer::Done { .. })),
        "{answers:?}"
    );
}

#[test]
fn what_is_no_question_is_refused_and_not_quoted() {
    let room = Room::new();
    let machine = Machine::new(&room);
    let before = room.tree();
    let long = [vec![b' '; MAX_LINE], b"\n".to_vec()].concat();
    let endless = vec![b'a'; MAX_LINE * 2];
    let good = line(&Ask::Confirm {});
    let twice = [good.clone(), good.clone()].concat();
    for bytes in [
        &b""[..],
        b"\n",
        b"\0\n",
        b"{}\n",
        b"sesame",
        b"{\"ask\":\"confirm\"",
        &good[..good.len() - 1],
        b"{\"ask\":\"sesame\"}\n",
        b"{\"ask\":\"confirm\",\"sesame\":1}\n",
        b"{\"ask\":\"set_up\",\"keeper_toml\":[\"sesame\"]}\n",
        b"{\"ask\":\"set_up\",\"keeper_toml\":\"\",\"sesame\":\"x\"}\n",
        b"{\"ask\":\"set_up\",\"keeper_toml\":\"a\nb\"}\n",
        b"{\"ask\":\"set_up\",\"keeper_toml\":\"\xff\"}\n",
        b"GET /sesame HTTP/1.1\r\n",
        &long,
        &endless,
        &twice,
    ] {
        let answers = asked(&room, &machine, bytes);
        let [Answer::Refused { message }] = &answers[..] else {
            panic!("{answers:?}");
        };
        assert!(!message.contains("sesame"), "{message}");
    }
    assert_eq!(room.tree(), before);
    assert_eq!(machine.ran.borrow().len(), 0);
}

#[test]
fn another_account_gets_no_answer() {
    let room = Room::new();
    let machine = Machine::new(&room);
    let me = rustix::process::geteuid().as_raw();
    for passwd in [format!("keeperd:x:{}:970:::\n", me + 1), String::new()] {
        room.write("etc/passwd", &passwd);
        let (mut ours, theirs) = UnixStream::pair().expect("two ends");
        ours.write_all(&line(&Ask::Confirm {}))
            .expect("room in the pipe");
        let apply = room.apply(&machine, false);
        answer(&apply, &machine, theirs).expect_err("not keeperd");
        let mut said = Vec::new();
        let _ = ours.read_to_end(&mut said);
        assert_eq!(said, b"");
    }
}

#[test]
fn nobody_is_waited_for_for_ever() {
    let (mut ours, theirs) = UnixStream::pair().expect("two ends");
    ours.write_all(b"{\"ask\":").expect("room in the pipe");
    question(&theirs, Duration::from_millis(50)).expect_err("a part of a line");
    let (mut ours, theirs) = UnixStream::pair().expect("two ends");
    let slow = std::thread::spawn(move || {
        while ours.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    question(&theirs, Duration::from_millis(100)).expect_err("one byte after the other");
    drop(theirs);
    slow.join().expect("its end");
}
