//! Extended attributes are read as e2fsprogs hands them out, wherever they are stored.

mod common;

use std::path::Path;

use common::Image;

/// What `getcap` shows as cap_net_raw=ep.
const CAPABILITY: [u8; 20] = [
    1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// As getxattr(2) gives it: rw- for the owner, r-- for user 1000, group, mask and others.
fn acl() -> Vec<u8> {
    let entry = |tag: u16, permissions: u16, id: u32| {
        let words = [tag.to_le_bytes(), permissions.to_le_bytes()].concat();
        [words, id.to_le_bytes().to_vec()].concat()
    };
    let entries = [
        entry(1, 6, u32::MAX),
        entry(2, 4, 1000),
        entry(4, 4, u32::MAX),
        entry(0x10, 4, u32::MAX),
        entry(0x20, 4, u32::MAX),
    ];
    [2_u32.to_le_bytes().to_vec(), entries.concat()].concat()
}

#[test]
fn attributes_in_inodes_and_in_blocks_are_read() {
    let layouts = [
        // Inodes of 128 bytes have no room: all of it is in the block.
        "-t ext4 -b 1024 -I 128 -O ^metadata_csum",
        "-t ext4 -b 1024 -I 256 -O metadata_csum,64bit",
        "-t ext4 -b 4096 -I 512 -O ^metadata_csum",
    ];
    let acl = acl();
    let long = vec![b'x'; 700];
    let values: [(&str, &[u8]); 6] = [
        ("security.capability", &CAPABILITY),
        ("system.posix_acl_access", &acl),
        ("trusted.overlay.opaque", b"y"),
        ("user.empty", b""),
        ("user.long", &long),
        ("user.short", b"short"),
    ];
    for layout in layouts {
        let image = Image::new(layout, "8M", |dir| {
            fs_err::write(dir.join("file"), "").unwrap();
            fs_err::write(dir.join("other"), "").unwrap();
            fs_err::create_dir(dir.join("dir")).unwrap();
        });
        let value = |index: usize| image.dir.path().join(format!("value-{index}"));
        let mut commands = Vec::new();
        for (index, (name, bytes)) in values.iter().enumerate() {
            fs_err::write(value(index), bytes).unwrap();
            commands.push(format!("ea_set -f {} file {name}", value(index).display()));
        }
        let list = value(1);
        commands.push(format!(
            "ea_set -f {} dir system.posix_acl_default",
            list.display()
        ));
        image.change(&commands.iter().map(String::as_str).collect::<Vec<_>>());
        let tree = image.matches_debugfs();
        let expected = values.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        assert_eq!(tree[Path::new("file")].xattrs, expected, "{layout}");
        assert_eq!(tree[Path::new("other")].xattrs, []);
        let default = ("system.posix_acl_default".to_owned(), acl.clone());
        assert_eq!(tree[Path::new("dir")].xattrs, [default]);
        for (name, bytes) in values {
            let got = image.dir.path().join("got");
            image.ask(&format!("ea_get -f {} file {name}", got.display()));
            let mut expected = bytes.to_vec();
            if name.ends_with("acl_access") {
                // Entries that name nobody: the kernel says -1, e2fsprogs 0.
                for id in expected[4..].chunks_mut(8).map(|entry| &mut entry[4..]) {
                    if *id == [0xff; 4] {
                        id.fill(0);
                    }
                }
            }
            assert_eq!(fs_err::read(&got).unwrap(), expected, "{layout} {name}");
        }
    }
}
