//! What a file system holds is read as debugfs reads it, on all layouts that mke2fs makes.

mod common;

use std::io::{Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use common::{Image, Tree, content, tool};
use ext4::Kind;

/// Old and new layouts; the third is that of Ubuntu 20.04's images for the Raspberry Pi.
const LAYOUTS: [&str; 7] = [
    "-t ext2 -b 1024 -I 128 -O none,sparse_super",
    "-t ext3 -b 1024",
    "-t ext4 -b 4096 -O ^metadata_csum,uninit_bg,^64bit",
    "-t ext4 -b 1024 -O metadata_csum,64bit",
    "-t ext4 -b 4096 -O metadata_csum,64bit,metadata_csum_seed,orphan_file,large_dir",
    "-t ext4 -b 2048 -O ^metadata_csum,sparse_super2,bigalloc,^resize_inode -C 16384",
    "-t ext4 -b 65536 -N 64",
];

/// Files of all sorts: sizes around the limits of direct and indirect blocks among them.
fn fill(dir: &Path) {
    let sizes = [
        0,
        1,
        1023,
        1024,
        12 * 1024,
        13 * 1024 + 5,
        300_000,
        3_000_000,
    ];
    for size in sizes {
        fs_err::write(dir.join(format!("file-{size}")), noise(size)).unwrap();
    }
    fs_err::hard_link(dir.join("file-1"), dir.join("link")).unwrap();
    fs_err::create_dir_all(dir.join("a/b/c/d")).unwrap();
    let odd = std::ffi::OsStr::from_bytes(b"a/b/\xff\xfe \n");
    fs_err::write(dir.join(odd), "odd").unwrap();
    fs_err::write(dir.join("a/b").join("n".repeat(255)), "long").unwrap();
    for length in [1, 59, 60, 61, 700] {
        symlink("t".repeat(length), dir.join(format!("symlink-{length}"))).unwrap();
    }
    sparse(&dir.join("sparse"), 5_000_000, &[0, 65536, 2_000_000]);
}

/// Bytes that no block has in common with another.
fn noise(size: usize) -> Vec<u8> {
    let words = (0_u32..).flat_map(|word| word.wrapping_mul(2_654_435_761).to_le_bytes());
    words.take(size).collect()
}

/// A file with something at these places and nothing else.
fn sparse(path: &Path, size: u64, places: &[u64]) {
    let mut file = fs_err::File::create(path).unwrap();
    for place in places {
        file.seek(SeekFrom::Start(*place)).unwrap();
        file.write_all(format!("at {place}").as_bytes()).unwrap();
    }
    file.set_len(size).unwrap();
}

fn kind<'a>(tree: &'a Tree, path: &str) -> &'a Kind {
    &tree[Path::new(path)].kind
}

#[test]
fn every_layout_reads_as_debugfs_reads_it() {
    for layout in LAYOUTS {
        let image = Image::new(&format!("-L writable {layout}"), "24M", fill);
        image.change(&[
            "set_inode_field link uid 123456",
            "set_inode_field link gid 654321",
            "set_inode_field link mode 0104755",
            "mknod null c 1 3",
            "mknod disk b 259 7000",
            "mknod pipe p",
        ]);
        let tree = image.matches_debugfs();
        assert_eq!(tree.len(), 8 + 1 + 4 + 2 + 5 + 1 + 3 + 2, "{layout}");
        let link = &tree[Path::new("link")];
        assert_eq!((link.uid, link.gid, link.mode), (123_456, 654_321, 0o4755));
        assert_eq!(link.number, tree[Path::new("file-1")].number);
        assert!(matches!(
            kind(&tree, "disk"),
            Kind::Device {
                char: false,
                major: 259,
                minor: 7000
            }
        ));
        assert!(matches!(kind(&tree, "pipe"), Kind::Fifo));
    }
}

#[test]
fn the_superblock_is_told_as_dumped() {
    let options = "-t ext4 -L writable -U 7f3a2c10-0000-4000-8000-0123456789ab -O metadata_csum";
    let image = Image::new(options, "8M", |_| {});
    let fs = image.open();
    let superblock = fs.superblock();
    assert_eq!(superblock.label, "writable");
    assert_eq!(superblock.uuid, "7f3a2c10-0000-4000-8000-0123456789ab");
    assert_eq!(superblock.size, 8 << 20);
    let said = image.ask("stats -h");
    let value = |name: &str| {
        let mut lines = said.lines();
        let found = lines.find_map(|line| line.strip_prefix(name));
        found.unwrap_or_else(|| panic!("{said}")).trim().to_owned()
    };
    let mut expected: Vec<String> = value("Filesystem features:")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let mut names = superblock.features.names();
    expected.sort();
    names.sort();
    assert_eq!(names, expected);
    assert_eq!(superblock.inodes.to_string(), value("Inode count:"));
    assert_eq!(superblock.block_size.to_string(), value("Block size:"));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let age = now.unwrap().as_secs() - superblock.made;
    assert!(
        age < 600 && superblock.written >= superblock.made,
        "{superblock:?}"
    );
}

