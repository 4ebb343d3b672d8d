//! All or nothing: whatever fails, and whenever the power does.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::machine::{Event, Machine};
use super::room::{Tree, change, room_for};
use crate::change::{By, carry_out, is_set_up, recover};

/// How one try has ended.
enum Ended {
    Done,
    Failed(String),
    Cut,
}

struct Try {
    ended: Ended,
    before: Tree,
    after: Tree,
    journal: bool,
    operations: usize,
}

fn attempt(by: By, broken: &'static str, event: Option<(usize, Event)>) -> Try {
    let room = room_for(by);
    let machine = Machine::new(&room);
    let change = change(&room, by);
    // The device has started once: what is in force knows its accounts.
    recover(&room.apply(&machine, true), &machine).expect("nothing to do");
    let toml = room.root.join("etc/keeper/keeper.toml");
    room.apply(&machine, true).apply(&toml).expect("a start");
    let before = room.tree();
    machine.count.set(0);
    machine.event.set(event);
    machine.broken.set(broken);
    let apply = room.apply(&machine, false);
    let done = catch_unwind(AssertUnwindSafe(|| {
        carry_out(&apply, &machine, &change, by, &mut |_, _| {})
    }));
    let operations = machine.count.get();
    machine.event.set(None);
    let ended = match done {
        Ok(Ok(_)) => Ended::Done,
        Ok(Err(error)) => Ended::Failed(format!("{error:#}")),
        Err(_) => {
            let _ = std::fs::remove_dir_all(room.root.join("run"));
            std::fs::create_dir(room.root.join("run")).expect("a directory");
            recover(&room.apply(&machine, true), &machine).expect("a recovery");
            Ended::Cut
        }
    };
    if by == By::Wizard && is_set_up(&room.root) {
        // As at the end of the wizard's session, and at each start: until then the doors of setup are open.
        let applied = room.apply(&machine, true).apply(&toml);
        applied.expect("a start");
    }
    Try {
        ended,
        before,
        after: room.tree(),
        journal: room.has("var/lib/keeper-apply/change.json"),
        operations,
    }
}

const ALL: [By; 3] = [By::Wizard, By::Preset, By::Person];

fn differing(one: &Tree, other: &Tree) -> Vec<String> {
    let paths = one.keys().chain(other.keys());
    let mut paths: Vec<String> = paths
        .filter(|path| one.get(*path) != other.get(*path))
        .cloned()
        .collect();
    paths.dedup();
    paths
}

#[test]
fn whatever_fails_all_is_as_before() {
    for by in ALL {
        let whole = attempt(by, "", None);
        assert!(matches!(whole.ended, Ended::Done) && !whole.journal);
        assert_ne!(whole.before, whole.after);
        assert!(whole.operations > 15, "{by:?}: {}", whole.operations);
        let mut failed = 0;
        for number in 0..whole.operations {
            let one = attempt(by, "", Some((number, Event::Fails)));
            let expected = match &one.ended {
                // Only what nothing depends on.
                Ended::Done => &whole.after,
                Ended::Failed(said) => {
                    failed += 1;
                    assert!(!said.contains("going back failed"), "{said}");
                    &one.before
                }
                Ended::Cut => unreachable!("nothing was cut"),
            };
            let differing = differing(&one.after, expected);
            let left_over = number + 1 == whole.operations || !one.journal;
            assert!(left_over, "{by:?}: operation {number} leaves the journal");
            let but_journal = differing.iter().all(|path| path.ends_with("change.json"));
            assert!(but_journal, "{by:?}: operation {number}: {differing:?}");
        }
        assert!(failed > 10, "{by:?}: only {failed} failures mattered");
    }
}

#[test]
fn whenever_the_power_fails_the_device_is_as_before_or_as_it_was_to_be() {
    for by in ALL {
        let whole = attempt(by, "", None);
        let (mut old, mut new) = (0, 0);
        for number in 0..whole.operations {
            for event in [Event::CutBefore, Event::CutAfter] {
                let one = attempt(by, "", Some((number, event)));
                assert!(matches!(one.ended, Ended::Cut));
                assert!(
                    !one.journal,
                    "{by:?}: {event:?} of {number} leaves the journal"
                );
                if one.after == whole.after {
                    new += 1;
                } else {
                    old += 1;
                    let differing = differing(&one.after, &one.before);
                    assert_eq!(differing, [""; 0], "{by:?}: {event:?} of {number}");
                }
            }
        }
        assert!(old > 0 && new > 0, "{by:?}: {old} old, {new} new");
    }
}

#[test]
fn a_power_cut_on_the_way_back_leads_back() {
    for by in ALL {
        let failed = attempt(by, "netplan", None);
        let Ended::Failed(said) = failed.ended else {
            panic!("netplan is broken");
        };
        assert!(
            said.contains("netplan refuses") && said.contains("as it was before"),
            "{said}"
        );
        for number in 0..failed.operations {
            for event in [Event::CutBefore, Event::CutAfter] {
                let one = attempt(by, "netplan", Some((number, event)));
                let differing = differing(&one.after, &one.before);
                assert_eq!(differing, [""; 0], "{by:?}: {event:?} of {number}");
                assert!(!one.journal);
            }
        }
    }
}
