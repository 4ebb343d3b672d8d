//! Where a notebook's address leads: host, port, path. The address has passed `config`'s check.

use config::{NotebookUrl, Text as _};
use std::net::IpAddr;

/// The server behind a notebook's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Whether it speaks TLS.
    pub(crate) tls: bool,
    /// A name or an address; an IPv6 address without its brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Host and port as they stand in the address.
    pub(crate) authority: String,
    /// Without what follows `?` or `#`: a probe needs no token.
    pub(crate) path: String,
}

impl Target {
    pub(crate) fn of(url: &NotebookUrl) -> Self {
        let url = url.as_str();
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
        let tls = scheme == "https";
        let visible = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = match visible.find('/') {
            Some(at) => visible.split_at(at),
            None => (visible, "/"),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()),
            _ => (authority, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Self {
            tls,
            host: host.to_owned(),
            port: port.unwrap_or(if tls { 443 } else { 80 }),
            authority: authority.to_owned(),
            path: path.to_owned(),
        }
    }

    /// Whether it is this machine.
    pub(crate) fn is_local(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        for (url, tls, host, port, authority, path) in [
            (
                "https://a.example",
                true,
                "a.example",
                443,
                "a.example",
                "/",
            ),
            (
                "http://gpu:8888/lab?token=x#y",
                false,
                "gpu",
                8888,
                "gpu:8888",
                "/lab",
            ),
            (
                "http://[fd00::1]:8888?token=x",
                false,
                "fd00::1",
                8888,
                "[fd00::1]:8888",
                "/",
            ),
            (
                "https://[fd00::1]/a:1",
                true,
                "fd00::1",
                443,
                "[fd00::1]",
                "/a:1",
            ),
            (
                "http://192.0.2.1#a/b",
                false,
                "192.0.2.1",
                80,
                "192.0.2.1",
                "/",
            ),
        ] {
            let target = Target {
                tls,
                host: host.into(),
                port,
                authority: authority.into(),
                path: path.into(),
            };
            assert_eq!(Target::of(&NotebookUrl::parse(url).expect(url)), target);
        }
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (url, expected) in [
            ("http://localhost:8888/", true),
            ("http://127.0.0.2/", true),
            ("http://[::1]:8888/", true),
            ("http://192.0.2.1/", false),
            ("https://localhost.example/", false),
        ] {
            let target = Target::of(&NotebookUrl::parse(url).expect(url));
            assert_eq!(target.is_local(), expected, "{url}");
        }
    }
}
