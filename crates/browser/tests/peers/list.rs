//! The list of tabs, from whoever listens on the debugging port.

use crate::peer::{LIMIT, head, port};
use browser::cdp::{Error, Way, list, open};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// A port that answers one request with `body`; it gives back what it was asked.
async fn answering(body: String) -> (Way, tokio::task::JoinHandle<String>) {
    port(async move |mut stream: TcpStream| {
        let head = head(&mut stream).await;
        let length = body.len();
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Length:{length}\r\n\r\n{body}");
        let _ = stream.write_all(reply.as_bytes()).await;
        head
    })
    .await
}

#[tokio::test]
async fn tabs_are_listed_and_opened() {
    let body = r#"[{"id":"A1","type":"page","url":"http://a/","x":{}},{"id":"B","type":"iframe","url":"b"},7]"#;
    let (way, asked) = answering(body.to_owned()).await;
    let tabs = list(way).await.expect("a list");
    assert_eq!(tabs.len(), 1);
    assert_eq!(
        (tabs[0].id.as_str(), tabs[0].url.as_str()),
        ("A1", "http://a/")
    );
    let head = asked.await.expect("a request");
    assert!(head.starts_with("GET /json/list HTTP/1.1\r\n"), "{head}");

    let (way, asked) = answering(r#"{"id":"C","type":"page","url":""}"#.to_owned()).await;
    assert_eq!(open(way, "http://a/?b&c").await.expect("a tab").id, "C");
    let head = asked.await.expect("a request");
    assert!(
        head.starts_with("PUT /json/new?http://a/%3Fb%26c HTTP/1.1\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn a_port_that_is_somebody_elses_is_told_from_a_browser() {
    for (body, expected) in [
        ("<html>".to_owned(), "what listens there is no browser"),
        ("{}".to_owned(), "what listens there is no browser"),
        ("[".repeat(100_000), "what listens there is no browser"),
        (
            format!("[{}]", "0,".repeat(2 << 20)),
            "length limit exceeded",
        ),
    ] {
        let (way, _) = answering(body).await;
        assert_eq!(list(way).await.expect_err("no list").to_string(), expected);
    }
    let tab = r#"{"id":"A","type":"page","url":"http://a/"},"#;
    let (way, _) = answering(format!("[{}0]", tab.repeat(1000))).await;
    assert_eq!(list(way).await.expect("a list").len(), 64);
    let (way, _) = answering("{}".to_owned()).await;
    assert_eq!(
        open(way, "x").await.expect_err("no tab").to_string(),
        "the new tab has no id"
    );
}

#[tokio::test]
async fn nobody_and_silence_are_told_apart() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let way = Way {
        address: listener.local_addr().expect("its address"),
        limit: LIMIT,
    };
    assert_eq!(list(way).await, Err(Error::Silent(LIMIT)));
    drop(listener);
    assert!(matches!(list(way).await, Err(Error::Gone(_))));
}
