//! The files of the repository: those that git has or would take.

use std::path::PathBuf;

use anyhow::{Context, Result};
use cmd::Cmd;

use crate::repository;

/// A text file of the repository.
#[derive(Debug)]
pub struct Source {
    /// Below the repository.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl Source {
    /// Whether a shell runs it.
    pub fn is_shell(&self) -> bool {
        let first = self.text.lines().next().unwrap_or_default();
        let interpreter = first
            .strip_prefix("#!")
            .and_then(|rest| rest.split_whitespace().last());
        let shells = ["sh", "bash", "dash"];
        let by = interpreter.and_then(|path| path.rsplit('/').next());
        self.path.ends_with(".sh") || by.is_some_and(|name| shells.contains(&name))
    }
}

/// All text files, sorted by path.
///
/// # Errors
/// git is missing, or this is no checkout.
pub fn all() -> Result<Vec<Source>> {
    let root = repository::root();
    let list = Cmd::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .dir(&root)
        .read()
        .context("listing the files of the checkout")?;
    let mut sources = Vec::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        let file: PathBuf = root.join(path);
        // Removed but not yet committed, a link, or no text.
        if !file.symlink_metadata().is_ok_and(|data| data.is_file()) {
            continue;
        }
        let bytes = fs_err::read(&file)?;
        if let Ok(text) = String::from_utf8(bytes)
            && !text.contains('\0')
        {
            sources.push(Source {
                path: path.to_owned(),
                text,
            });
        }
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_script_is_known_by_its_first_line_or_its_name() {
        for (path, text, expected) in [
            ("grow-root", "#!/bin/sh\n", true),
            ("run", "#!/usr/bin/env bash\nset -e", true),
            ("x.sh", "", true),
            ("x.py", "#!/usr/bin/python3\n", false),
            ("x.rs", "//! sh\n", false),
            ("odd", "#!\n", false),
        ] {
            let source = Source {
                path: path.into(),
                text: text.into(),
            };
            assert_eq!(source.is_shell(), expected, "{path}");
        }
    }
}
