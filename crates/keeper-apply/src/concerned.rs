//! Which service is told of which change.

use std::collections::BTreeSet;

use crate::generation::Contents;

/// What reads a generation, in the order in which they are told: what guards comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// nftables.
    Firewall,
    /// sshd.
    Ssh,
    /// What ends the connection of a Colab machine when its time comes.
    Expiry,
    /// xrdp and its session manager.
    Rdp,
    /// fail2ban.
    Fail2ban,
    /// ddclient, which keeps the public name up to date.
    Ddns,
    /// keeper-router, which has the router open a port.
    Router,
    /// The desktop, with all that is on it.
    Display,
    /// The browser.
    Kiosk,
    /// keeperd, which reads `keeper.toml` itself.
    Keeperd,
}

impl Service {
    /// The systemd units, the telling one first.
    pub fn units(self) -> &'static [&'static str] {
        match self {
            Self::Firewall => &["keeper-firewall.service"],
            Self::Ssh => &["ssh.service"],
            Self::Expiry => &["keeper-tunnel-end.timer"],
            Self::Rdp => &["xrdp.service", "xrdp-sesman.service"],
            Self::Fail2ban => &["fail2ban.service"],
            Self::Ddns => &["keeper-ddns.service"],
            Self::Router => &["keeper-router.service"],
            Self::Display => &["keeper-display.service"],
            Self::Kiosk => &["keeper-kiosk.service"],
            Self::Keeperd => &["keeperd.service"],
        }
    }
}

/// The files in which two generations differ, by name.
pub(crate) fn changed(old: &Contents, new: &Contents) -> Vec<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing = names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name));
    differing.cloned().collect()
}

/// Whom the difference concerns. Keys are read by sshd at each login.
pub(crate) fn concerned(old: &Contents, new: &Contents) -> BTreeSet<Service> {
    let services = changed(old, new);
    services
        .iter()
        .flat_map(|name| match &**name {
            "ddclient.conf" => vec![Service::Ddns],
            "expiry.conf" => vec![Service::Expiry],
            "router.env" => vec![Service::Router],
            "fail2ban.conf" => vec![Service::Fail2ban],
            "firewall.nft" => vec![Service::Firewall],
            "sshd.conf" => vec![Service::Ssh],
            "sesman.ini" | "xrdp.ini" => vec![Service::Rdp],
            "session.env" => session(old.get(&**name), new.get(&**name)),
            _ => vec![],
        })
        .collect()
}

/// The browser's own settings need no new desktop; language and keyboard are everybody's.
fn session(old: Option<&Vec<u8>>, new: Option<&Vec<u8>>) -> Vec<Service> {
    let lines = |text: Option<&Vec<u8>>| -> BTreeSet<String> {
        let text = String::from_utf8_lossy(text.map_or(&[], Vec::as_slice)).into_owned();
        text.lines().map(str::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let differing = old.symmetric_difference(&new);
    differing
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            if line.starts_with("KEEPER_BROWSER_") {
                Service::Kiosk
            } else {
                Service::Display
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Facts, render};

    fn contents(toml: &str, facts: &Facts) -> Contents {
        let config = config::parse(toml).expect("a good configuration");
        let files = render(&config, facts).into_iter();
        files
            .map(|(name, text)| (name.to_owned(), text.into_bytes()))
            .collect()
    }

    #[test]
    fn only_those_are_told_whom_it_concerns() {
        use Service::{Ddns, Display, Firewall, Kiosk, Router, Ssh};
        let person = "taro:x:1000:7::/home/taro:/bin/sh";
        let person = Facts::parse(person, "keeper-people:x:7:");
        let key = "ssh.authorized_keys = [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]";
        for (toml, facts, told) in [
            ("", Facts::default(), &[][..]),
            ("browser.reload_minutes = 5", Facts::default(), &[]),
            (key, Facts::default(), &[]),
            ("", person, &[Firewall]),
            ("ssh.password_login = true", Facts::default(), &[Ssh]),
            ("tunnel.entrance = 2000", Facts::default(), &[Firewall, Ssh]),
            ("browser.mode = \"window\"", Facts::default(), &[Kiosk]),
            (
                "browser.notebooks = [\"https://a/\", \"https://b/\"]",
                Facts::default(),
                &[Kiosk],
            ),
            ("device.display = \"hdmi\"", Facts::default(), &[Display]),
            (
                "ddns = { provider = \"desec\", name = \"a.dedyn.io\" }",
                Facts::default(),
                &[Ddns],
            ),
            ("router.map = true", Facts::default(), &[]),
            ("tunnel.public_port = 443", Facts::default(), &[Router]),
            ("device.language = \"ja\"", Facts::default(), &[Display]),
        ] {
            let old = contents("", &Facts::default());
            let found = concerned(&old, &contents(toml, &facts));
            assert_eq!(found.into_iter().collect::<Vec<_>>(), told, "{toml:?}");
        }
    }

    #[test]
    fn at_first_all_are_told_but_keeperd() {
        let all = concerned(&Contents::new(), &contents("", &Facts::default()));
        assert_eq!(all.len(), 9);
        assert_eq!(all.first(), Some(&Service::Firewall));
    }
}
