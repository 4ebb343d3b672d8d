//! ddclient's settings, valid from 3.8.3 to 4.0, all but the secret: that is root's own file, which
//! `keeper-ddns.service` puts in front of these.
//!
//! `use=web` is the only way to ask for the address that all those versions know.

use config::{Config, DdnsProvider, DomainName, Text as _};

/// Answers with the address that it is asked from; `keeper doctor` asks it too.
const ECHO: &str = "https://api.ipify.org/";

/// `ddclient.conf`; nothing but its header where no provider is set.
pub(super) fn settings(config: &Config) -> String {
    let ddns = &config.ddns;
    let (Some(provider), Some(name)) = (ddns.provider, &ddns.name) else {
        return String::new();
    };
    let name = name.as_str();
    let user = ddns.user.as_ref().map(config::DdnsUser::as_str);
    let server = ddns.server.as_ref().map(DomainName::as_str);
    let zone = ddns.zone.as_ref().map(DomainName::as_str);
    let (protocol, settings, host) = match provider {
        // It knows the names below its own by their first label.
        DdnsProvider::Duckdns => (
            "duckdns",
            vec![],
            name.strip_suffix(".duckdns.org").unwrap_or(name),
        ),
        // An API token has this word for a login.
        DdnsProvider::Cloudflare => (
            "cloudflare",
            vec![
                ("zone", zone.unwrap_or(name)),
                ("login", user.unwrap_or("token")),
            ],
            name,
        ),
        DdnsProvider::Noip => ("noip", vec![("login", user.unwrap_or(name))], name),
        // Its account is the name itself, its password a token.
        DdnsProvider::Desec => (
            "dyndns2",
            vec![
                ("server", "update.dedyn.io"),
                ("login", user.unwrap_or(name)),
            ],
            name,
        ),
        DdnsProvider::Dyndns2 => (
            "dyndns2",
            vec![
                ("server", server.unwrap_or(name)),
                ("login", user.unwrap_or(name)),
            ],
            name,
        ),
    };
    let settings: String = settings
        .iter()
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect();
    format!("ssl=yes\nuse=web, web={ECHO}\nprotocol={protocol}\n{settings}{host}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(toml: &str) -> Config {
        config::parse(toml).expect("a good configuration")
    }

    #[test]
    fn ddclient_is_told_who_keeps_the_name_and_never_a_secret() {
        let lines = |ddns: &str| {
            let text = settings(&parse(&format!("ddns = {{ {ddns} }}")));
            let found: Vec<&str> = text.lines().skip(2).collect();
            assert!(
                text.starts_with("ssl=yes\n") && !text.contains("password"),
                "{text}"
            );
            found.join(" ")
        };
        for (ddns, expected) in [
            (
                "provider = \"duckdns\", name = \"home.duckdns.org\"",
                "protocol=duckdns home",
            ),
            (
                "provider = \"cloudflare\", name = \"pi.example.org\", zone = \"example.org\"",
                "protocol=cloudflare zone=example.org login=token pi.example.org",
            ),
            (
                "provider = \"noip\", name = \"a.example.org\", user = \"me\"",
                "protocol=noip login=me a.example.org",
            ),
            (
                "provider = \"desec\", name = \"a.dedyn.io\"",
                "protocol=dyndns2 server=update.dedyn.io login=a.dedyn.io a.dedyn.io",
            ),
            (
                "provider = \"dyndns2\", name = \"a.b\", server = \"c.d\", user = \"me\"",
                "protocol=dyndns2 server=c.d login=me a.b",
            ),
        ] {
            assert_eq!(lines(ddns), expected);
        }
        assert_eq!(settings(&parse("ddns.name = \"a.b\"")), "");
    }
}
