//! `feature.toml`.

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

/// A feature's own account of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// One line.
    pub description: String,
    /// Units to start: the links of their `[Install]` sections are made.
    #[serde(default)]
    pub enable: Vec<String>,
    /// Units that packages started and that stay off.
    #[serde(default)]
    pub disable: Vec<String>,
    /// Our own programs.
    #[serde(default)]
    pub binary: Vec<Binary>,
    /// Whatever is not root:root with the usual mode.
    #[serde(default)]
    pub path: Vec<Owned>,
}

/// A program of this repository, cross-compiled; it lands as root:root 0755.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binary {
    /// Name of the crate and of its program.
    pub name: String,
    /// Path in the root.
    pub to: String,
}

/// Owner and mode of one path.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owned {
    /// Path in the root.
    pub path: String,
    /// A user of the image.
    #[serde(default = "root")]
    pub owner: String,
    /// A group of the image.
    #[serde(default = "root")]
    pub group: String,
    /// In octal, as chmod takes it.
    pub mode: Option<String>,
}

fn root() -> String {
    "root".into()
}

impl Manifest {
    /// Reads the text of a `feature.toml`.
    ///
    /// # Errors
    /// Not what a manifest holds, a path that leaves the root, a mode that is none.
    pub fn parse(text: &str) -> Result<Self> {
        let manifest: Self = toml::from_str(text)?;
        let paths = manifest.path.iter().map(|owned| &owned.path);
        for path in paths.chain(manifest.binary.iter().map(|binary| &binary.to)) {
            if path.is_empty() || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
                bail!(
                    "{path:?}: a path here is relative to the root and has no `.`, `..` or empty part"
                );
            }
        }
        for unit in manifest.enable.iter().chain(&manifest.disable) {
            if unit.contains('/') || !unit.contains('.') {
                bail!("{unit:?} is no name of a unit; one is `keeperd.service`");
            }
        }
        manifest
            .path
            .iter()
            .try_for_each(|owned| owned.mode(0).map(drop))?;
        Ok(manifest)
    }
}

impl Owned {
    /// The mode in bits, or `usual` where none is declared.
    ///
    /// # Errors
    /// It is not octal, or has more than the permission bits.
    pub fn mode(&self, usual: u32) -> Result<u32> {
        let Some(text) = &self.mode else {
            return Ok(usual);
        };
        match u32::from_str_radix(text, 8) {
            Ok(mode) if mode <= 0o7777 => Ok(mode),
            _ => bail!(
                "{:?}: mode = {text:?} is not octal, such as \"0640\"",
                self.path
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        for (line, said) in [
            (
                "[[path]]\npath = \"../etc/x\"",
                "\"../etc/x\": a path here is relative",
            ),
            (
                "[[path]]\npath = \"/etc/x\"",
                "\"/etc/x\": a path here is relative",
            ),
            (
                "[[binary]]\nname = \"k\"\nto = \"a/../b\"",
                "\"a/../b\": a path here",
            ),
            (
                "[[path]]\npath = \"a\"\nmode = \"0999\"",
                "mode = \"0999\" is not octal",
            ),
            ("enable = [\"keeperd\"]", "\"keeperd\" is no name of a unit"),
            (
                "enabel = []",
                "unknown field `enabel`, expected one of `description`, `enable`",
            ),
        ] {
            let error = Manifest::parse(&format!("description = \"\"\n{line}\n")).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
    }
}
