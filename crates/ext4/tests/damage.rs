//! Whatever bytes a file system consists of, reading it ends soon and without a panic.

mod common;

use std::io::Read;
use std::path::Path;

use common::Image;
use ext4::{Error, Kind};

/// How often each image is damaged.
const ROUNDS: u32 = 3000;

/// No more is read of one file: a damaged size may be anything.
const MOST: u64 = 1 << 20;

/// Damaged directories show the same file often, but not more often than this.
const MOST_NODES: usize = 20_000;

/// A generator of numbers that are the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

#[test]
fn damage_is_an_error_or_goes_unnoticed() {
    let layouts = [
        "-t ext4 -b 1024 -I 256 -N 64 -O ^has_journal,^metadata_csum,^64bit",
        "-t ext4 -b 1024 -I 256 -N 64 -O ^has_journal,metadata_csum,64bit",
        "-t ext2 -b 1024 -I 128 -N 64",
    ];
    for (index, layout) in layouts.into_iter().enumerate() {
        let image = Image::new(layout, "2M", fill);
        image.change(&[
            "ea_set scattered user.long 0123456789012345678901234567890123456789",
            "ea_set scattered security.capability 01234567890123456789",
            "ea_set dir user.b 0123456789012345678901234567890123456789",
        ]);
        let whole = image.bytes();
        assert_eq!(read_all(&image).unwrap(), 39, "{layout}");
        // What is not zero is mostly not content: of the files, little is written.
        let places: Vec<usize> = (1024..whole.len()).filter(|at| whole[*at] != 0).collect();
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15 + index as u64);
        let (mut refused, mut unnoticed) = (0, 0);
        for _ in 0..ROUNDS {
            let count = 1 + numbers.next(4);
            let hit: Vec<usize> = (0..count)
                .map(|_| {
                    (places[numbers.next(places.len())] + numbers.next(8)).min(whole.len() - 1)
                })
                .collect();
            for at in &hit {
                let byte = match numbers.next(4) {
                    0 => 0,
                    1 => 0xff,
                    2 => whole[*at] ^ 1 << numbers.next(8),
                    _ => numbers.next(256) as u8,
                };
                image.patch(*at as u64, &[byte]);
            }
            match read_all(&image) {
                Ok(_) => unnoticed += 1,
                Err(_) => refused += 1,
            }
            for at in hit {
                image.patch(at as u64, &whole[at..=at]);
            }
        }
        assert!(
            refused > 100 && unnoticed > 100,
            "{layout}: {refused} {unnoticed}"
        );
        assert!(image.bytes() == whole);
    }
}

fn fill(dir: &Path) {
    fs_err::create_dir_all(dir.join("dir/in/dir")).unwrap();
    let file = fs_err::File::create(dir.join("scattered")).unwrap();
    for place in 0..400 {
        let file = std::os::unix::fs::FileExt::write_all_at(file.file(), b"x", place * 8192);
        file.unwrap();
    }
    for number in 0..30 {
        let name = dir.join("dir").join(format!("a-name-{number}"));
        fs_err::write(name, "x").unwrap();
    }
    for length in [5, 200] {
        let link = dir.join(format!("link-{length}"));
        std::os::unix::fs::symlink("t".repeat(length), link).unwrap();
    }
    fs_err::hard_link(dir.join("dir/a-name-1"), dir.join("hard")).unwrap();
}

/// How many nodes there were.
fn read_all(image: &Image) -> anyhow::Result<usize> {
    let fs = image.try_open()?;
    let mut nodes = 0;
    fs.walk(&mut |node| {
        nodes += 1;
        assert!(nodes < MOST_NODES);
        if let Kind::File { size } = node.inode.kind {
            let mut content = fs.content(node.inode)?.take(MOST);
            let read = std::io::copy(&mut content, &mut std::io::sink()).map_err(known)?;
            assert_eq!(read, size.min(MOST));
        }
        anyhow::Ok(())
    })?;
    Ok(nodes)
}

/// Reading content fails with an error of ours alone.
fn known(error: std::io::Error) -> Error {
    error.downcast().unwrap()
}
