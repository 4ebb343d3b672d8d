//! The preset: what it says, that all of it is in force, and that nothing of it is where it ought not to be.

use std::time::Duration;

use e2e::guest::{Owner, TARO};
use e2e::patience::wait_for;
use libtest_mimic::Trial;

use crate::device::Device;
use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("the_presets_secrets_are_gone", |device| {
            secrets_are_gone(device);
        }),
        scenario("the_presets_notebook_opens", notebook_opens),
    ]
}

/// What the preset calls the device.
pub const HOSTNAME: &str = "taros-keeper";
/// From the device's start until the browser has the page, in emulation.
const FIRST_PAGE: Duration = Duration::from_secs(240);

/// Writes it on the card.
pub fn put_on_card(device: &Device) {
    let preset = format!(
        "# As typed at first: password = \"{0}\"\n[owner]\nname = \"{TARO}\"\npassword = \"{0}\"\n\
         [device]\nhostname = \"{HOSTNAME}\"\ntimezone = \"Asia/Tokyo\"\nlanguage = \"ja\"\n\
         [browser]\nnotebooks = [\"{1}\"]\nreload_minutes = 1440\n\
         [ssh]\nauthorized_keys = [\"{2}\"]\n",
        device.owner.password(TARO),
        device.notebook.url(),
        Owner::public(&device.owner.key),
    );
    device.write("keeper.toml", &preset).expect("a card");
}

/// The device is taro's, whole, and nobody else's.
pub fn is_in_force(device: &mut Device) {
    let said = device.root(
        "hostname; readlink /etc/localtime; id -nG taro
         grep -c ^taro: /etc/passwd /etc/shadow /etc/group /etc/gshadow
         ls /etc/*.lock /etc/keeper/*.lock 2>/dev/null; grep -o '^setup:[!*]' /etc/shadow
         test -e /var/lib/keeper-apply/setup-code || echo no code
         test -e /var/lib/keeper-apply/change.json || echo no change",
    );
    let lines = said.well();
    let mut lines = lines.lines();
    let mut next = || lines.next().unwrap_or_default().to_owned();
    assert_eq!(next(), HOSTNAME);
    assert!(next().ends_with("/Asia/Tokyo"));
    let groups = next();
    for group in ["sudo", "keeper-people"] {
        assert!(groups.split(' ').any(|one| one == group), "{groups}");
    }
    for file in ["passwd", "shadow", "group", "gshadow"] {
        assert_eq!(next(), format!("/etc/{file}:1"));
    }
    assert_eq!(
        [next(), next(), next()],
        ["setup:!", "no code", "no change"]
    );
    // The system's own judges of its lists of accounts; both warn of homes that daemons never have.
    let checked = device.root("pwck -r -q; echo; grpck -r; cat /etc/keeper/keeper.toml");
    let (judged, toml) = checked.stdout.split_once("[").expect("a keeper.toml");
    for word in ["taro", "no matching", "delete", "duplicate", "invalid"] {
        assert!(!judged.contains(word), "{judged}");
    }
    assert!(toml.contains(&device.notebook.url()), "{toml}");
    let said = device.notice(|notice| notice.contains("is set up"));
    assert!(!said.expect("a notice").contains("Password:"));
}

/// taro's password is on the device as a hash only: in no file, no log, and not on the card.
pub fn secrets_are_gone(device: &Device) {
    let password = device.owner.password(TARO);
    let script = format!(
        "cat >/dev/shm/wanted <<'END'\n{password}\nEND\n\
         echo \"{password}\" | grep -cFf /dev/shm/wanted
         ls /boot/firmware
         grep -acFf /dev/shm/wanted \"$(findmnt --noheadings --output SOURCE /boot/firmware)\"
         journalctl --no-pager | grep -cFf /dev/shm/wanted
         grep -rlsFf /dev/shm/wanted /etc /var /home /root /run /tmp | wc -l
         rm /dev/shm/wanted"
    );
    let said = device.root(&script).well();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines.first(),
        Some(&"1"),
        "expected grep to find what is there: {said}"
    );
    assert!(
        lines.contains(&"keeper.toml.used") && !lines.contains(&"keeper.toml"),
        "{said}"
    );
    let counts = &lines[lines.len() - 3..];
    assert_eq!(
        counts,
        ["0", "0", "0"],
        "on the card, in the journal, in files"
    );
}

fn notebook_opens(device: &mut Device) {
    let notebook = &device.notebook;
    let opened = wait_for("the notebook", FIRST_PAGE, || notebook.last_load());
    assert!(
        opened.is_some(),
        "expected the desktop to open the notebook"
    );
}
