//! First boot on a root file system in a scratch directory, with a stand-in for the device around it: what is there after
//! each start, and after a power cut at each step.

mod cuts;
pub(crate) mod room;

use room::{BAD, GOOD, Room};

use super::*;

#[test]
fn a_new_device_shows_a_code_and_shows_it_again() {
    let room = Room::new();
    room.write("etc/passwd.lock", "1");
    room.start().expect("a first boot");
    assert!(!room.exists("etc/passwd.lock"), "of a start that was cut");
    let code = room.code().expect("a code");
    assert_eq!(room.world().lets_in, Some(code.clone()));
    assert!(room.card("keeper-setup.txt").contains(&code));
    assert!(room.read("run/issue.d/50-keeper.issue").contains(&code));
    assert!(room.read("dev/tty1").contains(&code));
    assert_eq!(room.mode("var/lib/keeper-apply/setup-code"), 0o600);
    assert_eq!(room.mode("run/issue.d/50-keeper.issue"), 0o600);
    for _ in 0..2 {
        room.power_off();
        room.start().expect("another boot");
        assert_eq!(room.code(), Some(code.clone()));
        assert_eq!(room.world().lets_in, Some(code.clone()));
        assert!(room.card("keeper-setup.txt").contains(&code));
    }
    assert!(!is_set_up(&room.root));
}

#[test]
fn a_damaged_code_is_replaced() {
    let room = Room::new();
    for damage in ["", "k7pd", "\u{0}\u{0}\u{0}\u{0}", &"x".repeat(10_000)] {
        room.write("var/lib/keeper-apply/setup-code", damage);
        room.start().expect("a first boot");
        assert_eq!(room.world().lets_in, room.code(), "{damage:?}");
        assert!(room.code().is_some());
    }
}

#[test]
fn the_console_is_written_to_when_there_is_something_new_to_say() {
    let room = Room::new();
    room.world().addresses.clear();
    room.start().expect("a first boot");
    let before = room.read("dev/tty1");
    room.show().expect("the same again");
    assert_eq!(room.read("dev/tty1"), before);
    room.world().addresses = vec!["192.168.0.7".to_owned()];
    room.show().expect("an address");
    let after = room.read("dev/tty1");
    assert!(after.len() > before.len() && after.contains("192.168.0.7"));
    assert!(room.card("keeper-setup.txt").contains("192.168.0.7"));
}

#[test]
fn a_preset_gives_the_device_its_owner_and_its_secrets_go() {
    let room = Room::new();
    room.put_on_card("keeper.toml", GOOD);
    room.start().expect("a first boot");
    assert!(is_set_up(&room.root));
    room.is_owned();
    assert!(room.world().settled, "its files are in force");
    assert!(!room.exists("boot/firmware/keeper.toml"));
    let used = room.card("keeper.toml.used");
    assert!(
        used.contains("hanako") && used.contains("(removed)"),
        "{used}"
    );
    assert!(!room.holds("correct horse"), "on the card or elsewhere");
    assert!(!room.world().later, "nobody is looking at a wizard");
    // One that is put there afterwards is nothing to a device that has an owner, and is not touched.
    room.put_on_card("keeper.toml", BAD);
    room.power_off();
    room.start().expect("another boot");
    assert_eq!(room.card("keeper.toml"), BAD);
    assert_eq!(room.world().carried_out, 1);
}

#[test]
fn a_preset_with_mistakes_is_told_of_without_its_secrets_and_stays() {
    for (text, said) in [
        (BAD, "browser.mode"),
        (
            "[owner]\nname = \"root\"\npassword = \"correct horse battery\"\n",
            ":",
        ),
        ("[owner\npassword = \"correct horse battery\"\n", ":1"),
        ("\u{0}\u{0}", "keeper.toml"),
    ] {
        let room = Room::new();
        room.put_on_card("keeper.toml", text);
        room.start().expect("a first boot");
        assert!(!is_set_up(&room.root));
        let notice = room.card("keeper-setup.txt");
        assert!(notice.contains(said), "{text}: {notice}");
        assert!(notice.contains(&room.code().expect("a code")));
        assert_eq!(room.card("keeper.toml"), text);
        for shown in [
            &notice,
            &room.read("dev/tty1"),
            &room.read("run/issue.d/50-keeper.issue"),
            &room.read("run/keeper-apply/problems"),
        ] {
            assert!(!shown.contains("correct horse"), "{shown}");
        }
        // Mended, it counts.
        room.put_on_card("keeper.toml", GOOD);
        room.power_off();
        room.start().expect("another boot");
        room.is_owned();
        assert_eq!(room.code(), None);
    }
}

