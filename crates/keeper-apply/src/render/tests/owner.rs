//! What the files say while the device has no owner.

use super::*;

fn unowned() -> Facts {
    let passwd = "xrdp:x:110:110:::\nkeeper:x:998:998:::\nkeeperd:x:999:999:::\n\
                  keeper-setup:x:997:997:::\nsetup:x:996:996:::\ntaro:x:1000:1000:::\n";
    Facts {
        setup: true,
        ..Facts::parse(passwd, "keeper-people:x:990:taro\n")
    }
}

/// The accounts that reach a port, as the file has them.
fn reach(text: &str, port: u16) -> Option<&str> {
    let begin = format!("\t\ttcp dport {port} meta skuid {{ ");
    let line = text.lines().find_map(|line| line.strip_prefix(&*begin));
    line.map(|line| line.trim_end_matches(" } accept"))
}

#[test]
fn before_there_is_an_owner_the_ports_lead_to_the_wizard_alone() {
    let owned = Facts {
        setup: false,
        ..unowned()
    };
    let missing = Facts {
        setup: true,
        ..Facts::default()
    };
    for (name, facts, port, accounts) in [
        ("unowned", &unowned(), 8470, Some("997")),
        ("unowned", &unowned(), 5901, Some("110")),
        ("unowned", &unowned(), 3350, Some("110")),
        ("unowned", &unowned(), 9222, None),
        ("unowned", &unowned(), 20022, None),
        ("owned", &owned, 8470, Some("998, 1000")),
        ("owned", &owned, 5901, Some("110, 1000")),
        ("owned", &owned, 3350, Some("110")),
        ("owned", &owned, 9222, Some("999")),
        ("owned", &owned, 20022, Some("1000")),
        ("without accounts", &missing, 8470, None),
        ("without accounts", &missing, 5901, None),
        ("without accounts", &missing, 3350, None),
    ] {
        let text = &rendered("", facts)["firewall.nft"];
        assert_eq!(reach(text, port), accounts, "{name}: {port}");
        let refused = "tcp dport { 3350, 5901, 8470, 9222, 20022 } reject with tcp reset";
        assert!(text.contains(refused), "{name}: {text}");
    }
}

#[test]
fn before_there_is_an_owner_the_setup_code_opens_rdp_and_nothing_else_does() {
    for (setup, group) in [(true, "keeper-setup-people"), (false, "keeper-people")] {
        let facts = Facts { setup, ..unowned() };
        let files = rendered("ssh.password_login = true", &facts);
        let text = &files["sesman.ini"];
        for key in ["TerminalServerUsers", "TerminalServerAdmins"] {
            assert_eq!(ini(text, "Security", key), Some(group), "{key}");
        }
        assert_eq!(ini(text, "Security", "AlwaysGroupCheck"), Some("true"));
        let ssh = ssh(&files["sshd.conf"], "");
        let denied = ssh.iter().find_map(|line| line.strip_prefix("DenyUsers "));
        let denied: Vec<&str> = denied.unwrap_or_default().split(' ').collect();
        assert!(denied.contains(&"setup"), "{denied:?}");
        assert!(denied.contains(&"keeper-setup"), "{denied:?}");
    }
}

/// The owner's SSH, the desktop's language, the tunnel's keys: nothing else waits for an owner.
#[test]
fn all_other_files_are_the_same_with_and_without_an_owner() {
    let owned = Facts {
        setup: false,
        ..unowned()
    };
    let (before, after) = (rendered("", &unowned()), rendered("", &owned));
    let differing: Vec<&str> = before
        .iter()
        .filter(|(name, text)| after[*name] != **text)
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(differing, ["firewall.nft", "sesman.ini"]);
}

#[test]
fn the_root_says_whether_there_is_an_owner() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let root = camino::Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
    for (path, text) in [
        ("etc/passwd", "taro:x:1000:1000:::\n"),
        ("etc/group", "keeper-people:x:990:taro\n"),
        ("run/keeper-apply/x", ""),
        ("var/lib/keeper-apply/x", ""),
    ] {
        let path = root.join(path);
        fs_err::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs_err::write(path, text).expect("writing");
    }
    let setup = || Facts::read(root, false).expect("accounts").setup;
    assert!(setup(), "a new device has none");
    fs_err::write(root.join("var/lib/keeper-apply/set-up"), "").expect("writing");
    assert!(!setup());
    // The last page is being looked at.
    fs_err::write(root.join("run/keeper-apply/setup-ends"), "").expect("writing");
    assert!(setup());
}
