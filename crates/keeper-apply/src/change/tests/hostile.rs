//! Changes that must be refused before anything is touched.

use setup::{Change, Owner, Secret};

use super::machine::Machine;
use super::room::{PASSWORD, Room, change, room_for};
use crate::change::{By, Refused, SET_UP, carry_out};

type Spoil = fn(&mut Change);

fn owner(change: &mut Change) -> &mut Owner {
    change.owner.as_mut().expect("an owner")
}

fn refused(room: &Room, machine: &Machine, change: &Change, by: By) -> String {
    let before = room.tree();
    let apply = room.apply(machine, false);
    let error = carry_out(&apply, machine, change, by, &mut |_, _| {});
    let error = error.expect_err("a bad change");
    assert!(error.is::<Refused>(), "{error:#}");
    assert_eq!(room.tree(), before, "{error:#}");
    assert!(!room.has("var/lib/keeper-apply/change.json"));
    error.to_string()
}

#[test]
fn names_of_accounts_are_refused() {
    let long = "a".repeat(40);
    for name in [
        "",
        "root",
        "xrdp",
        "keeperd",
        "keeper",
        "setup",
        "nobody",
        "sudo",
        "adm",
        "Hanako",
        "1hanako",
        "-hanako",
        "--root=/",
        "ha nako",
        "ha:nako",
        "ha/nako",
        "../etc",
        "ha\nnako",
        "ha\0nako",
        "hanako;reboot",
        "$(reboot)",
        "`x`",
        "花子",
        "ｈanako",
        "hanako\u{200b}",
        "*",
        &long,
    ] {
        let room = Room::new();
        let machine = Machine::new(&room);
        let mut change = change(&room, By::Wizard);
        owner(&mut change).name = name.to_owned();
        refused(&room, &machine, &change, By::Wizard);
        assert_eq!(
            machine.ran.borrow().len(),
            0,
            "{name:?} was handed to a program"
        );
    }
}

#[test]
fn passwords_are_refused_that_are_not_one_line() {
    let long = "a".repeat(256);
    let wide = "馬".repeat(100);
    for password in [
        "",
        "short",
        "hanako",
        "with\nnewline",
        "with\0nul-nul-nul",
        "with\rreturn-return",
        "with\ttab-tab-tab",
        "with\u{85}next-line",
        "hanako:x\nroot:x-x-x",
        &long,
        &wide,
    ] {
        let room = Room::new();
        let machine = Machine::new(&room);
        let mut change = change(&room, By::Wizard);
        owner(&mut change).password = Some(Secret::new(password));
        let said = refused(&room, &machine, &change, By::Wizard);
        assert!(password.len() < 4 || !said.contains(password), "{said}");
    }
}

