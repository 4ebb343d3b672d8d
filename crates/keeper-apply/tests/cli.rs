//! keeper-apply checks, and refuses everything else: nothing may look as if it had been applied.

use std::process::{Command, Output};

#[allow(
    clippy::disallowed_methods,
    reason = "the program itself is under test"
)]
fn keeper_apply(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keeper-apply"))
        .args(arguments)
        .output()
        .expect("starting keeper-apply")
}

#[test]
fn it_checks() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let file = dir.path().join("keeper.toml");
    let name = file.to_str().expect("a UTF-8 path");
    std::fs::write(&file, "").expect("writing");
    let output = keeper_apply(&["--check", name]);
    assert!(output.status.success());
    assert_eq!(output.stdout, format!("{name}: ok\n").into_bytes());

    std::fs::write(&file, "tunnel.enabled = true").expect("writing");
    let output = keeper_apply(&["--check", name]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let message = String::from_utf8_lossy(&output.stderr);
    let first =
        format!("error: the configuration is refused\n{name}:1: tunnel.enabled = true: needs ");
    assert!(
        message.starts_with(&first) && message.contains("\nhint: "),
        "{message}"
    );
}

#[test]
fn it_refuses_everything_else() {
    for arguments in [&[][..], &["apply"], &["--apply"], &["--check", "a", "b"]] {
        let output = keeper_apply(arguments);
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(2), 0),
            "{arguments:?}"
        );
    }
    let version = keeper_apply(&["--version"]);
    assert_eq!(
        version.stdout,
        concat!("keeper-apply ", env!("CARGO_PKG_VERSION"), "\n").as_bytes()
    );
}
