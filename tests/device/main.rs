//! The device's own scripts, run as they ship against stand-ins for what they talk to; and what
//! keeper-apply writes, read by the programs that it is for; and keeper-session on a real X server.

mod browser;
mod firewall;
mod kiosk;
mod network;
mod rdp_key;
mod session;
mod settings;

use std::process::ExitCode;

use e2e::harness;

fn main() -> ExitCode {
    if let Some(args) = session::arguments() {
        return keeper_session::start(args);
    }
    harness::main(|| {
        browser::trials()
            .into_iter()
            .chain(firewall::trials())
            .chain(kiosk::trials())
            .chain(network::trials())
            .chain(rdp_key::trials())
            .chain(session::trials())
            .chain(settings::trials())
            .collect()
    })
}
