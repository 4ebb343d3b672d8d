//! Account files before and after.

use camino::Utf8PathBuf;

use super::*;
use crate::disk::cut;

const BEFORE: [(&str, &str); 6] = [
    (
        "passwd",
        "root::0:0:root:/root:/bin/bash\nkeeper:x:998:998::/home/keeper:/bin/sh\nstaff:x:500:1500::/:/bin/sh\n\
         toor:x:0:0::/root:/bin/sh\ntaro:x:1000:1000::/home/taro:/bin/bash\nold:$6$hash:499:1::/:/bin/sh\n\
         nobody:*:65534:65534::/nonexistent:/usr/sbin/nologin\n",
    ),
    (
        "shadow",
        "root:$6$hash:1::::::\nkeeper:!:1::::::\nstaff::1::::::\ntoor:$6$hash:1::::::\ntaro:$6$hash:1:0:99999:7:::\n\
         ghost:$6$hash:1::::::\nold:*:1::::::\nnobody:!*:1::::::\n",
    ),
    (
        "group",
        "root:x:0:\nsudo:x:27:taro,keeper,ghost\nkeeper:x:998:taro\nstaff:x:1500:\ntaro:x:1000:\nghost:x:1001:\n\
         friends:x:1002:taro,keeper\nnogroup:x:65534:\n",
    ),
    (
        "gshadow",
        "root:*::\nsudo:*:taro:taro,keeper,ghost\ntaro:!::\nghost:!::\nfriends:!:taro:keeper\n",
    ),
    (
        "subuid",
        "taro:100000:65536\nkeeper:165536:65536\nghost:1:1\n",
    ),
    ("subgid", "taro:100000:65536\n"),
];
const AFTER: [(&str, &str); 6] = [
    (
        "passwd",
        "root:x:0:0:root:/root:/bin/bash\nkeeper:x:998:998::/home/keeper:/bin/sh\nstaff:x:500:1500::/:/bin/sh\n\
         old:x:499:1::/:/bin/sh\nnobody:*:65534:65534::/nonexistent:/usr/sbin/nologin\n",
    ),
    (
        "shadow",
        "root:!:1::::::\nkeeper:!:1::::::\nstaff:!:1::::::\nold:*:1::::::\nnobody:!*:1::::::\n",
    ),
    (
        "group",
        "root:x:0:\nsudo:x:27:keeper\nkeeper:x:998:\nstaff:x:1500:\nnogroup:x:65534:\n",
    ),
    ("gshadow", "root:*::\nsudo:*::keeper\n"),
    ("subuid", "keeper:165536:65536\n"),
    ("subgid", ""),
];

fn room() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
    fs::create_dir(root.join("etc")).expect("a directory");
    for (file, text) in BEFORE {
        fs::write(root.join("etc").join(file), text).expect("writing");
    }
    let mode = std::fs::Permissions::from_mode(0o640);
    fs::set_permissions(root.join("etc/shadow"), mode).expect("a mode");
    (dir, root)
}

fn removed(root: &Utf8Path) -> Result<()> {
    remove(root, &everybody(root)?)
}

#[track_caller]
fn is_done(root: &Utf8Path, when: &str) {
    for (file, text) in AFTER {
        let now = fs::read_to_string(root.join("etc").join(file)).expect("a file");
        assert_eq!(now, text, "{when}: {file}");
    }
}

#[test]
fn nobody_is_left_who_could_log_in_wherever_the_power_was_cut() {
    for points in 0.. {
        let (_dir, root) = room();
        cut::after(Some(points));
        let whole = removed(&root).is_ok();
        cut::after(None);
        if whole {
            assert!(points > 10, "{points}");
            break;
        }
        // The next start.
        removed(&root).expect("with power");
        is_done(&root, &points.to_string());
    }
    let (_dir, root) = room();
    removed(&root).expect("with power");
    is_done(&root, "at once");
    let mode = fs::metadata(root.join("etc/shadow"))
        .expect("a file")
        .mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn files_that_are_damaged_are_left_alone() {
    for (file, text) in [
        ("passwd", ""),
        ("passwd", "keeper:x:998:998:::\n"),
        ("passwd", "\0\0"),
    ] {
        let (_dir, root) = room();
        fs::write(root.join("etc").join(file), text).expect("writing");
        removed(&root).expect_err("no account of root's");
        let shadow = fs::read_to_string(root.join("etc/shadow")).expect("a file");
        assert_eq!(shadow, BEFORE[1].1);
    }
}
