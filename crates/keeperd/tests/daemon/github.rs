//! SSH keys from GitHub, by the real curl, from a stand-in.

use crate::harness::Daemon;
use crate::web::{assert_has, get, post};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A server that answers everybody with this, and tells what it was asked for.
fn server(status: &'static str, body: String) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let (send, asked) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let mut first = String::new();
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|length| length > 2) {
                if first.is_empty() {
                    first.clone_from(&line);
                }
                line.clear();
            }
            if send.send(first).is_err() {
                break;
            }
            let stream = stream.get_mut();
            // A length would let curl know what comes.
            let _ = write!(
                stream,
                "HTTP/1.0 {status}\r\nLocation: http://127.0.0.1:1/\r\n\r\n{body}"
            );
        }
    });
    (address, asked)
}

fn device(address: &str) -> Daemon {
    let dir = tempfile::tempdir().expect("a scratch directory");
    std::fs::write(dir.path().join("keeper.toml"), "").expect("writing");
    let mark = dir.path().join("mark").to_str().expect("UTF-8").to_owned();
    Daemon::start_with(dir, &["--set-up", &mark, "--github", address])
}

fn fetch(daemon: &Daemon, name: &str) -> String {
    let fields = [("go", "github"), ("github", name), ("keys", "")];
    post(daemon, "/setup/owner", &fields)
}

#[test]
fn published_keys_are_added() {
    let body = format!("{KEY}\nssh-dss AAAA\n<p>\n");
    let (address, asked) = server("200 OK", body);
    let daemon = device(&address);
    assert_has(
        &fetch(&daemon, "hanako-92"),
        "303",
        &["location: /setup/owner"],
    );
    let request = asked
        .recv_timeout(Duration::from_secs(60))
        .expect("a request");
    assert!(
        request.starts_with("GET /hanako-92.keys HTTP/1"),
        "{request}"
    );
    let page = get(&daemon, "/setup/owner");
    assert_has(&page, "200", &[&format!("{KEY} hanako-92@github")]);
    assert!(!page.contains("ssh-dss"), "{page}");
    let _ = fetch(&daemon, "../hanako");
    assert!(asked.try_recv().is_err());
}

#[test]
fn what_is_no_list_of_keys_adds_nothing() {
    for (status, body) in [
        ("404 Not Found", "Not Found".to_owned()),
        ("200 OK", String::new()),
        ("200 OK", "<!doctype html>".to_owned()),
        ("200 OK", format!("{KEY}\n").repeat(5000)),
        ("302 Found", KEY.to_owned()),
        ("500 Oh", KEY.to_owned()),
    ] {
        let (address, _asked) = server(status, body);
        let daemon = device(&address);
        assert_has(&fetch(&daemon, "hanako"), "502", &[]);
        assert!(
            !get(&daemon, "/setup/owner").contains("ssh-ed25519 AAAAC3"),
            "{status}"
        );
    }
    let daemon = device("http://127.0.0.1:1");
    assert_has(&fetch(&daemon, "hanako"), "502", &[]);
}
