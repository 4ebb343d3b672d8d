//! The boot partition: where an owner leaves files for the device, and finds its notice. Any computer can read it.

use camino::{Utf8Path, Utf8PathBuf};

/// Where distributions mount it, below the root.
const PLACES: [&str; 2] = ["boot/firmware", "boot"];
/// What the firmware reads there: one that is not mounted has none of them.
const SIGNS: [&str; 2] = ["cmdline.txt", "config.txt"];

/// Where it is mounted, below `root`; none when it is not.
pub(crate) fn find(root: &Utf8Path) -> Option<Utf8PathBuf> {
    PLACES
        .map(|place| root.join(place))
        .into_iter()
        .find(|dir| SIGNS.iter().any(|sign| dir.join(sign).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_where_the_firmware_reads() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        assert_eq!(find(root), None);
        std::fs::create_dir_all(root.join("boot/firmware")).expect("a directory");
        std::fs::write(root.join("boot/vmlinuz"), "").expect("a file");
        assert_eq!(find(root), None, "it is not mounted");
        std::fs::write(root.join("boot/config.txt"), "").expect("a file");
        assert_eq!(find(root), Some(root.join("boot")));
        std::fs::write(root.join("boot/firmware/cmdline.txt"), "").expect("a file");
        assert_eq!(find(root), Some(root.join("boot/firmware")));
    }
}
