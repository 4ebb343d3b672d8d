//! A keeper-apply that is slow, silent, gone, or talks nonsense.

use super::*;
use setup::Network;
use std::cell::RefCell;
use tokio::net::UnixListener;

const SOON: Limits = Limits {
    connect: Duration::from_secs(5),
    answer: Duration::from_millis(300),
    silence: Duration::from_millis(300),
};

/// What it does after it has been asked.
enum Apply {
    Says(String),
    SaysAndStays(String),
    /// Never ends its line.
    Floods,
    NotThere,
}

/// Asks both ways of an `apply` each.
async fn asked(
    apply: &Apply,
    change: bool,
) -> Result<(Option<u32>, Vec<(Work, Progress)>), String> {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let path = Utf8PathBuf::try_from(dir.path().join("ask")).expect("a UTF-8 path");
    let listener = UnixListener::bind(&path).expect("a socket");
    if matches!(apply, Apply::NotThere) {
        std::fs::remove_file(&path).expect("removing");
    }
    let root = Root::new(path, SOON);
    let told = RefCell::new(Vec::new());
    let serve = async {
        let (stream, _) = listener.accept().await.expect("a connection");
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).await.expect("a question");
        match apply {
            Apply::Says(text) => drop(stream.write_all(text.as_bytes()).await),
            Apply::SaysAndStays(text) => {
                let _ = stream.write_all(text.as_bytes()).await;
                std::future::pending::<()>().await;
            }
            Apply::Floods => while stream.write_all(&[b'x'; 65536]).await.is_ok() {},
            Apply::NotThere => {}
        }
        drop(stream);
        std::future::pending::<()>().await;
    };
    let ask = async {
        if change {
            let tell = |work, progress| told.borrow_mut().push((work, progress));
            let made = root.change(&Ask::Confirm {}, tell).await;
            made.map_err(|trouble| format!("{trouble:?}"))
        } else {
            match root.ask(&Ask::Confirm {}).await {
                Ok(Answer::Done { confirm }) => Ok(confirm),
                Ok(other) => Err(format!("{other:?}")),
                Err(Failure::Refused(why)) => Err(format!("refused: {why}")),
                Err(Failure::NoAnswer(why)) => Err(format!("no answer: {why}")),
                Err(_) => Err("another failure".to_owned()),
            }
        }
    };
    let end = tokio::select! {
        end = ask => end,
        () = serve => unreachable!("it never ends"),
    };
    end.map(|confirm| (confirm, told.take()))
}

/// keeper-apply takes both: its socket has two places.
#[tokio::test]
async fn a_look_at_the_air_keeps_no_change_waiting() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let path = Utf8PathBuf::try_from(dir.path().join("ask")).expect("a UTF-8 path");
    let listener = UnixListener::bind(&path).expect("a socket");
    let root = Root::new(path, SOON);
    let serve = async {
        let (_scan, _) = listener.accept().await.expect("a question");
        let (mut change, _) = listener.accept().await.expect("a change beside it");
        let _ = change.write_all(b"{\"answer\":\"done\"}\n").await;
        std::future::pending::<()>().await;
    };
    let scan = async {
        let country = String::new();
        let _ = root.ask(&Ask::Scan { country }).await;
        std::future::pending::<()>().await;
    };
    let change = async {
        tokio::task::yield_now().await;
        root.change(&Ask::Confirm {}, |_, _| {}).await
    };
    let end = tokio::select! {
        biased;
        () = scan => unreachable!("it never ends"),
        () = serve => unreachable!("it never ends"),
        end = change => end,
    };
    assert_eq!(end, Ok(None));
}

const BEGUN: &str = "{\"answer\":\"progress\",\"work\":\"check\",\"progress\":\"begun\"}\n";

#[tokio::test]
async fn a_change_is_told_part_by_part_until_it_is_done() {
    let text = format!(
        "{BEGUN}{}{{\"answer\":\"done\",\"confirm\":90}}\n",
        BEGUN.replace("begun", "done")
    );
    let done = asked(&Apply::SaysAndStays(text), true).await.expect("done");
    let told = vec![
        (Work::Check, Progress::Begun),
        (Work::Check, Progress::Done),
    ];
    assert_eq!(done, (Some(90), told));
}

#[tokio::test]
async fn whoever_does_not_come_to_a_good_end_has_failed_in_words() {
    for (apply, why) in [
        (
            Apply::Says("{\"answer\":\"refused\",\"message\":\"it has an owner\"}\n".into()),
            "it has an owner",
        ),
        (
            Apply::Says("{\"answer\":\"failed\",\"message\":\"no \\u001b[1m disk\"}\n".into()),
            "no [1m disk",
        ),
        (Apply::Says(BEGUN.into()), "gone away"),
        (Apply::Says("{\"answer\":\"done\"}".into()), "gone away"),
        (Apply::Says(String::new()), "gone away"),
        (Apply::Says("hush hush\n".into()), "makes no sense"),
        (Apply::Says("\u{0}\u{7f}\n".into()), "makes no sense"),
        (Apply::Says(BEGUN.repeat(LINES)), "does not come to an end"),
        (Apply::SaysAndStays(BEGUN.into()), "does not answer within"),
        (
            Apply::SaysAndStays("{\"answer\"".into()),
            "does not answer within",
        ),
        (Apply::Floods, "gone away"),
        (Apply::NotThere, "connecting to keeper-apply"),
    ] {
        for change in [true, false] {
            let error = asked(&apply, change).await.expect_err("a failure");
            assert!(error.contains(why), "{error}");
            // Only who was never asked, or says so, has changed nothing.
            let told = ["it has an owner", "disk", "connecting"];
            let failed = told.iter().any(|told| error.contains(told));
            assert!(!change || error.starts_with("Failed") == failed, "{error}");
            assert!(!error.contains("hush"), "{error}");
        }
    }
    let networks = Answer::Networks {
        networks: vec![Network {
            name: "x".into(),
            signal: 1,
            secured: true,
        }],
    };
    let line = serde_json::to_string(&networks).expect("a line") + "\n";
    let error = asked(&Apply::Says(line), true)
        .await
        .expect_err("a failure");
    assert!(error.contains("something else"), "{error}");
}
