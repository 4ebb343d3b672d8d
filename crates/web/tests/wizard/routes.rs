//! From page to page: who may send a form, and where it leads.

use crate::fake::{OURS, ask, get, has, leads_to, press, send, start, token};
use setup::{Field, Purpose, Step};
use web::{Errand, Failure};

#[tokio::test]
async fn a_new_device_begins_at_its_first_page_and_goes_on_where_one_was() {
    let (fake, address) = start().await;
    leads_to(&get(address, "/setup").await, "/setup/language");
    leads_to(
        &press(address, "/setup/language", "go=next&language=en").await,
        "/setup/place",
    );
    leads_to(&get(address, "/setup").await, "/setup/place");
    // A page that was left by "back" with a mistake in it is not answered.
    press(address, "/setup/place", "go=back&hostname=a+b").await;
    fake.state().view.visited = Step::ALL.into();
    leads_to(&get(address, "/setup").await, "/setup/place");
    fake.state().view.draft.hostname = "pi".into();
    leads_to(&get(address, "/setup").await, "/setup/owner");
    fake.state().view.draft.owner = "hanako".into();
    leads_to(&get(address, "/setup").await, "/setup/summary");
}

#[tokio::test]
async fn every_button_keeps_what_was_typed() {
    for (go, place) in [
        ("next", "/setup/network"),
        ("", "/setup/network"),
        ("other", "/setup/network"),
        ("back", "/setup/language"),
        ("review", "/setup/summary"),
        ("check", "/setup/place?fine"),
    ] {
        let (fake, address) = start().await;
        let fields = format!("timezone=Asia%2FTokyo&unknown=x&hostname=pi&go={go}");
        leads_to(&press(address, "/setup/place", &fields).await, place);
        let state = fake.state();
        let expected = [(Field::Timezone, "Asia/Tokyo"), (Field::Hostname, "pi")];
        let expected: Vec<_> = expected
            .map(|(field, value)| (field, value.to_owned()))
            .into();
        assert_eq!(state.saved, [(Step::Place, expected)], "{go}");
    }
}

#[tokio::test]
async fn a_wrong_answer_stays_and_is_explained() {
    let (_, address) = start().await;
    for go in ["next", "review", "check"] {
        let answer = press(address, "/setup/place", &format!("hostname=a+b&go={go}")).await;
        has(
            &answer,
            422,
            &[
                "value=\"a b\"",
                "aria-invalid=\"true\"",
                "href=\"#hostname\"",
                "role=\"alert\"",
            ],
        );
    }
    // Going back complains about nothing, and loses nothing.
    leads_to(
        &press(address, "/setup/place", "hostname=c+d&go=back").await,
        "/setup/language",
    );
    let page = get(address, "/setup/place").await;
    has(&page, 200, &["value=\"c d\""]);
    assert!(!page.contains("role=\"alert\""), "{page}");
    has(
        &get(address, "/setup/place?check").await,
        200,
        &["role=\"alert\""],
    );
}

#[tokio::test]
async fn a_warning_keeps_nobody() {
    let (_, address) = start().await;
    leads_to(
        &press(address, "/setup/owner", "owner=hanako&keys=").await,
        "/setup/runtime",
    );
}

#[tokio::test]
async fn lines_end_as_ours_do_and_secrets_come_back_nowhere() {
    let (fake, address) = start().await;
    let answer = press(
        address,
        "/setup/owner",
        "owner=&keys=a%0D%0Ab&password=correct+horse&again=other+horse",
    )
    .await;
    has(&answer, 422, &["a\nb</textarea>"]);
    for page in [
        answer,
        get(address, "/setup/owner").await,
        get(address, "/setup/summary").await,
        send(
            address,
            "/setup/owner",
            OURS,
            "token=0&password=correct+horse",
        )
        .await,
    ] {
        assert!(!page.contains("horse"), "{page}");
    }
    let saved = fake.state().saved.clone();
    for (field, value) in [
        (Field::Keys, "a\nb"),
        (Field::Password, "correct horse"),
        (Field::Again, "other horse"),
        (Field::PasswordLogin, ""),
    ] {
        assert!(saved[0].1.contains(&(field, value.to_owned())), "{saved:?}");
    }
}

