//! What it is asked, by whoever asks what they should not.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};

use crate::{Helper, NO_DISPLAY, SOON, answer};

const IDLE: &[u8] = b"{\"ask\":\"idle\"}\n";

fn error_with(answer: &str, words: &str) {
    assert!(
        answer.starts_with("{\"reply\":\"error\",\"message\":\"") && answer.ends_with("\"}\n"),
        "{answer}"
    );
    assert!(answer.contains(words), "{words:?} is not in {answer}");
    assert!(answer.len() < 2500, "{} bytes", answer.len());
}

#[test]
fn what_is_no_question_is_refused_in_words() {
    let helper = Helper::start(NO_DISPLAY);
    let nest = [b"{\"x\":", &[b'['; 2000][..], b"\n"].concat();
    for (sent, words) in [
        (&b"\n"[..], "EOF while parsing"),
        (b"{\"ask\":\"moon\"}\n", "unknown variant `moon`"),
        (b"{\"ask\":\"idle\",\"x\":1}\n", "unknown field `x`"),
        (b"\xff\xfe\0\n", "expected value"),
        (&nest, "recursion limit"),
        (&[b'x'; 5000], "longer than 4096 bytes"),
        (&[b'x'; 300_000], "longer than 4096 bytes"),
    ] {
        error_with(&helper.ask(sent), words);
    }
}

#[test]
fn who_goes_away_in_the_middle_hinders_nobody() {
    let helper = Helper::start(NO_DISPLAY);
    for sent in [&b""[..], b"{\"ask\":", IDLE] {
        helper.connect().write_all(sent).unwrap();
    }
    let mut half = helper.connect();
    half.write_all(b"{\"ask\":\"idle\"").unwrap();
    half.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(answer(&mut half), "", "half a line is no question");
    error_with(&helper.ask(IDLE), "opening the display :59999");
}

#[test]
fn who_says_nothing_is_sent_away_and_the_next_one_is_heard() {
    let helper = Helper::start(NO_DISPLAY);
    let started = Instant::now();
    let mut silent = helper.connect();
    // A byte now and then changes nothing.
    let mut slow = silent.try_clone().unwrap();
    let slow = std::thread::spawn(move || {
        while slow.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    error_with(&helper.ask(IDLE), "opening the display :59999");
    assert!(started.elapsed() >= Duration::from_secs(4));
    error_with(&answer(&mut silent), "no complete line within 5 s");
    slow.join().unwrap();
}

#[test]
fn a_display_that_says_nothing_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("display");
    let _display = UnixListener::bind(&path).unwrap();
    let helper = Helper::start(path.to_str().unwrap());
    error_with(&helper.ask(IDLE), "it does not answer");
}

#[test]
fn a_display_that_accepts_nobody_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("display");
    let socket = rustix::net::socket(AddressFamily::UNIX, SocketType::STREAM, None).unwrap();
    rustix::net::bind(&socket, &SocketAddrUnix::new(&path).unwrap()).unwrap();
    rustix::net::listen(&socket, 0).unwrap();
    // The only place of its queue.
    let _first = UnixStream::connect(&path).unwrap();
    let helper = Helper::start(path.to_str().unwrap());
    let started = Instant::now();
    error_with(&helper.ask(IDLE), "it accepts no connection");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn a_display_that_says_nonsense_is_given_up() {
    for said in [
        &b""[..],
        b"\0",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        &[0xff; 4096],
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("display");
        let display = UnixListener::bind(&path).unwrap();
        let helper = Helper::start(path.to_str().unwrap());
        let said = said.to_vec();
        let talk = std::thread::spawn(move || {
            let (mut stream, _) = display.accept().unwrap();
            // It may have gone already.
            let _ = stream.write_all(&said);
        });
        error_with(
            &helper.ask(b"{\"ask\":\"picture\"}\n"),
            "opening the display",
        );
        let end = Instant::now() + SOON;
        while !talk.is_finished() {
            assert!(Instant::now() < end, "it never asked the display");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn the_socket_is_for_owner_and_group() {
    let helper = Helper::start(NO_DISPLAY);
    let mode = std::fs::metadata(helper.socket()).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o660);
}
