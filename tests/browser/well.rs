//! Notebooks that are well: opened, saved, reloaded, found again.

use std::time::Duration;

use control::{NotebookState, Reply, Request};
use e2e::chromium::{Chromium, scenario};
use e2e::figures;
use libtest_mimic::Trial;

use crate::keeper::Keeper;
use crate::site::{Mode, Site};

pub fn trials() -> Vec<Trial> {
    vec![
        scenario(
            "a_page_that_asks_before_it_is_left_is_saved_and_reloaded",
            asks,
        ),
        scenario("keys_that_a_page_has_no_use_for_do_nothing", deaf),
        scenario("two_notebooks_are_kept_and_found_again", two),
        scenario("two_hundred_reloads_leave_keeperd_as_it_was", many),
    ]
}

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(120);

fn asks(chromium: &mut Chromium) {
    let site = Site::open(Mode::Well);
    let keeper = Keeper::start(chromium, &[site.url()], 30, &[]);
    keeper.becomes(NotebookState::Open, SOON);
    let tab = chromium.tab(&site.url()).expect("the notebook's tab");
    for round in 1..=3 {
        // A page may ask only after a gesture, and each time it is loaded after another one.
        chromium.click(&tab);
        let before = site.seen();
        keeper.wait(1, SOON, |notebook| notebook.reloads >= round);
        site.sees(|after| {
            after.loads > before.loads
                && after.questions > before.questions
                && after.saves > before.saves
        });
    }
    assert_eq!(chromium.tab(&site.url()), Some(tab), "the same tab");
}

/// Keys that reach the browser open a window for files, which this one cannot even show: without what GTK has installed
/// for it, it ends.
fn deaf(chromium: &mut Chromium) {
    let site = Site::open(Mode::Deaf);
    let keeper = Keeper::start(chromium, &[site.url()], 30, &[]);
    keeper.becomes(NotebookState::Open, SOON);
    let tab = chromium.tab(&site.url()).expect("the notebook's tab");
    let (_, took) = keeper.wait(1, SOON, |notebook| notebook.reloads >= 3);
    eprintln!("    three reloads after {took:.1?}");
    let said = keeper.journal();
    assert!(!said.contains("the browser is gone"), "{said}");
    assert_eq!(chromium.tab(&site.url()), Some(tab), "the same tab");
}

fn two(chromium: &mut Chromium) {
    let sites = [Site::open(Mode::Well), Site::open(Mode::Well)];
    let urls = sites.each_ref().map(Site::url);
    let mut keeper = Keeper::start(chromium, &urls, 30, &[]);
    for number in [1, 2] {
        keeper.wait(number, SOON, |notebook| notebook.reloads >= 2);
    }
    for site in &sites {
        // Also in the tab behind.
        site.sees(|seen| seen.saves >= 2);
    }
    let tabs = urls.each_ref().map(|url| chromium.tab(url));
    let paused = keeper.ask(&Request::Pause {}).expect("an answer");
    assert!(matches!(paused, Reply::Done { .. }), "{paused:?}");
    let reloads = keeper.becomes(NotebookState::Paused, SOON).0.reloads;
    keeper.restart(chromium, 30);
    let (status, _) = keeper.becomes(NotebookState::Paused, SOON);
    assert!(status.reloads >= reloads, "counted on: {status:?}");
    keeper.ask(&Request::Resume {}).expect("an answer");
    for number in [1, 2] {
        keeper.wait(number, SOON, |notebook| notebook.reloads > reloads + 1);
    }
    assert_eq!(
        urls.each_ref().map(|url| chromium.tab(url)),
        tabs,
        "no tab was opened anew"
    );
}

fn many(chromium: &mut Chromium) {
    const RELOADS: u64 = 200;
    let site = Site::open(Mode::Well);
    let keeper = Keeper::start(chromium, &[site.url()], 200, &[]);
    let limit = Duration::from_secs(240);
    keeper.wait(1, limit, |notebook| notebook.reloads >= 20);
    let (before, busy) = (keeper.anonymous(), keeper.processor());
    let (notebook, took) = keeper.wait(1, limit, |notebook| notebook.reloads >= RELOADS);
    let (after, spent) = (keeper.anonymous(), keeper.processor() - busy);
    let reloads = (notebook.reloads - 20) as f64;
    eprintln!(
        "    {reloads} reloads in {:.0} s: {} KiB before, {} KiB after",
        took.as_secs_f64(),
        before / 1024,
        after / 1024,
    );
    let each = spent * 1000.0 / reloads;
    figures::note("work of keeperd's for a reload, ms", each, 100.0);
    assert!(
        after <= before + 128 * 1024,
        "keeperd has grown from {before} to {after} bytes"
    );
    site.sees(|seen| seen.loads >= notebook.reloads);
}
