//! `--base FILE` with files that are no vendor's image, or none that can be built on: each is refused
//! with the file's name and the reason, and nothing is made.

use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use cmd::Cmd;
use e2e::front_door::{Said, run};
use e2e::harness::trial;
use image::disk::{FAT32_LBA, LINUX, Mbr, Partition};
use libtest_mimic::Trial;
use tempfile::TempDir;

/// Where the two partitions of the tests' images are, in bytes.
const BOOT: Partition = Partition {
    kind: FAT32_LBA,
    start: 1 << 20,
    size: 1 << 20,
};
const ROOT: Partition = Partition {
    kind: LINUX,
    start: 2 << 20,
    size: 16 << 20,
};
/// The superblock's field of incompatible features, from the start of the file system.
const INCOMPATIBLE: u64 = 1024 + 0x60;
/// And that of its state.
const STATE: u64 = 1024 + 0x3a;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_file_that_is_no_image_is_refused", no_image),
        trial("an_image_without_two_partitions_is_refused", partitions),
        trial("an_image_without_a_fat_is_refused", without_fat),
        trial("a_file_system_in_use_or_damaged_is_refused", unclean),
        trial("features_that_cannot_be_read_are_named", newer_features),
        trial("another_label_than_the_profiles_is_refused", other_label),
        trial("a_cut_off_image_is_refused", cut_off),
        trial(
            "a_profile_without_an_import_takes_no_base",
            no_use_for_a_base,
        ),
    ]
}

/// An image as it should be, but for what a test changes, and without a system in it.
struct Image {
    dir: TempDir,
    file: PathBuf,
}

impl Image {
    fn new(partitions: Vec<Partition>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let image = Self {
            file: dir.path().join("vendors.img"),
            dir,
        };
        let table = Mbr {
            disk_id: 1,
            partitions,
        };
        fs_err::write(&image.file, table.to_sector()).unwrap();
        let mut fat = [0; 512];
        fat[71..90].copy_from_slice(b"system-bootFAT32   ");
        fat[510..].copy_from_slice(&[0x55, 0xaa]);
        image.put(BOOT.start, &fat);
        let root = image.dir.path().join("root");
        Cmd::new("/sbin/mke2fs")
            .args(["-q", "-F", "-L", "writable"])
            .arg(&root)
            .arg(format!("{}k", ROOT.size / 1024))
            .run()
            .unwrap();
        image.put(ROOT.start, &fs_err::read(root).unwrap());
        image
    }

    fn put(&self, at: u64, bytes: &[u8]) {
        let file = fs_err::OpenOptions::new().write(true).open(&self.file);
        file.unwrap().file().write_all_at(bytes, at).unwrap();
    }

    /// Has it built on, and refused.
    #[track_caller]
    fn refused(&self, parts: &[&str]) {
        let said = build(&self.file, "ubuntu-20.04", self.dir.path());
        said.refused(&[&["vendors.img"], parts].concat());
    }
}

fn build(base: &Path, profile: &str, dir: &Path) -> Said {
    let text = |path: &Path| path.display().to_string();
    let out = dir.join("out");
    let cache = text(&e2e::setting("E2E_CACHE"));
    let said = run(
        &e2e::repository(),
        &[
            "image",
            "--profile",
            profile,
            "--base",
            &text(base),
            "--programs",
            &text(dir),
            "--out-dir",
            &text(&out),
            "--cache-dir",
            &cache,
        ],
    );
    let left = fs_err::read_dir(&out).map_or(0, Iterator::count);
    assert_eq!(left, 0, "something was made");
    said
}

fn no_image() {
    let image = Image::new(vec![BOOT, ROOT]);
    for (bytes, reason) in [
        (&b""[..], "is empty"),
        (&[0; 4096][..], "is no image"),
        (&b"<html>not here</html>"[..], "is a page of the web"),
        (&b"\xfd7zXZ\0no more"[..], "unpacking"),
    ] {
        fs_err::write(&image.file, bytes).unwrap();
        image.refused(&[reason]);
    }
}

fn partitions() {
    let more = Partition {
        kind: LINUX,
        start: ROOT.start + ROOT.size,
        size: 512,
    };
    let image = Image::new(vec![BOOT, ROOT, more]);
    image.put(more.start, &[0; 512]);
    image.refused(&["it has 3 partitions", "two, a FAT and an ext4"]);
    let gpt = Partition { kind: 0xee, ..ROOT };
    Image::new(vec![gpt]).refused(&["the disk has a GPT"]);
}

fn without_fat() {
    let linux = Partition {
        kind: LINUX,
        ..BOOT
    };
    Image::new(vec![linux, ROOT]).refused(&["partition 1 is of type 0x83 and not a FAT"]);
    let image = Image::new(vec![BOOT, ROOT]);
    image.put(BOOT.start, &[0; 512]);
    image.refused(&["reading partition 1", "there is no FAT file system"]);
}

fn unclean() {
    let image = Image::new(vec![BOOT, ROOT]);
    // Errors were found, and nobody has repaired them.
    image.put(ROOT.start + STATE, &[2, 0]);
    image.refused(&[
        "reading partition 2",
        "not clean",
        "hint: somebody has used this image",
    ]);
    let image = Image::new(vec![BOOT, ROOT]);
    let mut features = [0; 4];
    let file = fs_err::File::open(&image.file).unwrap();
    let at = ROOT.start + INCOMPATIBLE;
    file.file().read_exact_at(&mut features, at).unwrap();
    features[0] |= 4;
    image.put(at, &features);
    image.refused(&[
        "its journal must be replayed",
        "hint: somebody has used this image",
    ]);
}

fn newer_features() {
    let image = Image::new(vec![BOOT, ROOT]);
    image.put(ROOT.start + INCOMPATIBLE + 2, &[0x02, 0x80]);
    image.refused(&[
        "features that cannot be read here",
        "casefold",
        "hint: the image is newer",
    ]);
}

fn other_label() {
    let image = Image::new(vec![BOOT, ROOT]);
    image.put(BOOT.start + 71, b"bootfs     ");
    image.refused(&["labelled \"bootfs\" where the profile says \"system-boot\""]);
}

fn cut_off() {
    let image = Image::new(vec![BOOT, ROOT]);
    let file = fs_err::OpenOptions::new().write(true).open(&image.file);
    file.unwrap().set_len(ROOT.start + 4096).unwrap();
    image.refused(&["the image is cut off"]);
}

fn no_use_for_a_base() {
    let image = Image::new(vec![BOOT, ROOT]);
    let said = build(&image.file, "debian-12", image.dir.path());
    said.refused(&["makes its base from packages", "hint: leave out --base"]);
}
