//! The tunnel end to end: a real IPython kernel executes the notebook in a machine of its own, which
//! dials a real sshd through a router, and people enter it from the device and from a laptop.

mod colab;
mod ends;
mod first;
mod health;
mod machine;
mod people;
mod stolen;
mod trouble;
mod world;

use std::process::ExitCode;

/// How many trials run side by side.
const THREADS: usize = 4;

fn main() -> ExitCode {
    // They wait more than they work. The longest one comes first.
    e2e::harness::main_with(THREADS, || {
        let parts = [
            people::trials(),
            trouble::trials(),
            ends::trials(),
            health::trials(),
            stolen::trials(),
            first::trials(),
        ];
        parts.into_iter().flatten().collect()
    })
}
