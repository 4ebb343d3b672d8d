//! HTTP 1.0, as much as a router's documents need: one request, one answer, the end.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long a whole exchange may take.
const LIMIT: Duration = Duration::from_secs(5);
/// The longest answer, in bytes. Descriptions have about ten thousand.
const LONGEST: usize = 256 * 1024;

/// Status and document.
pub(super) fn get(address: SocketAddr, path: &str) -> Result<(u16, String), String> {
    exchange(
        address,
        &format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n"),
    )
}

/// Status and document.
pub(super) fn post(
    address: SocketAddr,
    path: &str,
    header: &str,
    body: &str,
) -> Result<(u16, String), String> {
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n\
         Content-Length: {length}\r\n{header}\r\n\r\n{body}"
    );
    exchange(address, &request)
}

fn exchange(address: SocketAddr, request: &str) -> Result<(u16, String), String> {
    let said = |error: std::io::Error| format!("{address}: {error} (UPnP)");
    let end = Instant::now() + LIMIT;
    let mut stream = TcpStream::connect_timeout(&address, LIMIT).map_err(said)?;
    stream.set_write_timeout(Some(LIMIT)).map_err(said)?;
    stream.write_all(request.as_bytes()).map_err(said)?;
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&answer) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || answer.len() > LONGEST {
            return Err(format!("{address}: its answer does not end (UPnP)"));
        }
        stream.set_read_timeout(Some(left)).map_err(said)?;
        match stream.read(&mut buffer).map_err(said)? {
            0 => break,
            length => answer.extend_from_slice(&buffer[..length]),
        }
    }
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.ok_or_else(|| format!("{address}: no HTTP (UPnP)"))?;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    Ok((status, body.to_owned()))
}

/// Some routers keep the connection open whatever they were asked in; their answers have a length.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return false;
    };
    let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|length| length.trim().parse::<usize>().ok());
    length.is_some_and(|length| answer.len() - head - 4 >= length)
}
