//! Who listens on loopback, from the kernel's table: a connection would be the firewall's to refuse.

use super::records::read;
use camino::Utf8Path;

/// The state of a socket that listens.
const LISTENS: &str = "0A";
/// 127.0.0.1 as the table has it, and every address.
const LOCAL: [&str; 2] = ["0100007F", "00000000"];

/// The account whose program listens at `port` of 127.0.0.1.
pub(super) fn listener(table: &Utf8Path, port: u16) -> Option<u32> {
    find(&read(table), port)
}

fn find(table: &str, port: u16) -> Option<u32> {
    let port = format!("{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, LISTENS, _, _, _, uid, ..] = fields[..] else {
            return None;
        };
        let (address, at) = local.split_once(':')?;
        (LOCAL.contains(&address) && at == port)
            .then(|| uid.parse().ok())
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_is_found() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:4E36 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 1 1 0\n\
            1: 0100007F:4E37 0100007F:9999 01 00000000:00000000 00:00000000 00000000   998        0 1 1 0\n\
            2: 0900A8C0:4E38 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 1 1 0\n";
        assert_eq!(find(table, 20022), Some(999));
        assert_eq!(find(table, 20023), None);
        assert_eq!(find(table, 20024), None);
        assert_eq!(find("x\n\0 1 2 0A 3 4 5 6\n", 20022), None);
    }

    #[test]
    fn a_socket_of_this_test_is_found() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = socket.local_addr().expect("it is bound").port();
        let found = listener("/proc/net/tcp".into(), port);
        assert!(found.is_some(), "{port}");
        drop(socket);
        assert_eq!(listener("/proc/net/tcp".into(), port), None);
    }
}
