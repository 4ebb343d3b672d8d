//! What a change leaves, as its owner finds it; and the networks of settings.

use setup::{Change, Progress, Secret, Wifi, Work};

use super::machine::Machine;
use super::room::{DDNS, PASSWORD, Room, WIFI_PASSWORD, change, room_for};
use crate::change::{By, Refused, carry_out, is_set_up, network, network_back, recover};

const NETPLAN: &str = "etc/netplan/60-keeper-wifi.yaml";
const UNCONFIRMED: &str = "var/lib/keeper-apply/network-back.json";

fn done(
    room: &Room,
    machine: &Machine,
    change: &Change,
    by: By,
) -> (Option<u32>, Vec<(Work, Progress)>) {
    let mut told = Vec::new();
    let apply = room.apply(machine, false);
    let mut tell = |work, progress| told.push((work, progress));
    let confirm = carry_out(&apply, machine, change, by, &mut tell).expect("a good change");
    (confirm, told)
}

#[test]
fn a_new_device_becomes_its_owners() {
    let room = Room::new();
    let machine = Machine::new(&room);
    assert!(!is_set_up(&room.root));
    let (confirm, told) = done(&room, &machine, &change(&room, By::Wizard), By::Wizard);
    assert!(is_set_up(&room.root));
    assert_eq!(confirm, Some(90));
    for work in Work::ALL {
        let of = |one: &&(Work, Progress)| one.0 == work;
        let parts: Vec<Progress> = told.iter().filter(of).map(|one| one.1).collect();
        assert_eq!(parts, [Progress::Begun, Progress::Done], "{work:?}");
    }
    assert_eq!(room.read("etc/hostname"), "attic\n");
    assert!(room.read("etc/hosts").contains("127.0.1.1 attic\n"));
    assert_eq!(room.read("live/hostname"), "attic");
    assert!(room.tree()["etc/localtime"].0.ends_with("/Asia/Tokyo"));
    assert_eq!(room.read("etc/timezone"), "Asia/Tokyo\n");
    assert!(
        room.read("etc/default/keyboard")
            .contains("XKBLAYOUT=\"jp\"")
    );
    assert_eq!(room.read("etc/keeper/secrets/ddns"), format!("{DDNS}\n"));
    assert!(room.read(NETPLAN).contains("wlan7:"));
    for (path, mode) in [
        ("etc/keeper/secrets", 0o700),
        ("etc/keeper/secrets/ddns", 0o600),
        (NETPLAN, 0o600),
        (UNCONFIRMED, 0o600),
        ("etc/keeper/keeper.toml", 0o640),
        ("etc/hostname", 0o644),
    ] {
        assert_eq!(room.mode(path), mode, "{path}");
    }
    let group = room.read("etc/group");
    for line in [
        "adm:x:4:syslog,hanako",
        "sudo:x:27:taro,hanako",
        "keeperd:x:970:hanako",
        "keeper-people:x:990:taro,hanako",
    ] {
        assert!(group.lines().any(|one| one == line), "{group}");
    }
    assert!(room.read("etc/shadow").contains("hanako:$6$"));
    assert_eq!(room.read("home/hanako/.profile"), "# skel\n");
    // The wizard's last page is still there: the desktop is not the owner's before its session has ended.
    let firewall = || room.read("etc/keeper/applied/firewall.nft");
    assert!(!firewall().contains("1001"));
    let toml = room.root.join("etc/keeper/keeper.toml");
    let applied = room.apply(&machine, false).apply(&toml);
    applied.expect("the end of the session");
    assert!(firewall().contains("1001"));
}

#[test]
fn secrets_stand_in_no_argument_and_in_no_file_but_their_own() {
    for by in [By::Wizard, By::Preset, By::Person] {
        let room = room_for(by);
        let machine = Machine::new(&room);
        done(&room, &machine, &change(&room, by), by);
        for secret in [PASSWORD, WIFI_PASSWORD, DDNS] {
            let in_argument = machine
                .ran
                .borrow()
                .iter()
                .any(|line| line.contains(secret));
            assert!(!in_argument, "{by:?}: {secret}");
        }
        let mut tree = room.tree();
        assert!(tree.remove("etc/keeper/secrets/ddns").is_some());
        for (path, (text, _)) in tree {
            for secret in [PASSWORD, DDNS] {
                assert!(!text.contains(secret), "{by:?}: {path} holds {secret}");
            }
        }
    }
}

#[test]
fn the_same_once_more_changes_nothing() {
    let room = Room::at_work();
    let machine = Machine::new(&room);
    done(&room, &machine, &change(&room, By::Person), By::Person);
    let before = room.tree();
    machine.ran.borrow_mut().clear();
    let (confirm, told) = done(&room, &machine, &change(&room, By::Person), By::Person);
    assert_eq!((confirm, room.tree()), (None, before));
    for work in &Work::ALL[1..] {
        assert!(
            told.contains(&(*work, Progress::Unchanged)),
            "{work:?}: {told:?}"
        );
    }
    assert_eq!(machine.ran("netplan") + machine.ran("hostname"), 0);
}

