//! The dashboard for programs: what they hear, and how many may listen.

use crate::client::{SOON, ask, get, send, until};
use crate::overviews::notebook;
use crate::stand::Stand;
use control::NotebookState;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const LISTEN: &str = "GET /live HTTP/1.1\r\nHost: HOST\r\nAccept: text/event-stream\r\n\r\n";

#[tokio::test]
async fn an_event_comes_at_once_and_when_a_state_changes() {
    let stand = Stand::default();
    let address = stand.serve().await;
    let mut listener = send(address, LISTEN).await;
    let first = until(&mut listener, "</ol>").await;
    for part in [
        "HTTP/1.1 200 ",
        "content-type: text/event-stream\r\n",
        "cache-control: no-store\r\n",
        "content-security-policy: default-src 'none'; ",
        "event: overview\n",
        "retry: 1000\n",
        "data: <ol class=\"board\"",
        "<span class=\"verdict\">Open</span>",
    ] {
        assert!(first.contains(part), "{part}: {first}");
    }
    for part in ["<form", "token", "notebook.example"] {
        assert!(!first.contains(part), "{part}: {first}");
    }
    stand.overview().status.notebooks = vec![notebook(1, NotebookState::SignedOut)];
    let second = until(&mut listener, "</ol>").await;
    assert!(second.contains("Signed out"), "{second}");
    // Nothing changes any more, and it is told all the same.
    let third = until(&mut listener, "</ol>").await;
    assert!(third.contains("Signed out"), "{third}");
}

#[tokio::test]
async fn so_many_may_listen_and_no_more_until_one_goes() {
    let address = Stand::default().serve().await;
    let mut listeners = Vec::new();
    for _ in 0..4 {
        let mut listener = send(address, LISTEN).await;
        assert!(
            until(&mut listener, "</ol>")
                .await
                .contains("event: overview")
        );
        listeners.push(listener);
    }
    let answer = ask(address, LISTEN).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 5\r\n"), "{answer}");
    // The pages have room beside them.
    assert!(get(address, "/").await.starts_with("HTTP/1.1 200 "));
    drop(listeners.pop());
    let served = async {
        loop {
            let mut listener = send(address, LISTEN).await;
            if until(&mut listener, "\r\n").await.contains(" 200 ") {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(SOON, served).await.expect("places become free");
}

#[tokio::test]
async fn no_other_site_takes_a_place() {
    let address = Stand::default().serve().await;
    for site in ["cross-site", "same-site"] {
        let headers = format!("Host: HOST\r\nSec-Fetch-Site: {site}\r\n\r\n");
        let answer = ask(address, &format!("GET /live HTTP/1.1\r\n{headers}")).await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    }
}
