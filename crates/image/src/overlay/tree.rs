//! Reading a tree of the overlay, with nothing in it that an image could not hold.

use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};
use serde::Serialize;

/// A file of an overlay tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Relative to the tree.
    pub path: PathBuf,
    /// What it is, with its bytes.
    pub kind: Kind,
}

/// What a [`Node`] is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// A regular file.
    File {
        /// Its content.
        #[serde(serialize_with = "crate::digest::as_digest")]
        bytes: Vec<u8>,
        /// Whether its owner may run it: all that git keeps of a mode.
        executable: bool,
    },
    /// A directory.
    Directory,
    /// A symbolic link to that text.
    Symlink(PathBuf),
}

/// Everything below `tree`, sorted, parents first; nothing when there is no such tree.
///
/// # Errors
/// Something cannot be read, is of another kind, or is a link that leaves the image's root.
pub fn walk(tree: &Path) -> Result<Vec<Node>> {
    let mut nodes = Vec::new();
    if tree.exists() {
        add_children(tree, Path::new(""), &mut nodes)?;
    }
    Ok(nodes)
}

fn add_children(tree: &Path, dir: &Path, nodes: &mut Vec<Node>) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(tree.join(dir))? {
        names.push(entry?.file_name());
    }
    names.sort();
    for name in names {
        let path = dir.join(name);
        let full = tree.join(&path);
        let data = fs_err::symlink_metadata(&full)?;
        let kind = if data.is_dir() {
            Kind::Directory
        } else if data.is_file() {
            let executable = data.permissions().mode() & 0o100 != 0;
            Kind::File {
                bytes: fs_err::read(&full)?,
                executable,
            }
        } else if data.is_symlink() {
            let target = fs_err::read_link(&full)?;
            if leaves_root(&path, &target) {
                bail!(
                    "{}: the link to {target:?} leaves the image's root",
                    full.display()
                );
            }
            Kind::Symlink(target)
        } else {
            bail!(
                "{}: an overlay holds files, directories and links only",
                full.display()
            );
        };
        let is_dir = kind == Kind::Directory;
        nodes.push(Node {
            path: path.clone(),
            kind,
        });
        if is_dir {
            add_children(tree, &path, nodes)?;
        }
    }
    Ok(())
}

/// Whether a link at `path` climbs above the root that `path` is relative to.
fn leaves_root(path: &Path, target: &Path) -> bool {
    let mut depth = if target.is_absolute() {
        0
    } else {
        path.components().count() as i64 - 1
    };
    for part in target.components() {
        match part {
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_may_not_leave_the_root() {
        for (path, target, leaves) in [
            ("etc/a", "../usr/b", false),
            ("etc/a", "../../usr/b", true),
            ("a", "..", true),
            ("etc/a", "/usr/b", false),
            ("etc/a", "/../b", true),
            ("etc/x/a", "b/../../../c", false),
        ] {
            assert_eq!(
                leaves_root(Path::new(path), Path::new(target)),
                leaves,
                "{path} {target}"
            );
        }
    }

    #[test]
    fn a_socket_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("s")).unwrap();
        let error = walk(dir.path()).unwrap_err().to_string();
        assert!(
            error.ends_with("an overlay holds files, directories and links only"),
            "{error}"
        );
    }

    #[test]
    fn a_tree_is_sorted_parents_first() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(dir.path().join("b/c")).unwrap();
        fs_err::write(dir.path().join("a"), "1").unwrap();
        let nodes = walk(dir.path()).unwrap();
        let paths: Vec<&str> = nodes
            .iter()
            .map(|node| node.path.to_str().unwrap())
            .collect();
        assert_eq!(paths, ["a", "b", "b/c"]);
        assert!(walk(&dir.path().join("none")).unwrap().is_empty());
    }
}
