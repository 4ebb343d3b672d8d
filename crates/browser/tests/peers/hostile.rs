//! A WebSocket peer that sends garbage, huge frames, unknown events, half messages, or nothing. What
//! it comes to is an error in words, soon, and without memory to match what was announced.

use crate::peer::{LIMIT, head, port, raw, session, tab};
use browser::cdp::{Error, Session};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What a call comes to, when the peer says `bytes` to it and then listens.
async fn told(bytes: Vec<u8>) -> Error {
    let way = raw(async move |mut stream| {
        // A peer whose bytes are refused finds the connection closed.
        let _ = stream.write_all(&bytes).await;
        while let Ok(1..) = stream.read(&mut [0; 4096]).await {}
    })
    .await;
    let mut session = session(way).await;
    let started = Instant::now();
    let error = session
        .call("Page.enable", json!({}))
        .await
        .expect_err("no reply was given");
    // Generous: the machine may be busy.
    assert!(started.elapsed() < Duration::from_secs(60));
    error
}

fn frame(head: [u8; 2], content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len())
        .expect("a short frame")
        .to_be_bytes();
    [&head[..], &length, content].concat()
}

fn text(content: &str) -> Vec<u8> {
    frame([0x81, 126], content.as_bytes())
}

#[tokio::test]
async fn garbage_is_an_error_in_words() {
    for (bytes, expected) in [
        (text("moon"), "a message that is no JSON object"),
        (text(""), "a message that is no JSON object"),
        (text("[]"), "a message that is no JSON object"),
        (text("{\"id\":\"1\"}"), "a message that is no JSON object"),
        (
            text("{\"id\":1,\"id\":1}"),
            "a message that is no JSON object",
        ),
        (
            text(&"[".repeat(60_000)),
            "a message that is no JSON object",
        ),
        (
            text("{\"id\":1,\"error\":{\"message\":\"a\\n\\u001bb\"}}"),
            "the browser refuses: a b",
        ),
        (
            text("{\"id\":1,\"error\":7}"),
            "the browser refuses: without a reason",
        ),
        (frame([0x82, 126], b"{}"), "a message that is no text"),
    ] {
        assert_eq!(told(bytes).await.to_string(), expected);
    }
    for bytes in [
        frame([0x81, 126], b"\xff\xfe"),
        // Reserved bits, a reserved opcode, a continuation of nothing, a masked frame.
        frame([0xf1, 126], b"{}"),
        frame([0x8b, 126], b"{}"),
        frame([0x80, 126], b"{}"),
        b"\x81\x82abcd{}".to_vec(),
        b"HTTP/1.1 400 Bad Request\r\n\r\n".repeat(9),
        vec![0xff; 4096],
        // The end of the connection.
        vec![0x88, 0],
    ] {
        let error = told(bytes.clone()).await;
        assert!(matches!(error, Error::Broken(_)), "{bytes:?}: {error}");
    }
}

#[tokio::test]
async fn a_huge_frame_is_refused_by_its_announcement() {
    for length in [1 << 21, 1_u64 << 40, u64::MAX >> 1, u64::MAX] {
        let announced = [&[0x81, 127][..], &length.to_be_bytes()].concat();
        let error = told(announced).await;
        assert!(matches!(error, Error::Broken(_)), "{length}: {error}");
    }
}

#[tokio::test]
async fn a_message_in_endless_pieces_is_cut() {
    let way = raw(async |mut stream| {
        let mut piece = frame([0x01, 126], &[b' '; 60_000]);
        for _ in 0..10_000 {
            if stream.write_all(&piece).await.is_err() {
                return;
            }
            piece[0] = 0;
        }
        panic!("600 MB of one message were taken");
    })
    .await;
    let error = session(way)
        .await
        .call("x", json!({}))
        .await
        .expect_err("no reply");
    assert!(
        matches!(error, Error::Broken(_) | Error::Silent(_)),
        "{error}"
    );
}

