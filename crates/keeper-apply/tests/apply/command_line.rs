//! keeper-apply as it is typed: exit codes, stdout, stderr and hints.

use crate::room::{Room, run, stderr, stdout};

#[test]
fn apply_show_back() {
    let room = Room::new();
    let output = run(&room.root, &["apply"]);
    assert!(output.status.success(), "{output:?}");
    let first = room.target().file_name().expect("a name").to_owned();
    let expected = format!(
        "generation {first} is in force; changed: firewall.nft\n\
         told, where running: keeper-firewall.service, keeperd.service\n"
    );
    assert_eq!(
        (stderr(&output), stdout(&output)),
        (expected, String::new())
    );

    room.toml("browser.mode = \"window\"");
    let output = run(&room.root, &["check"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(stdout(&output), "session.env\n");
    assert_eq!(room.target().file_name(), Some(&*first));
    assert_eq!(room.generations(), 1, "a check leaves nothing");

    assert!(run(&room.root, &["apply"]).status.success());
    assert!(
        room.applied("session.env")
            .contains("KEEPER_BROWSER_MODE=window\n")
    );
    let second = room.target().file_name().expect("a name").to_owned();
    let expected = format!(
        "in force  generation {second}\nwhere     {}/var/lib/keeper-apply/generations/{second}\n\
         files     ddclient.conf expiry.conf fail2ban.conf firewall.nft people.keys router.env sesman.ini session.env sshd.conf tunnel.keys vm_known_hosts vm_ssh_config xrdp.ini\n\
         previous  generation {first}\n",
        room.root
    );
    assert_eq!(stdout(&run(&room.root, &["show"])), expected);

    let output = run(&room.root, &["back"]);
    assert!(output.status.success(), "{output:?}");
    assert!(stderr(&output).contains("the next `keeper apply`, or start of the device, puts "));
    assert_eq!(room.target().file_name(), Some(&*first));
}

#[test]
fn only_what_is_and_what_was_in_force_is_kept() {
    let room = Room::new();
    for hours in ["\"hdmi\"", "\"virtual\"", "\"hdmi\""] {
        for language in ["\"en\"", "\"ja\""] {
            room.toml(&format!(
                "device = {{ display = {hours}, language = {language} }}"
            ));
            assert!(run(&room.root, &["apply"]).status.success());
        }
    }
    assert_eq!(room.generations(), 2);
}

#[test]
fn there_is_no_way_back_from_the_first() {
    let room = Room::new();
    assert!(run(&room.root, &["apply"]).status.success());
    let output = run(&room.root, &["back"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "error: there is no earlier generation to go back to\n\
                    hint: `sudo keeper apply` puts /etc/keeper/keeper.toml in force\n";
    assert_eq!(stderr(&output), expected);
    assert_eq!(
        stdout(&run(&Room::new().root, &["show"])).lines().next(),
        Some("in force  the image's own generation")
    );
}

#[test]
fn a_bad_file_names_line_and_key_and_changes_nothing() {
    let room = Room::new();
    assert!(run(&room.root, &["apply"]).status.success());
    let before = room.target();
    let file = room.toml("\ntunnel.enabled = true\nbrowser.mode = \"tv\"");
    for arguments in [&["apply"][..], &["apply", "--boot"], &["check"]] {
        let output = run(&room.root, arguments);
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(1), ""));
        let said = stderr(&output);
        let first =
            format!("error: the configuration is refused\n{file}:2: tunnel.enabled = true: needs ");
        assert!(said.starts_with(&first), "{said}");
        assert!(
            said.contains(":3: browser.mode = \"tv\": expected \"kiosk\" or \"window\"\n"),
            "{said}"
        );
        assert!(
            said.ends_with("\nhint: mend the lines named above, then `sudo keeper apply`\n"),
            "{said}"
        );
        assert_eq!(room.target(), before);
    }
    let other = room.root.join("other.toml");
    std::fs::write(&other, "").expect("writing");
    let output = run(&room.root, &["check", "--config", other.as_str()]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn help_version_and_wrong_usage() {
    let room = Room::new();
    for verb in [
        &["--help"][..],
        &["apply", "--help"],
        &["back", "--help"],
        &["show", "--help"],
        &["check", "--help"],
        &["reset", "--help"],
    ] {
        assert!(
            stdout(&run(&room.root, verb)).contains("Example"),
            "{verb:?}"
        );
    }
    for arguments in [
        &[][..],
        &["--check"],
        &["restore"],
        &["back", "--boot"],
        &["reset", "--yes", "--name", "a"],
        // It asks nothing: `keeper reset` does, in its owner's language.
        &["reset"],
    ] {
        let output = run(&room.root, arguments);
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(2), 0),
            "{arguments:?}"
        );
    }
}
