//! An import loses nothing: the vendor's root, taken apart and assembled again without overlay and
//! seal, is the same in every name, kind, owner, mode, time, attribute, link and byte.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use cmd::Cmd;
use e2e::harness::trial_in_sandbox;
use e2e::vendor::{self, DISK_ID, ROOT_UUID, SOCKET};
use ext4::{FileSystem, Kind};
use image::context::{Places, Workshop};
use image::digest;
use image::lock;
use image::progress::Progress;
use image::stage::{Made, assemble, import};
use image::vendor::{Parts, unpack};
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    vec![trial_in_sandbox(
        "an_imported_root_is_the_vendors_in_everything",
        is_the_same,
    )]
}

/// The image's own time: later than that of any oddity.
const NOW: u64 = 4_102_444_801;

fn is_the_same() {
    let (cache, progress) = (e2e::setting("E2E_CACHE"), Progress::new(true));
    let dispatch = e2e::setting("E2E_PROGRAMS").join("dispatch");
    let twin = vendor::make(&cache, &dispatch, &progress).unwrap();
    let plan = vendor::plan_of_import(&twin).unwrap();
    let places = Places {
        repository: e2e::repository(),
        out_dir: cache.clone(),
        device_programs: cache.clone(),
        dispatch,
        revision: String::new(),
        cache: cache.clone(),
    };
    let _lock = lock::take(&cache, &progress).unwrap();
    let store = tempfile::tempdir_in(&cache).unwrap();
    let shop = Workshop::open(&plan, &cache, store.path(), &progress).unwrap();
    let imported = import::make(&shop, &plan, &places).unwrap().unwrap();
    assert_eq!(imported.identity.disk_id, DISK_ID);
    assert_eq!(imported.identity.root_uuid, ROOT_UUID);
    assert_eq!(imported.origin.signed_by.as_ref(), Some(&twin.fingerprint));

    let sealed = as_sealed(&imported.made, &store.path().join("sealed"));
    let identity = Some(&imported.identity);
    let again = assemble::make(&shop, &plan.profile.disk, identity, &sealed, NOW);
    let again = Parts::find(&again.unwrap().file("disk.img")).unwrap();
    let raw = store.path().join("vendors.img");
    unpack::unpack(&twin.image(), &raw, shop.tools(), &progress).unwrap();
    let original = Parts::find(&raw).unwrap();

    assert_eq!(again.labels(), original.labels());
    assert_eq!(again.identity(), original.identity());
    let (mut before, after) = (everything(&original.root), everything(&again.root));
    before
        .remove(Path::new(SOCKET))
        .expect("the twin has a socket");
    for (path, thing) in &before {
        assert_eq!(after.get(path), Some(thing), "/{}", path.display());
    }
    let added: Vec<_> = after
        .keys()
        .filter(|path| !before.contains_key(*path))
        .collect();
    assert!(added.is_empty(), "{added:?}");
    assert!(before.len() > 10_000, "only {} names", before.len());
    check_oddities(&after);
}

/// An import's entry in the form that the stage before assemble leaves.
fn as_sealed(imported: &Made, dir: &Path) -> Made {
    fs_err::create_dir_all(dir.join("boot")).unwrap();
    fs_err::rename(imported.file("root.tar"), dir.join("root.tar")).unwrap();
    Cmd::new("tar")
        .args(["--extract", "--no-same-owner", "--directory"])
        .arg(dir.join("boot"))
        .arg("--file")
        .arg(imported.file("boot.tar"))
        .run()
        .unwrap();
    Made {
        key: imported.key.clone(),
        dir: dir.to_owned(),
    }
}

/// All that a name stands for.
#[derive(Debug, PartialEq, Eq)]
struct Thing {
    kind: Kind,
    mode: u32,
    owner: (u32, u32),
    mtime: i64,
    xattrs: Vec<(String, Vec<u8>)>,
    /// The first name of the same inode.
    first_name: PathBuf,
    links: u32,
    sha256: Option<String>,
}

fn everything(fs: &FileSystem) -> BTreeMap<PathBuf, Thing> {
    let mut first_names = HashMap::new();
    let mut found = BTreeMap::new();
    fs.walk(&mut |node| -> anyhow::Result<()> {
        let inode = node.inode;
        let path = node.path.to_owned();
        let first_name = first_names.entry(inode.number).or_insert(path.clone());
        let is_file = matches!(inode.kind, Kind::File { .. });
        let thing = Thing {
            kind: inode.kind.clone(),
            mode: inode.mode,
            owner: (inode.uid, inode.gid),
            // mke2fs makes this one anew.
            mtime: if path == Path::new("lost+found") {
                0
            } else {
                inode.mtime
            },
            xattrs: inode.xattrs.clone(),
            first_name: first_name.clone(),
            links: inode.links,
            sha256: if is_file {
                Some(digest::of_reader(fs.content(inode)?)?)
            } else {
                None
            },
        };
        found.insert(path, thing);
        Ok(())
    })
    .unwrap();
    found
}

/// What the twin was given to make it hard, seen in the end: reader and writer do not agree on a
/// loss.
fn check_oddities(found: &BTreeMap<PathBuf, Thing>) {
    use image::rootfs::Content;
    for (entry, bytes) in vendor::oddities(0) {
        if entry.path == Path::new(SOCKET) {
            continue;
        }
        let thing = &found[&entry.path];
        let kind = match &entry.content {
            Content::File(size) => Kind::File { size: *size },
            Content::Directory => Kind::Directory,
            Content::Fifo => Kind::Fifo,
            Content::Symlink(target) => Kind::Symlink {
                target: target.as_os_str().as_encoded_bytes().to_vec(),
            },
            Content::Device(char, major, minor) => Kind::Device {
                char: *char,
                major: *major,
                minor: *minor,
            },
            Content::HardLink(first) => {
                assert_eq!(&thing.first_name, first);
                continue;
            }
        };
        assert_eq!(thing.kind, kind, "{entry:?}");
        assert_eq!(
            (thing.mode, thing.owner),
            (entry.mode, (entry.uid, entry.gid)),
            "{entry:?}"
        );
        assert_eq!(thing.xattrs, entry.xattrs, "{entry:?}");
        if matches!(entry.content, Content::File(_)) {
            assert_eq!(
                thing.sha256.as_ref(),
                Some(&digest::of_bytes(&bytes)),
                "{entry:?}"
            );
        }
    }
}
