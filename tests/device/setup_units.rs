//! What units say of a device without an owner: which of them wait for one, and what the setup session may write.

use e2e::harness::trial;
use libtest_mimic::Trial;

use crate::setup::file;

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "the_setup_session_writes_where_it_has_to_and_nowhere_else",
            writes,
        ),
        trial("each_unit_of_the_desktop_waits_for_an_owner", conditions),
    ]
}

/// Where each profile's browser has its policies, and what else the script touches.
fn writes() {
    let unit = file("lib/systemd/system/keeper-setup-session.service");
    let unit = fs_err::read_to_string(unit).unwrap();
    let paths = unit
        .lines()
        .filter_map(|line| line.strip_prefix("ReadWritePaths="));
    let mut paths: Vec<&str> = paths.flat_map(str::split_whitespace).collect();
    paths
        .iter_mut()
        .for_each(|path| *path = path.trim_start_matches('-'));
    paths.sort_unstable();
    let mut wanted = vec!["/home/keeper-setup".to_owned(), "/tmp".to_owned()];
    for entry in fs_err::read_dir(e2e::repository().join("image")).unwrap() {
        let profile = fs_err::read_to_string(entry.unwrap().path()).unwrap();
        let dirs = profile
            .lines()
            .filter_map(|line| line.strip_prefix("policy-dir = "));
        wanted.extend(dirs.map(|dir| dir.trim_matches('"').to_owned()));
    }
    wanted.sort_unstable();
    wanted.dedup();
    assert!(wanted.len() > 3, "{wanted:?}");
    assert_eq!(paths, wanted);
}

/// The conditions that a user unit has of its own and by files for its name, the nearest winning.
fn conditions_of(name: &str, text: &str) -> Vec<String> {
    let user = file("lib/systemd/user");
    let (stem, kind) = name.rsplit_once('.').unwrap();
    let mut prefix = stem;
    let mut dirs = vec![format!("{name}.d")];
    while let Some((shorter, _)) = prefix.rsplit_once('-') {
        dirs.push(format!("{shorter}-.{kind}.d"));
        prefix = shorter;
    }
    let nearest = dirs.iter().map(|dir| user.join(dir).join("set-up.conf"));
    let nearest = nearest.filter(|file| file.exists()).take(1);
    let all = nearest
        .map(|file| fs_err::read_to_string(file).unwrap())
        .collect::<String>()
        + text;
    let found = all
        .lines()
        .filter_map(|line| line.strip_prefix("ConditionPathExists="));
    found.map(str::to_owned).collect()
}

fn conditions() {
    let overlay = e2e::repository().join("overlay");
    let mut seen = 0;
    for feature in ["desktop", "kiosk", "setup"] {
        let units = overlay.join(feature).join("root/usr/lib/systemd/user");
        for entry in fs_err::read_dir(units).unwrap() {
            let entry = entry.unwrap();
            if !entry.path().is_file() {
                continue;
            }
            let name = entry.file_name().into_string().unwrap();
            // Asked for by keeper-kiosk-restart.path alone, or by name.
            let text = fs_err::read_to_string(entry.path()).unwrap();
            let marker = "/var/lib/keeper-apply/set-up".to_owned();
            let expected = if name.starts_with("keeper-setup") {
                format!("!{marker}")
            } else {
                marker
            };
            assert_eq!(conditions_of(&name, &text), [expected], "{name}");
            seen += 1;
        }
    }
    assert!(seen > 9, "{seen} units");
}
