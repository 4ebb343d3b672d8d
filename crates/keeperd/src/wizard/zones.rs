//! Which time zones there are, from the distribution's tables of them.

use camino::Utf8Path;
use config::{Text as _, TimeZone};

/// Where the tables are, and the zones themselves.
pub(super) const DIRECTORY: &str = "/usr/share/zoneinfo";

/// The most bytes of a table; the largest has 110 thousand.
const MOST: u64 = 1024 * 1024;
/// The most zones; there are six hundred names.
const ZONES: usize = 2000;

/// The names of those that are really there, in alphabetical order. A table may name zones that stand in a
/// package of their own.
pub(super) fn zones(dir: &Utf8Path) -> Vec<String> {
    let compiled = near::text(&dir.join("tzdata.zi"), MOST);
    let mut names = from_zi(&compiled);
    let table = near::text(&dir.join("zone1970.tab"), MOST);
    if names.is_empty() {
        names = from_tab(&table);
    }
    names.push("UTC");
    let mut zones: Vec<String> = names
        .into_iter()
        .filter(|name| is_place(name) && dir.join(name).is_file())
        .take(ZONES)
        .map(str::to_owned)
        .collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

/// Places, and UTC; no abbreviations and no offsets.
fn is_place(name: &str) -> bool {
    let place = name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/");
    (place || name == "UTC") && TimeZone::parse(name).is_ok()
}

/// `Z NAME …` is a zone, `L TARGET NAME` another name of one.
fn from_zi(text: &str) -> Vec<&str> {
    let name = |line: &'_ str| -> Option<usize> {
        match line.split(' ').next() {
            Some("Z") => Some(1),
            Some("L") => Some(2),
            _ => None,
        }
    };
    text.lines()
        .filter_map(|line| line.split(' ').nth(name(line)?))
        .collect()
}

/// Countries, coordinates and name, with tabs between.
fn from_tab(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').nth(2)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_are_there_are_offered() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        assert_eq!(zones(root), [""; 0]);
        for zone in ["Asia/Tokyo", "Europe/Oslo", "Etc/GMT+9", "UTC", "EST"] {
            let path = root.join(zone);
            std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
            std::fs::write(path, "TZif2").expect("writing");
        }
        std::fs::write(root.join("secret"), "").expect("writing");
        let zi = "# version 2024a\nR J 1948 o - May Sa>=1 24 1 D\nZ Asia/Tokyo 9:18:59 - LMT\n\
                  Z Etc/GMT+9 -9 - -09\nZ EST -5 - EST\nL Europe/Berlin Europe/Oslo\nL Asia/Tokyo Japan\n\
                  Z Mars/Base 0\nZ ../secret 0\nZ Asia/../secret 0\nZ\nL x\n";
        std::fs::write(root.join("tzdata.zi"), zi).expect("writing");
        assert_eq!(zones(root), ["Asia/Tokyo", "Europe/Oslo", "UTC"]);
        std::fs::remove_file(root.join("tzdata.zi")).expect("removing");
        let tab = "#codes\nJP,AU\t+353916+1394441\tAsia/Tokyo\tEyre Bird\nXX\n";
        std::fs::write(root.join("zone1970.tab"), tab).expect("writing");
        assert_eq!(zones(root), ["Asia/Tokyo", "UTC"]);
    }
}