#[test]
fn a_partition_is_read_in_its_place() {
    let image = Image::new("-t ext4", "8M", fill_one);
    let mut disk = vec![0xff; 3 * 512];
    disk.extend(image.bytes());
    disk.extend([0xff; 4096]);
    let size = disk.len() as u64 - 3 * 512;
    let file = image.dir.path().join("disk");
    fs_err::write(&file, disk).unwrap();
    let open =
        |size| ext4::FileSystem::open(fs_err::File::open(&file).unwrap().into_file(), 1536, size);
    let fs = open(size).unwrap();
    let mut seen = Vec::new();
    fs.walk(&mut |node| {
        if let Kind::File { .. } = node.inode.kind {
            seen.push((node.path.to_owned(), content(&fs, node.inode)));
        }
        anyhow::Ok(())
    })
    .unwrap();
    assert_eq!(seen, [("one".into(), b"1".to_vec())]);
    let error = open(4 << 20).unwrap_err().to_string();
    assert!(error.contains("cut short"), "{error}");
}

fn fill_one(dir: &Path) {
    fs_err::write(dir.join("one"), "1").unwrap();
}

#[test]
fn names_come_in_order_and_errors_of_the_caller_end_the_walk() {
    let image = Image::new("-t ext4", "8M", |dir| {
        for name in ["b", "a", "a/z", "a-", "B"] {
            fs_err::create_dir_all(dir.join(name)).unwrap();
        }
    });
    let mut seen = Vec::new();
    let ended = image.open().walk(&mut |node| {
        seen.push(node.path.display().to_string());
        anyhow::ensure!(!node.path.ends_with("b"), "enough");
        Ok(())
    });
    assert_eq!(ended.unwrap_err().to_string(), "enough");
    assert_eq!(seen, ["", "B", "a", "a/z", "a-", "b"]);
}

#[test]
fn a_large_directory_is_read_whole_through_its_index() {
    for options in ["-t ext4 -b 1024 -N 8192", "-t ext3 -b 4096 -N 8192"] {
        let image = Image::new(options, "24M", |dir| {
            for number in 0..5000 {
                fs_err::write(dir.join(format!("a-longer-name-{number}")), "").unwrap();
            }
        });
        // mke2fs makes no index; e2fsck makes one of every large directory.
        let e2fsck = tool("e2fsck").arg("-fyD").arg(&image.file);
        let status = e2fsck.output().unwrap().status;
        assert!(status.code().is_some_and(|code| code < 4), "{status}");
        assert!(image.ask("htree_dump /").contains("Root node dump"));
        let mut expected: Vec<_> = (0..5000)
            .map(|number| format!("a-longer-name-{number}"))
            .collect();
        expected.extend([String::new(), "lost+found".into()]);
        expected.sort();
        let tree = image.tree();
        assert!(
            tree.keys()
                .map(|path| path.to_str().unwrap())
                .eq(expected.iter())
        );
    }
}

#[test]
fn deep_extent_trees_and_block_maps_are_followed() {
    let places: Vec<u64> = (0..900).map(|place| place * 8192).collect();
    let layouts = [
        ("-t ext4 -b 1024", "/ 2"),
        ("-t ext4 -b 4096", "/ 1"),
        ("-t ext4 -b 1024 -O ^extent,^64bit", ""),
        ("-t ext4 -b 4096 -O ^extent,^64bit", ""),
    ];
    for (layout, level) in layouts {
        let image = Image::new(layout, "24M", |dir| {
            sparse(&dir.join("scattered"), 900 * 8192 + 3, &places);
            // Beyond 12 + 256 + 256 * 256 blocks of 1 KiB: three levels.
            sparse(&dir.join("far"), 70_000_000, &[69_000_000, 69_999_000]);
        });
        if level.is_empty() {
            assert!(image.ask("stat scattered").contains("(DIND)"), "{layout}");
        } else {
            let extents = image.ask("dump_extents scattered");
            assert!(extents.contains(level), "{layout}: {extents}");
        }
        image.matches_debugfs();
    }
}

#[test]
fn blocks_that_were_only_reserved_read_as_zeros() {
    let image = Image::new("-t ext4 -b 1024", "8M", |dir| {
        fs_err::write(dir.join("file"), noise(2048)).unwrap();
    });
    image.change(&["fallocate file 2 40", "set_inode_field file size 40000"]);
    assert!(image.ask("stat file").contains("[u]"));
    let tree = image.matches_debugfs();
    let bytes = content(&image.open(), &tree[Path::new("file")]);
    assert_eq!(bytes[..2048], noise(2048));
    assert!(bytes.len() == 40000 && bytes[2048..].iter().all(|byte| *byte == 0));
}

#[test]
fn times_before_1970_and_after_2038_are_told() {
    let image = Image::new("-t ext4 -I 256", "8M", |dir| {
        for (name, time) in [
            ("old", "1930-01-02"),
            ("new", "2100-03-04 05:06:07.123456789"),
        ] {
            let touch = cmd::Cmd::new("touch").env("TZ", "UTC").args(["-d", time]);
            touch.arg(dir.join(name)).run().unwrap();
        }
    });
    // mke2fs 1.47.0 takes over whole seconds of 32 bits, so the rest is set by field.
    image.change(&[
        "set_inode_field old mtime @-1262217600",
        "set_inode_field new mtime @4107906367",
        "set_inode_field new mtime_extra 0x1d6f3455",
    ]);
    let tree = image.matches_debugfs();
    let new = &tree[Path::new("new")];
    assert_eq!((new.mtime, new.mtime_nanos), (4_107_906_367, 123_456_789));
    assert_eq!(tree[Path::new("old")].mtime, -1_262_217_600);
}
