//! Debian-style package archives, through the host's apt: which packages a request comes to, and
//! their files in the cache.
//!
//! apt works on a private configuration, so neither the host's sources nor its package state matter
//! or change. It verifies the archive's signature and every file; we verify the files again each
//! time they are used ([`Package::sha256`]).

mod apt;
mod deb;
mod host;
mod resolve;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

pub use apt::Apt;
pub use deb::made_at;
pub use host::Mirrors;

/// One place to fetch packages from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// Where, without the `dists/` part.
    pub url: String,
    /// `bookworm`, `bookworm-updates`, …
    pub suite: String,
    /// `main`, `non-free-firmware`, …
    pub components: Vec<String>,
}

/// What to install, from where.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Request {
    /// Debian's name of the architecture: `arm64`, `amd64`.
    pub arch: String,
    /// The sources, all trusted by `keyring`.
    pub sources: Vec<Source>,
    /// The file with the keys that sign the sources. Only its name counts for what is remembered: a
    /// cache may be moved.
    #[serde(serialize_with = "as_name")]
    pub keyring: PathBuf,
    /// Whether all packages marked `Essential: yes` are wanted too.
    pub essential: bool,
    /// Package names, as apt-get takes them: `name-` keeps a package out.
    pub packages: Vec<String>,
    /// What the system has already: dpkg's status. The answer holds what it lacks.
    #[serde(serialize_with = "crate::digest::as_digest")]
    pub installed: String,
}

/// One package of an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Package {
    /// `openssh-server`.
    pub name: String,
    /// `1:9.2p1-2+deb12u5`.
    pub version: String,
    /// `arm64` or `all`.
    pub arch: String,
    /// Of the .deb file.
    pub sha256: String,
    /// Of the .deb file, in bytes.
    pub size: u64,
    /// Of the files when installed, in bytes, as the archive declares it.
    pub installed_size: u64,
}

fn as_name<S: Serializer>(file: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    let name = file.file_name().unwrap_or_default();
    serializer.serialize_str(&name.to_string_lossy())
}

impl Package {
    /// What apt calls the .deb in its cache: an epoch's colon is escaped.
    pub fn file_name(&self) -> String {
        format!(
            "{}_{}_{}.deb",
            self.name,
            self.version.replace(':', "%3a"),
            self.arch
        )
    }
}
