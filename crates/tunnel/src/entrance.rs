//! Who holds the tunnel's entrance, from the kernel's table of sockets (`/proc/net/tcp`): a connection
//! would be the firewall's to refuse, and would disturb whoever is there.

/// The state of a socket that listens.
const LISTENS: &str = "0A";
/// 127.0.0.1 as the table has it, and every address.
const LOCAL: [&str; 2] = ["0100007F", "00000000"];

/// A socket that listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    /// The number of the account whose program it is.
    pub uid: u32,
    /// The socket's own number: another one for each connection of a Colab machine.
    pub inode: u64,
}

/// Who listens at `port` of 127.0.0.1, if anybody does; `table` is the text of `/proc/net/tcp`.
pub fn listener(table: &str, port: u16) -> Option<Listener> {
    let port = format!("{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, LISTENS, _, _, _, uid, _, inode, ..] = fields[..] else {
            return None;
        };
        let (address, at) = local.split_once(':')?;
        let (uid, inode) = (uid.parse().ok()?, inode.parse().ok()?);
        (LOCAL.contains(&address) && at == port).then_some(Listener { uid, inode })
    })
}

/// The number of an account; `passwd` is the text of `/etc/passwd`.
pub fn account(passwd: &str, name: &str) -> Option<u32> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let is_it = fields.next() == Some(name);
        is_it.then(|| fields.nth(1)?.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_is_found() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:4E36 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 71 1 0\n\
            1: 0100007F:4E37 0100007F:9999 01 00000000:00000000 00:00000000 00000000   998        0 72 1 0\n\
            2: 0900A8C0:4E38 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 73 1 0\n";
        let (uid, inode) = (999, 71);
        assert_eq!(listener(table, 20022), Some(Listener { uid, inode }));
        assert_eq!(listener(table, 20023), None);
        assert_eq!(listener(table, 20024), None);
        for odd in [
            "",
            "x\n\0 1 2 0A 3 4 5 6 7 8\n",
            "x\n0: :4E36 0 0A 0 0 0 x 0 y",
        ] {
            assert_eq!(listener(odd, 20022), None, "{odd:?}");
        }
    }

    #[test]
    fn a_socket_of_this_test_is_found() {
        let table = || std::fs::read_to_string("/proc/net/tcp").expect("the kernel's table");
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = socket.local_addr().expect("it is bound").port();
        assert!(listener(&table(), port).is_some_and(|one| one.inode > 0));
        drop(socket);
        assert_eq!(listener(&table(), port), None);
    }

    #[test]
    fn accounts_have_numbers() {
        let passwd =
            "root:x:0:0::/:/bin/sh\nbroken\ncolab-tunnel:x:999:999::/:/bin/false\nodd:x:y:\n";
        assert_eq!(account(passwd, "colab-tunnel"), Some(999));
        for none in ["colab", "broken", "odd", ""] {
            assert_eq!(account(passwd, none), None, "{none:?}");
        }
    }
}