#[test]
fn a_preset_may_have_the_ending_that_windows_adds() {
    let room = Room::new();
    room.put_on_card("keeper.toml.txt", BAD);
    room.start().expect("a first boot");
    let notice = room.card("keeper-setup.txt");
    assert!(
        notice.contains("keeper.toml.txt:5: browser.mode"),
        "{notice}"
    );
    room.put_on_card("keeper.toml.txt", GOOD);
    room.power_off();
    room.start().expect("another boot");
    room.is_owned();
    assert!(room.card("keeper.toml.txt.used").contains("hanako"));
    assert!(!room.exists("boot/firmware/keeper.toml.txt") && !room.holds("correct horse"));
}

#[test]
fn of_two_presets_none_is_guessed() {
    let room = Room::new();
    for name in ["keeper.toml", "keeper.toml.txt"] {
        room.put_on_card(name, GOOD);
    }
    room.start().expect("a first boot");
    assert!(!is_set_up(&room.root) && room.code().is_some());
    let notice = room.card("keeper-setup.txt");
    let said = "keeper.toml and keeper.toml.txt are both there: remove the one";
    assert!(notice.contains(said), "{notice}");
    // Whoever answers the wizard then has none of the two left on the card with its secrets.
    room.with_place(finish_at).expect("the end of a change");
    room.end().expect("the end of setup");
    assert!(!room.holds("correct horse"));
    fs_err::remove_file(room.root.join("boot/firmware/keeper.toml.txt.used")).expect("a used one");
    assert!(room.card("keeper.toml.used").contains("hanako"));
}

#[test]
fn a_refused_preset_loses_its_secrets_when_the_wizard_sets_the_device_up() {
    let with_comment = format!("{BAD}# password = \"correct horse too\"\n");
    for (text, left) in [
        (&*with_comment, true),
        ("[owner\npassword = \"correct horse battery\"\n", false),
        (&"correct horse ".repeat(10_000), false),
    ] {
        let room = Room::new();
        room.put_on_card("keeper.toml", text);
        room.start().expect("a first boot");
        room.power_off();
        room.start().expect("another boot");
        assert_eq!(room.card("keeper.toml"), text, "it is its owner's to mend");
        room.with_place(finish_at).expect("the end of a change");
        room.end().expect("the end of setup");
        room.is_owned();
        assert!(!room.holds("correct horse"));
        assert!(!room.exists("boot/firmware/keeper.toml"));
        let notice = room.card("keeper-setup.txt");
        assert_eq!(room.card("keeper.toml.used").contains("hanako"), left);
        let removed = notice.contains("keeper.toml was removed from the boot partition");
        assert_eq!(removed, !left, "{notice}");
        assert!(!notice.contains("was not used"), "{notice}");
        // Another one is the business of whoever puts it there.
        room.put_on_card("keeper.toml", GOOD);
        room.power_off();
        room.start().expect("another boot");
        assert_eq!(room.card("keeper.toml"), GOOD);
    }
}

/// To try again would mean to end sessions again, and those are the owner's by then.
#[test]
fn a_card_that_keeps_its_preset_does_not_have_the_end_of_setup_repeated() {
    let room = Room::new();
    room.put_on_card("keeper.toml/not a file", "");
    room.start().expect("a first boot");
    room.with_place(finish_at).expect("the end of a change");
    room.end().expect("an end all the same");
    assert!(room.world().ended && room.world().desktop);
    let notice = room.card("keeper-setup.txt");
    assert!(
        notice.contains("taking the preset's secrets off"),
        "{notice}"
    );
}