#[test]
fn whom_user_data_has_made_becomes_the_owner() {
    let room = Room::new();
    let machine = Machine::new(&room);
    let mut change = change(&room, By::Wizard);
    change.owner.as_mut().expect("an owner").name = "taro".to_owned();
    done(&room, &machine, &change, By::Wizard);
    assert!(room.read("etc/shadow").contains("taro:$6$"));
    assert!(room.read("etc/group").contains("keeperd:x:970:taro\n"));
    assert_eq!(room.read("home/taro/.profile"), "# taro\n");
    assert_eq!(machine.ran("useradd"), 0);
    // And is as before when something fails.
    let room = Room::new();
    let machine = Machine::new(&room);
    let before = room.tree();
    machine.broken.set("netplan");
    let apply = room.apply(&machine, false);
    let failed = carry_out(&apply, &machine, &change, By::Wizard, &mut |_, _| {});
    failed.expect_err("netplan is broken");
    for path in [
        "etc/passwd",
        "etc/shadow",
        "etc/group",
        "home/taro/.profile",
    ] {
        assert_eq!(room.tree().get(path), before.get(path), "{path}");
    }
}

fn wifi(name: &str) -> Option<Wifi> {
    Some(Wifi {
        country: "JP".to_owned(),
        name: name.to_owned(),
        password: Some(Secret::new(WIFI_PASSWORD)),
    })
}

fn joined(room: &Room, machine: &Machine, name: &str) -> Option<u32> {
    let change = Change {
        wifi: wifi(name),
        ..change(room, By::Person)
    };
    done(room, machine, &change, By::Person).0
}

#[test]
fn a_network_that_nobody_confirms_is_taken_back() {
    let room = Room::at_work();
    let machine = Machine::new(&room);
    let apply = room.apply(&machine, false);
    network_back(&apply, &machine).expect("nothing to do");
    assert_eq!(joined(&room, &machine, "one"), Some(90));
    assert!(machine.ran("systemd-run --on-active=90") > 0);
    network::confirm(&apply, &machine).expect("it is reached");
    assert!(!room.has(UNCONFIRMED));
    let one = room.read(NETPLAN);
    joined(&room, &machine, "two");
    // Nobody has seen the second either: back is the last that was confirmed.
    joined(&room, &machine, "three");
    assert!(room.read("live/wifi").contains("three"));
    network_back(&apply, &machine).expect("the one before");
    assert_eq!(
        (room.read(NETPLAN), room.read("live/wifi")),
        (one.clone(), one.clone())
    );
    assert!(!room.has(UNCONFIRMED));
    // A start of the device is the end of waiting.
    joined(&room, &machine, "four");
    let boot = room.apply(&machine, true);
    assert!(!recover(&boot, &machine).expect("a start"));
    assert_eq!((room.read(NETPLAN), room.has(UNCONFIRMED)), (one, false));
}

/// A cable is there: whoever confirms has come by that.
#[test]
fn a_network_that_is_not_joined_is_not_confirmed() {
    let room = Room::at_work();
    let machine = Machine::new(&room);
    let apply = room.apply(&machine, false);
    joined(&room, &machine, "one");
    let state = "sys/class/net/wlan7/operstate";
    for (up, has_address) in [("dormant\n", true), ("up\n", false), ("down\n", false)] {
        room.write(state, up);
        machine.joined.set(has_address);
        let error = network::confirm(&apply, &machine).expect_err("it is not joined");
        assert!(
            error.is::<Refused>() && error.to_string().contains("not joined"),
            "{error:#}"
        );
        assert!(room.has(UNCONFIRMED), "it is still taken back");
    }
    room.write(state, "up\n");
    machine.joined.set(true);
    network::confirm(&apply, &machine).expect("it is joined");
}

#[test]
fn the_first_network_outlives_a_start_of_the_device() {
    let room = Room::at_work();
    let machine = Machine::new(&room);
    joined(&room, &machine, "one");
    recover(&room.apply(&machine, true), &machine).expect("a start");
    assert!(room.read(NETPLAN).contains("\"one\""));
    assert!(!room.has(UNCONFIRMED));
    // But the time that runs out takes it back too.
    joined(&room, &machine, "two");
    network::confirm(&room.apply(&machine, false), &machine).expect("it is reached");
}

#[test]
fn without_netplan_it_is_a_connection_of_networkmanagers() {
    let room = Room::new();
    let machine = Machine::new(&room);
    std::fs::remove_file(room.root.join("usr/sbin/netplan")).expect("it was there");
    room.write("usr/bin/nmcli", "");
    done(&room, &machine, &change(&room, By::Preset), By::Preset);
    let path = "etc/NetworkManager/system-connections/keeper-wifi.nmconnection";
    assert_eq!(room.mode(path), 0o600);
    assert!(!room.has(NETPLAN) && machine.ran("netplan") == 0);
    assert_eq!(machine.ran("nmcli connection reload"), 1);
    assert_eq!(machine.ran("systemd-run"), 0, "nobody could confirm");
}

#[test]
fn a_damaged_journal_is_given_up() {
    let room = Room::new();
    let machine = Machine::new(&room);
    let before = room.tree();
    for text in ["", "{", "[]", "{\"version\":1}", "\0\0\0\0"] {
        room.write("var/lib/keeper-apply/change.json", text);
        assert!(
            !recover(&room.apply(&machine, true), &machine).expect("a start"),
            "{text:?}"
        );
        assert_eq!(room.tree(), before);
    }
}
