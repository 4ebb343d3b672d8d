//! The builder, end to end.

mod archive;
mod images;
mod interrupted;
mod refusals;
mod snap;
mod vendor;

use std::process::ExitCode;

use e2e::harness;

fn main() -> ExitCode {
    harness::main(|| {
        let mut trials = refusals::trials();
        trials.extend(archive::trials());
        trials.extend(images::trials());
        trials.extend(vendor::trials());
        trials.extend(snap::trials());
        if std::env::var_os("E2E_FAST").is_none() {
            trials.extend(refusals::trials_after_a_build());
            trials.extend(interrupted::trials());
        }
        trials
    })
}
