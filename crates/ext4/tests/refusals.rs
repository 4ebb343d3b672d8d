//! What cannot or must not be read is refused, and the error says what it is.

mod common;

use std::path::Path;

use common::Image;
use ext4::Error;

/// A layout without checksums, so that a test may change what it likes.
const PLAIN: &str = "-t ext4 -b 1024 -I 256 -O ^metadata_csum,^64bit,^has_journal";

/// Where the fields of the superblock are.
const SUPERBLOCK: u64 = 1024;

fn plain() -> Image {
    Image::new(PLAIN, "2M", |dir| {
        fs_err::create_dir_all(dir.join("a/b")).unwrap();
        fs_err::create_dir_all(dir.join("c")).unwrap();
        fs_err::write(dir.join("file"), vec![1; 5000]).unwrap();
        std::os::unix::fs::symlink("file", dir.join("link")).unwrap();
    })
}

/// The chain of an error, in one line.
fn chain(error: impl std::error::Error + Send + Sync + 'static) -> String {
    format!("{:#}", anyhow::Error::new(error))
}

#[test]
fn superblocks_that_are_not_for_us_are_refused_by_name() {
    let u16_at = |at: u64, value: u16| (at, value.to_le_bytes().to_vec());
    let u32_at = |at: u64, value: u32| (at, value.to_le_bytes().to_vec());
    let cases = [
        (u16_at(0x38, 0x1234), "no ext2, ext3 or ext4 file system"),
        (u32_at(0x60, 0x46), "journal must be replayed"),
        (u16_at(0x3a, 3), "errors were found"),
        (u16_at(0x3a, 0), "was not unmounted"),
        (u16_at(0x3a, 5), "deleted files"),
        (u32_at(0xe8, 12), "deleted files"),
        (u32_at(0x64, 0x1_0000), "deleted files"),
        (u32_at(0x60, 0x8043), "read here: compression, inline_data"),
        (
            u32_at(0x60, 0x3_0442),
            "read here: ea_inode, encrypt, casefold",
        ),
        (
            u32_at(0x60, 0x105a),
            "read here: journal_dev, meta_bg, dirdata",
        ),
        (u32_at(0x60, 0x4000_0042), "read here: 0x40000000"),
        (u32_at(0x18, 7), "blocks of 2^7 KiB"),
        (u32_at(0x18, u32::MAX), "blocks of 2^4294967295 KiB"),
        (u32_at(0x20, 0), "groups of 0 blocks"),
        (u32_at(0x28, 0), "groups of 0 inodes"),
        (u32_at(0x28, 8193), "groups of 8193 inodes"),
        (u32_at(0, u32::MAX), "4294967295 inodes in 1 groups"),
        (u16_at(0x58, 200), "inodes of 200 bytes"),
        (u16_at(0x58, 2048), "inodes of 2048 bytes"),
        (u32_at(0x60, 0xc2), "group descriptors of 32 bytes"),
        (
            u32_at(0x4, 2049),
            "it has 2098176 bytes, of which 2097152 are there",
        ),
        (
            u32_at(0x64, 0x400),
            "its checksums are of the unknown type 0",
        ),
    ];
    let image = plain();
    let whole = image.bytes();
    // The field is used with the feature alone.
    image.patch(SUPERBLOCK + 0xfe, &32_u16.to_le_bytes());
    for ((at, value), expected) in cases {
        image.patch(SUPERBLOCK + at, &value);
        let error = chain(image.try_open().unwrap_err());
        assert!(error.contains(expected), "{expected}: {error}");
        let at = (SUPERBLOCK + at) as usize;
        image.patch(at as u64, &whole[at..at + value.len()]);
    }
    assert_eq!(image.tree().len(), 7);
}

#[test]
fn what_is_no_image_or_cut_short_is_refused() {
    let image = plain();
    let bytes = image.bytes();
    for (length, expected) in [(0, "no ext2"), (2047, "no ext2"), (1 << 20, "cut short")] {
        fs_err::write(&image.file, &bytes[..length]).unwrap();
        let error = chain(image.try_open().unwrap_err());
        assert!(error.contains(expected), "{length}: {error}");
    }
}

#[test]
fn a_wrong_checksum_is_found_in_superblock_and_inode() {
    let image = Image::new("-t ext4 -b 1024 -O metadata_csum", "4M", |dir| {
        fs_err::write(dir.join("file"), "content").unwrap();
    });
    assert_eq!(image.tree().len(), 3);
    let inode = image.place_of("file", 1024);
    image.patch(inode + 0x2, &[7]);
    let error = chain(image.try_tree().unwrap_err());
    assert!(
        error.starts_with("reading /file: inode 12 is damaged: its checksum"),
        "{error}"
    );
    image.patch(SUPERBLOCK + 0x78, b"x");
    assert!(matches!(
        image.try_open().unwrap_err(),
        Error::Superblock { .. }
    ));
}

