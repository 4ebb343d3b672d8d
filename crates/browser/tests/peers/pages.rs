//! What is done in a tab, move by move.

use crate::peer::{LIMIT, tab};
use browser::cdp::Way;
use browser::page::{Page, Trouble};
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);

async fn attach(way: Way) -> Page {
    Page::attach(way, "A1").await.expect("a tab")
}

async fn greet(tab: &mut crate::peer::Tab) {
    tab.answer("Inspector.enable", json!({})).await;
    tab.answer("Page.enable", json!({})).await;
}

fn leaving(kind: &str) -> Value {
    json!({"type": kind, "message": "Leave?", "url": "http://a/"})
}

#[tokio::test]
async fn the_question_before_leaving_is_answered_while_we_leave() {
    let way = tab(async |mut tab| {
        greet(&mut tab).await;
        let focus = tab
            .answer("Emulation.setFocusEmulationEnabled", json!({}))
            .await;
        assert_eq!(focus, json!({"enabled": true}));
        tab.answer("Page.createIsolatedWorld", json!({"executionContextId": 5}))
            .await;
        tab.answer("Runtime.evaluate", json!({"result": {"value": "keys"}}))
            .await;
        let key = tab.answer("Input.dispatchKeyEvent", json!({})).await;
        assert_eq!((&key["key"], &key["modifiers"]), (&json!("s"), &json!(2)));
        tab.answer("Input.dispatchKeyEvent", json!({})).await;
        let focus = tab
            .answer("Emulation.setFocusEmulationEnabled", json!({}))
            .await;
        assert_eq!(focus, json!({"enabled": false}));
        let (id, _) = tab.called("Page.reload").await;
        // Of the document before, and of a frame in it.
        tab.tell("Page.loadEventFired", json!({})).await;
        tab.tell("Page.navigatedWithinDocument", json!({})).await;
        tab.tell("Page.javascriptDialogOpening", leaving("beforeunload"))
            .await;
        let accepted = tab.answer("Page.handleJavaScriptDialog", json!({})).await;
        assert_eq!(accepted, json!({"accept": true}));
        tab.tell("Page.javascriptDialogClosed", json!({})).await;
        tab.say(json!({"id": id, "result": {}})).await;
        tab.tell("Page.frameNavigated", json!({"frame": {"parentId": "x"}}))
            .await;
        tab.tell("Page.frameNavigated", json!({"frame": {}})).await;
        tab.tell("Page.loadEventFired", json!({})).await;
        tab.stay().await;
    })
    .await;
    let mut page = attach(way).await;
    page.save(Duration::from_millis(50)).await.expect("saved");
    page.reload(SOON).await.expect("reloaded");
}

#[tokio::test]
async fn a_page_that_is_not_there_yet_gets_no_keys() {
    let way = tab(async |mut tab| {
        greet(&mut tab).await;
        tab.answer("Emulation.setFocusEmulationEnabled", json!({}))
            .await;
        tab.answer("Page.createIsolatedWorld", json!({"executionContextId": 5}))
            .await;
        tab.answer("Runtime.evaluate", json!({"result": {"value": "nothing"}}))
            .await;
        tab.answer("Emulation.setFocusEmulationEnabled", json!({}))
            .await;
        tab.called("Page.reload").await;
        tab.tell("Page.frameNavigated", json!({"frame": {}})).await;
        tab.tell("Page.loadEventFired", json!({})).await;
        tab.stay().await;
    })
    .await;
    let mut page = attach(way).await;
    page.save(Duration::from_millis(50))
        .await
        .expect("nothing to save");
    page.reload(SOON).await.expect("reloaded");
}

#[tokio::test]
async fn any_other_dialog_is_left_to_a_person() {
    let way = tab(async |mut tab| {
        greet(&mut tab).await;
        tab.called("Page.reload").await;
        tab.tell("Page.javascriptDialogOpening", leaving("confirm"))
            .await;
        tab.stay().await;
    })
    .await;
    let mut page = attach(way).await;
    let asked = Trouble::Asked("Leave?".to_owned());
    assert_eq!(page.reload(SOON).await, Err(asked.clone()));
    assert_eq!(
        page.reload(SOON).await,
        Err(asked.clone()),
        "nothing is sent to such a tab"
    );
    assert_eq!(page.look().await, Err(asked));

    // Nor is the question before leaving, when it is not us who leave.
    let way = tab(async |mut tab| {
        greet(&mut tab).await;
        tab.called("Page.createIsolatedWorld").await;
        tab.tell("Page.javascriptDialogOpening", leaving("beforeunload"))
            .await;
        tab.stay().await;
    })
    .await;
    let looked = attach(way).await.look().await;
    assert_eq!(looked, Err(Trouble::Asked("Leave?".to_owned())));
}

