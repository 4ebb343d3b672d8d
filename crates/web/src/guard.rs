//! Who may ask, and how; what every answer carries.
//!
//! The server listens on the loopback address only. A page from elsewhere could still have the
//! browser ask there, under a name of its own that it has made point to 127.0.0.1 (DNS rebinding):
//! so only our own names are answered.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::net::SocketAddr;
use std::sync::Arc;

/// The names under which the server answers.
#[derive(Debug, Clone)]
pub(crate) struct Names(Arc<[String; 2]>);

impl Names {
    /// Of the server that listens at `address`.
    pub(crate) fn of(address: SocketAddr) -> Self {
        Self(Arc::new([
            address.to_string(),
            format!("localhost:{}", address.port()),
        ]))
    }

    fn has(&self, host: &str) -> bool {
        self.0.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Whether a request is meant for this server: exactly one Host, ours, and an address that does
    /// not name another one.
    fn are_meant(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        host.to_str().is_ok_and(|host| self.has(host))
            && uri
                .authority()
                .is_none_or(|authority| self.has(authority.as_str()))
    }
}

/// Nothing from elsewhere, no script, no frame around us.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// On every answer. The notebook's address may be a secret: nobody is told where a visitor comes
/// from, and nothing is kept.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Refuses what is not for us, passes on the rest.
pub(crate) async fn guard(State(names): State<Names>, request: Request, next: Next) -> Response {
    let mut response = if !names.are_meant(request.headers(), request.uri()) {
        let text = format!("This server answers at http://{}/ only.\n", names.0[0]);
        (StatusCode::MISDIRECTED_REQUEST, text).into_response()
    } else if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, "GET, HEAD")];
        (
            StatusCode::METHOD_NOT_ALLOWED,
            allow,
            "Only GET and HEAD.\n",
        )
            .into_response()
    } else {
        next.run(request).await
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_answered() {
        let names = Names::of("127.0.0.1:8470".parse().expect("an address"));
        let meant = |hosts: &[&str], uri: &str| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                let host = HeaderValue::from_bytes(host.as_bytes()).expect("a header");
                headers.append(header::HOST, host);
            }
            names.are_meant(&headers, &uri.parse().expect("an address"))
        };
        for (hosts, uri, expected) in [
            (&["127.0.0.1:8470"][..], "/", true),
            (&["LocalHost:8470"], "/start/1", true),
            (&["127.0.0.1:8470"], "http://localhost:8470/", true),
            (&["127.0.0.1:8470"], "http://evil.example/", false),
            (&["evil.example:8470"], "/", false),
            (&["evil.example"], "http://127.0.0.1:8470/", false),
            (&["127.0.0.1"], "/", false),
            (&["127.0.0.1:80"], "/", false),
            (&["127.0.0.1.evil.example:8470"], "/", false),
            (&["me@127.0.0.1:8470"], "/", false),
            (&["127.0.0.1:8470", "evil.example"], "/", false),
            (&["127.0.0.1:8470\u{e9}"], "/", false),
            (&[""], "/", false),
            (&[], "/", false),
        ] {
            assert_eq!(meant(hosts, uri), expected, "{hosts:?} {uri}");
        }
    }
}
