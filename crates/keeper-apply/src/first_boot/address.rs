//! What the device's own programs say of its addresses and its certificate: pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;

/// More than a person tries.
const MOST: usize = 4;

/// One of `ip -json address`.
#[derive(Deserialize)]
struct Interface {
    #[serde(default)]
    addr_info: Vec<Info>,
}

#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    local: String,
    #[serde(default)]
    temporary: bool,
    #[serde(default)]
    deprecated: bool,
}

/// The addresses in what `ip -json address` prints, most useful first; none when it makes no sense.
pub(crate) fn of_ip(json: &str) -> Vec<String> {
    let interfaces: Vec<Interface> = serde_json::from_str(json).unwrap_or_default();
    let infos = interfaces.into_iter().flat_map(|one| one.addr_info);
    let lasting = infos.filter(|info| !info.temporary && !info.deprecated);
    sorted(lasting.filter_map(|info| info.local.parse().ok()))
}

/// The addresses in what `hostname -I` prints, most useful first.
pub(crate) fn of_words(text: &str) -> Vec<String> {
    sorted(text.split_whitespace().filter_map(|word| word.parse().ok()))
}

/// The fingerprint in what `openssl x509 -fingerprint` prints: `sha256 Fingerprint=AB:CD:…`.
pub(crate) fn fingerprint(text: &str) -> Option<String> {
    let (_, print) = text.lines().next()?.split_once('=')?;
    let pairs: Vec<&str> = print.trim().split(':').collect();
    let is_pair = |pair: &&str| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit());
    (pairs.len() == 32 && pairs.iter().all(is_pair)).then(|| pairs.join(":"))
}

fn sorted(addresses: impl Iterator<Item = IpAddr>) -> Vec<String> {
    let mut found: Vec<(u8, IpAddr)> = addresses
        .filter_map(|address| rank(address).map(|rank| (rank, address)))
        .collect();
    // Among equals, as they were said.
    found.sort_by_key(|(rank, _)| *rank);
    let mut said: Vec<String> = Vec::new();
    for (_, address) in found {
        let text = address.to_string();
        if !said.contains(&text) {
            said.push(text);
        }
    }
    said.truncate(MOST);
    said
}

/// How useful an address is to a person who types it, 0 most; none is of no use.
fn rank(address: IpAddr) -> Option<u8> {
    match address {
        IpAddr::V4(v4) if v4.is_loopback() || v4.is_unspecified() => None,
        IpAddr::V4(v4) if v4.is_private() => Some(0),
        IpAddr::V4(v4) if v4.is_link_local() => Some(3),
        IpAddr::V4(Ipv4Addr { .. }) => Some(1),
        IpAddr::V6(v6) => of_six(v6),
    }
}

/// A link-local one works with the name of the other side's own interface behind it only.
fn of_six(address: Ipv6Addr) -> Option<u8> {
    let of_no_use =
        address.is_loopback() || address.is_unspecified() || address.is_unicast_link_local();
    (!of_no_use).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_come_first_and_useless_ones_not_at_all() {
        let ip = r#"[{"ifindex":1,"ifname":"lo","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8},
            {"family":"inet6","local":"::1"}]},{},
            {"ifname":"eth0","flags":["UP"],"addr_info":[
            {"family":"inet6","local":"2001:db8::5","temporary":true},{"family":"inet6","local":"2001:db8::6"},
            {"family":"inet6","local":"2001:db8::7","deprecated":true},{"family":"inet6","local":"fe80::1"},
            {"family":"inet","local":"169.254.3.4"},{"family":"inet","local":"203.0.113.5"},
            {"family":"inet","local":"192.168.0.7"},{"family":"inet","local":"192.168.0.7"},{"local":"; reboot"}]}]"#;
        assert_eq!(
            of_ip(ip),
            ["192.168.0.7", "203.0.113.5", "2001:db8::6", "169.254.3.4"]
        );
        for (text, addresses) in [
            ("", &[][..]),
            ("[]", &[]),
            ("{}", &[]),
            ("[1]", &[]),
            ("[{\"addr_info\":[{\"local\":7}]}]", &[]),
            (
                "[{\"addr_info\":[{\"local\":\"10.0.0.2\"}]}]",
                &["10.0.0.2"],
            ),
        ] {
            assert_eq!(of_ip(text), addresses, "{text:?}");
        }
        for (text, addresses) in [
            ("", &[][..]),
            ("fe80::1 \n", &[]),
            (
                "fd00::2 172.17.0.1 10.0.0.2\n",
                &["172.17.0.1", "10.0.0.2", "fd00::2"],
            ),
            (
                "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5",
                &["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"],
            ),
        ] {
            assert_eq!(of_words(text), addresses, "{text:?}");
        }
    }

    #[test]
    fn a_fingerprint_is_32_pairs() {
        let print = ["AB"; 32].join(":");
        for begin in ["sha256 Fingerprint=", "SHA256 Fingerprint="] {
            assert_eq!(
                fingerprint(&format!("{begin}{print}\n")),
                Some(print.clone())
            );
        }
        for text in ["", "no", "sha256 Fingerprint=", "sha1 Fingerprint=AB:CD"] {
            assert_eq!(fingerprint(text), None, "{text:?}");
        }
        assert_eq!(
            fingerprint(&format!("x={}", print.replace('A', "\n"))),
            None
        );
    }
}
