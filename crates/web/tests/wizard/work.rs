//! Applying the answers: begun once, watched from anywhere, confirmed by whoever still sees it.

use crate::fake::{OURS, get, has, leads_to, press, send, start, token};
use crate::samples::how;
use setup::{Fault, Field, Progress, Purpose, Reason, Work};
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
    let refresh = "<meta http-equiv=\"refresh\" content=\"1\">";
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
    fake.state().applying = Applying::Failed("no".into());
    assert!(!get(address, "/settings/summary").await.contains("hush"));
}

#[tokio::test]
async fn a_changed_network_is_confirmed_by_a_button() {
    let (fake, address) = start().await;
    fake.state().purpose = Purpose::Settings;
    fake.state().applying = done(Some(90));
    has(
        &get(address, "/settings/progress").await,
        200,
        &["within 90 seconds"],
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
async fn a_new_device_confirms_by_its_page_being_loaded_again() {
    let (fake, address) = start().await;
    fake.state().applying = done(Some(90));
    let page = get(address, "/setup/progress").await;
    assert!(!page.contains("<form"), "{page}");
    assert_eq!(fake.state().errands, [Errand::Confirm]);

    fake.state().applying = done(Some(9));
    fake.state().failure = Some(Failure::Busy);
    let page = get(address, "/setup/progress").await;
    has(
        &page,
        200,
        &["Keep this network", "action=\"/setup/confirm\""],
    );
    has(
        &press(address, "/setup/confirm", "").await,
        409,
        &["could not be confirmed", "Keep this network"],
    );
}
