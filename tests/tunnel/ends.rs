//! The end of an enrolment: revoked or expired, while its machine is connected and afterwards.

use std::path::Path;

use e2e::harness::trial_in_sandbox;
use e2e::repository;
use libtest_mimic::Trial;
use tunnel::Enrolment;

use crate::colab::{ALL, Colab};
use crate::machine::{Machine, wait};
use crate::trouble::refused;
use crate::world::{Ground, enrol, shell};

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox("a_key_that_is_revoked_ends_its_connection", revoked),
        trial_in_sandbox("a_key_that_expires_ends_its_connection", expired),
    ]
}

const REFUSED: &str =
    "your device refuses this machine's key: it has expired, it was revoked, or the tunnel is";

fn revoked() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    let secret = enrol(&device, "");
    let mut colab = Colab::execute(&vm, &secret, ALL);
    assert!(colab.said("connect").starts_with("✔ connected"));
    let record = device.sh("cat /etc/keeper/tunnel.toml");
    assert!(
        !record.contains("PRIVATE") && !record.contains(&secret[..40]),
        "{record}"
    );
    let record = tunnel::Record::parse(&record).unwrap();
    let given = Enrolment::decode(&secret).unwrap();
    assert_eq!(record.keys[0].host_key, given.host_key_public);
    device.sh(&format!("keeper tunnel revoke {}", &record.keys[0].id[..6]));
    is_out(&mut colab, &device);
    colab.said("stop");
    wait("the kernel has ended", || colab.has_ended());
    let said = refused(&vm, &secret, "prepare connect");
    assert!(said.starts_with(&format!("✘ {REFUSED}")), "{said}");
}

fn expired() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    let secret = enrol(&device, "--days 1");
    let mut colab = Colab::execute(&vm, &secret, ALL);
    assert!(colab.said("connect").starts_with("✔ connected"));
    systemd_knows_when(&device, &Enrolment::decode(&secret).unwrap());

    // The time comes. sshd looks at it when somebody logs in, so the line stands.
    device.sh("sed -i 's/expiry-time=\"2[0-9]*Z\"/expiry-time=\"202001010000Z\"/' /etc/keeper/applied/tunnel.keys
               grep -q 202001010000Z /etc/keeper/applied/tunnel.keys");
    assert_eq!(shell(&device, "uname -n"), (0, "vm\n".into()));
    device.sh("setpriv --reuid=hanako --regid=hanako --init-groups sleep 1000 >/dev/null 2>&1 &");
    what_systemd_starts(&device);
    is_out(&mut colab, &device);
    // Nobody else was touched.
    device.sh("pgrep -x -u hanako sleep; pgrep -x sshd");
}

/// It dials again by itself, and is told that it may not.
fn is_out(colab: &mut Colab, device: &Machine) {
    let watched = colab.said("watch");
    assert!(watched.contains(&format!("✘ {REFUSED}")), "{watched}");
    assert_eq!(
        shell(device, "true"),
        (255, "No Colab machine is connected.\n".into())
    );
}

fn unit(name: &str) -> String {
    let units = repository().join("overlay/tunnel/root/usr/lib/systemd/system");
    fs_err::read_to_string(units.join(name)).unwrap()
}

/// The timer with its drop-in, as the image has them, read by the real systemd.
fn systemd_knows_when(device: &Machine, enrolment: &Enrolment) {
    let timer = "keeper-tunnel-end.timer";
    let units = device.room.join("units");
    fs_err::create_dir(&units).unwrap();
    for name in [timer, "keeper-tunnel-end.service"] {
        fs_err::write(units.join(name), unit(name)).unwrap();
    }
    let drop_in = Path::new("etc/systemd/system")
        .join(format!("{timer}.d"))
        .join("10-expiry.conf");
    let link = repository().join("overlay/tunnel/root").join(&drop_in);
    assert!(link.is_symlink());
    let room = units.display();
    device.sh(&format!(
        "mkdir -p {room}/{timer}.d
         cp /etc/keeper/applied/{} {room}/{timer}.d/10-expiry.conf",
        fs_err::read_link(&link)
            .unwrap()
            .file_name()
            .unwrap()
            .display(),
    ));
    let verified = device.sh(&format!(
        "SYSTEMD_UNIT_PATH={room}: systemd-analyze verify --man=no --recursive-errors=no {timer} 2>&1"
    ));
    assert!(!verified.contains("keeper-tunnel"), "{verified}");
    // Five seconds after sshd has stopped taking the key.
    let after = tunnel::Time::at(enrolment.expires.seconds() + 5);
    let moments = device.sh("sed -n s/^OnCalendar=//p /etc/keeper/applied/expiry.conf");
    let read = device.sh(&format!(
        "TZ=Asia/Tokyo systemd-analyze calendar '{}'",
        moments.trim()
    ));
    let utc = after.to_string().replace('T', " ").replace('Z', " UTC");
    assert!(read.contains(&format!("{utc}\n")), "{utc}: {read}");
}

/// What the service does when the time has come, as the account that it does it as.
fn what_systemd_starts(device: &Machine) {
    let service = unit("keeper-tunnel-end.service");
    let setting = |key: &str| {
        let mut lines = service.lines();
        let value = lines.find_map(|line| line.strip_prefix(&format!("{key}=")));
        value
            .unwrap_or_else(|| panic!("{key} in {service}"))
            .to_owned()
    };
    let (user, group) = (setting("User"), setting("Group"));
    assert_eq!(user, tunnel::DIALS_AS, "root would end everything");
    let start = setting("ExecStart");
    device.attempt(&format!(
        "setpriv --reuid={user} --regid={group} --clear-groups --bounding-set=-all --no-new-privs {}",
        start.trim_start_matches('-')
    ));
}
