//! The builder's own tools, in versions that we choose: Debian packages unpacked into a directory
//! of the cache, run with that directory as their root. Nothing is installed on the host, and a
//! host's older mke2fs or newer QEMU changes nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use cmd::Cmd;

use crate::archive::{Apt, Package, Request, Source};
use crate::hint::Hint;
use crate::progress::Progress;
use crate::{digest, files, resolution, sandbox};

/// A set of tools that is fetched and unpacked together.
#[derive(Debug, Clone, Copy)]
pub struct ToolSet {
    /// Names its directory in the cache.
    pub name: &'static str,
    /// Debian packages; what they depend on comes along.
    pub packages: &'static [&'static str],
}

/// What makes an image.
pub const BUILD: ToolSet = ToolSet {
    name: "build",
    packages: &[
        "debian-archive-keyring",
        "dosfstools",
        "e2fsprogs",
        "fdisk",
        "gpgv",
        "libarchive13t64",
        "lz4",
        "mtools",
        "qemu-user",
        "systemd-standalone-sysusers",
        "ubuntu-keyring",
        "xz-utils",
        "zstd",
    ],
};

/// What boots one.
pub const VM: ToolSet = ToolSet {
    name: "vm",
    packages: &["mtools", "qemu-system-arm", "qemu-utils", "openssh-client"],
};

/// What reads the device's settings, for the tests of what keeper-apply writes, and what they need to
/// reach ports as somebody else.
pub const DEVICE: ToolSet = ToolSet {
    name: "device",
    packages: &[
        "dash",
        "coreutils",
        "ddclient",
        "fail2ban",
        "grep",
        "iproute2",
        "miniupnpd-nftables",
        "nftables",
        "openssh-client",
        "openssh-server",
        "openssl",
        "sed",
        "socat",
        "util-linux",
    ],
};

/// The archive that the tools come from, as [`crate::archive::Mirrors`] knows it.
pub const ARCHIVE: &str = "debian";
/// The suite that the tools come from: its mke2fs is the first in a stable release that makes the
/// same file system twice, from a tar.
const SUITE: &str = "trixie";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// Debian's name of the architecture that we run on.
pub const HOST_ARCH: &str = "amd64";

/// Tools that are there to be used.
#[derive(Debug)]
pub struct Tools {
    root: PathBuf,
    packages: Vec<Package>,
}

impl Tools {
    /// Fetches `set` from a mirror of Debian's archive and unpacks it below `cache`, unless it is
    /// there. Inside the sandbox only.
    ///
    /// # Errors
    /// The archive cannot be reached, or the cache cannot be written.
    pub fn acquire(
        cache: &Path,
        set: ToolSet,
        mirror: &str,
        update: bool,
        progress: &Progress,
    ) -> Result<Self> {
        let request = Request {
            arch: HOST_ARCH.into(),
            sources: vec![Source {
                url: mirror.into(),
                suite: SUITE.into(),
                components: vec!["main".into()],
            }],
            keyring: KEYRING.into(),
            essential: false,
            packages: set.packages.iter().map(|name| (*name).to_owned()).collect(),
            installed: String::new(),
        };
        let packages = resolution::resolve(cache, &request, update, progress)?;
        let key = digest::of(&packages);
        let root = cache
            .join("tools")
            .join(format!("{}-{}", set.name, &key[..16]));
        if !root.exists() {
            let apt = Apt::new(cache, &request)?;
            apt.download(&packages, progress)?;
            files::make_dir_whole(&root, |scratch| unpack(&apt, &packages, scratch, progress))
                .with_context(|| format!("unpacking the {} tools", set.name))?;
        }
        let tools = Self { root, packages };
        tools.show("/proc".as_ref())?;
        tools.show("/dev".as_ref())?;
        tools.show("/tmp".as_ref())?;
        Ok(tools)
    }

    /// A tool, to be run in the tools' root. It sees the paths that [`Tools::show`] named, at the
    /// same place as we do.
    pub fn cmd(&self, program: &str) -> Cmd {
        sandbox::in_root(&self.root, program)
    }

    /// Makes a directory of ours visible to the tools, at the same path.
    ///
    /// # Errors
    /// It does not exist.
    pub fn show(&self, dir: &Path) -> Result<()> {
        let there = self
            .root
            .join(dir.strip_prefix("/").context("an absolute path")?);
        fs_err::create_dir_all(&there)?;
        sandbox::bind(dir, &there)
    }

    /// Takes back [`Self::show`]: a directory that is shown cannot be removed.
    ///
    /// # Errors
    /// It is not shown.
    pub fn hide(&self, dir: &Path) -> Result<()> {
        let there = dir.strip_prefix("/").context("an absolute path")?;
        sandbox::unmount(&self.root.join(there))
    }

    /// A file of the tools themselves, by its path in their root.
    pub fn file(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// A file with the keys of an archive or a vendor, by a profile's name for it: one of
    /// /usr/share/keyrings of the tools or, with a slash in it, one of the repository.
    ///
    /// # Errors
    /// There is no such file.
    pub fn keyring(&self, name: &str, repository: &Path) -> Result<PathBuf> {
        let (file, place) = if name.contains('/') {
            (repository.join(name), "the repository has")
        } else {
            let file = self.file(&format!("usr/share/keyrings/{name}"));
            (file, "the builder's tools have")
        };
        if !file.is_file() {
            return Err(anyhow!("{place} no keyring {name:?}")).hint(
                "a profile's `keyring` names a file of Debian's keyring packages, or one of this \
                 repository, by a path with a slash in it",
            );
        }
        Ok(file)
    }

    /// Which versions they are: part of the key of every stage that uses them.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }
}

/// Unpacks packages into an empty directory, over a merged /usr, all files our own.
///
/// # Errors
/// A package is damaged, or there is no room.
pub fn unpack(apt: &Apt, packages: &[Package], root: &Path, progress: &Progress) -> Result<()> {
    merge_usr(root, &["bin", "sbin", "lib", "lib64"])?;
    let step = progress.bytes(
        "unpacking",
        packages.iter().map(|package| package.size).sum(),
    );
    for package in packages {
        step.detail(&package.name);
        extract(&apt.file(package), root, &["--no-same-owner"])?;
        step.advance(package.size);
    }
    step.done("");
    Ok(())
}

/// Makes /bin and its like what they are on every current system: symbolic links into /usr.
///
/// # Errors
/// They cannot be written.
pub fn merge_usr(root: &Path, dirs: &[impl AsRef<Path>]) -> Result<()> {
    for dir in dirs {
        let dir = dir.as_ref();
        fs_err::create_dir_all(root.join("usr").join(dir))?;
        fs_err::os::unix::fs::symlink(Path::new("usr").join(dir), root.join(dir))?;
    }
    Ok(())
}

/// Unpacks the files of one .deb into `root` with the host's dpkg-deb and tar.
///
/// # Errors
/// The package is damaged, or there is no room.
pub fn extract(deb: &Path, root: &Path, options: &[&str]) -> Result<()> {
    let mut reader = Cmd::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(deb)
        .spawn_piped()?;
    let stdout = reader.stdout.take().context("dpkg-deb's stdout")?;
    Cmd::new("tar")
        .args([
            "--extract",
            "--preserve-permissions",
            "--keep-directory-symlink",
            "--directory",
        ])
        .arg(root)
        .args(options)
        .stdin_from(stdout)
        .run()
        .with_context(|| format!("unpacking {}", deb.display()))?;
    anyhow::ensure!(
        reader.wait()?.success(),
        "dpkg-deb could not read {}",
        deb.display()
    );
    Ok(())
}
