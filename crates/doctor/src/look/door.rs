//! What answers at a port where sshd should be, and with which key.
//!
//! The distribution's ssh-keyscan asks first: one connection, since fail2ban counts those that do not
//! log in. Only where it finds no key is there a second one, which tells why.

use super::reach::{LIMIT, reach_of};
use crate::seen::Door;
use cmd::Cmd;
use std::io::Read as _;
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

/// The most of a greeting that is read; RFC 4253 allows 255.
const GREETING: u64 = 255;

/// What answers at `address`; its key should be one of `keys`, each as type and key.
pub(super) fn look(address: SocketAddr, keys: &[String]) -> Door {
    let found = scan(address);
    if found.is_empty() {
        return greet(address);
    }
    match () {
        () if keys.is_empty() => Door::Unpinned,
        () if found.iter().any(|key| keys.contains(key)) => Door::Expected,
        () => Door::OtherKey,
    }
}

fn scan(address: SocketAddr) -> Vec<String> {
    let (seconds, port) = (LIMIT.as_secs().to_string(), address.port().to_string());
    let scan = Cmd::new("ssh-keyscan").args(["-T", &seconds, "-p", &port, "-t", "ed25519"]);
    // Without the program, or a server, there is no key.
    let said = scan.arg(address.ip().to_string()).output();
    let said = said.map(|output| output.stdout).unwrap_or_default();
    keys(&String::from_utf8_lossy(&said))
}

/// Type and key of each line of a known_hosts file, as ssh-keyscan prints it too.
pub(super) fn keys(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with(['#', '@']));
    let keys = lines.filter_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        Some(format!("{} {}", words.next()?, words.next()?))
    });
    keys.take(64).collect()
}

fn greet(address: SocketAddr) -> Door {
    let stream = match TcpStream::connect_timeout(&address, LIMIT) {
        Ok(stream) => stream,
        Err(error) => return Door::Closed(reach_of(&error)),
    };
    let limited = stream.set_read_timeout(Some(LIMIT));
    let mut said = Vec::new();
    let read = limited.and_then(|()| {
        let mut byte = [0];
        let mut stream = stream.take(GREETING);
        // Each byte may take its time, all of them together may not.
        let end = Instant::now() + LIMIT;
        while Instant::now() < end && stream.read(&mut byte)? == 1 && byte != *b"\n" {
            said.push(byte[0]);
        }
        Ok(())
    });
    match read {
        Err(error) if said.is_empty() && error.kind() != std::io::ErrorKind::ConnectionReset => {
            Door::Closed(reach_of(&error))
        }
        _ if said.is_empty() => Door::Silent,
        // It says that it is sshd and shows no key: it has banned us, or has too much to do.
        _ if said.starts_with(b"SSH-") => Door::Silent,
        _ => Door::NotSsh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::Reach;
    use std::io::Write as _;
    use std::net::TcpListener;

    /// What a door is that greets every connection so.
    fn door(greeting: &'static [u8]) -> Door {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = { &stream }.write_all(greeting);
            }
        });
        greet(address)
    }

    #[test]
    fn what_is_no_sshd_is_told_apart() {
        assert_eq!(door(b"HTTP/1.0 400 Bad\r\n"), Door::NotSsh);
        assert_eq!(door(b""), Door::Silent);
        assert_eq!(door(b"SSH-2.0-x\r\n"), Door::Silent);
        assert_eq!(door(&[b'a'; 4096]), Door::NotSsh);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        drop(listener);
        assert_eq!(greet(address), Door::Closed(Reach::Refused));
    }

    #[test]
    fn keys_are_read_from_known_hosts() {
        let text =
            "# 127.0.0.1:22 SSH-2.0-x\n[127.0.0.1]:22 ssh-ed25519 AAAA\n@revoked x y z\n\nbad\n";
        assert_eq!(keys(text), ["ssh-ed25519 AAAA"]);
    }
}
