//! A WebSocket to one tab (RFC 6455), bounded in everything.

use super::{Error, Way, broken};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// The most bytes of the reply that opens the socket; Chromium's has 130.
const HEAD: usize = 4 * 1024;

/// The longest message in bytes. Chromium tells of an address as soon as it goes there, and an
/// address can be long.
const MESSAGE: usize = 1 << 20;

/// The protocol wants a number here that the other side shows to have understood. Against what it is
/// there for, a proxy's memory, loopback is safe: so it is the RFC's own example (section 1.3), and
/// no hash has to be computed.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPTED: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

pub(super) type Socket = WebSocketStream<TcpStream>;

/// Opens a socket to the tab `id`. Without a time limit: that is the caller's.
pub(super) async fn open(way: Way, id: &str) -> Result<Socket, Error> {
    let stream = TcpStream::connect(way.address).await;
    let mut stream = stream.map_err(|error| Error::Gone(format!("{}: {error}", way.address)))?;
    // No Origin: Chromium would want to have been told that it is welcome.
    let request = format!(
        "GET /devtools/page/{id} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n",
        way.address
    );
    stream.write_all(request.as_bytes()).await.map_err(broken)?;
    let mut head = Vec::new();
    let end = loop {
        if let Some(at) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if head.len() >= HEAD {
            return Err(broken("what listens there is no browser"));
        }
        let mut piece = [0; 1024];
        match stream.read(&mut piece).await.map_err(broken)? {
            0 => return Err(broken("the connection ended before it was one")),
            length => head.extend_from_slice(&piece[..length]),
        }
    };
    let rest = head.split_off(end);
    check(&head)?;
    Ok(WebSocketStream::from_partially_read(stream, rest, Role::Client, Some(limits())).await)
}

fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(64 * 1024)
        .max_message_size(Some(MESSAGE))
        .max_frame_size(Some(MESSAGE))
}

/// Whether the other side has opened a socket.
fn check(head: &[u8]) -> Result<(), Error> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 101 ") {
        return Err(broken(format!("no connection to the tab: {status}")));
    }
    let accepted = lines
        .filter_map(|line| line.split_once(':'))
        .any(|(name, value)| {
            name.eq_ignore_ascii_case("sec-websocket-accept") && value.trim() == ACCEPTED
        });
    if accepted {
        Ok(())
    } else {
        Err(broken("what listens there speaks no WebSocket"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_websocket_is_taken_for_one() {
        let accept = format!(
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nsec-websocket-ACCEPT:{ACCEPTED} \r\n\r\n"
        );
        assert_eq!(check(accept.as_bytes()), Ok(()));
        for (head, expected) in [
            (
                "HTTP/1.1 404 Not Found\r\n\r\n",
                "no connection to the tab: HTTP/1.1 404 Not Found",
            ),
            (
                "HTTP/1.1 101 X\r\n\r\n",
                "what listens there speaks no WebSocket",
            ),
            (
                "HTTP/1.1 101 X\r\nSec-WebSocket-Accept: x\r\n\r\n",
                "what listens there speaks no WebSocket",
            ),
            ("\u{1b}[31m", "no connection to the tab: [31m"),
        ] {
            let error = check(head.as_bytes()).expect_err(head);
            assert_eq!(error.to_string(), expected);
        }
    }
}
