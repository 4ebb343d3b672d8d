//! Applying the answers: begun once, watched from anywhere, confirmed by whoever still sees it.

use crate::fake::{Fake, OURS, get, has, leads_to, press, send, start, token};
use crate::markup::read;
use crate::samples::{answered, how};
use setup::{Fault, Field, Progress, Purpose, Reason, Step, Work};
use std::net::SocketAddr;
use web::{Applying, Errand, Failure};

fn done(confirm: Option<u32>) -> Applying {
    Applying::Done {
        confirm,
        how: how(),
    }
}

#[tokio::test]
async fn the_work_is_begun_once_and_watched() {
    let (fake, address) = start().await;
    leads_to(&get(address, "/setup/progress").await, "/setup");
    let form = format!("token={}", token(address, "/setup/summary").await);
    leads_to(
        &send(address, "/setup/apply", OURS, &form).await,
        "/setup/progress",
    );
    // Pressed again, or in another tab: it goes on as it is.
    leads_to(
        &send(address, "/setup/apply", OURS, &form).await,
        "/setup/progress",
    );
    leads_to(
        &send(address, "/setup/place", OURS, &form).await,
        "/setup/progress",
    );
    leads_to(&get(address, "/setup/place").await, "/setup/progress");
    leads_to(&get(address, "/setup").await, "/setup/progress");
    assert_eq!(fake.state().applied, 1);

    fake.state().applying = Applying::Working(vec![(Work::Name, Progress::Begun)]);
    let refresh = "<meta http-equiv=\"refresh\" content=\"2\">";
    has(
        &get(address, "/setup/progress").await,
        200,
        &[refresh, "Under way"],
    );

    // The device has its owner now, and the page is still there.
    fake.state().applying = done(None);
    fake.state().purpose = Purpose::Settings;
    let page = get(address, "/setup/progress").await;
    has(
        &page,
        200,
        &[
            "ssh hanako@colab-keeper.local",
            "192.168.1.23",
            "The device is set up",
            "closes by itself after a minute",
            "keeper-setup.txt",
        ],
    );
    assert!(!page.contains("refresh"), "{page}");
    leads_to(&get(address, "/setup").await, "/setup/progress");
}

#[tokio::test]
async fn the_summary_can_be_left_backwards_and_begins_as_well() {
    let (fake, address) = start().await;
    leads_to(
        &press(address, "/setup/summary", "go=back").await,
        "/setup/tunnel",
    );
    assert_eq!(fake.state().applied, 0);
    leads_to(
        &press(address, "/setup/summary", "go=next").await,
        "/setup/progress",
    );
    assert_eq!(fake.state().applied, 1);
}

#[tokio::test]
async fn what_is_wrong_is_said_before_anything_begins() {
    let (fake, address) = start().await;
    fake.state().refusal = vec![Fault {
        field: Field::Owner,
        reason: Reason::Taken,
    }];
    let answer = press(address, "/setup/apply", "").await;
    has(
        &answer,
        422,
        &[
            "href=\"/setup/owner?check#owner\"",
            "The system itself uses this name",
        ],
    );
}

#[tokio::test]
async fn what_failed_is_said_and_can_be_tried_again() {
    let (fake, address) = start().await;
    fake.state().applying = Applying::Failed("no <space> left".into());
    let page = get(address, "/setup/progress").await;
    has(
        &page,
        200,
        &[
            "no &lt;space&gt; left",
            "was taken back",
            "href=\"/setup/summary\"",
        ],
    );
    leads_to(&press(address, "/setup/apply", "").await, "/setup/progress");
    assert_eq!(fake.state().applied, 1);
}

