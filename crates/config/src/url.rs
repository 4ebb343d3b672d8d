//! What may stand where an address is asked for: `http` or `https`, a host, no credentials.
//!
//! A check of the shape, not a parser: nothing here fetches or rewrites an address.

/// The longest address accepted, in bytes.
const MAX: usize = 2048;

/// Says what is wrong with `url`; the inner `None` means that its kind is simply not an address.
pub(crate) fn check(url: &str) -> Result<(), Option<&'static str>> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .ok_or(None)?;
    if url.len() > MAX {
        return Err(Some("it is longer than 2048 characters"));
    }
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Some(
            "it holds a space or a character that must be percent-encoded",
        ));
    }
    if url.bytes().any(|byte| b"\"'<>\\`{|}^".contains(&byte)) {
        return Err(Some("it holds a character that must be percent-encoded"));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(Some("it holds a user name or password"));
    }
    host_and_port(authority)
}

fn host_and_port(authority: &str) -> Result<(), Option<&'static str>> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if !is_host(host) {
        return Err(Some("its host is not a name or an address"));
    }
    match port.map(|port| {
        (
            port.bytes().all(|byte| byte.is_ascii_digit()),
            port.parse::<u16>(),
        )
    }) {
        None | Some((true, Ok(1..))) => Ok(()),
        Some(_) => Err(Some("its port is not a number from 1 to 65535")),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(v6) = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        return v6.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let name = host.strip_suffix('.').unwrap_or(host);
    name.len() <= 253
        && name
            .split('.')
            .all(|label| (1..=63).contains(&label.len()) && label.chars().all(part))
}

/// An address for a message: without what may be secret in it, credentials and query.
pub(crate) fn without_secrets(url: &str) -> String {
    let (visible, cut) = match url.split_once(['?', '#']) {
        Some((visible, _)) => (visible, "?…"),
        None => (url, ""),
    };
    let scheme_end = visible.find("//").map_or(0, |at| at + 2);
    match visible.rfind('@') {
        Some(at) if at >= scheme_end => {
            format!("{}…{}{cut}", &visible[..scheme_end], &visible[at..])
        }
        _ => format!("{visible}{cut}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_pass() {
        for url in [
            "https://colab.research.google.com/drive/1AbC_d-E?usp=sharing#scrollTo=x",
            "http://gpu-server:8888/lab/tree/a%20b.ipynb",
            "http://[fd00::1]:8888/",
            "http://[fd00::1]",
            "https://192.168.1.4",
            "https://example.com.",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn addresses_that_do_not() {
        for url in [
            "",
            "colab.research.google.com",
            "ftp://example.com",
            "javascript:alert(1)",
            "HTTPS://",
            "https://",
            "https:///path",
            "https://?q",
            "https://a..b/",
            "https://a b/",
            "https://host/\n",
            "https://host/$(reboot)`",
            "https://日本/",
            "https://host:0/",
            "https://host:+80/",
            "https://host:65536/",
            "https://host:/",
            "https://user:pw@host/",
            "https://[::g]/",
            "https://[::1",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
        assert!(check(&format!("https://host/{}", "a".repeat(2048))).is_err());
    }

    #[test]
    fn messages_do_not_repeat_secrets() {
        assert_eq!(
            without_secrets("https://me:pw@host/a?token=b"),
            "https://…@host/a?…"
        );
        assert_eq!(without_secrets("https://host/@x#y"), "https://…@x?…");
        assert_eq!(without_secrets("https://host/a"), "https://host/a");
        assert_eq!(without_secrets("pw@host"), "…@host");
    }
}
