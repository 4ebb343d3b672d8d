//! Tests of a reset: what goes and what stays. That it survives a power cut at each step is shown with first boot's.

use super::*;
use crate::change::is_set_up;
use crate::first_boot::tests::room::Room;

/// All that must be gone, with something in it that says so.
const PRIVATE: [&str; 36] = [
    "home/taro/diary",
    "home/taro/.ssh/authorized_keys",
    "home/keeper/.config/keeper-chromium/Cookies",
    "home/keeper/snap/chromium/common/keeper/Cookies",
    "home/keeper-setup/.cache/x",
    "var/mail/taro",
    "var/spool/cron/crontabs/taro",
    "var/lib/systemd/linger/taro",
    "var/lib/keeper/setup.json",
    "var/lib/keeper/notebooks.json",
    "var/lib/keeper-shell/id_ed25519",
    "var/lib/keeper-ddns/ddclient.cache",
    "var/lib/keeper-apply/set-up",
    "var/lib/keeper-apply/setup-code",
    "var/lib/keeper-apply/preset-used",
    "var/lib/keeper-apply/change.json",
    "var/lib/keeper-apply/network-back.json",
    "var/lib/keeper-apply/generations/0123456789abcdef/people.keys",
    "etc/keeper/secrets/ddns",
    "etc/keeper/tunnel.toml",
    "etc/netplan/60-keeper-wifi.yaml",
    "etc/NetworkManager/system-connections/keeper-wifi.nmconnection",
    "etc/ssh/ssh_host_ed25519_key",
    "etc/ssh/ssh_host_ed25519_key.pub",
    "etc/xrdp/keeper/key.pem",
    "etc/sudoers.d/90-cloud-init-users",
    "boot/firmware/keeper.toml.used",
    // Of somebody who is in no group of ours.
    "home/guest/file",
    // Of accounts that a power cut has left without a line in passwd, or with nothing else.
    "home/ghost/diary",
    "home/.hanako.new/.profile",
    "var/mail/ghost",
    "var/lib/systemd/linger/ghost",
    "var/spool/cron/crontabs/root",
    "etc/shadow-",
    "root/.ssh/authorized_keys",
    "var/log/journal/0123/system.journal",
];
/// What is none of a reset's business.
const KEPT: [&str; 8] = [
    "etc/machine-id",
    "etc/ssh/sshd_config",
    "etc/netplan/50-cloud-init.yaml",
    "etc/sudoers.d/keeper-shell",
    "home/service/file",
    "var/lib/odd/file",
    "var/lib/systemd/linger/keeper",
    "boot/firmware/user-data",
];

/// A device that has been in use for a while, with a card that asks for a reset.
pub(crate) fn used(room: &Room) {
    for path in PRIVATE {
        room.write(path, "a private matter");
    }
    for path in KEPT {
        room.write(path, "a plain matter");
    }
    room.write("etc/keeper/keeper.toml", "# a private matter\n");
    Store::new(&room.root)
        .switch(&Generation::Stored("0123456789abcdef".to_owned()))
        .expect("a link");
    fs::os::unix::fs::symlink("/etc", room.root.join("home/taro/link")).expect("a link");
    room.put_on_card("keeper-reset.txt", "");
}

/// Nothing of `used` is left but what is kept.
#[track_caller]
pub(crate) fn is_new(room: &Room, when: &str) {
    assert!(!room.holds("a private matter"), "{when}");
    for path in PRIVATE {
        // A new code may be there by now.
        assert!(
            !room.exists(path) || path.ends_with("setup-code"),
            "{when}: {path}"
        );
    }
    for path in KEPT {
        assert_eq!(room.read(path), "a plain matter", "{when}: {path}");
    }
    let names: Vec<String> = room
        .read("etc/passwd")
        .lines()
        .filter_map(|line| line.split(':').next().map(str::to_owned))
        .collect();
    assert_eq!(names, ["root", "keeper", "service", "nobody"], "{when}");
    for (file, text) in [
        (
            "shadow",
            "root:!:1::::::\nkeeper:!:1::::::\nservice:*:1::::::\n",
        ),
        (
            "group",
            "root:x:0:\nsudo:x:27:\nkeeper:x:998:\nservice:x:500:\nkeeper-people:x:990:service,nobody\n\
             nogroup:x:65534:\n",
        ),
        ("subuid", ""),
    ] {
        assert_eq!(room.read(&format!("etc/{file}")), text, "{when}: {file}");
    }
    assert_eq!(room.read("etc/keeper/keeper.toml"), SETTINGS, "{when}");
    assert_eq!(room.read("etc/hostname"), "colab-keeper\n", "{when}");
    let hosts = "127.0.0.1 localhost\n127.0.1.1 colab-keeper\n";
    assert_eq!(room.read("etc/hosts"), hosts, "{when}");
    let in_force = Store::new(&room.root).in_force().expect("a link");
    assert_eq!(in_force, Some(Generation::Defaults), "{when}");
    for path in [
        "home/taro",
        "etc/xrdp/keeper",
        "boot/firmware/keeper-reset.txt",
    ] {
        assert!(!room.exists(path), "{when}: {path}");
    }
    for path in ["home/keeper", "var/lib/keeper", "var/lib/keeper-shell"] {
        assert!(room.exists(path), "{when}: {path}");
    }
    assert!(
        !is_set_up(&room.root) && !is_under_way(&room.root),
        "{when}"
    );
}

