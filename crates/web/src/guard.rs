//! Who may ask, and how; what every answer carries.
//!
//! The server listens on the loopback address only. A page from elsewhere could still have the
//! browser ask there, under a name of its own that it has made point to 127.0.0.1 (DNS rebinding):
//! so only our own names are answered. And it could have the browser send something there, under our
//! name: so the addresses that take anything take it from our own pages alone, which the browser
//! says in Origin, and which know a token besides. The token is the business of each of them, and so
//! is how much it takes.

use crate::pages::SIGN_IN_DONE;
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

impl Names {
    /// Whether the browser says that a page of this server sends this: exactly one Origin, ours.
    fn have_sent(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let (Some(origin), None) = (origins.next(), origins.next()) else {
            return false;
        };
        let name = origin.to_str().ok();
        name.and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(|name| self.has(name))
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

/// On a page with a form: that may be sent to us. And the browser must say where it comes from: under
/// `no-referrer` it would send `Origin: null`. Other sites are told nothing all the same.
pub(crate) const FORM_HEADERS: [(HeaderName, &str); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
];

/// What a form is sent as. A page of somebody else's could send this kind unasked too; others, only
/// a program.
const FORM: &str = "application/x-www-form-urlencoded";

/// Below these, everything that is sent is a form.
const FORMS: [&str; 3] = ["/setup/", "/settings/", "/do/"];

/// Refuses what is not for us, passes on the rest.
pub(crate) async fn guard(State(names): State<Names>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&names, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        // A page that needs another one says so itself.
        let header = response.headers_mut().entry(name);
        header.or_insert(HeaderValue::from_static(value));
    }
    response
}

fn refusal(names: &Names, request: &Request) -> Option<Response> {
    if !names.are_meant(request.headers(), request.uri()) {
        let text = format!("This server answers at http://{}/ only.\n", names.0[0]);
        return Some((StatusCode::MISDIRECTED_REQUEST, text).into_response());
    }
    match *request.method() {
        Method::GET | Method::HEAD => None,
        Method::POST if takes_forms(request.uri().path()) => {
            if !names.have_sent(request.headers()) {
                let text = "Only a page of this server may send this.\n";
                return Some((StatusCode::FORBIDDEN, text).into_response());
            }
            let form = request.uri().path() == SIGN_IN_DONE || is_form(request.headers());
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            (!form).then(|| (status, "Only forms.\n").into_response())
        }
        _ => {
            let allow = [(header::ALLOW, "GET, HEAD")];
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Some((status, allow, "Only GET and HEAD.\n").into_response())
        }
    }
}

fn takes_forms(path: &str) -> bool {
    path == SIGN_IN_DONE || FORMS.iter().any(|start| path.starts_with(start))
}

/// Whether the one Content-Type says so; a character set behind it changes nothing.
fn is_form(headers: &HeaderMap) -> bool {
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (kinds.next(), kinds.next()) else {
        return false;
    };
    let kind = kind.to_str().unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(FORM)
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
    #[test]
    fn only_our_own_pages_send_anything() {
        let names = Names::of("127.0.0.1:8470".parse().expect("an address"));
        for (origins, expected) in [
            (&["http://127.0.0.1:8470"][..], true),
            (&["http://LOCALHOST:8470"], true),
            (&["https://127.0.0.1:8470"], false),
            (&["http://127.0.0.1"], false),
            (&["http://127.0.0.1:8470/"], false),
            (&["http://127.0.0.1:8470.evil.example"], false),
            (&["http://evil.example"], false),
            (&["127.0.0.1:8470"], false),
            (&["null"], false),
            (&[""], false),
            (&[], false),
            (&["http://127.0.0.1:8470", "http://evil.example"], false),
            (&["http://127.0.0.1:8470", "http://127.0.0.1:8470"], false),
        ] {
            let mut headers = HeaderMap::new();
            for origin in origins {
                let origin = HeaderValue::from_str(origin).expect("a header");
                headers.append(header::ORIGIN, origin);
            }
            assert_eq!(names.have_sent(&headers), expected, "{origins:?}");
        }
    }
    #[test]
    fn only_forms_are_forms() {
        for (kinds, expected) in [
            (&["application/x-www-form-urlencoded"][..], true),
            (&["Application/X-WWW-Form-Urlencoded; charset=UTF-8"], true),
            (&["application/json"], false),
            (&["text/plain;application/x-www-form-urlencoded"], false),
            (&[""], false),
            (&[], false),
            (&[FORM, FORM], false),
        ] {
            let mut headers = HeaderMap::new();
            for kind in kinds {
                headers.append(
                    header::CONTENT_TYPE,
                    HeaderValue::from_str(kind).expect("a header"),
                );
            }
            assert_eq!(is_form(&headers), expected, "{kinds:?}");
        }
    }

    #[test]
    fn few_addresses_take_anything() {
        for (path, expected) in [
            ("/sign-in/done", true),
            ("/setup/owner", true),
            ("/settings/apply", true),
            ("/do/reload", true),
            ("/", false),
            ("/sign-in", false),
            ("/setup", false),
            ("/setupx/owner", false),
            ("/metrics", false),
            ("//setup/owner", false),
        ] {
            assert_eq!(takes_forms(path), expected, "{path}");
        }
    }
}
