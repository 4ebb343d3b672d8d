//! dpkg's status file: which packages a root has.

/// A package that is installed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Installed {
    /// `openssh-server`.
    pub name: String,
    /// `1:8.2p1-4ubuntu0.13`.
    pub version: String,
    /// `arm64` or `all`.
    pub arch: String,
}

/// Where it stands in a root.
pub const STATUS: &str = "var/lib/dpkg/status";

/// What a status file lists as installed, sorted.
pub fn installed(status: &str) -> Vec<Installed> {
    let stanzas = status.split("\n\n").filter_map(|stanza| {
        let field = |name: &str| {
            let mut lines = stanza.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        field("Status")?
            .ends_with(" installed")
            .then_some(Installed {
                name: field("Package")?.to_owned(),
                version: field("Version")?.to_owned(),
                arch: field("Architecture")?.to_owned(),
            })
    });
    let mut packages: Vec<_> = stanzas.collect();
    packages.sort();
    packages
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_what_is_installed_counts() {
        let status = "Package: b\nStatus: install ok installed\nArchitecture: all\nVersion: 2\n\n\
            Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n\n\
            Package: a\nStatus: hold ok installed\nArchitecture: arm64\nVersion: 1:1\nDescription: x\n Version: 9\n";
        let found = super::installed(status);
        let names: Vec<_> = found
            .iter()
            .map(|package| (&*package.name, &*package.version))
            .collect();
        assert_eq!(names, [("a", "1:1"), ("b", "2")]);
    }
}