#[tokio::test]
async fn an_errand_shows_its_page_again_with_what_was_typed() {
    for (step, fields, errand, note) in [
        (
            "network",
            "wifi_country=JP&go=scan",
            Errand::Scan,
            "scanned",
        ),
        ("tunnel", "go=router", Errand::Router, "router"),
        (
            "owner",
            "owner=hanako&go=github&github=+octo-cat+",
            Errand::GithubKeys("octo-cat".into()),
            "keys",
        ),
    ] {
        let (fake, address) = start().await;
        let path = format!("/setup/{step}");
        leads_to(
            &press(address, &path, fields).await,
            &format!("{path}?{note}"),
        );
        has(
            &get(address, &format!("{path}?{note}")).await,
            200,
            &["role=\"status\""],
        );
        assert_eq!(fake.state().errands, [errand]);
        assert_eq!(fake.state().saved.len(), 1);
        // And when it fails.
        fake.state().failure = Some(Failure::NoAnswer("timed <out>".into()));
        has(
            &press(address, &path, fields).await,
            502,
            &["No answer: timed &lt;out&gt;", "role=\"alert\""],
        );
    }
}

#[tokio::test]
async fn github_is_asked_for_no_name_that_nobody_can_have() {
    let (fake, address) = start().await;
    for name in [
        "",
        "+",
        "a%2Fb",
        "..",
        "%E6%97%A5",
        &"x".repeat(40),
        "a%0Ab",
    ] {
        let answer = press(
            address,
            "/setup/owner",
            &format!("owner=o&go=github&github={name}"),
        )
        .await;
        has(&answer, 502, &["There is no such user", "value=\"o\""]);
    }
    assert_eq!(fake.state().errands, []);
}

#[tokio::test]
async fn nobody_else_sends_anything() {
    let (fake, address) = start().await;
    let own = token(address, "/setup/place").await;
    let (_, other) = start().await;
    let foreign = token(other, "/setup/place").await;
    let form = format!("token={own}&hostname=pi");
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    let from = |origin: &str| format!("Origin: {origin}\r\n{kind}");
    let long = format!("{form}&keys={}", "x".repeat(64 * 1024));
    for (path, headers, form, status) in [
        ("/setup/place", OURS, &*form, 303),
        ("/setup/place", kind, &form, 403),
        ("/setup/place", &from("http://evil.example"), &form, 403),
        ("/setup/place", &from("https://HOST"), &form, 403),
        ("/setup/place", &from("null"), &form, 403),
        ("/setup/place", OURS, "hostname=pi", 403),
        ("/setup/place", OURS, "token=&hostname=pi", 403),
        ("/setup/place", OURS, &form.replace(&own, &foreign), 403),
        ("/setup/apply", OURS, "go=next", 403),
        ("/setup/apply", &from("http://evil.example"), &form, 403),
        ("/setup/place", OURS, &long, 413),
        ("/setup/apply", OURS, &long, 413),
        ("/setup/confirm", OURS, &long, 413),
        ("/setup/place", "Origin: http://HOST\r\n", &form, 415),
        (
            "/setup/place",
            "Origin: http://HOST\r\nContent-Type: text/plain\r\n",
            &form,
            415,
        ),
        ("/setup/place", OURS, &format!("{form}&hostname=pj"), 400),
        ("/setup/place", OURS, &format!("{form}&keyboard=%ff"), 400),
        ("/setup/apply", OURS, "a=%00", 400),
        ("/setup/nowhere", OURS, &form, 404),
        ("/setup/Place", OURS, &form, 404),
        ("/setup/%ff", OURS, &form, 404),
        ("/settings/owner", OURS, &form, 404),
        ("/setup", OURS, &form, 405),
        ("/setup/progress", OURS, &form, 405),
        ("/", OURS, &form, 405),
    ] {
        let answer = send(address, path, headers, form).await;
        let expected = format!("HTTP/1.1 {status} ");
        assert!(
            answer.starts_with(&expected),
            "{path} {headers} {form:.99}: {answer}"
        );
    }
    assert_eq!(fake.state().saved.len(), 1);
    assert_eq!(fake.state().applied, 0);
}

