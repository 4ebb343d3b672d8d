//! A device that nobody stands beside. A preset on the card sets it up though its plug is pulled again and again; its
//! settings are changed over the network; a file on the card makes it new. The scenarios run in this order, on what the
//! ones before have left. The wizard is in `tests/desktop` and `tests/wizard`.

mod cuts;
mod device;
mod preset;
mod reset;
mod settings;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use e2e::harness;
use libtest_mimic::{Failed, Trial};

use device::Device;

fn main() -> ExitCode {
    harness::main_in_sandbox(|| {
        let mut trials = cuts::trials();
        trials.extend(preset::trials());
        trials.extend(settings::trials());
        trials.extend(reset::trials());
        trials
    })
}

/// A scenario on the device. What fails leaves its console in the artefacts.
fn scenario(name: &'static str, play: fn(&mut Device)) -> Trial {
    static DEVICE: Mutex<Option<Device>> = Mutex::new(None);
    Trial::test(name, move || {
        let mut device = DEVICE.lock().expect("no scenario's panic comes so far");
        let device = match &mut *device {
            Some(device) => device,
            none => none.insert(Device::new("first-boot").map_err(|error| format!("{error:#}"))?),
        };
        let started = Instant::now();
        let played = harness::run(AssertUnwindSafe(|| play(device)));
        eprintln!("    {name}: {:.0} s", started.elapsed().as_secs_f64());
        played.map_err(|failed| {
            device.keep_console();
            let said = failed.message().unwrap_or_default();
            let place = device.artefacts.display();
            Failed::from(format!("{said}\nconsoles and pictures: {place}"))
        })
    })
}
