//! What the host's apt is set up with: the mirror it uses, how it reaches the network.

use anyhow::Result;
use cmd::Cmd;

use crate::hint::Hint;

/// The mirror among those given by the user whose path ends in `archive`.
pub fn given_mirror(archive: &str, given: &[String]) -> Option<String> {
    let urls = given.iter().map(|url| url.trim_end_matches('/'));
    urls.filter(|url| last_part(url) == archive).map(str::to_owned).next()
}

/// The address to ask for `archive` (the last part of its path on every mirror, such as `debian`):
/// the given mirror, or the one that this machine's own apt uses, so that a build asks the mirror
/// that the machine was given.
///
/// # Errors
/// Neither has such an archive: the caller must be told one.
pub fn mirror_for(archive: &str, given: &[String]) -> Result<String> {
    if let Some(url) = given_mirror(archive, given) {
        return Ok(url);
    }
    let error = anyhow::anyhow!("this machine's apt has no source of the {archive} archive");
    let sources = Cmd::new("apt-get")
        .args(["indextargets", "--no-release-info", "--format", "$(SITE)"])
        .read()
        .hint("the builder needs a machine with apt: Debian, Ubuntu, or a container of either")?;
    find(&sources, archive).ok_or(error).hint(format!("name a mirror: --mirror https://…/{archive}"))
}

fn find(sites: &str, archive: &str) -> Option<String> {
    let mut sites = sites.lines().map(|line| line.trim().trim_end_matches('/'));
    sites.find(|site| last_part(site) == archive).map(str::to_owned)
}

fn last_part(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

/// The host's settings of how to reach the network (proxies, timeouts), as apt configuration.
pub(super) fn network_settings() -> Result<String> {
    let dump = Cmd::new("apt-config").arg("dump").read()?;
    let ours = |line: &&str| {
        line.starts_with("Acquire::http") || line.starts_with("Acquire::https")
    };
    Ok(dump.lines().filter(ours).flat_map(|line| [line, "\n"]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_known_by_the_last_part_of_its_path() {
        let sites = "https://m.example/debian-security/\nhttps://m.example/x/debian/\n";
        assert_eq!(find(sites, "debian").as_deref(), Some("https://m.example/x/debian"));
        assert_eq!(find(sites, "ubuntu"), None);
    }

    #[test]
    fn a_given_mirror_stands_for_the_archive_that_it_ends_in() {
        let given = ["http://a.example/debian/".to_owned(), "http://b.example/debian-security".to_owned()];
        assert_eq!(given_mirror("debian", &given).as_deref(), Some("http://a.example/debian"));
        assert_eq!(given_mirror("debian-security", &given).as_deref(), Some("http://b.example/debian-security"));
        assert_eq!(given_mirror("ubuntu", &given), None);
    }
}
