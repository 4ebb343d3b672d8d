//! Who else is on the device, or on its network: other accounts, and strangers with public
//! addresses.

use e2e::guest::{Guest, HANAKO, TANAKA};
use libtest_mimic::Trial;

use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("inner_ports_are_on_loopback_alone", on_loopback),
        scenario(
            "another_account_reaches_no_inner_port_and_no_display",
            neighbours,
        ),
        scenario(
            "hanako_reaches_the_desktop_and_keeperd_on_the_device",
            people,
        ),
        scenario("rdp_answers_the_local_network_alone", local_network),
    ]
}

/// The desktop, the browser's debugging port, keeperd's pages, xrdp's session manager.
const INNER: [u16; 4] = [5901, 9222, 8470, 3350];

fn on_loopback(guest: &Guest) {
    let seen = guest
        .root("ss --no-header --tcp --listening --numeric | awk '{ print $4 }'")
        .well();
    for port in INNER {
        let places: Vec<&str> = seen
            .lines()
            .filter(|place| place.ends_with(&format!(":{port}")))
            .collect();
        let inside = |place: &&str| place.starts_with("127.0.0.1:") || place.starts_with("[::1]:");
        assert!(
            !places.is_empty() && places.iter().all(inside),
            "expected port {port} to be listened on, on loopback; seen: {places:?} of\n{seen}"
        );
    }
}

/// Tells of each port and of each way to the display whether it opens.
const KNOCK: &str = "
import socket, struct

def port(number):
    try:
        socket.create_connection(('127.0.0.1', number), 10).close()
        return 'open'
    except OSError:
        return 'closed'

def display(path):
    # X11's connection setup, without a cookie: 1 is its yes.
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(20)
            s.connect(path)
            s.sendall(b'l\\0' + struct.pack('<HHHHH', 11, 0, 0, 0, 0))
            return 'open' if s.recv(1) == b'\\1' else 'closed'
    except OSError:
        return 'closed'

for number in (5901, 9222, 8470, 3350, 20022):
    print(number, port(number))
print('display', display('/tmp/.X11-unix/X1'))
print('abstract display', display('\\0/tmp/.X11-unix/X1'))
";

fn neighbours(guest: &Guest) {
    for user in [TANAKA, "nobody"] {
        let seen = guest.python_as(user, KNOCK).well();
        assert!(
            seen.lines().count() == 7 && !seen.contains("open"),
            "expected everything to be closed to {user}; seen:\n{seen}"
        );
    }
    // The display is there: who has the cookie is let in, as the kiosk shows.
    let socket = guest.root("test -S /tmp/.X11-unix/X1 && echo there").stdout;
    assert_eq!(
        socket.trim(),
        "there",
        "expected display :1 to have its socket"
    );
}

fn people(guest: &Guest) {
    let seen = guest.python_as(HANAKO, KNOCK).well();
    let expected = "5901 open\n9222 closed\n8470 open\n3350 closed\n";
    assert!(
        seen.starts_with(expected),
        "expected hanako to reach the desktop and keeperd, and no more; seen:\n{seen}"
    );
}

/// Somebody on a cable of their own, with an address of the local network and a public one in turn.
fn local_network(guest: &Guest) {
    let script = "
        ip netns add outside || exit 1
        ip link add inner type veth peer name outer netns outside || exit 1
        ip link set inner up
        ip -n outside link set outer up
        knock() {
            ip address flush dev inner
            ip -n outside address flush dev outer
            ip address add \"$1.1/24\" dev inner
            ip -n outside address add \"$1.5/24\" dev outer
            for port in 22 3389; do
                if ip netns exec outside python3 -c \"import socket
socket.create_connection(('$1.1', $port), 6).close()\" 2>/dev/null
                then echo \"$1.5 $port answered\"
                else echo \"$1.5 $port not answered\"
                fi
            done
        }
        knock 192.168.77
        knock 203.0.113
        knock 10.77.0
        ip netns delete outside
        ip link delete inner 2>/dev/null || true";
    let seen = guest.root(script).well();
    assert_eq!(
        seen,
        "192.168.77.5 22 answered\n192.168.77.5 3389 answered\n\
         203.0.113.5 22 answered\n203.0.113.5 3389 not answered\n\
         10.77.0.5 22 answered\n10.77.0.5 3389 answered",
        "expected RDP to answer addresses of the local network alone, and the way to be open (22)"
    );
}
