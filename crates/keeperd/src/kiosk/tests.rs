//! The watch over stand-ins for a browser, on real sockets.

use super::*;
use camino::Utf8Path;
use std::rc::Rc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::LocalSet;

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(30);

/// Short times, so that a test takes moments; nothing is asserted about how short they are.
fn ways(address: SocketAddr, dir: &tempfile::TempDir) -> Ways {
    let dir = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
    Ways {
        period: Duration::from_millis(20),
        limit: Duration::from_millis(500),
        policy: Policy {
            start: Duration::from_millis(200),
            ..Policy::default()
        },
        ..Ways::new(address, dir.join("restart-browser"))
    }
}

/// A browser that answers properly `times`, and then accepts connections and says nothing more.
async fn stand_in(listener: TcpListener, times: usize) {
    let mut open = Vec::new();
    for turn in 0.. {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        if turn < times {
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.expect("a request");
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            assert!(
                request.starts_with("GET /json/version HTTP/1.1\r\n"),
                "{request}"
            );
            assert!(request.contains("host: 127.0.0.1:"), "{request}");
            // As Chromium does, without an end of the connection.
            let body = "{\"Browser\": \"Chrome/120.0\"}";
            let reply = format!(
                "HTTP/1.1 200 OK\r\nContent-Length:{}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(reply.as_bytes()).await.expect("sending");
        }
        open.push(stream);
    }
}

async fn until(kiosk: &Kiosk, wanted: impl Fn(&KioskStatus) -> bool) -> KioskStatus {
    let end = Instant::now() + SOON;
    loop {
        let status = kiosk.status();
        if wanted(&status) {
            return status;
        }
        assert!(Instant::now() < end, "{status:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_browser_that_hangs_is_reported_once() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let tasks = LocalSet::new();
    tasks.spawn_local(stand_in(listener, 3));
    let kiosk = Rc::new(Kiosk::new(ways(address, &dir)));
    let watched = kiosk.clone();
    tasks.spawn_local(async move { watched.watch(|| {}).await });
    tasks
        .run_until(async {
            let running = until(&kiosk, |status| status.state == KioskState::Running).await;
            assert_eq!(running.detail.as_deref(), Some("Chrome/120.0"));
            let asked = until(&kiosk, |status| status.restarts > 0).await;
            assert_eq!(asked.state, KioskState::NotAnswering);
            tokio::time::sleep(Duration::from_secs(2)).await;
            assert_eq!(kiosk.status().restarts, 1);
        })
        .await;
    let reason = std::fs::read_to_string(dir.path().join("restart-browser")).expect("a request");
    assert!(
        reason.contains("does not reply within 0 s, for "),
        "{reason}"
    );
    assert_eq!(reason.lines().count(), 1);
}

#[tokio::test]
async fn a_browser_that_never_came_up_is_left_alone() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let kiosk = Kiosk::new(ways(address, &dir));
    assert_eq!(kiosk.status().state, KioskState::Starting);
    tokio::select! {
        never = kiosk.watch(|| {}) => match never {},
        status = async {
            until(&kiosk, |status| status.state == KioskState::Absent).await;
            tokio::time::sleep(Duration::from_millis(600)).await;
            kiosk.status()
        } => assert_eq!((status.state, status.restarts), (KioskState::Absent, 0)),
    }
    assert_eq!(dir.path().read_dir().expect("the directory").count(), 0);
}

#[tokio::test]
async fn a_browser_whose_tabs_answer_is_not_probed_as_well() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let tasks = LocalSet::new();
    tasks.spawn_local(stand_in(listener, 1));
    let slow = Ways {
        period: Duration::from_millis(400),
        ..ways(address, &dir)
    };
    let kiosk = Rc::new(Kiosk::new(slow));
    let connected = Instant::now();
    let watched = kiosk.clone();
    tasks.spawn_local(async move { watched.watch(|| {}).await });
    tasks
        .run_until(async {
            until(&kiosk, |status| status.state == KioskState::Running).await;
            for _ in 0..20 {
                kiosk.hear(connected);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            assert_eq!(kiosk.status().state, KioskState::Running);
            // Another browser may be behind another connection.
            let reconnected = Instant::now();
            until(&kiosk, |status| {
                kiosk.hear(reconnected);
                status.state == KioskState::NotAnswering
            })
            .await;
        })
        .await;
}
