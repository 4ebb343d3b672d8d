//! The system accounts that features declare in `usr/lib/sysusers.d`, made at build time by
//! systemd-sysusers itself: files can then belong to them, and nothing is left to the first boot.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Files, Laid, Layer};
use crate::context::Build;
use crate::rootfs::{Content, Entry};

/// The account files, with the group and mode that Debian gives them.
const ACCOUNT_FILES: [(&str, bool, u32); 4] = [
    ("etc/group", false, 0o644),
    ("etc/gshadow", true, 0o640),
    ("etc/passwd", false, 0o644),
    ("etc/shadow", true, 0o640),
];
const DECLARATIONS: &str = "usr/lib/sysusers.d";

/// Whether a file of the root says who its users are.
pub fn is_account_file(path: &Path) -> bool {
    ACCOUNT_FILES
        .iter()
        .any(|(file, ..)| path == Path::new(file))
        || path == Path::new("etc/login.defs")
}

/// The root's account files with the users and groups that `layer` declares.
///
/// # Errors
/// A declaration is wrong, or the root has no account files.
pub fn create(
    build: &Build,
    below: &Files,
    layer: &Layer,
    epoch: u64,
) -> Result<BTreeMap<PathBuf, Laid>> {
    let room = build.shop.scratch.room()?;
    let root = room.path();
    let declarations = layer.below(Path::new(DECLARATIONS));
    let accounts = below.iter().filter(|(path, _)| is_account_file(path));
    let accounts = accounts.map(|(path, bytes)| (path.as_path(), bytes.as_slice()));
    for (path, bytes) in declarations
        .filter(|(_, bytes)| !bytes.is_empty())
        .chain(accounts)
    {
        let path = root.join(path);
        fs_err::create_dir_all(path.parent().context("a file in a directory")?)?;
        fs_err::write(path, bytes)?;
    }
    build
        .shop
        .tools
        .cmd("systemd-sysusers")
        .arg("--root")
        .arg(root)
        .env("SOURCE_DATE_EPOCH", epoch.to_string())
        .run()
        .context("making the features' users")?;
    let shadow_gid = group_id(&fs_err::read_to_string(root.join("etc/group"))?, "shadow");
    ACCOUNT_FILES
        .iter()
        .map(|(file, secret, mode)| {
            let bytes = fs_err::read(root.join(file))?;
            let entry = Entry {
                path: file.into(),
                content: Content::File(bytes.len() as u64),
                mode: *mode,
                uid: 0,
                gid: if *secret { shadow_gid } else { 0 },
                mtime: epoch,
                xattrs: Vec::new(),
            };
            Ok((PathBuf::from(file), (entry, bytes)))
        })
        .collect()
}

fn group_id(text: &str, name: &str) -> u32 {
    let line = text
        .lines()
        .find(|line| line.split(':').next() == Some(name));
    line.and_then(|line| line.split(':').nth(2)?.parse().ok())
        .unwrap_or(0)
}
