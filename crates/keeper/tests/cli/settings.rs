//! The configuration without keeperd, and keeper-apply.

use crate::harness::{keeper, stderr, stdout};

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
    let output = keeper(&["reset", "--yes", "--program", program]);
    let said = stdout(&output);
    assert_eq!((output.status.code(), &*said), (Some(7), "reset --yes\n"));
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

/// Who types nothing, or may not reset at all, resets nothing: keeper-apply is never told `--yes` of itself.
#[test]
fn a_reset_is_asked_about() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a scratch directory");
    let program = dir.path().join("keeper-apply");
    std::fs::write(&program, "#!/bin/sh\necho \"$@\"\n").expect("writing");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, executable).expect("a mode");
    let output = keeper(&[
        "reset",
        "--program",
        program.to_str().expect("a UTF-8 path"),
    ]);
    let asked = rustix::process::geteuid().is_root();
    let question = if asked {
        "Type the name of the device to go on: "
    } else {
        ""
    };
    assert_eq!(stdout(&output), "reset --name=\n");
    assert!(stderr(&output).ends_with(question), "{}", stderr(&output));
}