#[tokio::test]
async fn settings_that_were_changed_elsewhere_are_not_overwritten() {
    let (fake, address) = start().await;
    fake.state().purpose = Purpose::Settings;
    let form = format!("token={}", token(address, "/settings/summary").await);
    fake.state().view.stale = true;
    let answer = send(address, "/settings/apply", OURS, &form).await;
    has(
        &answer,
        409,
        &["The settings have been changed elsewhere", "value=\"anew\""],
    );
    assert_eq!(fake.state().applied, 0);
    let anew = format!("{form}&go=anew");
    leads_to(
        &send(address, "/settings/summary", OURS, &anew).await,
        "/settings",
    );
    assert_eq!(fake.state().errands, [Errand::Anew]);
}

#[tokio::test]
async fn settings_ask_who_approves_and_do_not_say_it_again() {
    let (fake, address) = start().await;
    fake.state().purpose = Purpose::Settings;
    let page = get(address, "/settings/summary").await;
    has(
        &page,
        200,
        &["name=\"approver\"", "autocomplete=\"current-password\""],
    );
    leads_to(
        &press(
            address,
            "/settings/apply",
            "approver=hanako&approval=hush+hush",
        )
        .await,
        "/settings/progress",
    );
    let saved = fake.state().saved.clone();
    let expected = (Field::Approval, "hush hush".to_owned());
    assert!(saved[0].1.contains(&expected), "{saved:?}");
    assert!(fake.state().forgotten > 0);
    fake.state().applying = Applying::Failed("no".into());
    assert!(!get(address, "/settings/summary").await.contains("hush"));
    // Who it was is typed once, also when the password was wrong.
    fake.state().refusal = vec![Fault {
        field: Field::Approval,
        reason: Reason::Missing,
    }];
    let answer = press(address, "/settings/apply", "approver=hanako&approval=hush").await;
    has(
        &answer,
        422,
        &["name=\"approver\" type=\"text\" value=\"hanako\""],
    );
    assert!(!answer.contains("hush"), "{answer}");
}

#[tokio::test]
async fn a_changed_network_is_confirmed_by_a_button() {
    let (fake, address) = start().await;
    fake.state().purpose = Purpose::Settings;
    fake.state().applying = done(Some(90));
    has(
        &get(address, "/settings/progress").await,
        200,
        &[
            "within 90 seconds",
            "<meta http-equiv=\"refresh\" content=\"5\">",
        ],
    );
    assert!(fake.state().errands.is_empty());
    has(
        &send(address, "/settings/confirm", OURS, "token=0").await,
        403,
        &["90 seconds"],
    );
    leads_to(
        &press(address, "/settings/confirm", "").await,
        "/settings/progress",
    );
    assert_eq!(fake.state().errands, [Errand::Confirm]);
    let page = get(address, "/settings/progress").await;
    assert!(!page.contains("<form"), "{page}");
}

#[tokio::test]
async fn loading_a_page_confirms_nothing() {
    let (fake, address) = start().await;
    fake.state().applying = done(Some(90));
    for path in ["/setup/progress", "/setup/confirm", "/settings/progress"] {
        get(address, path).await;
    }
    assert_eq!(fake.state().errands, []);

    fake.state().failure = Some(Failure::Busy);
    has(
        &get(address, "/setup/progress").await,
        200,
        &[
            "Keep this network",
            "action=\"/setup/confirm\"",
            "confirms it by itself",
        ],
    );
    has(
        &press(address, "/setup/confirm", "").await,
        409,
        &["could not be confirmed", "Keep this network"],
    );
}

/// Every button of every page with where its form is really sent, pressed: what it asks of the device.
#[tokio::test]
async fn each_button_does_what_it_says() {
    for (purpose, base) in [
        (Purpose::FirstBoot, "/setup"),
        (Purpose::Settings, "/settings"),
    ] {
        for step in Step::of(purpose) {
            for stale in [false, true] {
                let (_, address) = prepared(purpose, stale).await;
                let page = get(address, &format!("{base}/{}", step.as_str())).await;
                let buttons = buttons(&page);
                assert!(!buttons.is_empty(), "{page}");
                for (go, to) in buttons {
                    pressed(purpose, step, stale, &go, &to).await;
                }
            }
        }
    }
}

