//! `keeper status` once: for people, for scripts, and when there is none.

use crate::harness::{StandIn, answered, idle, keeper, rest, statuses, stderr, stdout, terminal};
use control::Status;
use std::process::Output;

fn status_from(answer: &[u8], arguments: &[&str]) -> Output {
    let keeperd = StandIn::new(answered("{\"ask\":\"status\"}", answer));
    keeperd.ask(&[&["status"], arguments].concat())
}

const TABLE: &str =
    "keeperd  0.1.0, pid 7, up 5 s\nstate    idle: no notebook configured\nconfig   /x: in force\n";

#[test]
fn status_for_people() {
    let output = StandIn::new(statuses(1, &idle())).ask(&["status"]);
    assert!(output.status.success());
    assert_eq!(stdout(&output), TABLE);
    assert_eq!(stderr(&output), "");
}

#[test]
fn status_for_scripts() {
    let output = StandIn::new(statuses(1, &idle())).ask(&["status", "--json"]);
    assert!(output.status.success());
    assert_eq!(
        control::from_line::<Status>(&output.stdout).expect("JSON"),
        idle()
    );
}

#[test]
fn colours_are_for_terminals_alone() {
    let mut status = idle();
    status.state = control::State::Keeping;
    for (variable, value, coloured) in [
        ("TERM", "xterm", true),
        ("TERM", "dumb", false),
        ("NO_COLOR", "1", false),
        ("NO_COLOR", "", true),
    ] {
        let keeperd = StandIn::new(statuses(1, &status));
        let (ours, theirs) = terminal();
        let mut command = keeperd.command(&["status"]);
        command.env(variable, value).stdout(theirs);
        let ended = command.status().expect("starting keeper");
        drop(command);
        assert!(ended.success());
        let shown = rest(ours);
        assert!(shown.contains("no notebook configured"), "{shown:?}");
        let green = shown.contains("\x1b[32mkeeping the notebooks open\x1b[0m:");
        assert_eq!(green, coloured, "{variable}={value}: {shown:?}");
    }
    let output = StandIn::new(statuses(1, &status)).ask(&["status"]);
    assert!(!stdout(&output).contains('\x1b'));
}

#[test]
fn no_keeperd() {
    let output = keeper(&["status", "--socket", "/nowhere/keeperd.sock"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
    let expected = "error: keeperd is not running: connecting to /nowhere/keeperd.sock: No such file or directory \
                    (os error 2)\nhint: `systemctl status keeperd` says why\n";
    assert_eq!(stderr(&output), expected);
}

#[test]
fn a_keeperd_that_talks_nonsense() {
    let flood = vec![b' '; control::MAX_REPLY + 100];
    for (answer, message) in [
        (&b""[..], "talking to keeperd: unexpected end of file"),
        (
            b"{\"reply\":\"sta",
            "talking to keeperd: unexpected end of file",
        ),
        (b"\xff\n", "keeperd's answer makes no sense: "),
        (
            b"{\"reply\":\"status\"}\n",
            "keeperd's answer makes no sense: missing field",
        ),
        (
            b"{\"reply\":\"picture\"}\n",
            "keeperd answered something else than it was asked",
        ),
        (
            b"{\"reply\":\"error\",\"message\":\"no\\u001b[2J\\nyes\"}\n",
            "keeperd refuses: no [2J yes\n",
        ),
        (&flood, "talking to keeperd: unexpected end of file"),
    ] {
        let output = status_from(answer, &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).starts_with(&format!("error: {message}")),
            "{}",
            stderr(&output)
        );
    }
}

/// Turned away at the door: the refusal is there before anything is asked.
#[test]
fn a_keeperd_that_refuses_at_once_is_heard() {
    use std::io::Write as _;
    let keeperd = StandIn::absent();
    let socket = keeperd.dir().join("keeperd.sock");
    let listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let refusing = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let line = b"{\"reply\":\"error\",\"message\":\"only root may ask\"}\n";
        stream.write_all(line).expect("refusing");
    });
    let output = keeperd.ask(&["status"]);
    refusing.join().expect("a refusal");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "error: keeperd refuses: only root may ask\n"
    );
}
