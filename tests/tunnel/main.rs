//! The tunnel end to end: a real IPython kernel executes the notebook in a machine of its own, which
//! dials a real sshd through a router, and people enter it from the device and from a laptop.

mod colab;
mod first;
mod machine;
mod people;
mod trouble;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    e2e::harness::main(|| {
        first::trials()
            .into_iter()
            .chain(people::trials())
            .chain(trouble::trials())
            .collect()
    })
}
