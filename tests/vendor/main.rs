//! A vendor's image as a base: taken apart and put together, built on, and started.

mod same;
mod whole;

use std::process::ExitCode;

use e2e::harness;

fn main() -> ExitCode {
    harness::main(|| {
        let mut trials = same::trials();
        trials.extend(whole::trials());
        trials
    })
}
