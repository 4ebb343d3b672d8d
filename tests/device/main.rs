//! The device's own scripts, run as they ship against stand-ins for what they talk to.

mod browser;
mod network;

use std::process::ExitCode;

use e2e::harness;

fn main() -> ExitCode {
    harness::main(|| {
        browser::trials()
            .into_iter()
            .chain(network::trials())
            .collect()
    })
}
