//! Laying entries over a root: one pass over its tar, in which each file stays, changes or goes.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{Content, Entry, Writer, read};

/// What becomes of a file of the root below.
pub enum Fate {
    /// It stays as it is.
    Keep,
    /// It goes; a directory takes its content with it.
    Drop,
}

/// Copies the tar `below` into `out`, without what `fate` drops, then `above` on top: new files
/// replace those of the same path. A directory that exists already keeps its owner and mode.
///
/// # Errors
/// A stream is broken; a replaced or dropped file has other names that stay; a file would stand
/// below something that is no directory.
pub fn merge<W: Write>(
    below: impl Read,
    above: &BTreeMap<PathBuf, (Entry, Vec<u8>)>,
    fate: &dyn Fn(&Entry) -> Fate,
    writer: &mut Writer<W>,
) -> Result<()> {
    let mut gone: HashSet<PathBuf> = HashSet::new();
    let mut directories: HashSet<PathBuf> = HashSet::new();
    read(below, &mut |entry, data| {
        let replaced = match above.get(&entry.path) {
            Some((new, _))
                if new.content == Content::Directory && entry.content == Content::Directory =>
            {
                false
            }
            Some(_) if entry.content == Content::Directory => {
                bail!(
                    "/{} is a directory and cannot be replaced by a file",
                    entry.path.display()
                )
            }
            other => other.is_some(),
        };
        let below_dropped = entry.path.ancestors().skip(1).any(|dir| gone.contains(dir));
        if replaced || below_dropped || matches!(fate(&entry), Fate::Drop) {
            gone.insert(entry.path);
            return Ok(());
        }
        if let Content::HardLink(first) = &entry.content
            && gone.contains(first)
        {
            bail!(
                "/{} goes, but /{} is another name of it and stays",
                first.display(),
                entry.path.display()
            );
        }
        if entry.content == Content::Directory {
            directories.insert(entry.path.clone());
        }
        writer.add(&entry, data)
    })?;
    for (path, (entry, data)) in above {
        let parent = path.parent().unwrap_or(Path::new(""));
        if entry.content == Content::Directory && !directories.insert(path.clone()) {
            continue;
        }
        if !directories.contains(parent) {
            bail!(
                "/{}: /{} is no directory of the root",
                path.display(),
                parent.display()
            );
        }
        writer.add(entry, data.as_slice())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, content: Content) -> Entry {
        Entry {
            path: path.into(),
            content,
            mode: 0o755,
            uid: 0,
            gid: 0,
            mtime: 5,
            xattrs: vec![],
        }
    }

    fn below() -> Vec<u8> {
        let mut writer = Writer::new(Vec::new());
        for (path, content) in [
            ("", Content::Directory),
            ("etc", Content::Directory),
            ("etc/a", Content::File(3)),
            ("etc/b", Content::HardLink("etc/a".into())),
            ("etc/c", Content::File(3)),
            ("tmp", Content::Directory),
            ("tmp/x", Content::File(3)),
        ] {
            writer.add(&entry(path, content), &b"old"[..]).unwrap();
        }
        writer.finish().unwrap()
    }

    fn merged(above: &[(&str, Content)], dropped: &str) -> Result<Vec<(String, String)>> {
        let layer = above.iter().map(|(path, content)| {
            (
                PathBuf::from(path),
                (entry(path, content.clone()), b"new".to_vec()),
            )
        });
        let mut writer = Writer::new(Vec::new());
        let fate = |entry: &Entry| {
            if entry.path == Path::new(dropped) {
                Fate::Drop
            } else {
                Fate::Keep
            }
        };
        merge(&below()[..], &layer.collect(), &fate, &mut writer)?;
        let bytes = writer.finish()?;
        let mut found = Vec::new();
        read(&bytes[..], &mut |entry, data| {
            let mut text = String::new();
            data.read_to_string(&mut text)?;
            found.push((entry.path.to_string_lossy().into_owned(), text));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn new_files_come_last_and_replace_old_ones() {
        let found = merged(
            &[("etc/c", Content::File(3)), ("etc/d", Content::File(3))],
            "tmp",
        )
        .unwrap();
        let shape: Vec<(&str, &str)> = found
            .iter()
            .map(|(path, text)| (&**path, &**text))
            .collect();
        assert_eq!(
            shape,
            [
                ("", ""),
                ("etc", ""),
                ("etc/a", "old"),
                ("etc/b", ""),
                ("etc/c", "new"),
                ("etc/d", "new")
            ]
        );
    }

    #[test]
    fn what_cannot_be_laid_over_is_refused() {
        for (above, dropped, said) in [
            (
                ("etc/a", Content::File(3)),
                "none",
                "/etc/a goes, but /etc/b is another name of it and stays",
            ),
            (
                ("etc", Content::File(3)),
                "none",
                "/etc is a directory and cannot be replaced by a file",
            ),
            (
                ("etc/c/d", Content::File(3)),
                "none",
                "/etc/c/d: /etc/c is no directory of the root",
            ),
        ] {
            let error = merged(&[above], dropped).unwrap_err();
            assert_eq!(error.to_string(), said);
        }
    }
}
