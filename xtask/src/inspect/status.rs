//! dpkg's own list of what is installed, /var/lib/dpkg/status (deb-status(5)).

use serde::Serialize;

/// The packages of a root.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Installed {
    /// How many.
    pub count: u64,
    /// Bytes that their files take, as they say.
    pub size: u64,
}

/// Counts the packages that are installed; others have left their configuration alone.
pub fn parse(status: &str) -> Installed {
    let mut installed = Installed::default();
    for paragraph in status.split("\n\n") {
        let field = |name: &str| {
            let lines = paragraph.lines().find_map(|line| line.strip_prefix(name));
            lines.and_then(|rest| rest.strip_prefix(':')).map(str::trim)
        };
        if field("Status").is_some_and(|status| status.ends_with(" installed")) {
            installed.count += 1;
            let kib: u64 = field("Installed-Size")
                .and_then(|size| size.parse().ok())
                .unwrap_or(0);
            installed.size += kib * 1024;
        }
    }
    installed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_installed_counts() {
        let text = "Package: a\nStatus: install ok installed\nInstalled-Size: 3\n\n\
            Package: b\nStatus: deinstall ok config-files\nInstalled-Size: 5\n\n\
            Package: c\nStatus: hold ok installed\n";
        assert_eq!(
            parse(text),
            Installed {
                count: 2,
                size: 3072
            }
        );
        assert_eq!(parse(""), Installed::default());
    }
}
