//! The device's own scripts, run as they ship against stand-ins for what they talk to; and what
//! keeper-apply writes, read by the programs that it is for.

mod browser;
mod firewall;
mod network;
mod rdp_key;
mod settings;

use std::process::ExitCode;

use e2e::harness;

fn main() -> ExitCode {
    harness::main(|| {
        browser::trials()
            .into_iter()
            .chain(firewall::trials())
            .chain(network::trials())
            .chain(rdp_key::trials())
            .chain(settings::trials())
            .collect()
    })
}