#[test]
fn damaged_inodes_are_refused() {
    let cases: [(&str, u64, &[u8], &str); 15] = [
        ("file", 0, &[0, 0], "0x0 is no type of file"),
        ("file", 0x1a, &[0, 0], "it was deleted"),
        ("file", 0x20, &[0, 0x8, 8, 0], "it is encrypted"),
        ("file", 0x20, &[0, 0, 8, 0x10], "stored within its inode"),
        ("file", 0x80, &[0xfc, 0xff], "65532 bytes of further fields"),
        ("file", 0x28, &[0, 0], "has magic 0x0"),
        ("file", 0x2e, &[6, 0], "depth 6"),
        ("file", 0x2a, &[5, 0], "5 entries"),
        ("file", 0x2e, &[1, 0], "extent tree goes on at block"),
        (
            "file",
            0x3a,
            &[1, 0],
            "an extent of 5 blocks at block 42949",
        ),
        ("file", 0x38, &[0, 0], "an extent of 0 blocks"),
        (
            "file",
            0x68,
            &[0, 0, 0, 1],
            "attributes are in block 16777216",
        ),
        (
            "file",
            0x68,
            &[1, 0, 0, 0],
            "block 1 holds no extended attributes",
        ),
        ("link", 0x4, &[0, 0], "a symbolic link of 0 bytes"),
        ("link", 0x4, &[0, 0x10], "a symbolic link of 4096 bytes"),
    ];
    let image = plain();
    let whole = image.bytes();
    for (path, at, value, expected) in cases {
        let place = image.place_of(path, 1024);
        image.patch(place + at, value);
        let error = read_all(&image).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
        fs_err::write(&image.file, &whole).unwrap();
    }
    read_all(&image).unwrap();
}

/// Walks and reads every file; the error's chain in one line.
fn read_all(image: &Image) -> Result<(), String> {
    let fs = image.try_open().map_err(chain)?;
    let read = fs.walk(&mut |node| {
        if let ext4::Kind::File { .. } = node.inode.kind {
            std::io::copy(&mut fs.content(node.inode)?, &mut std::io::sink())?;
        }
        anyhow::Ok(())
    });
    read.map_err(|error| format!("{error:#}"))
}

#[test]
fn names_that_lead_astray_are_refused() {
    let commands: [(&[&str], &str); 6] = [
        (&["link /a /a/b/loop"], "the directory is reached twice"),
        (
            &["link / /a/root"],
            "reading /a/root: inode 2 is damaged: the directory is reached twice",
        ),
        (&["link /c /a/again"], "reading /a/again"),
        (&["link <8> /journal"], "no file can have this number"),
        (&["link /file /a/..."], ""),
        (&["clri /file"], "it was deleted"),
    ];
    for (commands, expected) in commands {
        let image = plain();
        image.change(commands);
        match read_all(&image) {
            Ok(()) => assert_eq!(expected, ""),
            Err(error) => assert!(!expected.is_empty() && error.contains(expected), "{error}"),
        }
    }
}

#[test]
fn damaged_directories_are_refused() {
    // In the root's block: the entry of `file`, with its inode, lengths and name.
    let cases: [(u64, &[u8], &str); 8] = [
        (4, &[0, 0], "the directory's entry at byte"),
        (4, &[13, 0], "the directory's entry at byte"),
        (4, &[0xfc, 0x7f], "the directory's entry at byte"),
        (4, &[12, 0, 200], "the directory's entry at byte"),
        (8, b"f/le", "the name \"f/le\""),
        (8, b"f\0le", "the name \"f\\x00le\""),
        (8, b"link", "the name \"link\" twice"),
        (
            0,
            &[0xff, 0xff, 0xff],
            "inode 16777215 is damaged: a directory names it",
        ),
    ];
    let image = plain();
    let whole = image.bytes();
    let name = whole
        .windows(6)
        .position(|bytes| bytes == b"\x04\x01file")
        .unwrap() as u64;
    for (at, value, expected) in cases {
        image.patch(name - 6 + at, value);
        let error = read_all(&image).unwrap_err();
        assert!(error.contains(expected), "{expected}: {error}");
        fs_err::write(&image.file, &whole).unwrap();
    }
    let dots = whole
        .windows(6)
        .position(|bytes| bytes == b"\x0c\0\x01\x02.\0")
        .unwrap() as u64;
    for (at, what) in [(dots + 4, "itself"), (dots + 16, "its parent")] {
        image.patch(at, b"x");
        let error = read_all(&image).unwrap_err();
        let expected = format!("reading /: inode 2 is damaged: the directory does not know {what}");
        assert_eq!(error, expected);
        fs_err::write(&image.file, &whole).unwrap();
    }
}

#[test]
fn attributes_out_of_bounds_are_refused() {
    let image = plain();
    image.change(&["ea_set file user.name value"]);
    let place = image.place_of("file", 1024) + 128 + 32;
    let cases: [(u64, &[u8], &str); 7] = [
        (4, &[255], "an extended attribute is out of bounds"),
        (5, &[77], "unknown name space 77"),
        (5, &[2], "has the name \"system.posix_acl_accessname\""),
        (6, &[200], "user.name: its value is out of bounds"),
        (8, &[1], "user.name: its value is out of bounds"),
        (12, &[0xff; 4], "user.name: its value is out of bounds"),
        (20, &[0xff], "has the name \"user.\\xffame\""),
    ];
    let whole = image.bytes();
    assert_eq!(image.tree()[Path::new("file")].xattrs.len(), 1);
    for (at, value, expected) in cases {
        image.patch(place + at, value);
        let error = read_all(&image).unwrap_err();
        assert!(error.contains(expected), "{expected}: {error}");
        fs_err::write(&image.file, &whole).unwrap();
    }
}

#[test]
fn only_regular_files_have_content() {
    let image = plain();
    let tree = image.tree();
    let error = image.open().content(&tree[Path::new("a")]).unwrap_err();
    assert!(matches!(error, Error::NotAFile { .. }), "{error}");
}
