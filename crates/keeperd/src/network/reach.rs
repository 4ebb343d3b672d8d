//! The far end of the network: the name of a notebook's server, and the server itself.
//!
//! A server behind https is only connected to: there is no TLS in our programs. Whether its
//! certificate is right, the browser shows. A server behind http is asked for the notebook's page,
//! by HEAD and without what follows `?`, and any answer but 502, 503 and 504 is one: these are how a
//! proxy says that what is behind it is not there yet. Everything else, a login, an error, a HEAD
//! that a server does not know, is for the browser to show; refusing it here could keep a notebook
//! that works from ever being opened.

use super::target::Target;
use browser::http;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::{Method, Request, header};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use web::{Lookup, Server};

/// The most addresses of a name that are tried.
const ADDRESSES: usize = 8;

/// The lead that each address has over the next, so that mostly one connection is made.
const LEAD: Duration = Duration::from_millis(250);

/// The longest text of others that is passed on, in characters.
const TEXT: usize = 120;

/// How long each part may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) lookup: Duration,
    pub(crate) connect: Duration,
    pub(crate) answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lookup: Duration::from_secs(5),
            connect: Duration::from_secs(6),
            answer: Duration::from_secs(6),
        }
    }
}

/// The addresses of `target`.
///
/// The resolver is the C library's, on a thread of the runtime; a lookup given up on goes on there
/// until the resolver's own limits end it, and the runtime bounds the number of threads.
pub(crate) async fn lookup(target: &Target, limits: &Limits) -> (Lookup, Vec<SocketAddr>) {
    if let Ok(address) = target.host.parse::<IpAddr>() {
        return (Lookup::NotNeeded, vec![(address, target.port).into()]);
    }
    let found = timeout(
        limits.lookup,
        tokio::net::lookup_host((&*target.host, target.port)),
    )
    .await;
    match found {
        Err(_) => (Lookup::TimedOut(limits.lookup), Vec::new()),
        Ok(Err(error)) => (Lookup::Failed(resolver_words(&error)), Vec::new()),
        Ok(Ok(found)) => {
            let found: Vec<SocketAddr> = found.take(ADDRESSES).collect();
            match found.first() {
                Some(first) => (Lookup::Found(first.ip()), found),
                None => (Lookup::Failed("no address".to_owned()), found),
            }
        }
    }
}

/// Without the beginning that says what the page says anyway.
fn resolver_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    let end = text
        .rsplit_once("address information: ")
        .map_or(&*text, |(_, end)| end);
    cut(end)
}

/// Whether a server answers at any of `addresses`.
pub(crate) async fn server(target: &Target, addresses: &[SocketAddr], limits: &Limits) -> Server {
    let stream = match timeout(limits.connect, connect(addresses)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return not_connected(&error, limits),
        Err(_) => return Server::TimedOut(limits.connect),
    };
    if target.tls {
        return Server::Answers;
    }
    match timeout(limits.answer, head(target, stream)).await {
        Ok(Ok(status @ 502..=504)) => Server::NotReady(status),
        Ok(Ok(_)) => Server::Answers,
        Ok(Err(why)) => Server::NotHttp(cut(&why)),
        Err(_) => Server::TimedOut(limits.answer),
    }
}

/// The first connection that comes about; otherwise the most telling error.
async fn connect(addresses: &[SocketAddr]) -> std::io::Result<TcpStream> {
    let mut attempts = JoinSet::new();
    for (address, place) in addresses.iter().copied().zip(0..) {
        attempts.spawn(async move {
            sleep(LEAD * place).await;
            TcpStream::connect(address).await
        });
    }
    let mut failure = std::io::Error::from(ErrorKind::AddrNotAvailable);
    while let Some(attempt) = attempts.join_next().await {
        match attempt {
            Ok(Ok(stream)) => return Ok(stream),
            // Where a machine refuses, there is a machine.
            Ok(Err(error)) if failure.kind() != ErrorKind::ConnectionRefused => failure = error,
            _ => {}
        }
    }
    Err(failure)
}

fn not_connected(error: &std::io::Error, limits: &Limits) -> Server {
    match error.kind() {
        ErrorKind::ConnectionRefused => Server::Refused,
        ErrorKind::TimedOut => Server::TimedOut(limits.connect),
        _ => Server::Unreachable(cut(&error.to_string())),
    }
}

/// The HTTP status of the notebook's page.
async fn head(target: &Target, stream: TcpStream) -> Result<u16, String> {
    let request = Request::builder()
        .method(Method::HEAD)
        .uri(&target.path)
        .header(header::HOST, &target.authority)
        .header(header::USER_AGENT, "colab-keeper")
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|error| error.to_string())?;
    let (status, _) = http::ask(stream, request, 0).await?;
    Ok(status.as_u16())
}

fn cut(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(TEXT)
        .collect()
}

#[cfg(test)]
#[path = "reach_tests.rs"]
mod tests;
