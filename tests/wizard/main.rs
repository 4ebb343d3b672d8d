//! The wizard, in a real browser and by a person's hands: every page in both languages, everything that
//! can be answered wrongly, every way through the pages, and how it all looks.
//!
//! keeperd is real, and what it asks keeper-apply is answered by a stand-in (`root`): the tests need it
//! to be slow, to fail, and to be killed. One browser serves all scenarios; each has a device of its own.

mod device;
mod faults;
mod looks;
mod pages;
mod person;
mod plain;
mod root;
mod sight;
mod ways;
mod work;

use std::process::ExitCode;

use e2e::chromium::{self, Chromium};
use e2e::harness;
use libtest_mimic::Trial;

fn main() -> ExitCode {
    harness::main_in_sandbox(|| {
        let mut trials = pages::trials();
        trials.extend(faults::trials());
        trials.extend(ways::trials());
        trials.extend(plain::trials());
        trials.extend(looks::trials());
        trials.extend(work::trials());
        trials
    })
}

/// A scenario in the browser, in tabs of its own.
fn scenario(name: &'static str, play: impl Fn(&Chromium) + Send + 'static) -> Trial {
    chromium::scenario(name, move |chromium| play(chromium))
}
