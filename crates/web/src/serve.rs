//! The server: how many may ask at the same time, how much they may send, how long they may take.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

/// The most bytes of a request's head.
const HEAD: usize = 16 * 1024;

/// The most headers of a request.
const HEADERS: usize = 64;

/// How long to wait when no connection can be accepted (no file descriptors are left).
const RECOVERY: Duration = Duration::from_millis(200);

/// What clients may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at the same time; those above it are closed at once.
    pub connections: usize,
    /// How long a request's head may take to arrive.
    pub head: Duration,
    /// How long a connection may last, whatever it does.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 32,
            head: Duration::from_secs(5),
            whole: Duration::from_secs(30),
        }
    }
}

/// Answers whoever connects to `listener`, for ever. Each connection carries one request. The server
/// waits for `turn` between them, again and again: it is at the caller's to end it every now and then,
/// and to see by that that the server turns.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut turn: impl AsyncFnMut(),
) -> Infallible {
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = turn() => continue,
        };
        match accepted {
            Ok((stream, _)) => {
                if let Ok(place) = places.clone().try_acquire_owned() {
                    tokio::spawn(converse(stream, router.clone(), limits, place));
                }
            }
            Err(_) => sleep(RECOVERY).await,
        }
    }
}

/// A peer that goes away or breaks the rules is its own business: nothing is said of it.
async fn converse(stream: TcpStream, router: Router, limits: Limits, place: OwnedSemaphorePermit) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .keep_alive(false)
        .max_buf_size(HEAD)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let _ = timeout(limits.whole, connection).await;
    drop(place);
}
