//! One HTTP request over a connection that is there already. Replies are bounded; time limits are the
//! caller's.

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::error::Error;
use tokio::net::TcpStream;

/// The most bytes of a reply's head.
const HEAD: usize = 16 * 1024;

/// Sends `request`; the reply's status and its body.
///
/// # Errors
/// In words: the connection breaks, the reply is no HTTP, or its body is longer than `most` bytes.
pub async fn ask(
    stream: TcpStream,
    request: Request<Empty<Bytes>>,
    most: usize,
) -> Result<(StatusCode, Bytes), String> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| words(&error))?;
    let exchange = async {
        let reply = sender
            .send_request(request)
            .await
            .map_err(|error| words(&error))?;
        let status = reply.status();
        let body = Limited::new(reply.into_body(), most).collect().await;
        let body = body.map_err(|error| words(error.as_ref()))?;
        Ok((status, body.to_bytes()))
    };
    tokio::select! {
        biased;
        result = exchange => result,
        Err(error) = connection => Err(words(&error)),
    }
}

/// An error with what it comes from, which is where the reason is.
fn words(mut error: &dyn Error) -> String {
    let mut text = error.to_string();
    while let Some(source) = error.source() {
        text += &format!(": {source}");
        error = source;
    }
    text
}
