//! What becomes of a server on real sockets: there, not there, silent, half a server.

use super::*;
use config::{NotebookUrl, Text as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Short where a test waits for its end; nothing is asserted about how short.
const LIMITS: Limits = Limits {
    lookup: Duration::from_secs(20),
    connect: Duration::from_secs(20),
    answer: Duration::from_millis(300),
};

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    (listener, address)
}

fn target(url: &str) -> Target {
    Target::of(&NotebookUrl::parse(url).expect(url))
}

/// What a server comes to that takes one connection and says `reply`; and what it was asked.
async fn asked(scheme: &str, reply: &'static [u8]) -> (Server, String) {
    let (listener, address) = listener().await;
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).await.expect("a request");
        stream.write_all(reply).await.expect("sending");
        if reply.is_empty() {
            // Silent for as long as it is listened to.
            let _ = stream.read(&mut [0]).await;
        }
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let target = target(&format!("{scheme}://{address}/lab?token=secret"));
    let server = server(&target, &[address], &LIMITS).await;
    (server, serving.await.expect("a server"))
}

#[tokio::test]
async fn a_server_behind_http_is_asked() {
    for (reply, expected) in [
        (&b"HTTP/1.1 200 OK\r\n\r\n"[..], Some(Server::Answers)),
        (
            b"HTTP/1.0 302 Found\r\nLocation: /login\r\n\r\n",
            Some(Server::Answers),
        ),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", Some(Server::Answers)),
        (b"HTTP/1.1 500 Oh\r\n\r\n", Some(Server::Answers)),
        (
            b"HTTP/1.1 501 What\r\nContent-Length: 9999999999\r\n\r\n",
            Some(Server::Answers),
        ),
        (
            b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
            Some(Server::NotReady(502)),
        ),
        (b"HTTP/1.1 503 Later\r\n\r\n", Some(Server::NotReady(503))),
        (b"HTTP/1.1 504 Slow\r\n\r\n", Some(Server::NotReady(504))),
        (b"", Some(Server::TimedOut(LIMITS.answer))),
        (b"SSH-2.0-OpenSSH_9.2\r\n", None),
        (b"\x15\x03\x01\0\x02\x02\x16", None),
        (b"HTTP/1.1 200 OK\r\nX:", None),
    ] {
        let (server, request) = asked("http", reply).await;
        match expected {
            Some(expected) => assert_eq!(server, expected),
            None => assert!(matches!(server, Server::NotHttp(_)), "{server:?}"),
        }
        assert!(request.starts_with("HEAD /lab HTTP/1.1\r\n"), "{request}");
        assert!(!request.contains("secret"), "{request}");
    }
}

#[tokio::test]
async fn an_endless_head_is_cut() {
    let (listener, address) = listener().await;
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        let mut sent = 0;
        while sent < 64 << 20 && stream.write_all(&[b'x'; 4096]).await.is_ok() {
            sent += 4096;
        }
        sent
    });
    let server = server(&target(&format!("http://{address}/")), &[address], &LIMITS).await;
    assert!(
        matches!(server, Server::NotHttp(_) | Server::TimedOut(_)),
        "{server:?}"
    );
    let sent = serving.await.expect("a server");
    assert!(sent < 64 << 20, "{sent} bytes of one head were taken");
}

#[tokio::test]
async fn a_server_behind_https_is_only_connected_to() {
    let (listener, address) = listener().await;
    let found = server(&target(&format!("https://{address}/")), &[address], &LIMITS).await;
    assert_eq!(found, Server::Answers);
    let (mut stream, _) = listener.accept().await.expect("a connection");
    assert_eq!(stream.read(&mut [0]).await.expect("the end"), 0);
}

#[tokio::test]
async fn every_address_is_tried() {
    let (gone, refusing) = listener().await;
    drop(gone);
    let (_listener, answering) = listener().await;
    let target = target("https://a.example/");
    assert_eq!(server(&target, &[refusing], &LIMITS).await, Server::Refused);
    assert_eq!(
        server(&target, &[refusing, answering], &LIMITS).await,
        Server::Answers
    );
    assert!(matches!(
        server(&target, &[], &LIMITS).await,
        Server::Unreachable(_)
    ));
}

#[tokio::test]
async fn names_are_looked_up_and_addresses_are_not() {
    let found = lookup(&target("http://127.0.0.1:7/"), &LIMITS).await;
    assert_eq!(found, (Lookup::NotNeeded, vec![([127, 0, 0, 1], 7).into()]));
    let (found, addresses) = lookup(&target("http://localhost:7/"), &LIMITS).await;
    assert!(
        matches!(found, Lookup::Found(address) if address.is_loopback()),
        "{found:?}"
    );
    assert!(addresses.iter().all(|address| address.port() == 7));
    // Longer than a name can be: refused without asking anybody.
    let long = format!("http://{}.example/", ["a"; 120].join("."));
    let (found, addresses) = lookup(&target(&long), &LIMITS).await;
    assert!(
        matches!(&found, Lookup::Failed(why) if !why.is_empty()),
        "{found:?}"
    );
    assert_eq!(addresses, []);
}

#[test]
fn a_resolvers_words_are_shortened() {
    for (text, expected) in [
        (
            "failed to lookup address information: Name does not resolve",
            "Name does not resolve",
        ),
        ("other\nwords", "otherwords"),
    ] {
        assert_eq!(resolver_words(&std::io::Error::other(text)), expected);
    }
}
