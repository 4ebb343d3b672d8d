//! From a request to the exact packages that answer it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use super::apt::talk;
use super::{Apt, Package};
use crate::hint::{Hint, nearest};

impl Apt {
    /// The packages that a fresh system needs for this request, sorted by name.
    ///
    /// # Errors
    /// A package does not exist (its nearest namesakes are the hint) or cannot be installed.
    pub fn resolve(&self) -> Result<Vec<Package>> {
        let mut wanted = self.request.packages.clone();
        self.check_names(&wanted)?;
        if self.request.essential {
            wanted.extend(self.essential()?);
        }
        let simulation = talk(self.apt_get().args(["--simulate", "install"]).args(&wanted))
            .context("working out which packages are needed")?;
        let chosen = parse_simulation(&simulation);
        let names = chosen
            .iter()
            .map(|(name, version)| format!("{name}={version}"));
        let records = self
            .apt_cache()
            .args(["show", "--no-all-versions"])
            .args(names)
            .read()?;
        let mut packages = parse_records(&records)?;
        packages
            .retain(|package| chosen.contains(&(package.name.clone(), package.version.clone())));
        packages.sort();
        packages.dedup();
        anyhow::ensure!(
            packages.len() == chosen.len(),
            "apt chose {} packages but describes {}",
            chosen.len(),
            packages.len(),
        );
        Ok(packages)
    }

    fn check_names(&self, wanted: &[String]) -> Result<()> {
        let names = self.apt_cache().arg("pkgnames").read()?;
        let known: BTreeSet<&str> = names.lines().collect();
        for name in wanted.iter().map(|name| name.trim_end_matches(['-', '+'])) {
            let plain = name.split(['=', '/', ':']).next().unwrap_or(name);
            // `g++` and the like end in a sign of apt's own.
            if !known.contains(plain)
                && !wanted
                    .iter()
                    .any(|whole| known.contains(&**whole) && whole.starts_with(plain))
            {
                let error = anyhow::anyhow!("{} has no package named {plain}", self.site_names());
                return Err(error).hint(nearest(plain, known.iter().copied()));
            }
        }
        Ok(())
    }

    fn essential(&self) -> Result<Vec<String>> {
        let records = self.apt_cache().arg("dumpavail").read()?;
        let names: Vec<String> = stanzas(&records)
            .filter(|stanza| field(stanza, "Essential") == Some("yes"))
            .filter_map(|stanza| field(stanza, "Package").map(str::to_owned))
            .collect();
        if names.is_empty() {
            bail!("{} marks no package as essential", self.site_names());
        }
        Ok(names)
    }
}

/// Name and version of each line `Inst NAME (VERSION …)`.
fn parse_simulation(text: &str) -> BTreeSet<(String, String)> {
    let chosen = text.lines().filter_map(|line| {
        let (name, rest) = line.strip_prefix("Inst ")?.split_once(' ')?;
        let version = rest
            .trim_start_matches(|c| c != '(')
            .strip_prefix('(')?
            .split(' ')
            .next()?;
        let name = name.split(':').next()?;
        Some((name.to_owned(), version.to_owned()))
    });
    chosen.collect()
}

fn parse_records(text: &str) -> Result<Vec<Package>> {
    let package = |stanza: &str| {
        let get = |key| {
            let name = field(stanza, "Package").unwrap_or("?");
            field(stanza, key).with_context(|| format!("the archive gives no {key} for {name}"))
        };
        Ok(Package {
            name: get("Package")?.to_owned(),
            version: get("Version")?.to_owned(),
            arch: get("Architecture")?.to_owned(),
            sha256: get("SHA256")?.to_owned(),
            size: get("Size")?.parse()?,
            installed_size: field(stanza, "Installed-Size")
                .unwrap_or("0")
                .parse::<u64>()?
                * 1024,
        })
    };
    stanzas(text).map(package).collect()
}

fn stanzas(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n")
        .filter(|stanza| !stanza.trim().is_empty())
}

fn field<'a>(stanza: &'a str, key: &str) -> Option<&'a str> {
    stanza
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulation_names_packages_and_versions() {
        let text = "NOTE: x\nInst libc6 (2.36-9 Debian:12.1/oldstable [arm64]) []\n\
                    Inst tar [1.0] (1.34 Debian:12 [arm64])\nConf libc6 (2.36-9 …)\n";
        let chosen = parse_simulation(text);
        assert_eq!(
            chosen.into_iter().collect::<Vec<_>>(),
            [
                ("libc6".into(), "2.36-9".into()),
                ("tar".into(), "1.34".into()),
            ]
        );
    }

    #[test]
    fn a_record_without_a_hash_is_refused() {
        let error =
            parse_records("Package: x\nVersion: 1\nArchitecture: all\nSize: 1\n").unwrap_err();
        assert_eq!(error.to_string(), "the archive gives no SHA256 for x");
    }
}