#[tokio::test]
async fn what_happens_instead_of_a_page_is_told() {
    for (events, expected) in [
        (
            &[("Inspector.targetCrashed", json!({}))][..],
            Trouble::Crashed,
        ),
        (&[("Inspector.detached", json!({}))], Trouble::Closed),
        (
            &[
                (
                    "Page.frameNavigated",
                    json!({"frame": {"unreachableUrl": "http://a/"}}),
                ),
                ("Page.loadEventFired", json!({})),
            ],
            Trouble::Failed,
        ),
        (
            &[("Page.frameNavigated", json!({"frame": {}}))],
            Trouble::Late(LIMIT),
        ),
    ] {
        let events = events.to_vec();
        let way = tab(async move |mut tab| {
            greet(&mut tab).await;
            let (_, params) = tab.called("Page.navigate").await;
            assert_eq!(params, json!({"url": "http://a/"}));
            for (event, params) in events {
                tab.tell(event, params).await;
            }
            tab.stay().await;
        })
        .await;
        assert_eq!(
            attach(way).await.go("http://a/", LIMIT).await,
            Err(expected)
        );
    }
}

#[tokio::test]
async fn a_page_that_hangs_is_ended_first() {
    let way = tab(async |mut tab| {
        tab.called("Inspector.enable").await;
        tab.called("Page.enable").await;
        tab.called("Page.crash").await;
        tab.tell("Inspector.targetCrashed", json!({})).await;
        tab.called("Page.navigate").await;
        tab.tell("Inspector.targetReloadedAfterCrash", json!({}))
            .await;
        tab.tell("Page.frameNavigated", json!({"frame": {}})).await;
        tab.tell("Page.loadEventFired", json!({})).await;
        tab.stay().await;
    })
    .await;
    attach(way)
        .await
        .revive("http://a/", SOON)
        .await
        .expect("alive again");
}

#[tokio::test]
async fn a_look_is_bounded_whatever_the_page_says() {
    let way = tab(async |mut tab| {
        greet(&mut tab).await;
        tab.called("Page.createIsolatedWorld").await;
        tab.say(json!({"id": 3, "error": {"message": "No frame for given id found"}})).await;
        tab.answer("Page.getFrameTree", json!({"frameTree": {"frame": {"id": "F"}}})).await;
        let world = tab.answer("Page.createIsolatedWorld", json!({"executionContextId": 5})).await;
        assert_eq!(world["frameId"], "F");
        let long = "x\u{7}\n".repeat(1000);
        let value = json!({
            "url": format!("http://a/{long}"), "title": &long, "dialogs": vec![&long; 20], "frames": vec![&long; 20],
        });
        let params = tab.answer("Runtime.evaluate", json!({"result": {"value": value}})).await;
        assert_eq!((&params["contextId"], &params["returnByValue"]), (&json!(5), &json!(true)));
        // The document is another: its world is gone, and one is made again.
        let (id, _) = tab.called("Runtime.evaluate").await;
        tab.say(json!({"id": id, "error": {"message": "Cannot find context with specified id"}})).await;
        tab.answer("Page.createIsolatedWorld", json!({"executionContextId": 6})).await;
        let value = json!({"url": "http://b/", "title": "", "dialogs": [], "frames": []});
        tab.answer("Runtime.evaluate", json!({"result": {"value": value}})).await;
        for nonsense in [json!({}), json!({"result": {"value": 7}}), json!({"result": {"type": "undefined"}})] {
            tab.answer("Runtime.evaluate", nonsense).await;
        }
        tab.stay().await;
    })
    .await;
    let mut page = attach(Way { limit: SOON, ..way }).await;
    let look = page.look().await.expect("a look");
    let texts = [&look.url, &look.title]
        .into_iter()
        .chain(&look.dialogs)
        .chain(&look.frames);
    for text in texts {
        assert!(text.chars().count() <= 4097 && !text.contains(char::is_control));
    }
    assert_eq!((look.dialogs.len(), look.frames.len()), (5, 5));
    assert_eq!(page.look().await.expect("a look").url, "http://b/");
    for _ in 0..3 {
        let trouble = page.look().await.expect_err("nonsense");
        assert!(
            trouble.to_string().contains("no sense") || trouble.to_string().contains("nothing"),
            "{trouble}"
        );
    }
}

#[tokio::test]
async fn a_tab_that_dies_under_a_look_does_not_keep_us_waiting() {
    let way = tab(async |mut tab| {
        greet(&mut tab).await;
        tab.answer("Page.createIsolatedWorld", json!({"executionContextId": 5}))
            .await;
        tab.called("Runtime.evaluate").await;
        tab.tell("Inspector.targetCrashed", json!({})).await;
        tab.stay().await;
    })
    .await;
    let mut page = attach(Way {
        limit: Duration::from_secs(3600),
        ..way
    })
    .await;
    assert_eq!(page.look().await, Err(Trouble::Crashed));
}
