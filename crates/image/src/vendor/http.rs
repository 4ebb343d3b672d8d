//! One answer of a web server: which it is, and how asking can fail. Built on ureq, which goes by
//! `ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.

use std::time::Duration;

use anyhow::Result;
use ureq::http::{HeaderMap, StatusCode, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

/// The machine's own list of certificate authorities, where its owner may have added one. Behind
/// a proxy that looks into TLS, no other list would do.
const AUTHORITIES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
];

/// How long to wait for a server, and how often to ask it again.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a name to be found, and for a connection to be made.
    pub connect: Duration,
    /// For the next byte.
    pub stall: Duration,
    /// How often it is tried in all without getting ahead.
    pub tries: u32,
    /// Before the second try; twice as long before each further one.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            stall: Duration::from_secs(60),
            tries: 5,
            pause: Duration::from_millis(500),
        }
    }
}

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There was no answer at all.
    #[error("{host} cannot be reached: {why}")]
    Unreachable {
        /// The server's name.
        host: String,
        /// What the network said.
        why: String,
    },
    /// The connection broke, or nothing more came.
    #[error("the connection to {host} broke: {why}")]
    Broken {
        /// The server's name.
        host: String,
        /// What the network said.
        why: String,
    },
    /// The answer was another one than the file.
    #[error("{url}: the server says {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// `404 Not Found`.
        status: StatusCode,
    },
    /// It is not the file any more whose beginning came before.
    #[error("{url} has changed meanwhile")]
    Changed {
        /// What was asked for.
        url: String,
    },
    /// The answer cannot be used; asking again would not change it.
    #[error("{0}")]
    Unusable(String),
    /// It is not the server's fault: the disk is full, or the like.
    #[error(transparent)]
    Here(#[from] anyhow::Error),
}

impl Error {
    /// Whether it may be better at the next try.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Broken { .. } | Self::Changed { .. } => true,
            Self::Status { status, .. } => {
                status.is_server_error() || matches!(status.as_u16(), 408 | 429)
            }
            Self::Unusable(_) | Self::Here(_) => false,
        }
    }
}

/// The headers and the body of an answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
}

/// What asks servers.
pub(super) fn agent(patience: &Patience) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(5)
        .user_agent("colab-keeper")
        .accept_encoding("identity")
        .timeout_resolve(Some(patience.connect))
        .timeout_connect(Some(patience.connect))
        .timeout_recv_response(Some(patience.stall))
        .timeout_per_read(Some(patience.stall))
        .tls_config(TlsConfig::builder().root_certs(authorities()).build());
    config.build().new_agent()
}

/// Asks for `url`, from byte `from` on; from its beginning if it is no longer `version`.
pub(super) fn ask(
    agent: &Agent,
    url: &str,
    from: u64,
    version: Option<&str>,
) -> Result<Answer, Error> {
    let mut request = agent.get(url);
    if from > 0 {
        request = request.header("Range", format!("bytes={from}-"));
        if let Some(version) = version {
            request = request.header("If-Range", version);
        }
    }
    let (head, body) = request
        .call()
        .map_err(|error| failure(agent, url, error))?
        .into_parts();
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body,
    })
}

/// What an error before the body means.
fn failure(agent: &Agent, url: &str, error: ureq::Error) -> Error {
    let host = host_of(url);
    // What TLS refuses comes as either of the two, and does not mend itself.
    let tls = match &error {
        ureq::Error::Rustls(_) => true,
        ureq::Error::Io(error) => error.kind() == std::io::ErrorKind::InvalidData,
        _ => false,
    };
    let said = words(&error.to_string());
    if tls {
        return Error::Unusable(format!("{host} cannot be trusted: {said}"));
    }
    match error {
        ureq::Error::TooManyRedirects => {
            Error::Unusable(format!("{host} redirects without end, from {url}"))
        }
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            Error::Unusable(format!("{url} is no address of a file"))
        }
        _ => Error::Unreachable {
            host,
            why: said + &through(agent, url),
        },
    }
}

/// By which proxy it went, if by one.
fn through(agent: &Agent, url: &str) -> String {
    let proxy = agent.config().proxy();
    let proxy = proxy.filter(|proxy| url.parse::<Uri>().is_ok_and(|uri| !proxy.is_no_proxy(&uri)));
    proxy.map_or(String::new(), |proxy| {
        format!(" (by way of the proxy {}:{})", proxy.host(), proxy.port())
    })
}

/// A body broke off.
pub(super) fn broken(url: &str, error: &std::io::Error) -> Error {
    Error::Broken {
        host: host_of(url),
        why: words(&error.to_string()),
    }
}

/// ureq's words for what happens most, in ours.
fn words(said: &str) -> String {
    if said.contains("timeout: per read") || said.contains("timeout: receive response") {
        return "nothing more came".into();
    }
    if said.contains("timeout: ") {
        return "nobody answered in time".into();
    }
    if said.contains("host not found") || said.contains("failed to lookup address") {
        return "its name is not known here".into();
    }
    let said = said.trim_start_matches("io: ");
    said.trim_start_matches("rustls: ").to_owned()
}

/// The server's name in an address, with its port where it has one of its own.
pub(super) fn host_of(url: &str) -> String {
    let authority = url
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.authority().cloned());
    // Never what stands before the @: that may be a password.
    let name = authority.as_ref().map_or(url, |authority| {
        let text = authority.as_str();
        text.rsplit_once('@').map_or(text, |(_, name)| name)
    });
    name.to_owned()
}

/// The machine's list where it has one, Mozilla's otherwise.
fn authorities() -> RootCerts {
    let own = std::env::var_os("SSL_CERT_FILE").map(std::path::PathBuf::from);
    let files = own.into_iter().chain(AUTHORITIES.map(Into::into));
    let mut lists = files.filter_map(|file| {
        let pem = fs_err::read(file).ok()?;
        let items = parse_pem(&pem).flatten().filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        });
        let list: Vec<_> = items.collect();
        (!list.is_empty()).then_some(list)
    });
    lists.next().map_or(RootCerts::WebPki, RootCerts::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_with_its_port_and_without_a_password() {
        for (url, expected) in [
            ("https://a.example/x/y", "a.example"),
            ("http://a.example:8080/x", "a.example:8080"),
            ("http://me:secret@a.example/x", "a.example"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(host_of(url), expected);
        }
    }

    #[test]
    fn what_happens_most_is_said_in_plain_words() {
        for (said, expected) in [
            ("timeout: per read", "nothing more came"),
            ("timeout: connect", "nobody answered in time"),
            ("host not found", "its name is not known here"),
            (
                "io: failed to lookup address information: x",
                "its name is not known here",
            ),
            ("io: Connection refused", "Connection refused"),
        ] {
            assert_eq!(words(said), expected);
        }
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        let status = |code: u16| Error::Status {
            url: "http://a.example/x".into(),
            status: StatusCode::from_u16(code).unwrap(),
        };
        for (code, expected) in [(404, false), (403, false), (429, true), (503, true)] {
            assert_eq!(status(code).is_passing(), expected, "{code}");
        }
    }
}
