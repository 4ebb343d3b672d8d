//! The near end of the network: adapters, default routes, own address. From files of the kernel, since
//! those who ask have no netlink; nothing is sent. What it comes to is said by those who ask.

mod route;

pub use route::{AFAR_V4, AFAR_V6, Way, default_v4, default_v6, leads_out_over, own_address};

use camino::Utf8Path;
use std::fs::File;
use std::io::Read as _;

/// The most adapters that are looked at.
const ADAPTERS: usize = 32;
/// The most bytes of such a file that are read; a route has about 100.
const MOST: u64 = 64 * 1024;

/// A network adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapter {
    /// Its name, such as `eth0`.
    pub name: String,
    /// Wi-Fi, not a cable.
    pub wireless: bool,
    /// Connected: cable plugged in, or joined to a Wi-Fi network.
    pub up: bool,
}

/// The adapters in `/sys/class/net` or the like, by name. Hardware has a `device`; loopback, bridges and
/// tunnels have none.
pub fn adapters(dir: &Utf8Path) -> Vec<Adapter> {
    let entries = dir.read_dir_utf8().into_iter().flatten();
    let dirs = entries.flatten().map(|entry| entry.into_path());
    let hardware = dirs.filter(|dir| dir.join("device").exists());
    let mut adapters: Vec<Adapter> = hardware.take(ADAPTERS).map(|dir| adapter(&dir)).collect();
    adapters.sort_by(|one, other| one.name.cmp(&other.name));
    adapters
}

fn adapter(dir: &Utf8Path) -> Adapter {
    let first = |file: &str| text(&dir.join(file), MOST);
    // The carrier of an adapter that is switched off cannot be read.
    let up = match first("carrier").trim() {
        "" => first("operstate").trim() == "up",
        carrier => carrier == "1",
    };
    Adapter {
        name: dir.file_name().unwrap_or_default().to_owned(),
        wireless: dir.join("wireless").exists() || dir.join("phy80211").exists(),
        up,
    }
}

/// The first `most` bytes of a file, which need not be text; what cannot be read is as good as nothing.
pub fn text(path: &Utf8Path, most: u64) -> String {
    // The kernel says no length of its files; most fit here, and are had at once.
    let mut bytes = Vec::with_capacity(4096);
    let _ = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adapters_are_hardware_alone() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        for (name, files) in [
            ("eth0", &[("carrier", "0\n"), ("operstate", "down\n")][..]),
            ("lo", &[("carrier", "1\n")]),
            ("wlan0", &[("carrier", "1\n")]),
            ("eth1", &[("operstate", "up\n")]),
        ] {
            std::fs::create_dir_all(root.join(name)).expect("a directory");
            for (file, text) in files {
                std::fs::write(root.join(name).join(file), text).expect("writing");
            }
            if name != "lo" {
                std::fs::create_dir(root.join(name).join("device")).expect("a directory");
            }
        }
        std::fs::create_dir(root.join("wlan0/wireless")).expect("a directory");
        let found = adapters(root);
        let found: Vec<_> = found
            .iter()
            .map(|one| (&*one.name, one.wireless, one.up))
            .collect();
        assert_eq!(
            found,
            [
                ("eth0", false, false),
                ("eth1", false, true),
                ("wlan0", true, true)
            ]
        );
        assert_eq!(adapters(&root.join("none")), []);
    }

    #[test]
    fn of_a_file_so_much_is_read_whatever_it_has() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let file = Utf8Path::from_path(dir.path())
            .expect("a UTF-8 path")
            .join("file");
        assert_eq!(text(&file, 9), "");
        std::fs::write(&file, b"a\xffbcd").expect("writing");
        assert_eq!(text(&file, 9), "a\u{fffd}bcd");
        assert_eq!(text(&file, 3), "a\u{fffd}b");
    }
}
