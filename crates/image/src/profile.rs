//! Profiles: `image/<name>.toml`, what an image is made of. All that differs between distributions
//! stands there; no code asks for one by name.

mod load;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use load::{load, names};

use crate::vendor::release;

/// A profile as it stands in its file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// One line for `cargo xtask image --help` and the manifest.
    pub description: String,
    /// The distribution's name of the architecture: `arm64`.
    pub arch: String,
    /// The features laid over the root, in this order: directories below `overlay/`.
    pub features: Vec<String>,
    /// Where packages come from.
    pub archive: Archive,
    /// How the base system is made from the archive; a profile has this or [`Profile::import`].
    #[serde(default)]
    pub bootstrap: Option<Bootstrap>,
    /// Which vendor's image is the base system.
    #[serde(default)]
    pub import: Option<Import>,
    /// What is installed on top of it.
    pub packages: Packages,
    /// Which programs of the root are run as their native twins.
    pub native: Native,
    /// How the image is divided.
    pub disk: Disk,
    /// Where the browser is on the device.
    #[serde(default)]
    pub browser: Option<Browser>,
    /// What the gate lets pass.
    #[serde(default)]
    pub gate: Gate,
}

/// A distribution's archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Archive {
    /// The file with its signing keys, in /usr/share/keyrings of the builder's tools.
    pub keyring: String,
    /// Its parts.
    pub sources: Vec<ArchiveSource>,
    /// A file of the root in which the distribution itself names its canonical addresses
    /// (cloud-init's `package_mirrors`). The device's apt gets those, never a builder's mirror.
    /// Without it the apt sources of the base stay as they are.
    #[serde(default)]
    pub canonical_from: Option<String>,
}

/// A part of an archive that has an address of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ArchiveSource {
    /// The last part of its path on every mirror: `debian`, `debian-security`.
    pub name: String,
    /// Its address, when neither `--mirror` nor this machine's apt knows one.
    #[serde(default)]
    pub url: Option<String>,
    /// The key under which [`Archive::canonical_from`] gives its address: `primary` unless said, or
    /// `security`.
    #[serde(default)]
    pub canonical: Option<String>,
    /// Where the same suites are for the builder's own architecture, when not in the same place.
    #[serde(default)]
    pub native: Option<NativeSource>,
    /// `bookworm`, `bookworm-updates`, …
    pub suites: Vec<String>,
    /// `main`, `non-free-firmware`, …
    pub components: Vec<String>,
}

/// The same part of the archive for another architecture.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NativeSource {
    /// The last part of its path on every mirror: `ubuntu`.
    pub name: String,
    /// Its address, when neither `--mirror` nor this machine's apt knows one.
    #[serde(default)]
    pub url: Option<String>,
}

/// The base: the archive's essential packages, and these.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Bootstrap {
    /// Package names; `name-` keeps one out.
    pub packages: Vec<String>,
    /// Directories of the root that are links into /usr.
    pub merged_usr: Vec<String>,
}

/// The base: an image that the vendor publishes, with checksums that the vendor signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Import {
    /// The directory that holds the image, `SHA256SUMS` and `SHA256SUMS.gpg`.
    #[serde(deserialize_with = "release::address")]
    pub url: String,
    /// The image's name in `SHA256SUMS`, in which `*` stands for anything; of several the highest
    /// version is taken.
    pub image: String,
    /// The file with the vendor's keys, in /usr/share/keyrings of the builder's tools; with a slash
    /// in it, a path in the repository.
    pub keyring: String,
    /// Fingerprints of the keys that may sign, 40 hexadecimal digits each.
    #[serde(deserialize_with = "release::fingerprints")]
    pub signed_by: Vec<String>,
}

/// The packages stage.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Packages {
    /// Package names; `name-` keeps one out.
    pub install: Vec<String>,
    /// Run in the root, by its shell, when everything is installed.
    #[serde(default)]
    pub finish: Vec<String>,
    /// Environment variables of the installation.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
}

/// The native twins: the same suite's packages for the builder's own architecture.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Native {
    /// Packages whose programs run natively; what they depend on comes along.
    pub packages: Vec<String>,
    /// Programs among them that must stay foreign, because what they say or make depends on the
    /// architecture.
    pub leave_foreign: Vec<String>,
}

/// The image's two partitions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Disk {
    /// The FAT32 partition that the Raspberry Pi's firmware reads.
    pub boot: BootPartition,
    /// The ext4 partition.
    pub root: RootPartition,
}

/// Partition 1.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BootPartition {
    /// Volume label, at most 11 characters.
    pub label: String,
    /// Size in MiB.
    pub size_mib: u64,
    /// Where it is mounted: what the packages put there becomes its content.
    pub mount: String,
}

/// Partition 2.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RootPartition {
    /// Volume label, at most 16 characters.
    pub label: String,
    /// Free room beside the content, in MiB; the rest of the card comes at first boot.
    pub free_mib: u64,
    /// ext4 features, whole: nothing is taken from any mke2fs.conf.
    pub features: Vec<String>,
}

/// The browser on the device. Nothing else knows how it came there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Browser {
    /// Its program, by absolute path.
    pub command: String,
    /// The directory of its profile, below the home of the user who runs it.
    pub profile_dir: String,
    /// Where it reads managed policies, by absolute path.
    pub policy_dir: String,
    /// The snap that it comes in, when it is no package.
    #[serde(default)]
    pub snap: Option<Snap>,
}

/// A snap from the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Snap {
    /// Its name.
    pub name: String,
    /// `latest/stable`.
    pub channel: String,
    /// Snaps that it needs, its base among them: for a machine that can put all of them into the
    /// image.
    #[serde(default)]
    pub with: Vec<String>,
}

/// What may stand in the finished image although the gate would refuse it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gate {
    /// Globs of ELF files that are not for the device's CPU (the GPU's firmware, for one).
    #[serde(default)]
    pub foreign_elf: Vec<String>,
    /// Globs of files that look like private keys and are none (test vectors, examples).
    #[serde(default)]
    pub not_a_secret: Vec<String>,
}