async fn prepared(purpose: Purpose, stale: bool) -> (Fake, SocketAddr) {
    let (fake, address) = start().await;
    let mut state = fake.state();
    state.purpose = purpose;
    state.view = answered("en");
    state.view.stale = stale;
    drop(state);
    (fake, address)
}

/// What each button sends, and where.
fn buttons(answer: &str) -> Vec<(String, String)> {
    let at = answer.find("<!DOCTYPE").expect("a page");
    let mut action = None;
    let mut buttons = Vec::new();
    for element in read(&answer[at..]).expect("a page") {
        if element.is("form") {
            action = element.get("action").map(str::to_owned);
        }
        if element.is("button") {
            let to = element.get("formaction").map(str::to_owned);
            let to = to.or_else(|| action.clone()).expect("where it leads");
            let go = element.get("value").expect("what it sends");
            buttons.push((go.to_owned(), to));
        }
    }
    buttons
}

async fn pressed(purpose: Purpose, step: Step, stale: bool, go: &str, to: &str) {
    let (fake, address) = prepared(purpose, stale).await;
    let base = to.rsplit_once('/').expect("an address").0;
    let page = format!("{base}/{}", step.as_str());
    let token = token(address, &page).await;
    let form = format!("token={token}&go={go}&hostname=pi&owner=hanako&keys=k&github=me");
    let answer = send(address, to, OURS, &form).await;
    let state = fake.state();
    let what = format!("{page}, stale: {stale}, {go} to {to}: {answer}");
    let applies = step == Step::Summary && go == "next";
    assert_eq!(state.applied, usize::from(applies), "{what}");
    let errands = match go {
        "anew" => vec![Errand::Anew],
        "scan" => vec![Errand::Scan],
        "router" => vec![Errand::Router],
        "github" => vec![Errand::GithubKeys("me".into())],
        "next" | "back" | "review" => vec![],
        _ => panic!("an unknown button: {what}"),
    };
    assert_eq!(state.errands, errands, "{what}");
    assert!(answer.starts_with("HTTP/1.1 303 "), "{what}");
}

#[tokio::test]
async fn what_nobody_confirmed_in_time_is_said_and_not_asked_for() {
    let (fake, address) = start().await;
    fake.state().purpose = Purpose::Settings;
    let form = format!("token={}", token(address, "/settings/summary").await);
    fake.state().applying = done(Some(0));
    let page = get(address, "/settings/progress").await;
    has(&page, 200, &["The network was taken back"]);
    assert!(
        !page.contains("refresh") && !page.contains("<form"),
        "{page}"
    );
    has(
        &send(address, "/settings/confirm", OURS, &form).await,
        409,
        &["There is nothing to do any more"],
    );
    assert_eq!(fake.state().errands, []);
}

#[tokio::test]
async fn of_the_wizards_work_the_settings_know_nothing() {
    let (fake, address) = start().await;
    fake.state().purpose = Purpose::Settings;
    fake.state().of = Some(Purpose::FirstBoot);
    fake.state().applying = done(Some(90));
    leads_to(&get(address, "/settings/progress").await, "/settings");
    has(
        &get(address, "/setup/progress").await,
        200,
        &["The device is set up"],
    );
}

#[tokio::test]
async fn what_nobody_knows_is_not_called_a_failure_and_looked_at_again() {
    let (fake, address) = start().await;
    fake.state().applying = Applying::Unknown("it has <gone> away".into());
    let page = get(address, "/setup/progress").await;
    let refresh = "<meta http-equiv=\"refresh\" content=\"3\">";
    has(
        &page,
        200,
        &[refresh, "it has &lt;gone&gt; away", "not known"],
    );
    assert!(!page.contains("taken back"), "{page}");
    leads_to(&get(address, "/setup").await, "/setup/progress");
}
