//! Signing in: who may say that it is done, and what becomes of it.

use crate::samples::{sign_ins, status};
use crate::server::{ask, get};
use config::Language;
use control::{Reply, Request};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use web::{Limits, SignIn, Site, Start, pages, router, serve};

/// A sign-in is under way until the first [`Request::SignedIn`].
#[derive(Clone, Default)]
struct Stand {
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Stand {
    fn signed_in(&self) -> usize {
        let asked = self.asked.lock().expect("what was asked");
        let done = asked.iter().filter(|one| **one == Request::SignedIn {});
        done.count()
    }
}

impl Site for Stand {
    fn language(&self) -> Language {
        Language::En
    }

    async fn start(&self, _: usize) -> Start {
        Start::NotConfigured { count: 0 }
    }

    async fn act(&self, request: Request) -> Reply {
        self.asked
            .lock()
            .expect("what was asked")
            .push(request.clone());
        let done = self.signed_in();
        match request {
            Request::Status {} => {
                let mut status = status();
                let keep = status.keep.as_mut().expect("a keep");
                keep.signing_in = done == 0;
                Reply::Status(status)
            }
            Request::SignedIn {} if done == 1 => Reply::Done {
                message: "back to keeping".into(),
            },
            _ => Reply::Error {
                message: "no <sign-in> is under way".into(),
            },
        }
    }
}

crate::owned::owned!(Stand);

async fn start() -> (Stand, SocketAddr) {
    start_with(Limits::default()).await
}

async fn start_with(limits: Limits) -> (Stand, SocketAddr) {
    let stand = Stand::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let router = router(stand.clone(), address).expect("a router");
    tokio::spawn(serve(listener, router, limits, std::future::pending::<()>));
    (stand, address)
}

/// What the page's form would send.
fn form(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"token\" value=\"")
        .expect("a form with a token");
    let (token, _) = rest.split_once('"').expect("the token's end");
    assert!(token.len() >= 32, "{token}");
    format!("token={token}")
}

async fn send(address: SocketAddr, origin: &str, form: &str) -> String {
    let length = form.len();
    let request = format!(
        "POST /sign-in/done HTTP/1.1\r\nHost: HOST\r\n{origin}Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{form}"
    );
    ask(address, &request).await
}

const OURS: &str = "Origin: http://HOST\r\n";

#[tokio::test]
async fn the_button_ends_the_sign_in() {
    let (stand, address) = start().await;
    let page = get(address, "/sign-in").await;
    for part in [
        "HTTP/1.1 200 ",
        "href=\"https://notebook.example/lab?token=secret\" target=\"_blank\" rel=\"noopener noreferrer\"",
        "Open the notebook to sign in",
        "<form method=\"post\" action=\"/sign-in/done\">",
        "I have signed in",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let form = form(&page);
    let answer = send(address, OURS, &form).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("The sign-in is done"), "{answer}");
    assert_eq!(stand.signed_in(), 1);

    // Pressed twice.
    let answer = send(address, OURS, &form).await;
    assert!(answer.starts_with("HTTP/1.1 409 "), "{answer}");
    assert!(
        answer.contains("no &lt;sign-in&gt; is under way"),
        "{answer}"
    );
    let page = get(address, "/sign-in").await;
    assert!(page.contains("No sign-in is under way"), "{page}");
    assert!(!page.contains("secret"), "{page}");
}

#[tokio::test]
async fn nobody_else_ends_it() {
    let (stand, address) = start().await;
    let form = form(&get(address, "/sign-in").await);
    let (_, other) = start().await;
    let foreign = self::form(&get(other, "/sign-in").await);
    let long = format!("{form}&{}", "x".repeat(100_000));
    for (origin, form, status) in [
        ("", &*form, 403),
        ("Origin: null\r\n", &form, 403),
        ("Origin: http://evil.example\r\n", &form, 403),
        ("Origin: https://HOST\r\n", &form, 403),
        (
            "Origin: http://HOST\r\nOrigin: http://evil.example\r\n",
            &form,
            403,
        ),
        (OURS, "", 403),
        (OURS, "token=", 403),
        (OURS, "token=00000000000000000000000000000000", 403),
        (OURS, &form.replace("token=", "\u{0}"), 403),
        (OURS, &foreign, 403),
        (OURS, &long, 413),
        ("Host: evil.example\r\nOrigin: http://HOST\r\n", &form, 421),
    ] {
        let answer = send(address, origin, form).await;
        let expected = format!("HTTP/1.1 {status} ");
        assert!(
            answer.starts_with(&expected),
            "{origin}{form:.60}: {answer}"
        );
        assert!(
            answer.contains("form-action 'none'"),
            "{origin}{form:.60}: {answer}"
        );
    }
    assert_eq!(stand.signed_in(), 0);
}

#[tokio::test]
async fn a_form_that_never_comes_is_not_waited_for() {
    let (stand, address) = start_with(Limits {
        whole: Duration::from_millis(600),
        ..Limits::default()
    })
    .await;
    let head = "POST /sign-in/done HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Length: 99999999999\r\n\r\n";
    assert_eq!(ask(address, head).await, "");
    assert_eq!(stand.signed_in(), 0);
}

#[test]
fn there_is_a_button_for_each_notebook_up_to_a_number() {
    for (name, state) in sign_ins() {
        for language in [Language::En, Language::Ja] {
            let page = pages::sign_in(&state, language).into_string();
            let links = page.matches("target=\"_blank\"").count();
            let expected = match &state {
                SignIn::UnderWay { notebooks, .. } => notebooks.len().min(8),
                _ => 0,
            };
            assert_eq!(links, expected, "{name}");
            let form = matches!(state, SignIn::UnderWay { .. });
            assert_eq!(page.contains("<form"), form, "{name}");
        }
    }
}
