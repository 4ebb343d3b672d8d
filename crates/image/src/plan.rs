//! The plan of a build: plain data, made without touching network or disk. It is what `--plan`
//! prints and what [`crate::build`] carries out.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::archive::Source;
use crate::level::Level;
use crate::profile::{ArchiveSource, Profile};
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
    /// The same for the native twins.
    pub native_sources: Vec<Source>,
    /// The vendor's image, when the user has named a file.
    pub base_file: Option<PathBuf>,
    /// The owner's preset, when the image is to be one person's. The file's name alone: a plan is printed and passed on.
    pub preset_file: Option<PathBuf>,
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
    /// The plan for a profile, as most builds want it. `mirror` gives the address of an archive by
    /// its name, or else by the address that the profile has for it.
    ///
    /// # Errors
    /// An archive has no address.
    pub fn new(
        profile_name: &str,
        profile: Profile,
        mirror: &dyn Fn(&str, Option<&str>) -> Result<String>,
    ) -> Result<Self> {
        let (mut sources, mut native_sources) = (Vec::new(), Vec::new());
        for archive in &profile.archive.sources {
            let url = mirror(&archive.name, archive.url.as_deref())?;
            let native_url = match &archive.native {
                Some(native) => mirror(&native.name, native.url.as_deref())?,
                None => url.clone(),
            };
            sources.extend(suites(archive, &url));
            native_sources.extend(suites(archive, &native_url));
        }
        let tools_mirror = mirror(tools::ARCHIVE, None)?;
        Ok(Self {
            profile_name: profile_name.into(),
            profile,
            sources,
            native_sources,
            base_file: None,
            preset_file: None,
            tools_mirror,
            level: Level::BEST,
            update: false,
            image: image_name(profile_name, false),
        })
    }

    /// The same for one person's device, with this preset on it.
    #[must_use]
    pub fn personal(self, preset: PathBuf) -> Self {
        Self {
            image: image_name(&self.profile_name, true),
            preset_file: Some(preset),
            ..self
        }
    }
}

/// The file name of an image, which says when it is not for others.
fn image_name(profile_name: &str, personal: bool) -> String {
    let personal = if personal { "-personal" } else { "" };
    let version = env!("CARGO_PKG_VERSION");
    format!("colab-keeper-{version}-{profile_name}{personal}.img.xz")
}

/// The suites of an archive at an address.
fn suites(archive: &ArchiveSource, url: &str) -> impl Iterator<Item = Source> {
    archive.suites.iter().map(move |suite| Source {
        url: url.to_owned(),
        suite: suite.clone(),
        components: archive.components.clone(),
    })
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
        if let Some(bootstrap) = &profile.bootstrap {
            let packages = bootstrap.packages.join(" ");
            writeln!(
                f,
                "    base       essential packages of {} and {packages}",
                profile.arch
            )?;
        }
        match (&profile.import, &self.base_file) {
            (Some(_), Some(file)) => writeln!(f, "    import     {}", file.display())?,
            (Some(import), None) => writeln!(
                f,
                "    import     {} from {}, signed by {}",
                import.image,
                import.url,
                import.signed_by.join(" or ")
            )?,
            (None, _) => {}
        }
        writeln!(f, "    packages   {count} packages and what they depend on")?;
        writeln!(f, "    overlay    {}", profile.features.join(", "))?;
        if let Some(preset) = &self.preset_file {
            writeln!(f, "               and the preset {}", preset.display())?;
        }
        let sources = match profile.archive.canonical_from {
            Some(_) => "apt's canonical sources; ",
            None => "",
        };
        writeln!(
            f,
            "    seal       {sources}the gate for foreign programs and secrets"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_for_one_person_says_so_in_its_name() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            image_name("debian-12", false),
            format!("colab-keeper-{version}-debian-12.img.xz")
        );
        assert_eq!(
            image_name("debian-12", true),
            format!("colab-keeper-{version}-debian-12-personal.img.xz")
        );
    }
}
