//! The plug is pulled while a preset sets the device up. Whatever has been begun, the device ends as the preset wants it.

use std::time::Duration;

use libtest_mimic::Trial;

use crate::device::Device;
use crate::{preset, scenario};

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![scenario(
        "a_preset_outlives_power_cuts",
        one_after_the_other,
    )];
    if std::env::var_os("E2E_LONG").is_some() {
        trials.push(scenario("a_preset_outlives_any_power_cut", each_alone));
    }
    trials
}

/// On the console when root begins with what makes a device somebody's; systemd shortens its name.
const BEGINS: &str = "Starting keeper-first-boot";

/// Moments from [`BEGINS`] on, in milliseconds: before the journal of the change is there, and in it.
const CHAIN: [u64; 3] = [1500, 5000, 9000];

/// As many cuts, each on a card of its own.
const ALONE: u64 = 20;
/// In milliseconds, from one of them to the next.
const APART: u64 = 900;

fn one_after_the_other(device: &mut Device) {
    preset::put_on_card(device);
    for wait in CHAIN {
        start_and_cut(device, Duration::from_millis(wait));
    }
    device.start().expect("it starts");
    device.come_up().expect("taro owns the device");
    preset::is_in_force(device);
}

fn each_alone(_: &mut Device) {
    for number in 0..ALONE {
        // The other one may be at work, and has a console of its own.
        let mut device = Device::new("power-cut").expect("a card");
        preset::put_on_card(&device);
        start_and_cut(&mut device, Duration::from_millis(number * APART));
        device.start().expect("it starts");
        device.come_up().expect("taro owns the device");
        preset::is_in_force(&mut device);
        preset::secrets_are_gone(&device);
    }
}

fn start_and_cut(device: &mut Device, wait: Duration) {
    device.start().expect("it starts");
    device.wait_for_console(BEGINS).expect("first boot begins");
    std::thread::sleep(wait);
    device.cut().expect("it was on");
    eprintln!(
        "    cut {} ms after the beginning; the console said last: {:?}",
        wait.as_millis(),
        device.console().trim_end().lines().next_back()
    );
}
