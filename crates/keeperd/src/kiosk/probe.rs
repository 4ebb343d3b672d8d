//! One look at the browser: its debugging port's `GET /json/version`.

use crate::kiosk::policy::Probe;
use browser::http;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::{Request, header};
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The most bytes of the reply; a real one has about 500.
const MOST: usize = 64 * 1024;

/// The longest text of others that is passed on, in characters.
const TEXT: usize = 120;

/// Asks the browser at `address` for its version, within `limit`.
pub(crate) async fn probe(address: SocketAddr, limit: Duration) -> Probe {
    let stream = match timeout(limit, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Probe::Gone(format!("{address}: {error}")),
        Err(_) => return silence(address, limit),
    };
    match timeout(limit, version(address, stream)).await {
        Ok(Ok(version)) => Probe::Answered(version),
        Ok(Err(why)) => Probe::Silent(format!("{address}: {why}")),
        Err(_) => silence(address, limit),
    }
}

fn silence(address: SocketAddr, limit: Duration) -> Probe {
    Probe::Silent(format!(
        "{address} does not reply within {} s",
        limit.as_secs()
    ))
}

async fn version(address: SocketAddr, stream: TcpStream) -> Result<String, String> {
    let request = Request::get("/json/version")
        // Chromium answers only where this is an address or localhost.
        .header(header::HOST, address.to_string())
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|error| error.to_string())?;
    let (status, body) = http::ask(stream, request, MOST).await?;
    if !status.is_success() {
        return Err(format!("HTTP status {}", status.as_u16()));
    }
    name(&body).ok_or_else(|| "what replies there is no browser".to_owned())
}

/// What the browser calls itself, such as `Chrome/120.0.6099.224`.
fn name(body: &[u8]) -> Option<String> {
    let reply: Value = serde_json::from_slice(body).ok()?;
    let name = reply.get("Browser")?.as_str()?;
    let name: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(TEXT)
        .collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_a_browsers_or_not() {
        for (body, expected) in [
            (
                r#"{"Browser":"Chrome/120.0","Protocol-Version":"1.3"}"#,
                Some("Chrome/120.0"),
            ),
            (r#"{"Browser":"a\u0000\nb"}"#, Some("ab")),
            (r#"{"Browser":""}"#, None),
            (r#"{"Browser":7}"#, None),
            (r#"{"browser":"x"}"#, None),
            ("[]", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(name(body.as_bytes()).as_deref(), expected, "{body}");
        }
        assert_eq!(name(b"\xff"), None);
        assert_eq!(name("[".repeat(MOST).as_bytes()), None);
    }
}
