//! keeperd with a real browser: pages that ask before they are left, hang, crash, lead to a sign-in or
//! show dialogs; a server that dies and returns, a browser that is killed; and two hundred reloads.
//!
//! One browser serves all scenarios; each has a keeperd and a notebook of its own.

mod keeper;
mod site;
mod trouble;
mod well;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use e2e::chromium::Chromium;
use e2e::harness;
use libtest_mimic::Trial;

fn main() -> ExitCode {
    harness::main_in_sandbox(|| {
        let mut trials = well::trials();
        trials.extend(trouble::trials());
        trials
    })
}

/// A scenario in the browser, which the first one starts.
fn scenario(name: &'static str, play: fn(&mut Chromium)) -> Trial {
    static BROWSER: Mutex<Option<Chromium>> = Mutex::new(None);
    Trial::test(name, move || {
        let mut browser = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
        let browser = browser.get_or_insert_with(Chromium::start);
        let started = Instant::now();
        let played = harness::run(AssertUnwindSafe(|| play(browser)));
        eprintln!("    {name}: {:.0} s", started.elapsed().as_secs_f64());
        if played.is_err() {
            eprintln!("the browser says:\n{}", browser.log());
        }
        played
    })
}
