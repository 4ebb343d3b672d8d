//! The browser's life: killed, hung, without its page.

use std::time::Duration;

use e2e::guest::Guest;
use e2e::patience::wait_for;
use e2e::viewer::Viewer;
use libtest_mimic::Trial;

use crate::{hanako, scenario};

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("a_killed_browser_is_back", killed),
        scenario("a_hung_browser_is_replaced", hung),
        scenario(
            "without_its_page_the_kiosk_says_what_is_wrong",
            without_page,
        ),
    ]
}

/// From a browser's end until its successor has the page, in emulation.
pub const BACK: Duration = Duration::from_secs(120);
/// keeperd asks every 20 s and gives up after five silences of 10 s; then as [`BACK`].
const NOTICED: Duration = Duration::from_secs(270);

/// The browser's first process.
pub fn browser_pid(guest: &Guest) -> String {
    guest
        .root("pgrep --oldest --uid keeper --exact chromium")
        .stdout
        .trim()
        .to_owned()
}

/// Sends a signal to the browser and waits for the page that its successor loads. `viewer` looks on.
fn after_signal(guest: &Guest, viewer: &mut Viewer<'_>, signal: &str, limit: Duration) {
    let (before, loads) = (browser_pid(guest), guest.notebook.loads());
    assert!(!before.is_empty(), "expected a browser to be there");
    guest.root(&format!("kill -{signal} {before}")).well();
    let what = format!("the page after SIG{signal}");
    let loaded = wait_for(&what, limit, || {
        (guest.notebook.loads() > loads).then(|| guest.notebook.last_load())
    });
    let after = browser_pid(guest);
    let Some(load) = loaded.flatten() else {
        panic!(
            "expected the page again within {} s of SIG{signal} to browser {before}; seen: browser \
             {after:?}, no load. Picture: {}\n{}",
            limit.as_secs(),
            viewer.keep(&format!("-after-{signal}")).display(),
            guest.root("keeper status").stdout
        )
    };
    assert!(
        !after.is_empty() && after != before,
        "expected a new browser: {before}, {after}"
    );
    viewer.sees_page(load);
}

fn killed(guest: &Guest) {
    let mut viewer = hanako(guest, "after-kill");
    after_signal(guest, &mut viewer, "KILL", BACK);
    viewer.leave();
}

fn hung(guest: &Guest) {
    let mut viewer = hanako(guest, "after-hang");
    after_signal(guest, &mut viewer, "STOP", NOTICED);
    viewer.leave();
}

fn without_page(guest: &Guest) {
    let mut viewer = hanako(guest, "without-page");
    let loads = guest.notebook.loads();
    guest.notebook.close();
    // As after a power cut: it starts, and the notebook's server is not there.
    guest
        .root(&format!("kill -KILL {}", browser_pid(guest)))
        .well();
    viewer.sees_words(
        "keeperd's diagnosis",
        "-diagnosis",
        &["cannot be reached yet", "10.0.2.2"],
    );
    assert_eq!(
        guest.notebook.loads(),
        loads,
        "expected that no page was loaded"
    );
    guest.notebook.reopen();
    let back = wait_for("the page, once it is there again", BACK, || {
        (guest.notebook.loads() > loads).then(|| guest.notebook.last_load())
    });
    let Some(load) = back.flatten() else {
        panic!(
            "expected the kiosk to go to the notebook by itself within {} s; picture: {}",
            BACK.as_secs(),
            viewer.keep("-again").display()
        )
    };
    viewer.sees_page(load);
    viewer.leave();
}
