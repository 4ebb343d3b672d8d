//! A stand-in for the browser's debugging port, with one connection.

use browser::cdp::{Session, Way};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

/// Short, so that a test of silence takes moments.
pub(crate) const LIMIT: Duration = Duration::from_millis(400);

/// The answer to the client's only key (RFC 6455, section 1.3).
const WELCOME: &str = "HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\n\
                       Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// A port of which `serve` has the first connection.
pub(crate) async fn port<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    serve: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (Way, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        serve(stream).await
    });
    let limit = LIMIT;
    (Way { address, limit }, served)
}

/// The head of a request.
pub(crate) async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a request"));
    }
    String::from_utf8(head).expect("a request of ASCII")
}

/// As [`port`], with the socket opened; what follows is raw.
pub(crate) async fn raw<F: Future<Output = ()> + Send + 'static>(
    serve: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> Way {
    let (way, _) = port(async move |mut stream: TcpStream| {
        let head = head(&mut stream).await;
        assert!(
            head.starts_with("GET /devtools/page/A1 HTTP/1.1\r\n"),
            "{head}"
        );
        assert!(!head.to_lowercase().contains("origin"), "{head}");
        stream.write_all(WELCOME.as_bytes()).await.expect("sending");
        serve(stream).await;
    })
    .await;
    way
}

/// One tab of a proper browser.
pub(crate) struct Tab(WebSocketStream<TcpStream>);

impl Tab {
    /// The next call, which must be of this method; its number and parameters.
    pub(crate) async fn called(&mut self, method: &str) -> (u64, Value) {
        let message = self.0.next().await.expect("a call").expect("a frame");
        let call: Value = serde_json::from_str(message.to_text().expect("text")).expect("JSON");
        assert_eq!(call["method"], method, "{call}");
        (
            call["id"].as_u64().expect("a number"),
            call["params"].clone(),
        )
    }

    /// As [`Self::called`], answered with `result`.
    pub(crate) async fn answer(&mut self, method: &str, result: Value) -> Value {
        let (id, params) = self.called(method).await;
        self.say(json!({"id": id, "result": result})).await;
        params
    }

    pub(crate) async fn tell(&mut self, event: &str, params: Value) {
        self.say(json!({"method": event, "params": params})).await;
    }

    pub(crate) async fn say(&mut self, message: Value) {
        // The client may have gone, which is its own business.
        let _ = self.0.send(Message::text(message.to_string())).await;
    }

    /// Stays until the client goes.
    pub(crate) async fn stay(mut self) {
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

/// A browser with one tab that behaves as `play` says.
pub(crate) async fn tab<F: Future<Output = ()> + Send + 'static>(
    play: impl FnOnce(Tab) -> F + Send + 'static,
) -> Way {
    raw(async move |stream| {
        play(Tab(WebSocketStream::from_raw_socket(
            stream,
            Role::Server,
            None,
        )
        .await))
        .await;
    })
    .await
}

pub(crate) async fn session(way: Way) -> Session {
    Session::connect(way, "A1").await.expect("a session")
}
