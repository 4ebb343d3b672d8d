//! The device's own apt sources: the addresses that the distribution itself gives as canonical, so
//! that no builder's mirror ends up on a device.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::profile::Archive;

/// The files to write: path in the root, text. `canonical` is the text of
/// [`Archive::canonical_from`], cloud-init's configuration.
///
/// # Errors
/// It gives no address for one of the archive's sources.
pub fn render(archive: &Archive, canonical: &str) -> Result<Vec<(PathBuf, String)>> {
    let mut text = String::from("# The distribution's own addresses.\n");
    for source in &archive.sources {
        let key = source.canonical.as_deref().unwrap_or("primary");
        let address =
            address(canonical, key).with_context(|| format!("it names no {key} mirror"))?;
        text += &format!(
            "\nTypes: deb\nURIs: {address}\nSuites: {}\nComponents: {}\nSigned-By: /usr/share/keyrings/{}\n",
            source.suites.join(" "),
            source.components.join(" "),
            archive.keyring,
        );
    }
    let name = archive
        .sources
        .first()
        .map_or("archive", |source| source.name.as_str());
    Ok(vec![
        (
            PathBuf::from(format!("etc/apt/sources.list.d/{name}.sources")),
            text,
        ),
        (
            PathBuf::from("etc/apt/sources.list"),
            format!("# See sources.list.d/{name}.sources.\n"),
        ),
    ])
}

/// The first `key: http…` below `failsafe:`, whatever the indentation.
fn address<'a>(config: &'a str, key: &str) -> Option<&'a str> {
    let lines = config
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "failsafe:");
    let values = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    values
        .map(str::trim)
        .find(|value| value.starts_with("http"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::ArchiveSource;

    #[test]
    fn the_addresses_are_the_distributions_own() {
        let source = |name: &str, canonical: &str| ArchiveSource {
            name: name.into(),
            canonical: Some(canonical.into()),
            url: None,
            native: None,
            suites: vec!["s".into(), "s-updates".into()],
            components: vec!["main".into()],
        };
        let mut archive = Archive {
            keyring: "k.gpg".into(),
            canonical_from: Some("etc/cloud/cloud.cfg".into()),
            sources: vec![source("d", "primary"), source("d-security", "security")],
        };
        let config = " package_mirrors:\n - arches: [x]\n   failsafe:\n     primary: https://a.example/d\n     security: https://a.example/s\n";
        let files = render(&archive, config).unwrap();
        assert_eq!(
            files[0].0,
            PathBuf::from("etc/apt/sources.list.d/d.sources")
        );
        assert!(
            files[0]
                .1
                .contains("URIs: https://a.example/d\nSuites: s s-updates\n"),
            "{}",
            files[0].1
        );
        assert!(files[0].1.contains("URIs: https://a.example/s\n"));
        archive.sources[0].canonical = Some("third".into());
        let error = render(&archive, config).unwrap_err();
        assert_eq!(error.to_string(), "it names no third mirror");
    }
}
