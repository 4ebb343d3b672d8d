//! The power goes at each single step; the next start makes of it what the first would have.

use super::room::{BAD, GOOD, Room};
use super::*;
use crate::disk::cut;

/// Starts a device as `prepare` makes it with a cut after 0, 1, 2, … steps until one start comes to its end. After each
/// cut it starts again, as often as it asks for, and must be as `expect` says.
fn at_each_step(prepare: impl Fn(&Room), expect: impl Fn(&Room, usize)) -> usize {
    for points in 0.. {
        let room = Room::new();
        prepare(&room);
        cut::after(Some(points));
        // With the power gone it does not matter what it says.
        let first = room.start();
        let cut = cut::happened();
        cut::after(None);
        if !cut {
            first.expect("a start with power");
        }
        loop {
            let before = room.world().reboots;
            room.power_off();
            room.start().expect("a start after a cut");
            if room.world().reboots == before {
                break;
            }
        }
        expect(&room, points);
        if !cut {
            return points;
        }
    }
    unreachable!("there are not so many steps")
}

fn has_a_code(room: &Room, points: usize) {
    let code = room.code().expect("a code");
    assert_eq!(room.world().lets_in, Some(code.clone()), "{points}");
    for place in ["boot/firmware/keeper-setup.txt", "dev/tty1"] {
        assert!(room.read(place).contains(&code), "{points}: {place}");
    }
    assert!(!is_set_up(&room.root), "{points}");
    assert!(room.world().settled, "{points}");
}

#[test]
fn a_new_device_has_a_code_and_shows_the_one_that_works() {
    let steps = at_each_step(|_| {}, has_a_code);
    assert!(steps > 10, "{steps}");
}

#[test]
fn a_preset_is_in_force_once_and_whole_and_its_secrets_are_gone() {
    let preset = |room: &Room| room.put_on_card("keeper.toml", GOOD);
    let steps = at_each_step(preset, |room, points| {
        room.is_owned();
        assert!(!room.holds("correct horse"), "{points}");
        assert!(room.card("keeper.toml.used").contains("hanako"), "{points}");
        assert!(!room.exists("boot/firmware/keeper.toml"), "{points}");
        assert!(!room.world().half, "{points}");
    });
    assert!(steps > 20, "{steps}");
}

/// As when the unit's time is over: the device runs on, and somebody has to be told.
#[test]
fn a_start_that_is_broken_off_is_told_of_until_the_next() {
    let broken = |room: &Room| room.card("keeper-setup.txt").contains("was broken off");
    for points in [8, 20, 35, 50] {
        let room = Room::new();
        crate::reset::tests::used(&room);
        cut::after(Some(points));
        room.start().expect_err("it is ended");
        cut::after(None);
        room.show().expect("an address, for example");
        assert!(broken(&room), "{points}");
        for _ in 0..2 {
            room.power_off();
            room.start().expect("with all the time that it takes");
        }
        has_a_code(&room, points);
        assert!(!broken(&room), "{points}");
    }
}

#[test]
fn a_bad_preset_is_told_of() {
    let preset = |room: &Room| room.put_on_card("keeper.toml", BAD);
    at_each_step(preset, |room, points| {
        has_a_code(room, points);
        assert_eq!(room.card("keeper.toml"), BAD, "{points}");
        assert!(room.card("keeper-setup.txt").contains("browser.mode"));
    });
}

#[test]
fn a_reset_that_the_card_asks_for_ends_in_a_new_device() {
    let steps = at_each_step(crate::reset::tests::used, |room, points| {
        crate::reset::tests::is_new(room, &format!("{points}"));
        has_a_code(room, points);
    });
    assert!(steps > 40, "{steps}");
}

/// The wizard's last step, cut, and the start that follows: the device has its owner, or it has none and a code.
#[test]
fn the_wizards_end_is_all_or_nothing() {
    for points in 0..60 {
        let room = Room::new();
        room.put_on_card("keeper.toml", BAD);
        room.start().expect("a first boot");
        room.world().half = true;
        cut::after(Some(points));
        let _ = room.with_place(finish_at).and_then(|()| room.end());
        let cut = cut::happened();
        room.power_off();
        room.start().expect("a start after a cut");
        // The journal of a change is finished at the next start, whenever the cut came.
        room.is_owned();
        assert!(!room.holds("correct horse"), "{points}");
        if !cut {
            return;
        }
    }
    panic!("there are not so many steps");
}