#[tokio::test]
async fn a_page_that_has_grown_old_keeps_what_was_typed() {
    let (fake, address) = start().await;
    let fields = "token=old&hostname=my-pi&timezone=Asia%2FTokyo&go=next";
    let answer = send(address, "/setup/place", OURS, fields).await;
    has(
        &answer,
        403,
        &[
            "This page had grown old",
            "value=\"my-pi\"",
            "value=\"Asia/Tokyo\"",
        ],
    );
    assert!(fake.state().saved.is_empty());
    let (_, rest) = answer
        .split_once("name=\"token\" value=\"")
        .expect("a token");
    let fresh = rest.split_once('"').expect("its end").0;
    let answer = send(address, "/setup/place", OURS, &fields.replace("old", fresh)).await;
    leads_to(&answer, "/setup/network");
}

#[tokio::test]
async fn every_page_is_there_and_no_other() {
    let (_, address) = start().await;
    for step in Step::of(Purpose::FirstBoot) {
        let page = get(address, &format!("/setup/{}", step.as_str())).await;
        has(
            &page,
            200,
            &[
                "form-action 'self'; ",
                "referrer-policy: same-origin\r\n",
                "cache-control: no-store\r\n",
                "default-src 'none'; style-src 'self'; ",
                "x-frame-options: DENY\r\n",
            ],
        );
    }
    for path in ["/setup/nowhere", "/setup/language%00", "/setup/.."] {
        has(
            &get(address, path).await,
            404,
            &["Nothing you have entered is lost"],
        );
    }
    leads_to(&get(address, "/setup/apply").await, "/setup/summary");
    leads_to(&get(address, "/setup/confirm").await, "/setup/progress");
    let head = ask(address, "HEAD /setup/place HTTP/1.1\r\nHost: HOST\r\n\r\n").await;
    assert!(head.ends_with("\r\n\r\n"), "{head}");
}

#[tokio::test]
async fn pages_of_the_other_purpose_lead_home() {
    let (fake, address) = start().await;
    let form = format!("token={}", token(address, "/setup/place").await);
    for path in ["/settings", "/settings/place", "/settings/nowhere"] {
        leads_to(&get(address, path).await, "/");
    }
    leads_to(&send(address, "/settings/place", OURS, &form).await, "/");
    leads_to(&send(address, "/settings/apply", OURS, &form).await, "/");
    fake.state().purpose = Purpose::Settings;
    for path in ["/setup", "/setup/place", "/setup/owner"] {
        leads_to(&get(address, path).await, "/");
    }
    leads_to(&send(address, "/setup/apply", OURS, &form).await, "/");
    assert_eq!(fake.state().applied, 0);
    assert!(fake.state().saved.is_empty());
    // Settings have an answer to everything: one sees them all, and changes what one likes.
    leads_to(&get(address, "/settings").await, "/settings/summary");
    has(&get(address, "/settings/owner").await, 404, &[]);
}

#[tokio::test]
async fn two_tabs_disturb_each_other_in_nothing_but_the_same_page() {
    let (fake, address) = start().await;
    let one = token(address, "/setup/place").await;
    let other = token(address, "/setup/owner").await;
    let place = format!("token={one}&hostname=pi");
    let owner = format!("token={other}&owner=hanako&keys=k");
    leads_to(
        &send(address, "/setup/owner", OURS, &owner).await,
        "/setup/runtime",
    );
    leads_to(
        &send(address, "/setup/place", OURS, &place).await,
        "/setup/network",
    );
    leads_to(
        &send(address, "/setup/owner", OURS, &owner).await,
        "/setup/runtime",
    );
    let state = fake.state();
    assert_eq!(state.view.draft.hostname, "pi");
    assert_eq!(state.view.draft.owner, "hanako");
}
