//! Enabling and disabling systemd units without systemd: the links that `systemctl enable` makes of
//! a unit's `[Install]` section (systemd.unit(5)).

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The links for a unit whose file stands at `/file` and holds `text`: path in the root, target.
///
/// # Errors
/// The unit has no `[Install]` section, or one that asks for nothing.
pub fn enable_links(unit: &str, file: &Path, text: &str) -> Result<Vec<(PathBuf, PathBuf)>> {
    let target = Path::new("/").join(file);
    let config = Path::new("etc/systemd/system");
    let mut links = Vec::new();
    for (key, value) in install_section(text) {
        let suffix = match key {
            "WantedBy" => ".wants",
            "RequiredBy" => ".requires",
            "Alias" => {
                links.extend(
                    value
                        .split_whitespace()
                        .map(|alias| (config.join(alias), target.clone())),
                );
                continue;
            }
            _ => continue,
        };
        links.extend(value.split_whitespace().map(|other| {
            (
                config.join(format!("{other}{suffix}")).join(unit),
                target.clone(),
            )
        }));
    }
    if links.is_empty() {
        bail!("{unit} has no [Install] section that says what starts it");
    }
    Ok(links)
}

/// Whether `path` is a link that starts one of `units`.
pub fn disabled_links(path: &Path, units: &[String]) -> bool {
    let Ok(below) = path.strip_prefix("etc/systemd/system") else {
        return false;
    };
    let name = below.file_name().unwrap_or_default().to_string_lossy();
    let dir = below.parent().unwrap_or(Path::new("")).to_string_lossy();
    (dir.ends_with(".wants") || dir.ends_with(".requires"))
        && units.iter().any(|unit| *unit == name)
}

fn install_section(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut inside = false;
    text.lines().filter_map(move |line| {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line == "[Install]";
            return None;
        }
        let (key, value) = line.split_once('=')?;
        (inside && !line.starts_with(['#', ';'])).then_some((key.trim(), value.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_follow_the_install_section() {
        let text = "[Unit]\nWantedBy=no\n[Install]\nWantedBy=multi-user.target a.target\n#WantedBy=x\nRequiredBy=b.service\nAlias=c.service\n";
        let links = enable_links(
            "k.service",
            Path::new("usr/lib/systemd/system/k.service"),
            text,
        )
        .unwrap();
        let shown: Vec<&str> = links
            .iter()
            .map(|(path, _)| path.to_str().unwrap())
            .collect();
        assert_eq!(
            shown,
            [
                "etc/systemd/system/multi-user.target.wants/k.service",
                "etc/systemd/system/a.target.wants/k.service",
                "etc/systemd/system/b.service.requires/k.service",
                "etc/systemd/system/c.service",
            ]
        );
        assert!(
            links
                .iter()
                .all(|(_, target)| target == Path::new("/usr/lib/systemd/system/k.service"))
        );
    }

    #[test]
    fn a_unit_that_nothing_starts_is_refused() {
        let error = enable_links("k.service", Path::new("k"), "[Service]\n").unwrap_err();
        assert!(error.to_string().contains("no [Install] section"));
    }

    #[test]
    fn only_the_named_units_are_disabled() {
        let units = ["a.timer".to_owned()];
        for (path, expected) in [
            ("etc/systemd/system/timers.target.wants/a.timer", true),
            ("etc/systemd/system/timers.target.wants/b.timer", false),
            ("etc/systemd/system/a.timer", false),
            ("usr/lib/systemd/system/timers.target.wants/a.timer", false),
        ] {
            assert_eq!(disabled_links(Path::new(path), &units), expected, "{path}");
        }
    }
}
