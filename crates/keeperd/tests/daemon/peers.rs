//! Peers on the socket that mean no good: garbage, floods, halves, silence.

use crate::harness::{Daemon, assert_refused, reply};
use control::{Reply, State};
use std::io::{BufReader, Read as _, Write as _};

#[test]
fn garbage_is_refused_and_the_next_line_still_answered() {
    let daemon = Daemon::start("");
    let mut stream = daemon.connect();
    stream
        .write_all(b"\xff\xfe\0\r\n\n[[[[\n{\"ask\":\"moon\"}\n{\"ask\":\"status\"}\r\n")
        .expect("sending");
    let mut stream = BufReader::new(stream);
    for reason in [
        "expected value",
        "EOF while parsing",
        "invalid type",
        "unknown variant `moon`",
    ] {
        assert_refused(reply(&mut stream), reason);
    }
    assert!(matches!(reply(&mut stream), Reply::Status(_)));
}

#[test]
fn a_line_too_long_ends_the_connection() {
    let daemon = Daemon::start("");
    let blanks = |length: usize| " ".repeat(length - 16) + "{\"ask\":\"status\"}\n";
    assert!(matches!(
        daemon.say(blanks(control::MAX_REQUEST).as_bytes()),
        Reply::Status(_)
    ));
    assert_refused(
        daemon.say(blanks(control::MAX_REQUEST + 1).as_bytes()),
        "longer than 4096 bytes",
    );

    let mut stream = daemon.connect();
    let endless = std::iter::repeat_with(|| stream.write_all(&[b'x'; 4096])).take(10_000);
    assert!(
        endless.filter(|result| result.is_err()).count() > 0,
        "40 MB on one line were taken"
    );
    assert_eq!(daemon.status().state, State::Idle);
}

#[test]
fn half_a_message_is_no_message() {
    let daemon = Daemon::start("");
    let mut stream = daemon.connect();
    stream.write_all(b"{\"ask\":\"status\"}").expect("sending");
    stream.shutdown(std::net::Shutdown::Write).expect("ending");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the end");
    assert_eq!(answer, b"");
    drop(daemon.connect());
    assert_eq!(daemon.status().state, State::Idle);
}

#[test]
fn silent_and_deaf_peers_lose_their_places() {
    let daemon = Daemon::start("");
    let silent: Vec<_> = (0..15).map(|_| daemon.connect()).collect();
    // Asks without ever reading: keeperd's writes stall.
    let mut deaf = daemon.connect();
    deaf.set_nonblocking(true)
        .expect("a socket that does not wait");
    while deaf.write(&b"{\"ask\":\"status\"}\n".repeat(64)).is_ok() {}
    let mut turned_away = BufReader::new(daemon.connect());
    assert_refused(reply(&mut turned_away), "more than 16 connections");

    for stream in silent {
        let mut stream = BufReader::new(stream);
        assert_refused(reply(&mut stream), "no complete line within 5 s");
        assert_eq!(stream.read(&mut [0]).expect("the end"), 0);
    }
    assert_eq!(daemon.status().state, State::Idle);
    daemon.told("WATCHDOG=1");
}
