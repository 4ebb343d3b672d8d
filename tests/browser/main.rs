//! keeperd with a real browser: pages that ask before they are left, hang, crash, lead to a sign-in or
//! show dialogs; a server that dies and returns, a browser that is killed; and two hundred reloads.
//!
//! One browser serves all scenarios; each has a keeperd and a notebook of its own.

mod keeper;
mod site;
mod trouble;
mod well;

use std::process::ExitCode;

use e2e::harness;

fn main() -> ExitCode {
    harness::main_in_sandbox(|| {
        let mut trials = well::trials();
        trials.extend(trouble::trials());
        trials
    })
}