#[test]
fn a_preset_that_cannot_be_carried_out_leaves_a_device_with_a_code() {
    let room = Room::new();
    room.put_on_card("keeper.toml", GOOD);
    room.world().refuses = true;
    room.start().expect("a first boot");
    assert!(!is_set_up(&room.root));
    let notice = room.card("keeper-setup.txt");
    assert!(notice.contains("useradd is stubborn"), "{notice}");
    assert_eq!(room.card("keeper.toml"), GOOD, "the next start tries again");
    assert!(!room.exists("var/lib/keeper-apply/preset-used"));
    assert_eq!(room.world().lets_in, room.code());
}

#[test]
fn whatever_fails_the_notice_says_so() {
    let room = Room::new();
    room.world().no_account = true;
    let error = room.start().expect_err("no account");
    assert!(
        format!("{error:#}").contains("no account setup"),
        "{error:#}"
    );
    assert!(room.card("keeper-setup.txt").contains("no account setup"));
    room.world().no_account = false;
    // Nor does a card that cannot be written keep anybody out.
    let file = room.root.join("boot/firmware/keeper-setup.txt");
    fs_err::remove_file(&file).expect("it was there");
    fs_err::create_dir_all(file.join("x")).expect("a directory");
    room.power_off();
    room.start().expect_err("no place for the notice");
    assert_eq!(room.world().lets_in, room.code());
    assert!(
        room.read("dev/tty1")
            .contains(&room.code().expect("a code"))
    );
}

#[test]
fn without_a_boot_partition_the_console_says_all() {
    let room = Room::new();
    fs_err::remove_dir_all(room.root.join("boot/firmware")).expect("it was there");
    room.start().expect("a first boot");
    assert!(
        room.read("dev/tty1")
            .contains(&room.code().expect("a code"))
    );
    assert!(!room.exists("boot/firmware"));
}

#[test]
fn the_wizards_last_page_can_be_seen_and_then_all_ends() {
    let room = Room::new();
    room.start().expect("a first boot");
    let code = room.code().expect("a code");
    room.with_place(finish_at).expect("the end of a change");
    assert!(is_set_up(&room.root));
    assert_eq!(room.world().lets_in, None);
    assert!(room.world().later && !room.world().ended);
    // Whoever renders now leaves xrdp alone: its doors are those of before.
    assert!(is_open(&room.root));
    assert!(!room.card("keeper-setup.txt").contains(&code));
    room.world().settled = false;
    room.end().expect("the end of setup");
    room.is_owned();
    assert!(room.world().ended && room.world().settled && room.world().desktop);
    assert!(!room.read("run/issue.d/50-keeper.issue").contains(&code));
    room.end().expect("the same again");
    room.power_off();
    room.start().expect("another boot");
    room.is_owned();
}

/// A change that is taken back at its very end had locked `setup` already.
#[test]
fn on_a_device_without_an_owner_setup_goes_on() {
    let room = Room::new();
    room.start().expect("a first boot");
    let code = room.code();
    room.with_place(finish_at).expect("the end of a change");
    fs_err::remove_file(room.root.join(SET_UP)).expect("it was there");
    room.end().expect("no end");
    assert_eq!(
        (room.code(), room.world().lets_in.clone()),
        (code.clone(), code)
    );
    assert!(!room.world().ended && !room.exists("run/keeper-apply/setup-ends"));
}

#[test]
fn an_owner_that_cannot_be_given_leaves_the_doors_as_they_were() {
    let room = Room::new();
    room.start().expect("a first boot");
    room.world().no_account = true;
    room.with_place(finish_at).expect_err("no lock");
    assert!(!is_set_up(&room.root));
    assert!(!room.exists("run/keeper-apply/setup-ends"));
    room.world().no_account = false;
    room.power_off();
    room.start().expect("another boot");
    assert_eq!(room.world().lets_in, room.code());
}