#[tokio::test]
async fn half_a_message_and_none_at_all_are_silence() {
    for bytes in [
        &b""[..],
        &[0x81],
        &[0x81, 126, 0],
        &[0x81, 5, b'{'],
        &[0x01, 1, b'{'],
        &[0x89, 0],
    ] {
        assert_eq!(
            told(bytes.to_vec()).await,
            Error::Silent(LIMIT),
            "{bytes:?}"
        );
    }
    // And its end in the middle of one.
    let way = raw(async |mut stream| {
        let _ = stream.write_all(&[0x81, 5, b'{']).await;
    })
    .await;
    let error = session(way)
        .await
        .call("x", json!({}))
        .await
        .expect_err("no reply");
    assert!(matches!(error, Error::Broken(_)), "{error}");
}

#[tokio::test]
async fn what_is_unknown_changes_nothing() {
    let way = tab(async |mut tab| {
        let (id, _) = tab.called("Page.enable").await;
        for index in 0..10_000 {
            tab.tell("Moon.risen", json!({"index": index, "page": ["x"]}))
                .await;
        }
        tab.say(json!({"id": 99_999, "result": {"of": "nobody"}}))
            .await;
        tab.say(json!({"moon": 1})).await;
        tab.say(json!({"id": id, "result": {"a": 1}, "moon": [], "sessionId": "x"}))
            .await;
        tab.stay().await;
    })
    .await;
    let mut session = session(browser::cdp::Way {
        limit: Duration::from_secs(60),
        ..way
    })
    .await;
    let result = session
        .call("Page.enable", json!({}))
        .await
        .expect("a reply");
    assert_eq!(&*result, r#"{"a":1}"#);
}

#[tokio::test]
async fn a_flood_of_known_events_is_no_reason_to_grow() {
    let way = tab(async |mut tab| {
        for _ in 0..10_000 {
            tab.tell("Page.loadEventFired", json!({})).await;
        }
    })
    .await;
    let mut session = session(browser::cdp::Way {
        limit: Duration::from_secs(60),
        ..way
    })
    .await;
    let error = session.call("x", json!({})).await.expect_err("no reply");
    assert_eq!(error.to_string(), "more events than one can take in");
}

#[tokio::test]
async fn what_is_no_websocket_is_not_connected_to() {
    for (reply, expected) in [
        (
            &b"HTTP/1.1 404 Not Found\r\n\r\n"[..],
            "no connection to the tab: HTTP/1.1 404 Not Found",
        ),
        (
            b"HTTP/1.1 101 Yes\r\n\r\n",
            "what listens there speaks no WebSocket",
        ),
        (
            b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
            "no connection to the tab: SSH-2.0-OpenSSH_9.2",
        ),
        (b"HTTP/1.1 101", "the connection ended before it was one"),
        (b"", "the connection ended before it was one"),
    ] {
        let (way, _) = port(async move |mut stream: TcpStream| {
            head(&mut stream).await;
            stream.write_all(reply).await.expect("sending");
        })
        .await;
        let error = Session::connect(way, "A1").await.expect_err("no session");
        assert_eq!(error.to_string(), expected);
    }
    // An endless head, and none.
    let (way, sent) = port(async |mut stream: TcpStream| {
        let mut sent = 0;
        while sent < 64 << 20 && stream.write_all(&[b'x'; 4096]).await.is_ok() {
            sent += 4096;
        }
        sent
    })
    .await;
    let error = Session::connect(way, "A1").await.expect_err("no session");
    assert_eq!(error.to_string(), "what listens there is no browser");
    assert!(sent.await.expect("a peer") < 64 << 20);
    let (way, _) = port(async |mut stream: TcpStream| {
        stream.read(&mut [0; 4096]).await.is_ok() && std::future::pending().await
    })
    .await;
    assert_eq!(
        Session::connect(way, "A1").await.expect_err("no session"),
        Error::Silent(LIMIT)
    );
}
