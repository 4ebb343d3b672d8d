//! The server over real sockets: what it answers, whom it refuses, whom it cuts off.

use crate::samples::states;
use config::{Language, NotebookUrl, Text as _};
use control::{Reply, Request};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use web::{Limits, Site, Start, router, serve};

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(30);

const NOTEBOOK: &str = "https://colab.research.google.com/drive/x?y=%20#scrollTo=z";

/// Notebook 1 answers, notebook 2 does not, notebook 3 takes for ever.
#[derive(Clone)]
struct Stand;

impl Site for Stand {
    fn language(&self) -> Language {
        Language::En
    }

    async fn start(&self, number: usize) -> Start {
        match number {
            1 => Start::Open(NotebookUrl::parse(NOTEBOOK).expect("an address")),
            2 => states().remove(0).1,
            3 => std::future::pending().await,
            _ => Start::NotConfigured { count: 3 },
        }
    }

    async fn act(&self, request: Request) -> Reply {
        let message = format!("{request:?}");
        Reply::Error { message }
    }
}

crate::owned::owned!(Stand);

/// A server in the background; its address.
async fn start(limits: Limits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let router = router(Stand, address).expect("a router");
    tokio::spawn(serve(listener, router, limits, std::future::pending::<()>));
    address
}

/// Everything that comes back after `request`, in which HOST stands for the server.
pub async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connecting");
    let request = request.replace("HOST", &address.to_string());
    // A server that has heard enough may close before the end.
    let _ = stream.write_all(request.as_bytes()).await;
    rest(&mut stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end too.
    let _ = timeout(SOON, stream.read_to_end(&mut answer))
        .await
        .expect("an end");
    String::from_utf8(answer).expect("UTF-8")
}

pub async fn get(address: SocketAddr, path: &str) -> String {
    ask(
        address,
        &format!("GET {path} HTTP/1.1\r\nHost: HOST\r\n\r\n"),
    )
    .await
}

#[tokio::test]
async fn every_address_has_its_answer() {
    let address = start(Limits::default()).await;
    for (path, status, part) in [
        ("/", 200, "<h1>All is well</h1>"),
        ("/healthz", 200, "\r\n\r\nok\n"),
        (
            "/style.css",
            200,
            "content-type: text/css; charset=utf-8\r\n",
        ),
        ("/start/1", 303, &*format!("location: {NOTEBOOK}\r\n")),
        ("/start/2", 503, "retry-after: 10\r\n"),
        ("/start/2", 503, "Notebook 2 cannot be reached yet"),
        ("/start/4", 200, "There is no notebook 4"),
        ("/start/0", 404, "There is no such page"),
        ("/start/-1", 404, "There is no such page"),
        ("/start/99999999999999999999", 404, "There is no such page"),
        ("/start/%ff", 404, "There is no such page"),
        ("/start/1/", 404, "There is no such page"),
        ("/start/%3Cscript%3E", 404, "There is no such page"),
        ("/sign-in", 200, "No sign-in is under way"),
        ("/sign-in/", 404, "There is no such page"),
        ("/sign-in/done", 405, "allow: POST\r\n"),
        ("/metrics", 503, "\r\n\r\nno status\n"),
        ("/favicon.ico", 404, "There is no such page"),
    ] {
        let answer = get(address, path).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{path}: {answer}"
        );
        assert!(answer.contains(part), "{path}: {part}: {answer}");
        assert!(!answer.contains("<script"), "{path}: {answer}");
        for header in [
            "content-security-policy: default-src 'none'; style-src 'self'; ",
            "referrer-policy: ",
            "x-content-type-options: nosniff\r\n",
            "cache-control: no-store\r\n",
            "connection: close\r\n",
        ] {
            assert!(answer.contains(header), "{path}: {header}: {answer}");
        }
        // Only a page with a form says where it comes from, to us alone, and sends it, to us alone.
        let policies = match path {
            "/" | "/sign-in" => ["referrer-policy: same-origin\r\n", "form-action 'self'; "],
            _ => ["referrer-policy: no-referrer\r\n", "form-action 'none'; "],
        };
        for policy in policies {
            assert!(answer.contains(policy), "{path}: {policy}: {answer}");
        }
    }
    let head = ask(address, "HEAD /start/2 HTTP/1.1\r\nHost: HOST\r\n\r\n").await;
    assert!(
        head.starts_with("HTTP/1.1 503 ") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn what_is_not_meant_for_us_is_refused() {
    let address = start(Limits::default()).await;
    let long = "x".repeat(64 * 1024);
    let many = "X: y\r\n".repeat(100);
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421),
        ("GET / HTTP/1.1\r\n\r\n", 421),
        ("GET / HTTP/1.0\r\n\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n", 421),
        (
            "GET http://evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
            421,
        ),
        (
            "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 9999999999\r\n\r\nx",
            405,
        ),
        (
            "POST /sign-in HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Length: 0\r\n\r\n",
            405,
        ),
        ("PUT /sign-in/done HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
        ("DELETE /start/1 HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
        ("OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
        ("CONNECT HOST HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
        (&format!("GET /{long} HTTP/1.1\r\nHost: HOST\r\n\r\n"), 0),
        (
            &format!("GET / HTTP/1.1\r\nHost: HOST\r\nX: {long}\r\n\r\n"),
            0,
        ),
        (&format!("GET / HTTP/1.1\r\nHost: HOST\r\n{many}\r\n"), 0),
        ("\0\u{1}\u{2}", 0),
        ("\r\n\r\n\r\n", 0),
    ] {
        let answer = ask(address, request).await;
        let refused = match status {
            // Cut off in the middle, or told what is wrong with it: both will do.
            0 => answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            status => {
                answer.starts_with("HTTP/1.") && answer[8..].starts_with(&format!(" {status} "))
            }
        };
        assert!(refused, "{request:.80}: {answer}");
        assert!(!answer.contains("evil"), "{answer}");
    }
    assert!(get(address, "/healthz").await.ends_with("ok\n"));
}

#[tokio::test]
async fn slow_silent_and_endless_clients_are_cut_off() {
    let address = start(Limits {
        head: Duration::from_millis(200),
        whole: Duration::from_millis(600),
        ..Limits::default()
    })
    .await;
    for words in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        assert!(!ask(address, words).await.contains(" 200 "));
    }
    // A byte at a time.
    let mut slow = TcpStream::connect(address).await.expect("connecting");
    let dripping = async {
        while slow.write_all(b"G").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, dripping)
        .await
        .expect("a slow client is cut off");
    // A page that takes for ever.
    assert_eq!(get(address, "/start/3").await, "");
}

#[tokio::test]
async fn there_is_room_for_so_many_and_no_more() {
    let address = start(Limits {
        connections: 2,
        ..Limits::default()
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..2 {
        silent.push(TcpStream::connect(address).await.expect("connecting"));
    }
    let mut third = TcpStream::connect(address).await.expect("connecting");
    assert_eq!(rest(&mut third).await, "");
    drop(silent);
    let served = async {
        while !get(address, "/healthz").await.ends_with("ok\n") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, served).await.expect("places become free");
}
