//! The account of the Colab machine: it may hold the tunnel's entrance open, and nothing else that
//! SSH can do.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use e2e::guest::{ENTRANCE, Guest, Key, Owner};
use e2e::patience::wait_for;
use libtest_mimic::Trial;

use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![scenario(
        "the_colab_machine_can_open_its_entrance_and_nothing_else",
        colab,
    )]
}

pub(crate) const USER: &str = "colab-tunnel";
const LOGIN: Duration = Duration::from_secs(60);
/// A refusal comes at once; silence would be an open door.
const ANSWER: Duration = Duration::from_secs(20);

fn colab(guest: &Guest) {
    enrol(guest);
    sessions(guest);
    remote_forwards(guest);
    local_forwards(guest);
    entrance(guest);
    guest
        .root("ln -sfn \"$(cat /root/applied-before)\" /etc/keeper/applied.new && mv -T /etc/keeper/applied.new /etc/keeper/applied")
        .well();
}

/// Puts the key where enrolment will: into a generation of its own, with nothing that restricts it
/// beyond what sshd's settings say.
fn enrol(guest: &Guest) {
    let key = Owner::public(&guest.owner.tunnel_key);
    let script = format!(
        "set -e
        readlink /etc/keeper/applied >/root/applied-before
        cp -rL /etc/keeper/applied /etc/keeper/with-colab
        echo '{key}' >/etc/keeper/with-colab/tunnel.keys
        ln -s /etc/keeper/with-colab /etc/keeper/applied.new
        mv -T /etc/keeper/applied.new /etc/keeper/applied"
    );
    guest.root(&script).well();
}

fn key(guest: &Guest) -> Key<'_> {
    Key::File(&guest.owner.tunnel_key)
}

fn sessions(guest: &Guest) {
    let tries: [(&str, &[&str]); 4] = [
        ("a shell", &[]),
        ("a shell on a terminal", &["-tt"]),
        ("a command", &["id"]),
        ("sftp", &["-s", "sftp"]),
    ];
    for (what, args) in tries {
        let said = guest.attempt(USER, key(guest), args);
        let let_in = !said.stderr.contains("Permission denied");
        assert!(let_in, "expected the key to be accepted: {said:#?}");
        assert!(
            said.code.is_some_and(|code| code != 0) && said.stdout.is_empty(),
            "expected {what} to be refused: {said:#?}"
        );
    }
}

fn remote_forwards(guest: &Guest) {
    for forward in [
        "localhost:20023:127.0.0.1:9",
        "localhost:8470:127.0.0.1:9",
        "0.0.0.0:20022:127.0.0.1:9",
        "*:20022:127.0.0.1:9",
        "10.0.2.15:20022:127.0.0.1:9",
        "localhost:0:127.0.0.1:9",
        "/tmp/colab.sock:127.0.0.1:9",
    ] {
        let args = ["-N", "-o", "ExitOnForwardFailure=yes", "-R", forward];
        let said = guest.attempt(USER, key(guest), &args);
        assert!(
            said.code == Some(255) && said.stderr.contains("forwarding failed"),
            "expected -R {forward} to be refused: {said:#?}"
        );
    }
}

/// Everything that asks sshd to connect somewhere, over one connection of the Colab machine's.
fn local_forwards(guest: &Guest) {
    let (desktop, socket, socks) = (free_port(), free_port(), free_port());
    let _ssh = Background::start(
        guest,
        key(guest),
        &[
            "-N",
            "-L",
            &format!("{desktop}:127.0.0.1:5901"),
            "-L",
            &format!("{socket}:/run/dbus/system_bus_socket"),
            "-D",
            &socks.to_string(),
        ],
    );
    let to_5901 = [5, 1, 0, 1, 127, 0, 0, 1, 23, 13];
    let tries: [(&str, u16, &[&[u8]]); 3] = [
        ("-L to the desktop", desktop, &[b""]),
        ("-L to a unix socket", socket, &[b"\0AUTH\r\n"]),
        ("-D", socks, &[&[5, 1, 0], &to_5901]),
    ];
    for (what, port, sends) in tries {
        let connected = wait_for("ssh's own port", LOGIN, || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
        });
        let stream = connected.unwrap_or_else(|| panic!("expected ssh to listen for {what}"));
        let said = converse(stream, sends);
        let said =
            said.unwrap_or_else(|| panic!("expected {what} to be closed, but it stays open"));
        // The client's own SOCKS server may speak before sshd has refused.
        let beyond = if port == socks {
            said.len() > 12
        } else {
            !said.is_empty()
        };
        assert!(!beyond, "expected {what} to be refused; it said {said:?}");
    }
}

/// What comes back until the other end closes; nothing when it does not.
fn converse(mut stream: TcpStream, sends: &[&[u8]]) -> Option<Vec<u8>> {
    let mut said = Vec::new();
    stream.set_read_timeout(Some(ANSWER)).ok()?;
    for send in sends {
        // A closed connection shows itself below.
        let _ = stream.write_all(send);
        std::thread::sleep(Duration::from_millis(200));
    }
    match stream.read_to_end(&mut said) {
        Ok(_) => Some(said),
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Some(said),
        Err(_) => None,
    }
}

/// What it is for: hanako comes out at the Colab machine's own port.
fn entrance(guest: &Guest) {
    let target = format!("localhost:{ENTRANCE}:127.0.0.1:{}", guest.notebook.port());
    let ssh = Background::start(
        guest,
        key(guest),
        &["-N", "-o", "ExitOnForwardFailure=yes", "-R", &target],
    );
    let request = "GET /notebook HTTP/1.0\r\n\r\n";
    let through = wait_for("the entrance", LOGIN, || {
        let said = guest.through(&format!("127.0.0.1:{ENTRANCE}"), request);
        said.stdout.contains(&guest.notebook.word).then_some(())
    });
    assert!(
        through.is_some(),
        "expected hanako to come out of the tunnel at port {}",
        guest.notebook.port()
    );
    let listening = guest.root(&format!(
        "ss --no-header --tcp --listening --numeric sport = :{ENTRANCE}"
    ));
    assert!(
        listening.stdout.contains("127.0.0.1:") && !listening.stdout.contains("0.0.0.0:20022"),
        "expected the entrance on loopback alone: {listening:#?}"
    );
    drop(ssh);
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

/// An ssh of the Colab machine's; dropped, it is gone.
pub(crate) struct Background(Child);

impl Background {
    pub(crate) fn start(guest: &Guest, key: Key<'_>, args: &[&str]) -> Self {
        let mut command = guest.ssh(USER, key).args(args).command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("ssh starts"))
    }

    /// Whether the line has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