#[test]
fn a_new_device_refuses() {
    let cases: [(&str, Spoil); 24] = [
        ("two capital letters", |c| {
            c.wifi.as_mut().expect("one").country = "jp".into()
        }),
        ("two capital letters", |c| {
            c.wifi.as_mut().expect("one").country = "JPN".into()
        }),
        ("two capital letters", |c| {
            c.wifi.as_mut().expect("one").country = "J\n".into()
        }),
        ("two capital letters", |c| {
            c.wifi.as_mut().expect("one").country = String::new()
        }),
        ("1 to 32 bytes", |c| {
            c.wifi.as_mut().expect("one").name = String::new()
        }),
        ("1 to 32 bytes", |c| {
            c.wifi.as_mut().expect("one").name = "a\nb".into()
        }),
        ("1 to 32 bytes", |c| {
            c.wifi.as_mut().expect("one").name = "a\0b".into()
        }),
        ("1 to 32 bytes", |c| {
            c.wifi.as_mut().expect("one").name = "家".repeat(11)
        }),
        ("8 to 63", |c| {
            c.wifi.as_mut().expect("one").password = Some(Secret::new("short"))
        }),
        ("8 to 63", |c| {
            c.wifi.as_mut().expect("one").password = Some(Secret::new(""))
        }),
        ("8 to 63", |c| {
            c.wifi.as_mut().expect("one").password = Some(Secret::new("line\nbreak\n"))
        }),
        ("ddclient cannot take", |c| {
            c.ddns_secret = Some(Secret::new("it's"))
        }),
        ("ddclient cannot take", |c| {
            c.ddns_secret = Some(Secret::new(""))
        }),
        ("ddclient cannot take", |c| {
            c.ddns_secret = Some(Secret::new("a\nb"))
        }),
        ("settings are refused", |c| {
            c.keeper_toml = "device.hostname = \"a b\"".into()
        }),
        ("settings are refused", |c| {
            c.keeper_toml = "owner.name = \"x\"".into()
        }),
        ("settings are refused", |c| {
            c.keeper_toml = "#".repeat(config::MAX_BYTES + 1)
        }),
        ("settings are refused", |c| c.keeper_toml = "\0".into()),
        ("no time zone", |c| {
            c.keeper_toml = "device.timezone = \"Mars/Olympus\"".into()
        }),
        ("no time zone", |c| {
            c.keeper_toml = "device.timezone = \"leapseconds\"".into()
        }),
        ("no time zone", |c| {
            c.keeper_toml = "device.timezone = \"Asia\"".into()
        }),
        ("no keyboard layout", |c| {
            c.keeper_toml = "device.keyboard = \"klingon\"".into()
        }),
        ("needs an owner", |c| c.owner = None),
        ("needs a password", |c| owner(c).password = None),
    ];
    for (why, spoil) in cases {
        let room = Room::new();
        let machine = Machine::new(&room);
        let mut change = change(&room, By::Wizard);
        spoil(&mut change);
        let said = refused(&room, &machine, &change, By::Wizard);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_hash_is_a_presets_alone_and_no_more_than_a_hash() {
    let good = "$6$saltsalt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    for (by, password, hash, why) in [
        (By::Wizard, None, good, "only a preset"),
        (By::Preset, Some(PASSWORD), good, "in its place"),
        (
            By::Preset,
            None,
            "$6$salt$x:0:0:\nroot::0",
            "none that is accepted",
        ),
        (By::Preset, None, "plain password", "none that is accepted"),
        (By::Preset, None, "", "none that is accepted"),
    ] {
        let room = Room::new();
        let machine = Machine::new(&room);
        let mut change = change(&room, by);
        owner(&mut change).password = password.map(Secret::new);
        owner(&mut change).password_hash = Some(Secret::new(hash));
        let said = refused(&room, &machine, &change, by);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn what_is_taken_is_not_given_again() {
    for (path, text, why) in [
        (
            "etc/passwd",
            "hanako:x:990:990:::\n",
            "an account of that name",
        ),
        (
            "etc/passwd",
            "hanako:x:1005:1005:::\n",
            "an account of that name",
        ),
        ("etc/group", "hanako:x:1005:\n", "a group of that name"),
        ("home/hanako/diary", "", "somebody's home"),
    ] {
        let room = Room::new();
        let machine = Machine::new(&room);
        room.write(path, &(room.read(path) + text));
        let change = change(&room, By::Wizard);
        let said = refused(&room, &machine, &change, By::Wizard);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_device_gets_its_owner_once() {
    for by in [By::Wizard, By::Preset] {
        let room = Room::at_work();
        let machine = Machine::new(&room);
        let said = refused(&room, &machine, &change(&room, by), by);
        assert!(said.contains("set up already"), "{said}");
    }
    let room = Room::new();
    let machine = Machine::new(&room);
    let said = refused(&room, &machine, &change(&room, By::Person), By::Person);
    assert!(said.contains("not set up yet"), "{said}");
}

#[test]
fn settings_are_refused() {
    let cases: [(&str, Spoil); 10] = [
        ("has to approve", |c| c.approval = None),
        ("name or password is wrong", |c| {
            c.approval.as_mut().expect("one").name = "root".into()
        }),
        ("name or password is wrong", |c| {
            c.approval.as_mut().expect("one").name = "xrdp".into()
        }),
        ("name or password is wrong", |c| {
            c.approval.as_mut().expect("one").name = "-h".into()
        }),
        ("name or password is wrong", |c| {
            c.approval.as_mut().expect("one").name = "taro\0".into()
        }),
        ("name or password is wrong", |c| {
            c.approval.as_mut().expect("one").password = Secret::new("")
        }),
        ("name or password is wrong", |c| {
            c.approval.as_mut().expect("one").password = Secret::new(format!("{PASSWORD}\0"));
        }),
        ("make no accounts", |c| {
            c.owner = Some(Owner {
                name: "hanako".into(),
                password: Some(Secret::new(PASSWORD)),
                password_hash: None,
            });
        }),
        ("changed elsewhere", |c| c.instead_of = Some("0".repeat(64))),
        ("not said", |c| c.instead_of = None),
    ];
    for (why, spoil) in cases {
        let room = room_for(By::Person);
        let machine = Machine::new(&room);
        let mut change = change(&room, By::Person);
        spoil(&mut change);
        let said = refused(&room, &machine, &change, By::Person);
        assert!(said.contains(why), "{said}");
        assert!(room.has(SET_UP));
    }
}

/// It would be refused by sudo too.
#[test]
fn an_account_that_has_expired_approves_of_nothing() {
    let room = room_for(By::Person);
    let machine = Machine::new(&room);
    machine.expired.set(true);
    let good = change(&room, By::Person);
    let said = refused(&room, &machine, &good, By::Person);
    assert!(said.contains("has expired"), "{said}");
    machine.expired.set(false);
    let apply = room.apply(&machine, false);
    carry_out(&apply, &machine, &good, By::Person, &mut |_, _| {}).expect("a good account");
}

#[test]
fn who_guesses_has_to_wait() {
    let room = room_for(By::Person);
    let machine = Machine::new(&room);
    let good = change(&room, By::Person);
    let mut wrong = good.clone();
    wrong.approval.as_mut().expect("one").password = Secret::new("wrong horse");
    let ask = |change: &Change| refused(&room, &machine, change, By::Person);
    for _ in 0..3 {
        assert!(ask(&wrong).contains("wrong"));
    }
    let asked = machine.ran("unix_chkpwd");
    assert_eq!(asked, 3);
    // The right one neither, and nobody is asked.
    assert!(ask(&good).contains("wait a minute"));
    assert_eq!(machine.ran("unix_chkpwd"), asked);
    assert_eq!(room.mode("run/keeper-apply/approvals.json"), 0o600);
    machine.clock.set(machine.clock.get() + 60);
    assert!(ask(&wrong).contains("wrong"), "one try a minute");
    assert!(ask(&good).contains("wait a minute"));
    machine.clock.set(machine.clock.get() + 60);
    let apply = room.apply(&machine, false);
    carry_out(&apply, &machine, &good, By::Person, &mut |_, _| {}).expect("the right one");
    assert!(!room.has("run/keeper-apply/approvals.json"));
}
