//! What the host's apt is set up with: the mirror it uses, how it reaches the network.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use cmd::Cmd;

use crate::hint::Hint;

/// Addresses of archives by the last part of their path, such as `debian`: it is the same on every
/// mirror.
pub struct Mirrors {
    given: Vec<String>,
    host: String,
}

impl Mirrors {
    /// Those given by the user come first, then the ones that this machine's own apt uses, so that
    /// a build asks the mirror that the machine was given.
    pub fn new(given: &[String]) -> Self {
        Self {
            given: given.to_vec(),
            host: host_sources(),
        }
    }

    /// The address of an archive; `usual` is asked when nobody names another.
    ///
    /// # Errors
    /// Nobody has it: the caller must be told one.
    pub fn of(&self, archive: &str, usual: Option<&str>) -> Result<String> {
        let given = self.given.iter().map(|url| url.trim_end_matches('/'));
        if let Some(url) = given.into_iter().find(|url| last_part(url) == archive) {
            return Ok(url.to_owned());
        }
        find(&self.host, archive)
            .or_else(|| usual.map(str::to_owned))
            .ok_or_else(|| anyhow!("this machine's apt has no source of the {archive} archive"))
            .hint(format!("name a mirror: --mirror https://…/{archive}"))
    }
}

/// The text of all of the machine's apt sources, in both of their forms (sources.list(5)).
fn host_sources() -> String {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(entries) = fs_err::read_dir("/etc/apt/sources.list.d") {
        let mut more: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        more.sort();
        files.extend(more.into_iter().filter(|file| {
            file.extension()
                .is_some_and(|ending| ending == "list" || ending == "sources")
        }));
    }
    let texts = files
        .iter()
        .filter_map(|file| fs_err::read_to_string(file).ok());
    texts.flat_map(|text| [text, "\n".into()]).collect()
}

/// The first address in sources that is not commented out and ends in `archive`.
fn find(sources: &str, archive: &str) -> Option<String> {
    let lines = sources
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let words = lines
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_end_matches('/'));
    let mut urls = words.filter(|word| word.starts_with("http://") || word.starts_with("https://"));
    urls.find(|url| last_part(url) == archive)
        .map(str::to_owned)
}

fn last_part(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

/// The host's settings of how to reach the network (proxies, timeouts), as apt configuration.
pub(super) fn network_settings() -> Result<String> {
    let dump = Cmd::new("apt-config").arg("dump").read()?;
    let ours =
        |line: &&str| line.starts_with("Acquire::http") || line.starts_with("Acquire::https");
    Ok(dump
        .lines()
        .filter(ours)
        .flat_map(|line| [line, "\n"])
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_known_by_the_last_part_of_its_path() {
        let sources = "# deb https://m.example/old/debian bookworm main\n\
            deb [arch=amd64] https://m.example/debian-security/ bookworm-security main\n\
            Types: deb\nURIs: https://m.example/x/debian/\nSuites: bookworm\n";
        assert_eq!(
            find(sources, "debian").as_deref(),
            Some("https://m.example/x/debian")
        );
        assert_eq!(find(sources, "ubuntu"), None);
    }

    #[test]
    fn a_given_mirror_stands_for_the_archive_that_it_ends_in() {
        let mirrors = Mirrors::new(&[
            "http://a.example/debian/".into(),
            "http://b.example/x/ubuntu".into(),
        ]);
        let of = |archive, usual| mirrors.of(archive, usual).unwrap();
        assert_eq!(of("debian", None), "http://a.example/debian");
        let usual = Some("http://c.example/ubuntu");
        assert_eq!(of("ubuntu", usual), "http://b.example/x/ubuntu");
        let usual = Some("http://c.example/nobodys");
        assert_eq!(of("nobodys", usual), "http://c.example/nobodys");
        assert!(mirrors.of("nobodys", None).is_err());
    }
}
