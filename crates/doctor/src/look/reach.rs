//! Names, connections, and the address that the internet sees.

use crate::seen::{Lookup, Reach, Told};
use cmd::Cmd;
use std::io::{Error, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::mpsc;
use std::time::Duration;

/// How long each part may take.
pub(super) const LIMIT: Duration = Duration::from_secs(6);
/// The same for curl, in seconds, with names and TLS.
const ECHO_SECONDS: &str = "10";
/// The most addresses of a name that are tried.
const ADDRESSES: usize = 4;
/// The longest text of others that is passed on, in characters.
const TEXT: usize = 120;

/// The addresses of `host`. The resolver cannot be interrupted, so it is left to itself after a time.
pub(super) fn lookup(host: &str, port: u16) -> Lookup {
    let (sender, receiver) = mpsc::channel();
    let target = (host.to_owned(), port);
    std::thread::spawn(move || {
        // Nobody may be listening any more.
        let _ = sender.send(target.to_socket_addrs());
    });
    match receiver.recv_timeout(LIMIT) {
        Err(_) => Lookup::TimedOut,
        Ok(Err(error)) => Lookup::Failed(resolver_words(&error)),
        Ok(Ok(found)) => {
            let mut addresses: Vec<IpAddr> = found.map(|one| one.ip()).take(64).collect();
            addresses.dedup();
            if addresses.is_empty() {
                Lookup::Failed("no address".to_owned())
            } else {
                Lookup::Found(addresses)
            }
        }
    }
}

/// Without the beginning that says what is said anyway.
fn resolver_words(error: &Error) -> String {
    let text = error.to_string();
    let end = text.rsplit_once("address information: ");
    cut(end.map_or(&*text, |(_, end)| end))
}

/// Whether one of `addresses` takes a connection; otherwise the most telling error.
pub(super) fn connect(addresses: impl Iterator<Item = SocketAddr>) -> Reach {
    let mut failure = Reach::Unreachable("no address".to_owned());
    for address in addresses.take(ADDRESSES) {
        match TcpStream::connect_timeout(&address, LIMIT) {
            Ok(_) => return Reach::Connected,
            // Where a machine refuses, there is a machine.
            Err(error) if failure != Reach::Refused => failure = reach_of(&error),
            Err(_) => {}
        }
    }
    failure
}

pub(super) fn reach_of(error: &Error) -> Reach {
    match error.kind() {
        ErrorKind::ConnectionRefused => Reach::Refused,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Reach::TimedOut,
        _ => Reach::Unreachable(cut(&error.to_string())),
    }
}

/// The address that `url` sees us at.
pub(super) fn echo(url: &str) -> Told {
    let curl = Cmd::new("curl").args(["-4", "-sS", "--fail", "--max-time", ECHO_SECONDS]);
    let curl = curl.args(["--max-filesize", "1024", "--", url]);
    let output = curl.output().map_err(|error| cut(&error.to_string()))?;
    if !output.status.success() {
        let code = output.status.code().unwrap_or(-1);
        return Err(cut(&format!("{url}: curl ended with {code}")));
    }
    let said = String::from_utf8_lossy(&output.stdout[..output.stdout.len().min(64)]).into_owned();
    let address = said.trim().parse::<Ipv4Addr>();
    address.map_err(|_| cut(&format!("{url} says no address: {said}")))
}

/// Text of others on one line.
pub(super) fn cut(text: &str) -> String {
    let clean = text.chars().filter(|c| !c.is_control());
    clean.take(TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    fn served(answer: &'static str) -> Told {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer.as_bytes());
        });
        echo(&format!("http://127.0.0.1:{port}/"))
    }

    #[test]
    fn an_echo_is_an_address_or_a_reason() {
        let ok = served("HTTP/1.0 200 OK\r\n\r\n203.0.113.7\n");
        assert_eq!(ok, Ok(Ipv4Addr::new(203, 0, 113, 7)));
        let page = served("HTTP/1.0 200 OK\r\n\r\n<html>\x1b[2J</html>");
        assert!(
            page.expect_err("no address")
                .ends_with("says no address: <html>[2J</html>")
        );
        let broken = served("HTTP/1.0 500 No\r\n\r\n203.0.113.7");
        assert!(
            broken
                .expect_err("no address")
                .contains("curl ended with 22")
        );
    }

    #[test]
    fn connections_and_names() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        assert_eq!(connect([address].into_iter()), Reach::Connected);
        drop(listener);
        assert_eq!(connect([address].into_iter()), Reach::Refused);
        let none = connect(std::iter::empty());
        assert_eq!(none, Reach::Unreachable("no address".into()));
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert_eq!(lookup("127.0.0.1", 1), Lookup::Found(vec![local]));
    }
}
