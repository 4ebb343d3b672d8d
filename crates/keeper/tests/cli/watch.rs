//! `keeper status --watch`: in place on a terminal, line by line elsewhere, and how it ends.

use crate::harness::{StandIn, idle, rest, statuses, terminal, until};
use control::Status;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).expect("sending Ctrl-C");
}

#[test]
fn a_terminal_is_drawn_over_and_left_as_it_was() {
    let keeperd = StandIn::new(statuses(2, &idle()));
    let (mut ours, theirs) = terminal();
    let mut command = keeperd.command(&["status", "--watch"]);
    command.env("NO_COLOR", "1").stdout(theirs);
    let mut child = command.spawn().expect("starting keeper");
    drop(command);
    let first = until(&mut ours, "\x1b[J");
    let expected = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[Hkeeperd  0.1.0, pid 7, up 5 s\x1b[K\r\n\
                    state    idle: no notebook configured\x1b[K\r\nconfig   /x: in force\x1b[K\x1b[J";
    assert_eq!(first, expected);
    let second = until(&mut ours, "\x1b[J");
    assert!(second.starts_with("\x1b[Hkeeperd  0.1.0"), "{second:?}");
    // keeperd is gone, and comes back.
    let third = until(&mut ours, "\x1b[J");
    assert!(
        third.contains("error: keeperd is not running: "),
        "{third:?}"
    );
    assert!(
        third.contains("hint: `systemctl status keeperd`"),
        "{third:?}"
    );
    let mut status = idle();
    status.reason = "back again".into();
    keeperd.begin(statuses(100, &status));
    while !until(&mut ours, "\x1b[J").contains("back again") {}

    interrupt(&child);
    let end = rest(&mut ours);
    assert!(end.ends_with("\x1b[?7h\x1b[?25h\x1b[?1049l"), "{end:?}");
    assert_eq!(child.wait().expect("its end").code(), Some(0));
}

#[test]
fn scripts_get_a_line_each_time() {
    let keeperd = StandIn::new(statuses(100, &idle()));
    let mut command = keeperd.command(&["status", "--watch", "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .expect("starting keeper");
    let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
    for _ in 0..2 {
        let mut line = Vec::new();
        stdout.read_until(b'\n', &mut line).expect("a line");
        let status: Status = control::from_line(&line).expect("JSON");
        assert_eq!(status, idle());
    }
    interrupt(&child);
    assert_eq!(child.wait().expect("its end").code(), Some(0));
}

#[test]
fn tables_follow_each_other_until_keeperd_is_gone() {
    let output = StandIn::new(statuses(2, &idle())).ask(&["status", "--watch"]);
    assert_eq!(output.status.code(), Some(1));
    let table = "keeperd  0.1.0, pid 7, up 5 s\nstate    idle: no notebook configured\nconfig   /x: in force\n\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), table.repeat(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.starts_with("error: keeperd is not running: "),
        "{stderr}"
    );
}

#[test]
fn a_reader_that_has_enough_ends_it_quietly() {
    let keeperd = StandIn::new(statuses(100, &idle()));
    let mut command = keeperd.command(&["status", "--watch", "--json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("starting keeper");
    let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
    stdout.read_until(b'\n', &mut Vec::new()).expect("a line");
    drop(stdout);
    let output = child.wait_with_output().expect("its end");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(output.stderr, b"");
}

#[test]
fn a_terminal_that_takes_nothing_more_does_not_keep_it_from_ending() {
    let mut status = idle();
    status.reason = "x".repeat(500_000);
    let keeperd = StandIn::new(statuses(100, &status));
    let (mut ours, theirs) = terminal();
    let mut command = keeperd.command(&["status", "--watch"]);
    let mut child = command.stdout(theirs).spawn().expect("starting keeper");
    drop(command);
    until(&mut ours, "xxx");
    interrupt(&child);
    assert_eq!(child.wait().expect("its end").code(), Some(0));
}
