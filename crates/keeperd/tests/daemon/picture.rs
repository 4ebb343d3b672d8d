//! A picture of the desktop, from a stand-in for the session helper through keeperd.

use crate::harness::{Daemon, assert_refused, reply};
use control::{Reply, Request, SessionRequest};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

/// A helper that answers each request by `answer`, which has the connection to itself.
fn helper(daemon: &Daemon, answer: impl Fn(UnixStream) + Send + 'static) {
    let socket = daemon.dir.path().join("session.sock");
    let listener = UnixListener::bind(socket).expect("a socket");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a connection");
            let mut line = Vec::new();
            BufReader::new(&stream)
                .read_until(b'\n', &mut line)
                .expect("a request");
            let request: SessionRequest = control::from_line(&line).expect("a request");
            assert_eq!(request, SessionRequest::Picture {});
            answer(stream);
        }
    });
}

fn ask(daemon: &Daemon) -> BufReader<UnixStream> {
    let mut stream = daemon.connect();
    let line = control::to_line(&Request::Screenshot {}).expect("a request");
    stream.write_all(line.as_bytes()).expect("sending");
    BufReader::new(stream)
}

const LINE: &[u8] = b"{\"reply\":\"picture\"}\n";

#[test]
fn a_large_picture_comes_whole_and_is_not_held() {
    let daemon = Daemon::start("");
    helper(&daemon, |mut stream| {
        let _ = stream.write_all(LINE);
        for piece in 0..320_u32 {
            let _ = stream.write_all(&vec![piece as u8; 100_000]);
        }
    });
    let mut stream = ask(&daemon);
    assert_eq!(reply(&mut stream), Reply::Picture {});
    // Half of it is fetched; the other half waits with the helper, not in keeperd.
    let mut half = vec![0; 16_000_000];
    stream.read_exact(&mut half).expect("half a picture");
    let status = std::fs::read_to_string(format!("/proc/{}/status", daemon.child.id()));
    let status = status.expect("keeperd's memory");
    let anonymous = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let anonymous = anonymous.and_then(|line| line.trim().strip_suffix(" kB"));
    let kib: u64 = anonymous
        .and_then(|size| size.trim().parse().ok())
        .expect("a size");
    assert!(kib < 8 * 1024, "keeperd holds {kib} KiB");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("the rest");
    assert_eq!(half.len() + rest.len(), 32_000_000);
    assert!(
        half.iter()
            .chain(&rest)
            .enumerate()
            .all(|(at, byte)| *byte == (at / 100_000) as u8)
    );
    daemon.status();
}

#[test]
fn without_a_desktop_there_are_words() {
    let daemon = Daemon::start("");
    let none = || reply(&mut ask(&daemon));
    assert_refused(none(), "the desktop is not there: connecting to ");
    helper(&daemon, |mut stream| {
        let _ = stream.write_all(b"{\"reply\":\"error\",\"message\":\"no display\"}\n");
    });
    assert_refused(none(), "the desktop refuses: no display");
    daemon.status();
}

#[test]
fn a_picture_that_breaks_off_ends_the_connection() {
    let daemon = Daemon::start("");
    helper(&daemon, |mut stream| {
        let _ = stream.write_all(LINE);
        let _ = stream.write_all(b"\x89PNG half");
    });
    let mut stream = ask(&daemon);
    assert_eq!(reply(&mut stream), Reply::Picture {});
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("the end");
    assert_eq!(rest, b"\x89PNG half");
}

/// One who asks and does not fetch keeps others from a picture for some seconds only, and from
/// nothing else.
#[test]
fn one_picture_at_a_time() {
    let daemon = Daemon::start("");
    helper(&daemon, |mut stream| {
        let _ = stream.write_all(LINE);
        for _ in 0..100 {
            let _ = stream.write_all(&[7; 100_000]);
        }
    });
    let mut deaf = ask(&daemon);
    assert_eq!(reply(&mut deaf), Reply::Picture {});
    assert_refused(reply(&mut ask(&daemon)), "another picture is being made");
    daemon.status();
    let end = Instant::now() + Duration::from_secs(60);
    while reply(&mut ask(&daemon)) != (Reply::Picture {}) {
        assert!(Instant::now() < end, "the place is never free");
        std::thread::sleep(Duration::from_millis(200));
    }
}