#[test]
fn the_images_settings_are_the_default() {
    let parsed = config::parse(SETTINGS).expect("a good configuration");
    assert_eq!(parsed, config::Config::default());
}

#[test]
fn a_reset_removes_all_that_is_its_owners_and_leaves_first_boot() {
    for marker in MARKERS {
        let room = Room::new();
        used(&room);
        fs::remove_file(room.root.join("boot/firmware/keeper-reset.txt")).expect("it was there");
        room.put_on_card(marker, "");
        room.start().expect("a start that resets");
        assert_eq!((room.world().reboots, room.code()), (1, None));
        is_new(&room, marker);
        room.power_off();
        room.start().expect("a first boot");
        assert_eq!(room.world().reboots, 1);
        assert_eq!(room.world().lets_in, room.code());
        assert!(room.code().is_some());
    }
}

#[test]
fn a_reset_must_be_meant() {
    let room = Room::new();
    let ask = |consent| room.with_place(|place| reset(place, consent));
    for typed in ["", "\n", "yes", "Attic", "attic2", "colab-keeper"] {
        let error = ask(Consent::Name(typed)).expect_err("not the name");
        let said = format!("{error:#}");
        assert_eq!(said, "this device is called attic; nothing has changed");
        assert!(!is_under_way(&room.root));
    }
    assert_eq!(room.world().reboots, 0);
    for consent in [
        Consent::Name("attic\n"),
        Consent::Name(" attic "),
        Consent::Option,
    ] {
        let room = Room::new();
        used(&room);
        let asked = room.with_place(|place| reset(place, consent));
        asked.expect("a reset");
        assert!(is_under_way(&room.root));
        assert!(
            room.exists("home/taro/diary"),
            "it is done at the next start"
        );
        assert_eq!(room.world().reboots, 1);
        room.power_off();
        room.start().expect("a start that resets");
        is_new(&room, "asked for");
    }
}

/// One that asks again and again would make the device useless.
#[test]
fn a_marker_that_cannot_be_removed_asks_in_vain() {
    use std::os::unix::fs::PermissionsExt as _;
    if rustix::process::geteuid().is_root() {
        return; // Root removes what it likes.
    }
    let room = Room::new();
    used(&room);
    let boot = room.root.join("boot/firmware");
    let mode = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        fs::set_permissions(&boot, mode).expect("a mode");
    };
    mode(0o555);
    let started = room.start();
    mode(0o755);
    started.expect_err("a card that cannot be written");
    assert!(!is_under_way(&room.root));
    assert!(room.exists("home/taro/diary"));
}

/// Otherwise one file that cannot be removed would leave a device with neither an owner nor a code.
#[test]
fn what_cannot_be_removed_is_told_of_and_keeps_nobody_out() {
    let room = Room::new();
    used(&room);
    // A directory of ours that is none: nobody knows what it is.
    let odd = room.root.join("var/lib/keeper-router");
    fs::os::unix::fs::symlink("/etc", &odd).expect("a link");
    room.start().expect("a start that resets");
    assert_eq!((room.world().reboots, room.code()), (1, None));
    is_new(&room, "but for one");
    let told = |room: &Room| {
        room.card("keeper-setup.txt")
            .contains("keeper-router is no directory")
    };
    for _ in 0..2 {
        room.power_off();
        room.start().expect("a first boot");
        assert_eq!(room.world().reboots, 1, "that was all");
        assert_eq!(room.world().lets_in, room.code());
        assert!(told(&room) && room.code().is_some());
    }
    room.with_place(first_boot::finish_at)
        .expect("the end of a change");
    room.end().expect("the end of setup");
    assert!(!told(&room) && !room.exists("var/lib/keeper-apply/reset-left"));
}

#[test]
fn while_somebody_could_still_get_in_no_new_code_is_shown() {
    for file in ["etc/group", "etc/shadow", "etc/passwd"] {
        let room = Room::new();
        used(&room);
        let (whole, damaged) = (room.read(file), "keeper:x:998:\n");
        let path = room.root.join(file);
        fs::remove_file(&path).expect("it was there");
        if file == "etc/passwd" {
            room.write(file, damaged);
        } else {
            // It cannot be read.
            fs::create_dir(&path).expect("a directory");
        }
        let error = room.start().expect_err("an account is left");
        let error = format!("{error:#}");
        assert!(error.contains("nobody new is let in"), "{error}");
        assert!(
            room.card("keeper-setup.txt")
                .contains("write the image onto the card anew")
        );
        assert_eq!((room.world().reboots, room.code()), (0, None));
        assert!(is_under_way(&room.root));
        // By a damaged passwd nobody knows whose home is whose.
        assert_eq!(
            room.exists("home/taro"),
            file == "etc/passwd",
            "all else is done"
        );
        disk::remove(&path).expect("it was there");
        room.write(file, &whole);
        room.power_off();
        room.start().expect("a start that resets");
        is_new(&room, "at last");
    }
}

/// A power cut after the accounts are gone.
#[test]
fn homes_are_found_without_their_accounts() {
    let room = Room::new();
    used(&room);
    let everybody = accounts::everybody(&room.root).expect("accounts");
    accounts::remove(&room.root, &everybody).expect("no accounts");
    assert!(room.exists("home/taro/diary"), "homes are another step's");
    room.start().expect("a start that resets");
    is_new(&room, "homes of nobody");
}
