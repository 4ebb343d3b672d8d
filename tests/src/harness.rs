//! The tests' own main: libtest-mimic, and a way to run a script as root of a sandbox.

use std::ffi::OsString;
use std::process::{Command, ExitCode, Output};

use image::sandbox::{self, Start};
use libtest_mimic::{Arguments, Failed, Trial};

/// Runs tests, or the script that [`in_sandbox`] started this program for.
pub fn main(trials: impl FnOnce() -> Vec<Trial>) -> ExitCode {
    let args = match sandbox::start() {
        Ok(Start::Done(code)) => return code,
        Ok(Start::Verb(args)) => args,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    match args.get(1).and_then(|arg| arg.to_str()) {
        Some("@script") if sandbox::inside() => run_script(&args[2]),
        Some("@script") => sandbox::enter(&args[1..], &[]).unwrap_or_else(|error| {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }),
        _ => {
            let mut arguments = Arguments::from_args();
            // The tests time nothing, but they share two cores with what they start.
            arguments.test_threads.get_or_insert(2);
            libtest_mimic::run(&arguments, trials()).exit_code()
        }
    }
}

/// Runs a shell script as root of new namespaces: it can mount and change kernel settings, and
/// nothing of that is seen outside.
#[allow(clippy::disallowed_methods, reason = "the output is looked at whole")]
pub fn in_sandbox(script: &str, environment: &[(&str, OsString)]) -> Output {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    command
        .args(["@script", script])
        .envs(environment.iter().cloned());
    command.output().expect("this program starts again")
}

#[allow(clippy::disallowed_methods, reason = "exec")]
fn run_script(script: &OsString) -> ExitCode {
    use std::os::unix::process::CommandExt;
    // What the script starts is an outer step of its own.
    let error = Command::new("sh")
        .arg("-euc")
        .arg(script)
        .env_remove("COLAB_KEEPER_SANDBOX")
        .exec();
    eprintln!("{error}");
    ExitCode::FAILURE
}

/// A test from a function that panics when it fails.
pub fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        std::panic::catch_unwind(test).map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Failed::from(text.unwrap_or_else(|| "it panicked".into()))
        })
    })
}
