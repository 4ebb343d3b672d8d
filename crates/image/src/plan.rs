//! The plan of a build: plain data, made without touching network or disk. It is what `--plan`
//! prints and what [`crate::build`] carries out.

use std::fmt;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::archive::{Request, Source};
use crate::level::Level;
use crate::profile::Profile;
use crate::tools;

/// What is to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The name of the profile.
    pub profile_name: String,
    /// All that it says.
    pub profile: Profile,
    /// The profile's archives, with the mirrors to be asked.
    pub sources: Vec<Source>,
    /// The mirror of Debian's archive that the builder's own tools come from.
    pub tools_mirror: String,
    /// How hard to compress.
    pub level: Level,
    /// Whether to ask the archive anew although its last answer is known.
    pub update: bool,
    /// The image's file name.
    pub image: String,
}

impl Plan {
    /// The plan for a profile. `mirror` gives the address of an archive by its name.
    ///
    /// # Errors
    /// An archive has no address.
    pub fn new(
        profile_name: &str,
        profile: Profile,
        mirror: &dyn Fn(&str) -> Result<String>,
        level: Level,
        update: bool,
    ) -> Result<Self> {
        let mut sources = Vec::new();
        for archive in &profile.archive.sources {
            let url = mirror(&archive.name)?;
            sources.extend(archive.suites.iter().map(|suite| Source {
                url: url.clone(),
                suite: suite.clone(),
                components: archive.components.clone(),
            }));
        }
        let image = format!(
            "colab-keeper-{}-{profile_name}.img.xz",
            env!("CARGO_PKG_VERSION")
        );
        let tools_mirror = mirror(tools::ARCHIVE)?;
        Ok(Self {
            profile_name: profile_name.into(),
            profile,
            sources,
            tools_mirror,
            level,
            update,
            image,
        })
    }

    /// What the base asks of the archives.
    pub fn base_request(&self) -> Request {
        Request {
            arch: self.profile.arch.clone(),
            sources: self.sources.clone(),
            keyring: format!("/usr/share/keyrings/{}", self.profile.archive.keyring).into(),
            essential: true,
            packages: self.profile.bootstrap.packages.clone(),
        }
    }

    /// What the whole image asks of them.
    pub fn request(&self) -> Request {
        let mut request = self.base_request();
        request
            .packages
            .extend(self.profile.packages.install.iter().cloned());
        request
    }
}

/// For people; `--format json` has all of it.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let profile = &self.profile;
        let disk = &profile.disk;
        writeln!(f, "{}: {}", self.profile_name, profile.description)?;
        writeln!(f, "\n  from")?;
        for source in &self.sources {
            writeln!(
                f,
                "    {} {} ({})",
                source.url,
                source.suite,
                source.components.join(", ")
            )?;
        }
        writeln!(f, "\n  stages")?;
        let count = profile.packages.install.len();
        writeln!(
            f,
            "    base       essential packages of {} and {}",
            profile.arch,
            profile.bootstrap.packages.join(" ")
        )?;
        writeln!(f, "    packages   {count} packages and what they depend on")?;
        writeln!(f, "    overlay    {}", profile.features.join(", "))?;
        writeln!(
            f,
            "    seal       apt's canonical sources; the gate for foreign programs and secrets"
        )?;
        writeln!(
            f,
            "    assemble   {} (FAT32, {} MiB), {} (ext4, content + {} MiB)",
            disk.boot.label, disk.boot.size_mib, disk.root.label, disk.root.free_mib
        )?;
        writeln!(f, "    compress   xz -{}", self.level.number())?;
        writeln!(f, "    publish    {}", self.image)
    }
}
