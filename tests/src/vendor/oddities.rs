//! What makes importing a root hard: files of every kind and with every attribute that a careless
//! copy loses.

use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use image::rootfs::Content;

use super::root::{Laid, entry};

/// Where they are.
const DIR: &str = "var/lib/oddities";
/// Becomes a socket when the file system is there: a tar cannot hold one. An importer drops it.
pub const SOCKET: &str = "var/lib/oddities/socket";
/// A file with a hole of this length in it.
const HOLE: usize = 32 << 20;
/// After 2038: more than 31 bits.
const LATE: u64 = 4_102_444_800;

/// The odd files, with their bytes, in the order of their paths; `epoch` is the image's own time.
/// [`SOCKET`] is among them, as a named pipe.
pub fn oddities(epoch: u64) -> Vec<Laid> {
    let mut all = kinds(epoch);
    all.extend(names(epoch));
    all.extend(owners_and_times(epoch));
    all.extend(attributes(epoch));
    all.sort_by(|one, other| one.0.path.cmp(&other.0.path));
    all
}

fn at(name: impl AsRef<Path>) -> PathBuf {
    Path::new(DIR).join(name)
}

fn file(path: PathBuf, mode: u32, mtime: u64, bytes: &[u8]) -> Laid {
    let content = Content::File(bytes.len() as u64);
    (entry(path, content, mode, mtime), bytes.to_vec())
}

fn other(path: impl Into<PathBuf>, content: Content, mode: u32, mtime: u64) -> Laid {
    (entry(path, content, mode, mtime), vec![])
}

fn kinds(epoch: u64) -> Vec<Laid> {
    let mut sparse = vec![0; HOLE + 10];
    sparse[..5].copy_from_slice(b"start");
    sparse[HOLE + 7..].copy_from_slice(b"end");
    vec![
        other(DIR, Content::Directory, 0o755, epoch),
        other("dev/console", Content::Device(true, 5, 1), 0o600, epoch),
        other("dev/null", Content::Device(true, 1, 3), 0o666, epoch),
        other(at("char"), Content::Device(true, 204, 64), 0o660, epoch),
        other(at("block"), Content::Device(false, 259, 300), 0o640, epoch),
        other(at("fifo"), Content::Fifo, 0o622, epoch),
        other(SOCKET, Content::Fifo, 0o777, epoch),
        file(at("sparse"), 0o644, epoch, &sparse),
        file(at("empty"), 0o000, epoch, b""),
        other(at("empty-directory"), Content::Directory, 0o3777, epoch),
    ]
}

fn names(epoch: u64) -> Vec<Laid> {
    let bytes = |name: &[u8]| at(std::ffi::OsString::from_vec(name.to_vec()));
    let link =
        |name: &str, target: PathBuf| other(at(name), Content::Symlink(target), 0o777, epoch);
    vec![
        file(bytes(b"not-utf-8-\xe9\xff"), 0o644, epoch, b"latin"),
        file(
            at("a line\nand another \"quoted\" \\ \t"),
            0o644,
            epoch,
            b"x",
        ),
        file(at("n".repeat(255)), 0o644, epoch, b"the longest name"),
        file(at("CASE"), 0o644, epoch, b"upper"),
        file(at("case"), 0o644, epoch, b"lower"),
        // ext4 has up to 59 bytes in the inode itself.
        link("link-59", "t".repeat(59).into()),
        link("link-60", "t".repeat(60).into()),
        link("link-2000", "../".repeat(666).into()),
        link("link-absolute", "/etc//./hostname".into()),
        link(
            "link-not-utf-8",
            std::ffi::OsString::from_vec(b"\xe9".to_vec()).into(),
        ),
    ]
}

fn owners_and_times(epoch: u64) -> Vec<Laid> {
    let mut owned = file(at("owned"), 0o6755, epoch, b"set-id, and nobody's");
    (owned.0.uid, owned.0.gid) = (65_534, 1234);
    vec![
        owned,
        file(at("time-1970"), 0o644, 0, b"the first"),
        file(at("time-2100"), 0o644, LATE, b"after the builder's now"),
        file(at("hard-1"), 0o4711, epoch, b"two names, set-uid"),
        other(at("hard-2"), Content::HardLink(at("hard-1")), 0o4711, epoch),
    ]
}

fn attributes(epoch: u64) -> Vec<Laid> {
    let with = |name: &str, xattrs: &[(&str, Vec<u8>)]| {
        let mut laid = file(at(name), 0o644, epoch, name.as_bytes());
        let owned = |(key, value): &(&str, Vec<u8>)| ((*key).to_owned(), value.clone());
        laid.0.xattrs = xattrs.iter().map(owned).collect();
        laid
    };
    // cap_net_bind_service, permitted and effective (linux/capability.h, version 2).
    let mut capability = vec![1, 0, 0, 2, 0, 4, 0, 0];
    capability.resize(20, 0);
    vec![
        with("capable", &[("security.capability", capability)]),
        with("commented", &[("user.comment", b"a\nb\0c".to_vec())]),
        // Too long for the inode: a block of its own.
        with("commented-at-length", &[("user.long", vec![b'x'; 3000])]),
        with("listed", &[("system.posix_acl_access", access_list())]),
    ]
}

/// An access control list as getxattr(2) gives it (linux/posix_acl_xattr.h): version, then tag,
/// permissions and id of each entry. Owner rw, user 1000 r, group r, mask r, others none.
fn access_list() -> Vec<u8> {
    let nobody = u32::MAX;
    let entries: [(u16, u16, u32); 5] = [
        (0x01, 6, nobody),
        (0x02, 4, 1000),
        (0x04, 4, nobody),
        (0x10, 4, nobody),
        (0x20, 0, nobody),
    ];
    let mut bytes = 2u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(permissions.to_le_bytes());
        bytes.extend(id.to_le_bytes());
    }
    bytes
}
