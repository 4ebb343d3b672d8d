//! A browser's part: asking for keeperd's pages, and sending their forms.

use crate::harness::Daemon;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(60);

/// What is answered to a GET of `path`, head and body.
pub(crate) fn get(daemon: &Daemon, path: &str) -> String {
    let address = address(daemon);
    exchange(
        &address,
        &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n"),
    )
}

/// Where the pages are, as soon as they are there.
pub(crate) fn address(daemon: &Daemon) -> String {
    let end = Instant::now() + SOON;
    loop {
        let web = daemon.status().web.expect("a status of the pages");
        if web.problem.is_none() {
            return web.address;
        }
        assert!(Instant::now() < end, "{web:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What is answered to a form, sent to `path` as a page of keeperd's sends it.
pub(crate) fn post(daemon: &Daemon, path: &str, fields: &[(&str, &str)]) -> String {
    let address = address(daemon);
    send(&address, &token(&address, path), path, fields)
}

/// The token of the forms of `path`'s kind.
pub(crate) fn token(address: &str, path: &str) -> String {
    let base = path.split('/').nth(1).unwrap_or_default();
    let page = exchange(
        address,
        &format!("GET /{base}/place HTTP/1.1\r\nHost: {address}\r\n\r\n"),
    );
    let (_, rest) = page.split_once("name=\"token\" value=\"").expect("a token");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Sends a form with this token.
pub(crate) fn send(address: &str, token: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let mut body = format!("token={token}");
    for (name, value) in fields {
        body += &format!("&{name}=");
        for byte in value.bytes() {
            body += &format!("%{byte:02X}");
        }
    }
    exchange(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    )
}

fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connecting to the pages");
    stream.set_read_timeout(Some(SOON)).expect("a timeout");
    stream.write_all(request.as_bytes()).expect("asking");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[track_caller]
pub(crate) fn assert_has(answer: &str, status: &str, parts: &[&str]) {
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {status}")),
        "{answer}"
    );
    for part in parts {
        assert!(answer.contains(part), "{part}: {answer}");
    }
}
