//! The dashboard's addresses: what they answer, and whose buttons they take.

use crate::client::{ask, get};
use crate::stand::Stand;
use control::Request;
use std::net::SocketAddr;

const OURS: &str = "Origin: http://HOST\r\n";

/// What the page's buttons send.
fn form(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"token\" value=\"")
        .expect("a form with a token");
    let (token, _) = rest.split_once('"').expect("the token's end");
    assert!(token.len() >= 32, "{token}");
    format!("token={token}")
}

async fn post(address: SocketAddr, path: &str, headers: &str, form: &str) -> String {
    let length = form.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: HOST\r\n{headers}Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{form}"
    );
    ask(address, &request).await
}

#[tokio::test]
async fn every_address_has_its_answer() {
    let address = Stand::default().serve().await;
    for (path, status, part) in [
        ("/", 200, "<h1>All is well</h1>"),
        ("/", 200, "form-action 'self'; "),
        ("/", 200, "referrer-policy: same-origin\r\n"),
        (
            "/",
            200,
            "<link rel=\"stylesheet\" href=\"/dashboard.css\">",
        ),
        (
            "/dashboard.css",
            200,
            "content-type: text/css; charset=utf-8\r\n",
        ),
        (
            "/logs",
            200,
            "<li>&lt;b&gt;older&lt;/b&gt;</li><li>newest</li></ol>",
        ),
        (
            "/notebook.ipynb",
            200,
            "content-type: application/x-ipynb+json\r\n",
        ),
        (
            "/notebook.ipynb",
            200,
            "content-disposition: attachment; filename=\"keeper.ipynb\"\r\n",
        ),
        ("/notebook.ipynb", 200, "\r\n\r\n{\"cells\": []}"),
        ("/do/reload", 405, "allow: POST\r\n"),
        ("/do/reload/1", 405, "allow: POST\r\n"),
        ("/do/pause", 405, "allow: POST\r\n"),
        ("/do/resume", 405, "allow: POST\r\n"),
        ("/do/renew", 405, "allow: POST\r\n"),
        ("/do/sign-in", 405, "allow: POST\r\n"),
        ("/do/", 404, "There is no such page"),
        ("/do/moon", 404, "There is no such page"),
        ("/logs/", 404, "There is no such page"),
        ("/start/1", 200, "No notebook is configured yet"),
        ("/sign-in", 200, "No sign-in is under way"),
        ("/healthz", 200, "\r\n\r\nok\n"),
        ("/metrics", 200, "keeper_up"),
    ] {
        let answer = get(address, path).await;
        let expected = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&expected), "{path}: {answer}");
        assert!(answer.contains(part), "{path}: {part}: {answer}");
        assert!(!answer.contains("<script"), "{path}: {answer}");
        for header in [
            "content-security-policy: default-src 'none'; style-src 'self'; ",
            "x-content-type-options: nosniff\r\n",
            "cache-control: no-store\r\n",
        ] {
            assert!(answer.contains(header), "{path}: {header}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_button_does_what_it_says_and_the_page_says_so_once() {
    let stand = Stand::default();
    let address = stand.serve().await;
    let form = form(&get(address, "/").await);
    for (path, request, said) in [
        (
            "/do/reload",
            Request::Reload { notebook: None },
            "All notebooks are reloaded",
        ),
        (
            "/do/reload/3",
            Request::Reload { notebook: Some(3) },
            "Notebook 3 is reloaded",
        ),
        (
            "/do/pause",
            Request::Pause {},
            "Paused: nothing is reloaded",
        ),
        ("/do/resume", Request::Resume {}, "Going on:"),
        (
            "/do/renew",
            Request::Renew {},
            "Renewed: the hours start again",
        ),
        ("/do/sign-in", Request::SignIn {}, "Sign in there"),
    ] {
        let answer = post(address, path, OURS, &form).await;
        assert!(answer.starts_with("HTTP/1.1 303 "), "{path}: {answer}");
        assert!(answer.contains("\r\nlocation: /\r\n"), "{path}: {answer}");
        assert_eq!(stand.asked().last(), Some(&request), "{path}");
        // Whoever asks for the head alone has not read it.
        ask(address, "HEAD / HTTP/1.1\r\nHost: HOST\r\n\r\n").await;
        let page = get(address, "/").await;
        assert!(page.contains(said), "{path}: {said}: {page}");
        assert!(
            page.contains("<p class=\"notice ok\" role=\"status\">"),
            "{page}"
        );
        assert!(
            !get(address, "/").await.contains("class=\"notice"),
            "{path}"
        );
    }
    assert_eq!(stand.asked().len(), 6);
}

#[tokio::test]
async fn what_is_refused_is_said_with_the_reason() {
    let stand = Stand {
        refusal: Some("paused; <keeper resume> goes on"),
        ..Stand::default()
    };
    let address = stand.serve().await;
    let form = form(&get(address, "/").await);
    let answer = post(address, "/do/reload", OURS, &form).await;
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    let page = get(address, "/").await;
    for part in [
        "<p class=\"notice failed\" role=\"status\">",
        "Nothing is reloaded:",
        "<code>paused; &lt;keeper resume&gt; goes on</code>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let answer = get(address, "/notebook.ipynb").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("&lt;keeper resume&gt;"), "{answer}");
}

#[tokio::test]
async fn nobody_else_presses_a_button() {
    let stand = Stand::default();
    let address = stand.serve().await;
    let form = form(&get(address, "/").await);
    let foreign = self::form(&get(Stand::default().serve().await, "/").await);
    let long = format!("{form}&{}", "x".repeat(100_000));
    for path in [
        "/do/reload",
        "/do/reload/1",
        "/do/pause",
        "/do/resume",
        "/do/renew",
        "/do/sign-in",
    ] {
        for (headers, form, status) in [
            ("", &*form, 403),
            ("Origin: null\r\n", &form, 403),
            ("Origin: http://evil.example\r\n", &form, 403),
            ("Origin: https://HOST\r\n", &form, 403),
            (
                "Origin: http://HOST\r\nOrigin: http://evil.example\r\n",
                &form,
                403,
            ),
            ("Host: evil.example\r\nOrigin: http://HOST\r\n", &form, 421),
            (OURS, "", 403),
            (OURS, "token=", 403),
            (OURS, "token=00000000000000000000000000000000", 403),
            (OURS, &foreign, 403),
            (OURS, &long, 413),
        ] {
            let answer = post(address, path, headers, form).await;
            let expected = format!("HTTP/1.1 {status} ");
            assert!(
                answer.starts_with(&expected),
                "{path}: {headers}{form:.60}: {answer}"
            );
        }
    }
    for path in [
        "/do/moon",
        "/do/reload/0",
        "/do/reload/x",
        "/do/reload/-1",
        "/do/reload/%ff",
        "/do/pause/1",
    ] {
        let answer = post(address, path, OURS, &form).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
    }
    for method in ["PUT", "DELETE", "PATCH"] {
        let request =
            format!("{method} /do/pause HTTP/1.1\r\nHost: HOST\r\n{OURS}Content-Length: 0\r\n\r\n");
        let answer = ask(address, &request).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{method}: {answer}");
    }
    assert_eq!(stand.asked(), []);
    assert!(!get(address, "/").await.contains("class=\"notice"));
}

#[tokio::test]
async fn a_device_without_an_owner_has_the_wizard_in_its_place() {
    let stand = Stand {
        is_new: true,
        ..Stand::default()
    };
    let signing_in = |stand: &Stand, it: bool| {
        let mut overview = stand.overview();
        overview.status.keep.as_mut().expect("a keep").signing_in = it;
    };
    let address = stand.serve().await;
    // A page that is there all the same has the token.
    signing_in(&stand, true);
    let form = form(&get(address, "/sign-in").await);
    signing_in(&stand, false);
    for path in ["/", "/live", "/logs", "/notebook.ipynb"] {
        let answer = get(address, path).await;
        assert!(answer.starts_with("HTTP/1.1 303 "), "{path}: {answer}");
        assert!(
            answer.contains("\r\nlocation: /setup\r\n"),
            "{path}: {answer}"
        );
    }
    for path in ["/do/reload", "/do/reload/1", "/do/pause", "/do/sign-in"] {
        let answer = post(address, path, OURS, &form).await;
        assert!(answer.starts_with("HTTP/1.1 303 "), "{path}: {answer}");
        assert!(
            answer.contains("\r\nlocation: /setup\r\n"),
            "{path}: {answer}"
        );
    }
    assert_eq!(stand.asked(), []);
    for path in ["/healthz", "/metrics", "/start/1", "/sign-in", "/style.css"] {
        let answer = get(address, path).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    }
}
