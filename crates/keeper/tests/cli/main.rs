//! `keeper` as its user meets it: exit codes, stdout, stderr and hints, against stand-ins for
//! keeperd.

mod acts;
mod harness;
mod japanese;
mod logs;
mod screenshot;
mod settings;
mod status;
mod watch;

use harness::{keeper, stdout};

#[test]
fn help_version_and_wrong_usage() {
    assert_eq!(
        stdout(&keeper(&["--version"])),
        concat!("keeper ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for verb in [
        &["--help"][..],
        &["status", "--help"],
        &["reload", "--help"],
        &["pause", "--help"],
        &["resume", "--help"],
        &["renew", "--help"],
        &["open", "--help"],
        &["close", "--help"],
        &["sign-in", "--help"],
        &["signed-in", "--help"],
        &["logs", "--help"],
        &["screenshot", "--help"],
        &["apply", "--help"],
        &["reset", "--help"],
        &["config", "check", "--help"],
        &["config", "show", "--help"],
    ] {
        assert!(stdout(&keeper(verb)).contains("Example"), "{verb:?}");
    }
    let help = stdout(&keeper(&["--help"]));
    for part in [
        "Exit status:",
        "2  wrong usage",
        "signed-in",
        "keeper-people",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
    for wrong in [
        &["reload", "0"][..],
        &["reload", "-1"],
        &["reload", "1", "2"],
        &["open"],
        &["open", "ftp://a.example/"],
        &["open", "https://me:pw@a.example/"],
        &["close"],
        &["screenshot"],
        &["logs", "-n", "0"],
        &["pause", "now"],
        &["reset", "now"],
    ] {
        let output = keeper(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert_eq!(stdout(&output), "", "{wrong:?}");
    }
    assert_eq!(keeper(&[]).status.code(), Some(2));
    assert_eq!(keeper(&["moon"]).status.code(), Some(2));
}
