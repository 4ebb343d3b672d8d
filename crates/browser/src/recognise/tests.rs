//! The tables, against texts that are made up: none is copied from a real page.

use super::*;

fn look(url: &str, dialogs: &[&str]) -> Look {
    Look {
        url: url.to_owned(),
        dialogs: dialogs.iter().map(|text| (*text).to_owned()).collect(),
        ..Look::default()
    }
}

const COLAB: &str = "https://colab.research.google.com/drive/1AbC?x=y#z";

#[test]
fn sign_in_pages_are_known_by_where_they_are() {
    let own = ["127.0.0.1:7001".to_owned(), "sso.example".to_owned()];
    for (url, host) in [
        (
            "accounts.google.com/v3/signin/identifier?continue=x",
            Some("accounts.google.com"),
        ),
        ("accounts.google.com:443/", Some("accounts.google.com:443")),
        ("github.com/login/oauth/authorize", Some("github.com")),
        ("gpu:8888/login?next=%2Flab", Some("gpu:8888")),
        ("gpu/hub/login/", Some("gpu")),
        ("127.0.0.1:7001/x", Some("127.0.0.1:7001")),
        ("sso.example:8443/x", Some("sso.example:8443")),
        ("127.0.0.1:7002/x", None),
        ("github.com/me/notebook", None),
        ("accounts.google.com.evil.example/", None),
        ("evil.example/accounts.google.com", None),
        ("evil.example/?accounts.google.com", None),
        ("gpu:8888/lab/tree/login", None),
        ("colab.research.google.com/drive/1AbC?x=y#z", None),
        ("", None),
    ] {
        let url = format!("https://{url}");
        let expected = host.map_or(Wants::Nothing, |host| Wants::SignIn(host.to_owned()));
        assert_eq!(wants(&look(&url, &[]), &own), expected, "{url}");
    }
    for url in ["about:blank", ""] {
        assert_eq!(wants(&look(url, &[]), &own), Wants::Nothing, "{url}");
    }
}

#[test]
fn captchas_are_known_by_where_they_come_from() {
    for (frame, expected) in [
        ("www.google.com/recaptcha/api2/bframe?k=x", true),
        ("google.com/recaptcha/enterprise/anchor", true),
        ("www.recaptcha.net/recaptcha/api2/anchor", true),
        ("newassets.hcaptcha.com/captcha/v1/x", true),
        ("challenges.cloudflare.com/turnstile", true),
        ("evilgoogle.com/recaptcha/", false),
        ("a.example/www.google.com/recaptcha/", false),
        ("a.example/?google.com/recaptcha/", false),
        ("a.example/captcha-tutorial", false),
        ("", false),
    ] {
        let mut look = look(COLAB, &[]);
        look.frames.push(format!("https://{frame}"));
        assert_eq!(wants(&look, &[]) == Wants::Captcha, expected, "{frame}");
    }
    let page = "www.google.com/sorry/index?continue=x";
    let sorry = look(&format!("https://{page}"), &[]);
    assert_eq!(wants(&sorry, &[]), Wants::Captcha);
}

#[test]
fn dialogs_are_known_by_what_they_say_in_both_languages() {
    for (text, expected) in [
        (
            "Are you still there? Click below to go on",
            Wants::StillThere,
        ),
        ("ARE YOU STILL THERE", Wants::StillThere),
        ("Are you still there? I’m not a robot", Wants::Captcha),
        ("まだご利用になっていますか?", Wants::StillThere),
        ("ノートブックはまだ使用中ですか", Wants::StillThere),
        ("私はロボットではありません", Wants::Captcha),
        (
            "Runtime disconnected. It was idle for long. Close Reconnect",
            Wants::Runtime,
        ),
        ("Your runtime has been disconnected", Wants::Runtime),
        ("ランタイムが切断されました 再接続", Wants::Runtime),
        ("Cannot connect to GPU backend", Wants::Runtime),
        ("GPU バックエンドに接続できません", Wants::Runtime),
        ("You have too many active sessions", Wants::Sessions),
        ("アクティブなセッションが多すぎます", Wants::Sessions),
        ("Your session crashed for an unknown reason", Wants::Runtime),
    ] {
        assert_eq!(wants(&look(COLAB, &[text]), &[]), expected, "{text}");
    }
}

#[test]
fn a_dialog_that_no_table_knows_is_reported_as_unknown() {
    let long = format!("News of the moon {}", "x".repeat(1000));
    let Wants::Unknown(text) = wants(&look(COLAB, &[&long]), &[]) else {
        panic!("expected an unknown dialog");
    };
    assert!(text.starts_with("News of the moon x") && text.chars().count() == SHOWN + 1);
    let both = look(COLAB, &["News", "Runtime disconnected"]);
    assert_eq!(
        wants(&both, &[]),
        Wants::Runtime,
        "what is known counts more"
    );
}

#[test]
fn every_row_of_the_table_can_be_met() {
    for wants in [
        Wants::Captcha,
        Wants::StillThere,
        Wants::Runtime,
        Wants::Sessions,
    ] {
        assert!(!wants.words().is_empty());
    }
    for text in ["", "Release notes", "共有", "Save a copy in Drive?"] {
        assert_eq!(words::dialog(text), None, "{text}");
    }
}

#[test]
fn a_tab_is_at_its_notebook_or_elsewhere() {
    let notebook = Notebook {
        url: "https://gpu:8888/lab?token=secret".to_owned(),
        start: Some("http://127.0.0.1:8470/start/2".to_owned()),
        landed: Some("https://gpu:8888/user/me/tree".to_owned()),
    };
    let elsewhere = |host: &str| Place::Elsewhere(host.to_owned());
    for (url, expected) in [
        ("https://gpu:8888/lab", Place::Notebook),
        ("https://GPU:8888/lab/tree/a.ipynb#x", Place::Notebook),
        ("https://gpu:8888/user/me/tree/b", Place::Notebook),
        ("https://gpu:8888/labour", elsewhere("gpu:8888")),
        ("https://gpu:8889/lab", elsewhere("gpu:8889")),
        ("http://127.0.0.1:8470/start/2", Place::Start),
        ("http://127.0.0.1:8470/start/1", elsewhere("127.0.0.1:8470")),
        ("chrome-error://chromewebdata/", Place::Error),
        ("chrome://settings/", elsewhere("chrome")),
        ("about:blank", elsewhere("about")),
        ("", elsewhere("")),
    ] {
        assert_eq!(notebook.place(url), expected, "{url}");
    }
    for (url, expected) in [
        ("http://gpu/elsewhere", true),
        ("https://gpu:1/", true),
        ("https://sso.example/", false),
        ("about:blank", false),
    ] {
        assert_eq!(notebook.leads_to(url), expected, "{url}");
    }
}
