//! Looking for notebooks: one probe at a time, cached, remembered since when, told in one line.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

/// A device with neither adapter nor route.
fn network(fresh: Duration) -> Network {
    Network::new(Ways {
        files: Files {
            adapters: "/nowhere".into(),
            v4: "/nowhere".into(),
            v6: "/nowhere".into(),
        },
        fresh,
        ..Ways::default()
    })
}

fn url(text: &str) -> NotebookUrl {
    NotebookUrl::parse(text).expect(text)
}

#[tokio::test]
async fn many_questions_are_one_probe() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = url(&format!(
        "https://{}/",
        listener.local_addr().expect("its address")
    ));
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let network = Arc::new(network(Duration::from_secs(3600)));
    let mut questions = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (network, url) = (network.clone(), url.clone());
        questions.spawn(async move { network.look(&url).await.diagnosis.answers() });
    }
    assert_eq!(questions.join_all().await, [true; 50]);
    // The listener's task has its turn after the last question's.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn it_is_known_since_when_and_forgotten_when_not_configured() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let urls = [url(&format!(
        "https://{}/",
        listener.local_addr().expect("its address")
    ))];
    let network = network(Duration::ZERO);
    assert_eq!(network.status(&urls), None);
    let first = network.look(&urls[0]).await;
    let second = network.look(&urls[0]).await;
    assert_eq!(first.since, second.since);
    let status = network.status(&urls).expect("a status");
    assert_eq!((status.ok, status.notebook), (true, Some(1)));
    assert_eq!(status.summary, "127.0.0.1 answers");

    drop(listener);
    let third = network.look(&urls[0]).await;
    assert!(third.since > second.since);
    let status = network.status(&urls).expect("a status");
    assert!(!status.ok);

    network.look_at_all(&[], || {}).await;
    assert_eq!(network.status(&urls), None);
}

#[tokio::test]
async fn without_a_link_nothing_is_sent() {
    let urls = [url("https://colab.research.google.com/drive/x?secret")];
    let network = network(Duration::ZERO);
    let looks = AtomicUsize::new(0);
    network
        .look_at_all(&urls, || {
            looks.fetch_add(1, Ordering::SeqCst);
        })
        .await;
    assert_eq!(looks.into_inner(), 1);
    let seen = network.look(&urls[0]).await;
    assert_eq!((seen.diagnosis.lookup, seen.diagnosis.server), (None, None));
    let status = network.status(&urls).expect("a status");
    assert_eq!(status.summary, "Network link: No network adapter was found");

    let status = network.status(&[]).expect("a status");
    assert_eq!(
        (status.ok, status.notebook, status.for_seconds),
        (false, None, 0)
    );
    assert_eq!(status.summary, "Network link: No network adapter was found");
}
