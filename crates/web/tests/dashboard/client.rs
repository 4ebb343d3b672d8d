//! One who asks the server, over real sockets.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Generous: the machine may be busy or emulated.
pub const SOON: Duration = Duration::from_secs(30);

/// A connection on which `request` was sent; HOST in it stands for the server.
pub async fn send(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("connecting");
    let request = request.replace("HOST", &address.to_string());
    // A server that has heard enough may close before the end.
    let _ = stream.write_all(request.as_bytes()).await;
    stream
}

/// Everything that comes back after `request`.
pub async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = send(address, request).await;
    let mut answer = Vec::new();
    // A reset is an end too.
    let _ = timeout(SOON, stream.read_to_end(&mut answer))
        .await
        .expect("an end");
    String::from_utf8(answer).expect("UTF-8")
}

pub async fn get(address: SocketAddr, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: HOST\r\n\r\n");
    ask(address, &request).await
}

/// What comes until `part` has come, or the connection ends.
pub async fn until(stream: &mut TcpStream, part: &str) -> String {
    let mut heard = String::new();
    let hearing = async {
        let mut bytes = [0; 64 * 1024];
        while !heard.contains(part) {
            match stream.read(&mut bytes).await {
                Ok(count @ 1..) => heard += &String::from_utf8_lossy(&bytes[..count]),
                _ => break,
            }
        }
    };
    timeout(SOON, hearing).await.expect("something to hear");
    heard
}
