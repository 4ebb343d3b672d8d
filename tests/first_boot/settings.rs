//! Settings of a device at work, changed over its own pages with an approval; and the plug pulled meanwhile.

use std::time::Duration;

use e2e::guest::TARO;
use e2e::patience::wait_for;
use libtest_mimic::Trial;

use crate::device::Device;
use crate::preset::HOSTNAME;
use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("settings_are_changed_with_an_approval", with_approval),
        scenario("a_power_cut_leaves_old_settings_or_new_ones", cut),
    ]
}

/// Until a change is in force, in emulation.
const APPLIED: Duration = Duration::from_secs(120);
/// Until root is at work on a change, or five seconds are over.
const AT_WORK: &str = "for _ in $(seq 100); do test -e /var/lib/keeper-apply/change.json && echo at work && break; sleep 0.05; done";

fn with_approval(device: &mut Device) {
    let refused = answer(device, "attic", "not-the-password");
    assert!(refused.ends_with("303"), "{refused}");
    let said = wait_for("the refusal", APPLIED, || {
        let page = device.taro("curl --silent http://127.0.0.1:8470/settings/progress");
        page.stdout.contains("sudo").then_some(page.stdout)
    });
    assert!(said.is_some(), "expected a page that says why");
    assert_eq!(name(device), [HOSTNAME, HOSTNAME, HOSTNAME]);
    answer(device, "attic", device.owner.password(TARO));
    let done = wait_for("the change", APPLIED, || {
        (name(device) == ["attic", "attic", "attic"]).then_some(())
    });
    assert!(done.is_some(), "instead: {:?}", name(device));
}

fn cut(device: &mut Device) {
    answer(device, "cellar", device.owner.password(TARO));
    let said = device.root(AT_WORK).well();
    device.cut().expect("it was on");
    eprintln!("    when the plug was pulled, root was {said}");
    device.start().expect("it starts");
    device.come_up().expect("taro still owns the device");
    let found = name(device);
    let said = device.root("journalctl --boot --no-pager --output cat --unit keeper-first-boot");
    eprintln!(
        "    after the power cut it is called {found:?}; first boot said:\n{}",
        said.stdout
    );
    assert!(
        found == ["attic", "attic", "attic"] || found == ["cellar", "cellar", "cellar"],
        "{found:?}"
    );
    device
        .root("test ! -e /var/lib/keeper-apply/change.json")
        .well();
}

/// The name that the kernel has, the file and keeper.toml.
fn name(device: &Device) -> [String; 3] {
    let said = device.taro(
        "hostname; cat /etc/hostname; sed -n 's/^hostname = \"\\(.*\\)\"/\\1/p' /etc/keeper/keeper.toml",
    );
    let mut lines = said.stdout.lines().map(str::to_owned);
    [(); 3].map(|()| lines.next().unwrap_or_default())
}

/// Gives the device this name over its pages, as a browser at the other end of `ssh -L` would, approved by taro with this
/// password; what the last form was answered with.
fn answer(device: &Device, name: &str, password: &str) -> String {
    let script = format!(
        r#"set -eu
site=http://127.0.0.1:8470
token=$(curl --silent --fail $site/settings/place | sed -n 's/.*name="token" value="\([^"]*\)".*/\1/p' | head -n 1)
send() {{ curl --silent --output /dev/null --write-out '%{{http_code}}\n' --header "Origin: $site" --data-urlencode "token=$token" "$@"; }}
send --data-urlencode keyboard=jp --data-urlencode timezone=Asia/Tokyo --data-urlencode hostname={name} $site/settings/place
printf %s '{password}' | send --data-urlencode approver={TARO} --data-urlencode approval@- $site/settings/apply
"#
    );
    device.taro(&script).well()
}
