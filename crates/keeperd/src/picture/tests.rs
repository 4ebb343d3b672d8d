//! Helpers and receivers that mean no good.

use super::*;
use std::rc::Rc;
use tokio::net::UnixListener;
use tokio::task::{LocalSet, spawn_local};

const SOON: Limits = Limits {
    begin: Duration::from_millis(300),
    piece: Duration::from_millis(300),
    whole: Duration::from_secs(2),
};

/// What a helper does after it has been asked.
#[derive(Debug, Clone)]
enum Helper {
    Says(Vec<u8>),
    SaysAndStays(Vec<u8>),
    /// A byte every now and then, for ever.
    Drips,
    /// Never ends.
    Floods,
}

/// Pictures from `helper`; one of them, as its receiver gets it.
async fn picture(helper: Helper) -> (Result<()>, Vec<u8>) {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let path = Utf8PathBuf::try_from(dir.path().join("s")).expect("a UTF-8 path");
    let listener = UnixListener::bind(&path).expect("a socket");
    let local = LocalSet::new();
    local.spawn_local(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut request = [0; 18];
        stream.read_exact(&mut request).await.expect("a request");
        assert_eq!(&request, b"{\"ask\":\"picture\"}\n");
        match helper {
            Helper::Says(bytes) => drop(stream.write_all(&bytes).await),
            Helper::SaysAndStays(bytes) => {
                let _ = stream.write_all(&bytes).await;
                std::future::pending::<()>().await;
            }
            Helper::Drips => {
                let _ = stream.write_all(b"{\"reply\":\"picture\"}\n").await;
                while stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            Helper::Floods => {
                let _ = stream.write_all(b"{\"reply\":\"picture\"}\n").await;
                while stream.write_all(&[b'x'; 65536]).await.is_ok() {}
            }
        }
    });
    let asking = async {
        let pictures = Pictures::new(path, SOON);
        let mut got = Vec::new();
        let result = pictures.send(&mut got).await;
        (result, got)
    };
    local.run_until(asking).await
}

fn error(got: &[u8]) -> String {
    match control::from_line(got).expect("a reply") {
        Reply::Error { message } => message,
        other => panic!("{other:?}"),
    }
}

const LINE: &str = "{\"reply\":\"picture\"}\n";

#[tokio::test]
async fn a_picture_is_handed_on_byte_for_byte() {
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| (n / 7) as u8).collect();
    let answer = [LINE.as_bytes(), &bytes].concat();
    let (result, got) = picture(Helper::Says(answer.clone())).await;
    result.expect("a picture");
    assert!(got == answer);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_words() {
    for (answer, reason) in [
        (
            "{\"reply\":\"error\",\"message\":\"no screen\"}\n",
            "the desktop refuses: no screen",
        ),
        ("{\"reply\":\"done\"}\n", "answers something else"),
        ("", "asking the desktop: EOF"),
        ("\u{1}\n", "asking the desktop: expected value"),
        (&*"x".repeat(100_000), "asking the desktop: expected value"),
    ] {
        let (result, got) = picture(Helper::Says(answer.into())).await;
        result.expect("a refusal");
        let message = error(&got);
        assert!(message.contains(reason), "{message}");
    }
    let (result, got) = picture(Helper::SaysAndStays(b"{\"rep".to_vec())).await;
    result.expect("a refusal");
    assert_eq!(error(&got), "the desktop does not answer");

    let nowhere = Pictures::new("/nowhere/session.sock".into(), SOON);
    let mut got = Vec::new();
    nowhere.send(&mut got).await.expect("a refusal");
    assert!(error(&got).starts_with("the desktop is not there: connecting to /nowhere/"));
}

#[tokio::test]
async fn a_helper_that_stalls_drips_or_floods_is_left() {
    let half = [LINE.as_bytes(), b"half"].concat();
    let (result, got) = picture(Helper::SaysAndStays(half.clone())).await;
    result.expect("half a picture");
    assert_eq!(got, half);
    let (result, got) = picture(Helper::Drips).await;
    assert_eq!(result.expect_err("an end").kind(), ErrorKind::TimedOut);
    assert!(got.len() < LINE.len() + 100, "{}", got.len());
    let (result, got) = picture(Helper::Floods).await;
    assert!(result.is_err() || got.len() as u64 <= MOST, "{result:?}");
    assert!(got.len() as u64 <= MOST);
}

/// One picture at a time, and a receiver that does not fetch it loses it.
#[tokio::test]
async fn a_second_picture_is_refused_until_the_first_is_done_with() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let path = Utf8PathBuf::try_from(dir.path().join("s")).expect("a UTF-8 path");
    let listener = UnixListener::bind(&path).expect("a socket");
    let pictures = Rc::new(Pictures::new(path, SOON));
    let local = LocalSet::new();
    local.spawn_local(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let _ = stream.write_all(LINE.as_bytes()).await;
            let _ = stream.write_all(&[b'x'; 100_000]).await;
        }
    });
    let asking = async {
        let (mut deaf, _receiver) = tokio::io::duplex(64);
        let first = spawn_local({
            let pictures = pictures.clone();
            async move { pictures.send(&mut deaf).await }
        });
        tokio::task::yield_now().await;
        let mut got = Vec::new();
        pictures.send(&mut got).await.expect("a refusal");
        assert_eq!(error(&got), "another picture is being made");
        let first = first.await.expect("an end");
        assert_eq!(first.expect_err("too slow").kind(), ErrorKind::TimedOut);
        got.clear();
        pictures.send(&mut got).await.expect("a picture");
        assert_eq!(got.len(), LINE.len() + 100_000);
    };
    local.run_until(asking).await;
}
