//! The device's own scripts, run as they ship against stand-ins for what they talk to; and what
//! keeper-apply writes, read by the programs that it is for; and keeper-session on a real X server.

mod browser;
mod ddns;
mod firewall;
mod kiosk;
mod network;
mod rdp_key;
mod router;
mod session;
mod settings;
mod setup;
mod setup_units;

use std::process::ExitCode;

use e2e::harness;

fn main() -> ExitCode {
    if let Some(args) = session::arguments() {
        return keeper_session::start(args);
    }
    if let Some(settings) = router::settings() {
        return router::start(&settings);
    }
    harness::main(|| {
        browser::trials()
            .into_iter()
            .chain(ddns::trials())
            .chain(firewall::trials())
            .chain(kiosk::trials())
            .chain(network::trials())
            .chain(rdp_key::trials())
            .chain(router::trials())
            .chain(session::trials())
            .chain(settings::trials())
            .chain(setup::trials())
            .chain(setup_units::trials())
            .collect()
    })
}
