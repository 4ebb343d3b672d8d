//! The desktop as people and strangers meet it: one device, started once, seen through a real
//! remote desktop client and tried at every door. The scenarios run in this order, on what the ones
//! before have left.

mod browser;
mod colab;
mod enrolment;
mod first_boot;
mod keeping;
mod logins;
mod machine;
mod neighbours;
mod settings;
mod ssh;
mod state;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Instant;

use e2e::guest::{Guest, HANAKO};
use e2e::harness;
use e2e::viewer::Viewer;
use libtest_mimic::{Failed, Trial};
use look::Security;

fn main() -> ExitCode {
    harness::main_in_sandbox(|| {
        let mut trials = state::at_first();
        trials.extend(first_boot::trials());
        trials.extend(state::at_rest());
        trials.extend(logins::trials());
        trials.extend(browser::trials());
        trials.extend(keeping::trials());
        trials.extend(ssh::trials());
        trials.extend(colab::trials());
        trials.extend(machine::trials());
        trials.extend(enrolment::trials());
        trials.extend(neighbours::trials());
        trials.extend(settings::trials());
        trials.extend(state::in_the_end());
        only_chosen(trials)
    })
}

/// Those that `E2E_ONLY` names, if it does: another image need not be tried in everything.
fn only_chosen(trials: Vec<Trial>) -> Vec<Trial> {
    let Ok(chosen) = std::env::var("E2E_ONLY") else {
        return trials;
    };
    let chosen: Vec<&str> = chosen.split(' ').collect();
    let count = trials.len();
    let kept: Vec<Trial> = trials
        .into_iter()
        .filter(|trial| chosen.contains(&trial.name()))
        .collect();
    assert_eq!(kept.len(), chosen.len(), "of {count}, chosen: {chosen:?}");
    kept
}

/// A scenario on the device. What fails leaves its pictures and the device's own words in the
/// artefacts.
fn scenario(name: &'static str, play: fn(&Guest)) -> Trial {
    Trial::test(name, move || {
        let guest = match guest() {
            Ok(guest) => guest,
            Err(error) => return Err(Failed::from(error)),
        };
        let started = Instant::now();
        let played = harness::run(AssertUnwindSafe(|| play(guest)));
        eprintln!("    {name}: {:.0} s", started.elapsed().as_secs_f64());
        played.map_err(|failed| {
            guest.keep_evidence(name);
            let said = failed.message().unwrap_or_default();
            let place = guest.artefacts.display();
            Failed::from(format!("{said}\npictures, console and journal: {place}"))
        })
    })
}

/// hanako, in front of its remote desktop; `name` is what her pictures are called by.
fn hanako<'a>(guest: &'a Guest, name: &str) -> Viewer<'a> {
    let login = (HANAKO, guest.owner.password(HANAKO));
    Viewer::connect(guest, name, login, Security::Tls)
}

/// The device, started for the first scenario that asks for it.
fn guest() -> Result<&'static Guest, &'static String> {
    static GUEST: OnceLock<Result<Guest, String>> = OnceLock::new();
    let started = GUEST.get_or_init(|| Guest::start().map_err(|error| format!("{error:#}")));
    started.as_ref()
}
