//! The browser's tabs, over the HTTP part of its debugging port.

use super::{Error, Way, broken};
use crate::http;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::{Method, Request, header};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The most bytes of a list of tabs: an address may have two million characters, most have a hundred.
const MOST: usize = 1 << 20;

/// The most tabs that are looked at.
const TABS: usize = 64;

/// The longest address of a tab that is looked at, in bytes; of a longer one there is no use.
const ADDRESS: usize = 8 * 1024;

/// A tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Letters, digits and hyphens; it lasts as long as the tab.
    pub id: String,
    /// What it shows, or is on the way to.
    pub url: String,
}

/// The tabs that are pages, most recently used first.
///
/// # Errors
/// The browser is not there, does not answer, or answers with something else.
pub async fn list(way: Way) -> Result<Vec<Target>, Error> {
    let reply = ask(way, Method::GET, "/json/list").await?;
    let Value::Array(found) = reply else {
        return Err(broken("what listens there is no browser"));
    };
    Ok(found.iter().filter_map(target).take(TABS).collect())
}

/// Opens a tab with `url`.
///
/// # Errors
/// As [`list`].
pub async fn open(way: Way, url: &str) -> Result<Target, Error> {
    // Since version 111 only by PUT.
    let reply = ask(way, Method::PUT, &format!("/json/new?{}", escaped(url))).await?;
    target(&reply).ok_or_else(|| broken("the new tab has no id"))
}

/// A tab from one of the objects that the browser describes its tabs by.
fn target(found: &Value) -> Option<Target> {
    let text = |key: &str| found.get(key).and_then(Value::as_str);
    let (id, url) = (text("id")?, text("url")?);
    let fits = (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && url.len() <= ADDRESS;
    (fits && text("type") == Some("page")).then(|| Target {
        id: id.to_owned(),
        url: url.to_owned(),
    })
}

/// An address as part of another one.
fn escaped(url: &str) -> String {
    let mut escaped = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped += &format!("%{byte:02X}");
        }
    }
    escaped
}

async fn ask(way: Way, method: Method, path: &str) -> Result<Value, Error> {
    let exchange = async {
        let stream = TcpStream::connect(way.address).await;
        let stream = stream.map_err(|error| Error::Gone(format!("{}: {error}", way.address)))?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            // Chromium answers only where this is an address or localhost.
            .header(header::HOST, way.address.to_string())
            .header(header::CONNECTION, "close")
            .body(Empty::<Bytes>::new())
            .map_err(broken)?;
        let (status, body) = http::ask(stream, request, MOST).await.map_err(broken)?;
        if !status.is_success() {
            return Err(broken(format!("HTTP status {}", status.as_u16())));
        }
        serde_json::from_slice(&body).map_err(|_| broken("what listens there is no browser"))
    };
    timeout(way.limit, exchange)
        .await
        .unwrap_or(Err(Error::Silent(way.limit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_tabs_with_a_sound_id_are_seen() {
        let tab = |id: &str, kind: &str, url: &str| {
            target(&json!({"id": id, "type": kind, "url": url, "x": [1]})).map(|tab| tab.id)
        };
        assert_eq!(
            tab("5DC5-f9", "page", "http://a/"),
            Some("5DC5-f9".to_owned())
        );
        for (id, kind, url) in [
            ("", "page", "http://a/"),
            ("../browser", "page", "http://a/"),
            ("a b", "page", "http://a/"),
            ("a\r\nX: y", "page", "http://a/"),
            (&*"a".repeat(65), "page", "http://a/"),
            ("a", "iframe", "http://a/"),
            ("a", "service_worker", "http://a/"),
            ("a", "page", &*"a".repeat(ADDRESS + 1)),
        ] {
            assert_eq!(tab(id, kind, url), None, "{id} {kind}");
        }
        for other in [
            json!({}),
            json!(7),
            json!({"id": 7, "type": "page", "url": "x"}),
        ] {
            assert_eq!(target(&other), None);
        }
    }

    #[test]
    fn an_address_survives_as_part_of_another() {
        for (url, expected) in [
            (
                "http://127.0.0.1:8470/start/1",
                "http://127.0.0.1:8470/start/1",
            ),
            ("https://a/?b=c&d#e", "https://a/%3Fb%3Dc%26d%23e"),
            ("https://a/%20 ", "https://a/%2520%20"),
        ] {
            assert_eq!(escaped(url), expected);
        }
    }
}
