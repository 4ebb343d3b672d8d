//! Pages, servers and browsers in trouble: it is noticed, shown, and mended where nobody is needed.

use std::time::Duration;

use control::NotebookState as State;
use e2e::chromium::{Chromium, scenario};
use e2e::figures;
use libtest_mimic::Trial;
use serde_json::json;

use crate::keeper::Keeper;
use crate::site::{Mode, Site};

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("a_page_that_crashes_is_back_at_once", crashes),
        scenario("a_page_that_hangs_is_noticed_and_ended", hangs),
        scenario(
            "a_page_that_leads_to_a_sign_in_waits_for_a_person",
            signs_in,
        ),
        scenario("a_dialog_is_reported_and_never_clicked", dialogs),
        scenario("a_server_that_dies_is_waited_for", server),
        scenario("a_page_that_became_an_error_is_back", error_page),
        scenario("a_browser_that_is_killed_is_waited_for", killed),
    ]
}

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(120);
/// What the device promises. Nothing is held to it here, where the machine may be busy: see `figures`.
const NOTICED: Duration = Duration::from_secs(15);
const BACK: Duration = Duration::from_secs(45);

fn note(what: &str, noticed: Duration, back: Duration) {
    for (moment, after, limit) in [("noticed", noticed, NOTICED), ("back", back, BACK)] {
        let what = format!("{what}: {moment} after, s");
        figures::note(&what, after.as_secs_f64(), limit.as_secs_f64());
    }
}

fn open(chromium: &Chromium, site: &Site, haste: u32) -> (Keeper, String) {
    let keeper = Keeper::start(chromium, &[site.url()], haste, &[]);
    keeper.becomes(State::Open, SOON);
    let tab = chromium.tab(&site.url()).expect("the notebook's tab");
    (keeper, tab)
}

fn crashes(chromium: &mut Chromium) {
    let site = Site::open(Mode::Well);
    // In real time, as on the device.
    let (keeper, tab) = open(chromium, &site, 1);
    let loads = site.seen().loads;
    // Over the debugging port chrome://crash is refused (net::ERR_ABORTED).
    chromium.send(&tab, "Page.crash", json!({}));
    let (_, noticed) = keeper.becomes(State::Crashed, SOON);
    let (_, back) = keeper.becomes(State::Open, SOON);
    note("a crashed page", noticed, back);
    site.sees(|seen| seen.loads > loads);
    assert!(
        keeper.journal().contains("the page has crashed"),
        "{}",
        keeper.journal()
    );
}

fn hangs(chromium: &mut Chromium) {
    let site = Site::open(Mode::Well);
    let (keeper, tab) = open(chromium, &site, 1);
    site.behave(Mode::Hangs);
    chromium.send(&tab, "Page.reload", json!({}));
    let (status, noticed) = keeper.becomes(State::Crashed, SOON);
    assert!(status.reason.contains("does not answer"), "{status:?}");
    site.behave(Mode::Well);
    let (_, back) = keeper.becomes(State::Open, SOON);
    note("a page that hangs", noticed, back);
    assert_eq!(keeper.wants_restart(), None, "the browser itself is well");
}

fn signs_in(chromium: &mut Chromium) {
    let (site, elsewhere) = (Site::open(Mode::Well), Site::open(Mode::Well));
    let host = elsewhere.host();
    let keeper = Keeper::start(chromium, &[site.url()], 30, &["--sign-in-host", &host]);
    keeper.becomes(State::Open, SOON);
    let tab = chromium.tab(&site.url()).expect("the notebook's tab");
    site.sign_in_at(&elsewhere.url());
    let (status, _) = keeper.becomes(State::SignedOut, SOON);
    assert_eq!(status.reason, format!("somebody has to sign in at {host}"));
    let loads = elsewhere.seen().loads;
    // A person takes their time.
    std::thread::sleep(Duration::from_secs(10));
    assert_eq!(
        elsewhere.seen().loads,
        loads,
        "nobody is disturbed who signs in"
    );
    site.behave(Mode::Well);
    chromium.send(&tab, "Page.navigate", json!({"url": site.url()}));
    keeper.becomes(State::Open, SOON);
    assert_eq!((site.seen().clicks, elsewhere.seen().clicks), (0, 0));
}

fn dialogs(chromium: &mut Chromium) {
    let site = Site::open(Mode::Well);
    let (keeper, tab) = open(chromium, &site, 30);
    site.behave(Mode::Disconnected);
    let (status, _) = keeper.becomes(State::WaitingForPerson, SOON);
    assert_eq!(status.reason, "the notebook's runtime is disconnected");
    let loads = site.seen().loads;
    std::thread::sleep(Duration::from_secs(6));
    assert_eq!(site.seen().loads, loads, "three reloads were due");
    let close = json!({"expression": "document.getElementById('dialog').remove()"});
    chromium.call(&tab, "Runtime.evaluate", close);
    keeper.becomes(State::Open, SOON);

    site.behave(Mode::News);
    let (status, _) = keeper.becomes(State::WaitingForPerson, SOON);
    assert_eq!(status.reason, "unknown dialog: News of the moon Reconnect");
    let reloads = status.reloads;
    keeper.wait(1, SOON, |notebook| notebook.reloads > reloads);
    assert_eq!(site.seen().clicks, 0, "something was clicked");
    let said = keeper.journal();
    let told: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split_once("telling the owner: "))
        .map(|(_, text)| text)
        .collect();
    let expected = [
        "notebook 1: the notebook's runtime is disconnected",
        "notebook 1: it is open again",
    ];
    assert_eq!(
        told, expected,
        "both dialogs are of one kind, and told of once"
    );
}

fn server(chromium: &mut Chromium) {
    let mut site = Site::open(Mode::Well);
    let (keeper, tab) = open(chromium, &site, 30);
    site.close();
    keeper.wait(1, SOON, |notebook| {
        notebook.state == State::Offline && notebook.reason.contains("127.0.0.1")
    });
    // A reload that was just due shows an error in it.
    assert!(chromium.has_tab(&tab), "it keeps its tab");
    site.reopen();
    keeper.becomes(State::Open, SOON);
    assert_eq!(chromium.tab(&site.url()), Some(tab), "still");
}

fn error_page(chromium: &mut Chromium) {
    let mut site = Site::open(Mode::Well);
    let (keeper, tab) = open(chromium, &site, 1);
    site.close();
    chromium.send(&tab, "Page.reload", json!({}));
    let (_, noticed) = keeper.becomes(State::Offline, SOON);
    let loads = site.seen().loads;
    site.reopen();
    let (_, back) = keeper.becomes(State::Open, SOON);
    note("a server that was gone", noticed, back);
    site.sees(|seen| seen.loads > loads);
}

fn killed(chromium: &mut Chromium) {
    let site = Site::open(Mode::Well);
    let (keeper, _) = open(chromium, &site, 5);
    chromium.kill();
    let (status, noticed) = keeper.becomes(State::Crashed, SOON);
    assert!(
        status.reason.starts_with("the browser is gone"),
        "{status:?}"
    );
    chromium.launch();
    let (_, back) = keeper.becomes(State::Open, SOON);
    note("a killed browser, once it is up", noticed, back);
}
