//! The debugging protocol of one tab, with a thread's patience: calls and what they answer, and every
//! event that comes meanwhile. keeperd's own client (`browser::cdp`) knows only the events that it needs.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket};

/// The most bytes of a message: a large picture.
const MOST: usize = 64 << 20;

/// A connection to one tab.
pub(super) struct Wire {
    socket: WebSocket<TcpStream>,
    number: u64,
}

/// Something that a tab tells by itself.
pub(super) struct Event {
    pub(super) method: String,
    pub(super) params: Value,
}

impl Wire {
    pub(super) fn open(address: SocketAddr, tab: &str) -> Self {
        let mut stream = TcpStream::connect(address).expect("the browser listens");
        stream.set_nodelay(true).expect("a setting");
        // The key is the RFC's own example: whoever listens there is no proxy.
        let request = format!(
            "GET /devtools/page/{tab} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("asking");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream
                .read_exact(&mut byte)
                .expect("an answer of the browser");
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head);
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        let limits = WebSocketConfig::default()
            .max_message_size(Some(MOST))
            .max_frame_size(Some(MOST));
        Self {
            socket: WebSocket::from_raw_socket(stream, Role::Client, Some(limits)),
            number: 0,
        }
    }

    /// Calls; what is answered. Events that come before it are handed to `heard`.
    ///
    /// # Errors
    /// The browser refuses, or says nothing in time. What it says later is not listened to.
    pub(super) fn call(
        &mut self,
        method: &str,
        params: &Value,
        limit: Duration,
        mut heard: impl FnMut(Event),
    ) -> Result<Value, String> {
        self.number += 1;
        let call = json!({"id": self.number, "method": method, "params": params});
        let sent = self.socket.send(Message::text(call.to_string()));
        sent.unwrap_or_else(|error| panic!("{method}: {error}"));
        let end = Instant::now() + limit;
        loop {
            let Some(mut message) = self.hear(end) else {
                return Err(format!("no answer within {} s", limit.as_secs()));
            };
            if message["id"] == self.number {
                return match message.get("error") {
                    Some(error) => Err(error["message"].to_string()),
                    None => Ok(message["result"].take()),
                };
            }
            if let Some(event) = event(message) {
                heard(event);
            }
        }
    }

    /// The next event, if one comes until then.
    pub(super) fn event(&mut self, end: Instant) -> Option<Event> {
        loop {
            if let Some(event) = event(self.hear(end)?) {
                return Some(event);
            }
        }
    }

    fn hear(&mut self, end: Instant) -> Option<Value> {
        loop {
            let left = end
                .saturating_duration_since(Instant::now())
                .max(Duration::from_millis(1));
            let set = self.socket.get_ref().set_read_timeout(Some(left));
            set.expect("a timeout");
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    return Some(serde_json::from_str(&text).expect("JSON of the browser"));
                }
                Ok(_) => {}
                Err(Error::Io(error))
                    if matches!(
                        error.kind(),
                        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                    ) =>
                {
                    if Instant::now() >= end {
                        return None;
                    }
                }
                Err(error) => panic!("the tab: {error}"),
            }
        }
    }
}

fn event(mut message: Value) -> Option<Event> {
    let method = message.get("method")?.as_str()?.to_owned();
    let params = message["params"].take();
    Some(Event { method, params })
}
