//! `keeper` as its user meets it: exit codes, stdout, stderr and hints, against stand-ins for
//! keeperd.

use control::{ConfigStatus, InForce, Reply, State, Status};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::{Command, Output};

#[allow(
    clippy::disallowed_methods,
    reason = "the program itself is under test"
)]
fn keeper(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keeper"))
        .args(arguments)
        .output()
        .expect("starting keeper")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on stdout")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8 on stderr")
}

/// A keeperd that answers the first line it gets with `answer`.
fn stand_in(dir: &tempfile::TempDir, answer: Vec<u8>) -> PathBuf {
    let socket = dir.path().join("keeperd.sock");
    let listener = UnixListener::bind(&socket).expect("a socket");
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let mut request = String::new();
        BufReader::new(&stream)
            .read_line(&mut request)
            .expect("a request");
        assert_eq!(request, "{\"ask\":\"status\"}\n");
        let _ = (&stream).write_all(&answer);
    });
    socket
}

fn status_from(answer: Vec<u8>, arguments: &[&str]) -> Output {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let socket = stand_in(&dir, answer);
    let mut all = vec!["status", "--socket", socket.to_str().expect("a UTF-8 path")];
    all.extend(arguments);
    keeper(&all)
}

fn idle() -> Status {
    Status {
        version: "0.1.0".into(),
        pid: 7,
        state: State::Idle,
        reason: "no notebook configured".into(),
        uptime_seconds: 5,
        config: ConfigStatus {
            path: "/x".into(),
            in_force: InForce::File,
            problems: Vec::new(),
        },
        browser: None,
        kiosk: None,
        network: None,
        web: None,
    }
}

fn idle_line() -> Vec<u8> {
    control::to_line(&Reply::Status(idle()))
        .expect("a reply")
        .into_bytes()
}

#[test]
fn status_for_people() {
    let output = status_from(idle_line(), &[]);
    assert!(output.status.success());
    let expected = "keeperd  0.1.0, pid 7, up 5 s\nstate    idle: no notebook configured\nconfig   /x: in force\n";
    assert_eq!(stdout(&output), expected);
    assert_eq!(stderr(&output), "");
}

#[test]
fn status_for_scripts() {
    let output = status_from(idle_line(), &["--json"]);
    assert!(output.status.success());
    assert_eq!(
        control::from_line::<Status>(&output.stdout).expect("JSON"),
        idle()
    );
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
            b"{\"reply\":\"error\",\"message\":\"no\"}\n",
            "keeperd refuses: no",
        ),
        (&flood, "talking to keeperd: unexpected end of file"),
    ] {
        let output = status_from(answer.to_vec(), &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).starts_with(&format!("error: {message}")),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn config_check_and_show() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let file = dir.path().join("keeper.toml");
    let name = file.to_str().expect("a UTF-8 path");
    std::fs::write(&file, "[browser]\nkeep_hours = 24\n").expect("writing");
    let output = keeper(&["config", "check", name]);
    assert!(output.status.success());
    assert_eq!(stdout(&output), format!("{name}: ok\n"));
    let output = keeper(&["config", "show", name]);
    assert!(
        stdout(&output).contains("\nreload_minutes = 10\nkeep_hours = 24\n"),
        "{}",
        stdout(&output)
    );

    std::fs::write(&file, "[browser]\nkeep_hours = 0\nmod = 1\n").expect("writing");
    let output = keeper(&["config", "check", name]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
    let expected = format!(
        "error: the configuration has problems\n\
         {name}:2: browser.keep_hours = 0: expected a number of hours from 1 to 168\n\
         {name}:3: browser.mod: unknown key; did you mean browser.mode?\n\
         hint: mend the lines named above, then `keeper config check {name}` again\n"
    );
    assert_eq!(stderr(&output), expected);

    let output = keeper(&["config", "check", "/nowhere/keeper.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("hint: `keeper config check FILE` checks another file"),
        "{}",
        stderr(&output)
    );
}

/// What keeper-apply says and how it ends is what `keeper apply` says and how it ends.
#[test]
fn apply_is_keeper_apply() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a scratch directory");
    let program = dir.path().join("keeper-apply");
    std::fs::write(&program, "#!/bin/sh\necho \"$@\"\necho talk >&2\nexit 7\n").expect("writing");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, executable).expect("a mode");
    let program = program.to_str().expect("a UTF-8 path");
    for (option, verb) in [
        (&[][..], "apply\n"),
        (&["--check"], "check\n"),
        (&["--back"], "back\n"),
    ] {
        let output = keeper(&[&["apply", "--program", program], option].concat());
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(7), verb));
        assert_eq!(stderr(&output), "talk\n");
    }
    let output = keeper(&["apply", "--program", "/nowhere/keeper-apply"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "error: starting /nowhere/keeper-apply: No such file or directory (os error 2)\n\
                    hint: this works on the device itself; `keeper config check FILE` works everywhere\n";
    assert_eq!(stderr(&output), expected);
    assert_eq!(
        keeper(&["apply", "--check", "--back"]).status.code(),
        Some(2)
    );
}

#[test]
fn help_version_and_wrong_usage() {
    assert_eq!(
        stdout(&keeper(&["--version"])),
        concat!("keeper ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for verb in [
        &["--help"][..],
        &["status", "--help"],
        &["apply", "--help"],
        &["config", "check", "--help"],
        &["config", "show", "--help"],
    ] {
        assert!(stdout(&keeper(verb)).contains("Example"), "{verb:?}");
    }
    assert_eq!(keeper(&[]).status.code(), Some(2));
    assert_eq!(keeper(&["moon"]).status.code(), Some(2));
}
