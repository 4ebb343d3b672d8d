//! What is removed from a root when everything is installed.

use std::path::Path;

use anyhow::Result;

use crate::files;

/// What scripts and logs leave behind, and what no image may share with another; paths in the root.
/// A trailing `/*` empties a directory.
const NOT_FOR_THE_IMAGE: &[&str] = &[
    ".debs",
    "etc/.pwd.lock",
    "etc/.resolv.conf.systemd-resolved.bak",
    "etc/group-",
    "etc/gshadow-",
    "etc/passwd-",
    "etc/shadow-",
    "etc/subgid-",
    "etc/subuid-",
    "etc/ssh/ssh_host_*",
    "etc/ssl/certs/ssl-cert-snakeoil.pem",
    "etc/ssl/private/ssl-cert-snakeoil.key",
    "etc/xrdp/rsakeys.ini",
    "root/.cache",
    "root/.gnupg",
    "run/*",
    "tmp/*",
    "usr/sbin/policy-rc.d",
    "var/cache/apt/*",
    "var/cache/debconf/*-old",
    "var/cache/ldconfig/*",
    "var/cache/man/*",
    "var/lib/apt/lists/*",
    "var/lib/dbus/machine-id",
    "var/lib/dpkg/*-old",
    "var/lib/dpkg/lock*",
    "var/lib/systemd/random-seed",
    "var/lib/systemd/credential.secret",
    "var/log/*.log",
    "var/log/apt/*",
    "var/log/journal/*",
    "var/tmp/*",
];

/// What depends on the moment of the build and has no use on the device goes.
///
/// # Errors
/// Something cannot be removed or written.
pub fn settle(root: &Path, epoch: u64) -> Result<()> {
    for pattern in NOT_FOR_THE_IMAGE {
        remove_matching(root, pattern)?;
    }
    remove_links(&root.join("etc/ssl/certs"), "ssl-cert-snakeoil.pem")?;
    let days = epoch / 86_400;
    let shadow = root.join("etc/shadow");
    let settled = settle_shadow(&fs_err::read_to_string(&shadow)?, days);
    fs_err::write(shadow, settled)?;
    Ok(())
}

/// /etc/shadow with every "last changed" (days since 1970) at the image's own time.
fn settle_shadow(text: &str, days: u64) -> String {
    let settle = |line: &str| {
        let mut fields: Vec<String> = line.split(':').map(str::to_owned).collect();
        if let Some(changed) = fields.get_mut(2).filter(|changed| !changed.is_empty()) {
            *changed = days.to_string();
        }
        fields.join(":") + "\n"
    };
    text.lines().map(settle).collect()
}

/// Removes the links in a directory to something in it that has gone.
fn remove_links(dir: &Path, to: &str) -> Result<()> {
    let Ok(entries) = fs_err::read_dir(dir) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_symlink() && fs_err::read_link(entry.path())? == Path::new(to) {
            fs_err::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Removes what one pattern of [`NOT_FOR_THE_IMAGE`] names: `*` in the last part only.
fn remove_matching(root: &Path, pattern: &str) -> Result<()> {
    let (dir, last) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let Ok(entries) = fs_err::read_dir(root.join(dir)) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        if crate::glob::matches(last, &entry.file_name().to_string_lossy()) {
            files::remove(&entry)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shadows_dates_become_the_images() {
        let text = "root:*:20000:0:99999:7:::\nx:!::::::\n";
        assert_eq!(settle_shadow(text, 5), "root:*:5:0:99999:7:::\nx:!::::::\n");
    }

    #[test]
    fn patterns_remove_what_they_name() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(dir.path().join("run/a/b")).unwrap();
        fs_err::write(dir.path().join("run/x.log"), "").unwrap();
        remove_matching(dir.path(), "run/*.log").unwrap();
        assert!(dir.path().join("run/a/b").exists() && !dir.path().join("run/x.log").exists());
        remove_matching(dir.path(), "run/*").unwrap();
        assert!(dir.path().join("run").exists() && !dir.path().join("run/a").exists());
        remove_matching(dir.path(), "no/such/*").unwrap();
    }
}
