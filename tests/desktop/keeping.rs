//! The notebook is kept open, and does what its owner asks for with `keeper`; on the device, with its
//! real browser. What a page can do to keeperd is tried in `tests/browser`.

use std::time::Duration;

use e2e::figures;
use e2e::guest::{Guest, HANAKO, Key};
use e2e::notebook::Mode;
use e2e::patience::wait_for;
use e2e::viewer::{Viewer, has_fields};
use libtest_mimic::Trial;
use look::{Picture, Security};
use serde_json::Value;

use crate::browser::BACK;
use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("keeper_status_says_that_the_notebook_is_open", open),
        scenario("hanako_has_the_page_reloaded", reload),
        scenario("hanako_takes_a_picture_of_the_desktop", screenshot),
        scenario("a_crashed_page_is_opened_again", crashed),
        // That a sign-in is wanted is told once in half an hour: here, and not in the one after it.
        scenario("for_a_sign_in_the_browser_is_a_plain_one", sign_in),
        scenario("what_a_person_has_to_see_to_is_said", for_a_person),
        scenario("keeperd_is_small", is_small),
        // A page that is busy is left alone for three minutes after the last click, which is the sign-in's.
        scenario("a_page_that_hangs_is_opened_again", hangs),
    ]
}

/// From a question to a reload, or to a state that keeperd looks for, in emulation.
const SOON: Duration = Duration::from_secs(90);
/// Until a page has been ended that does not answer, in emulation: the browser writes down how it died.
const REVIVED: Duration = Duration::from_secs(240);
/// Of keeperd's memory, what no file backs: 4 MB.
const ANONYMOUS_LIMIT_KIB: u64 = 4000;

/// `keeper`, as its owner types it over SSH.
fn keeper(guest: &Guest, args: &[&str]) -> String {
    let args = [&["keeper"], args].concat();
    guest.attempt(HANAKO, Key::Own, &args).well()
}

/// The notebook's state, and why.
fn state_of_first(guest: &Guest) -> (String, String) {
    let said = keeper(guest, &["status", "--json"]);
    let status: Value = serde_json::from_str(&said).expect("JSON, as asked for");
    let text = |key: &str| {
        let value = status.pointer(&format!("/notebooks/0/{key}"));
        value.and_then(Value::as_str).unwrap_or("none").to_owned()
    };
    (text("state"), text("reason"))
}

/// Waits for the state; why it is that.
fn becomes(guest: &Guest, wanted: &str) -> String {
    let mut seen = Default::default();
    let there = wait_for(&format!("the state {wanted}"), BACK, || {
        seen = state_of_first(guest);
        (seen.0 == wanted).then_some(())
    });
    assert!(
        there.is_some(),
        "expected the notebook to be {wanted}; it is {seen:?}: {}",
        keeper(guest, &["status"])
    );
    seen.1
}

fn becomes_open(guest: &Guest) {
    becomes(guest, "open");
}

/// Does something after which the page is loaded again, and waits for that; returns its load.
fn expect_load(guest: &Guest, limit: Duration, act: impl FnOnce()) -> u32 {
    let loads = guest.notebook.loads();
    act();
    let loaded = wait_for("the page", limit, || {
        (guest.notebook.loads() > loads).then(|| guest.notebook.last_load())
    });
    loaded.flatten().unwrap_or_else(|| {
        panic!(
            "expected the page to be loaded again within {} s; keeper says:\n{}",
            limit.as_secs(),
            keeper(guest, &["status"])
        )
    })
}

fn hanako<'a>(guest: &'a Guest, name: &str) -> Viewer<'a> {
    let login = (HANAKO, guest.owner.password(HANAKO));
    Viewer::connect(guest, name, login, Security::Tls)
}

fn open(guest: &Guest) {
    becomes_open(guest);
    let said = keeper(guest, &["status"]);
    assert!(said.contains(&guest.notebook.url()), "{said}");
    let refused = guest.as_user("nobody", "keeper status");
    assert_ne!(refused.code, Some(0), "expected a stranger to be refused");
    assert!(
        !refused.stdout.contains("http") && !refused.stderr.contains(&guest.notebook.url()),
        "{refused:#?}"
    );
}

fn reload(guest: &Guest) {
    // A person has touched the page, so that it may ask whether they want to leave it.
    let mut viewer = hanako(guest, "reload");
    let before = guest.notebook.last_load().expect("a page");
    viewer.sees_page(before);
    let clicks = guest.notebook.clicks();
    viewer.hands().click(800, 450).expect("the screen is there");
    let clicked = wait_for("a click", SOON, || {
        (guest.notebook.clicks() > clicks).then_some(())
    });
    assert!(clicked.is_some(), "expected her click to reach the page");
    let load = expect_load(guest, SOON, || {
        keeper(guest, &["reload"]);
    });
    viewer.sees_page(load);
    viewer.leave();
}

fn screenshot(guest: &Guest) {
    let file = guest.artefacts.join("keeper-screenshot.png");
    let script = "keeper screenshot /tmp/picture.png && base64 --wrap=0 /tmp/picture.png";
    let said = guest.attempt(HANAKO, Key::Own, &[script]).well();
    let bytes = data_encoding::BASE64.decode(said.lines().last().unwrap_or_default().as_bytes());
    let bytes = bytes.expect("what base64 wrote");
    fs_err::write(&file, &bytes).expect("the artefacts can be written");
    let picture = Picture::from_png(&bytes).expect("a whole PNG");
    assert!(
        has_fields(&picture),
        "expected the page in the picture; see {}",
        file.display()
    );
}

/// The page's process dies, as when the device has no memory left.
fn crashed(guest: &Guest) {
    becomes_open(guest);
    expect_load(guest, BACK, || {
        guest
            .root("pkill -KILL --uid keeper --full 'type=renderer'")
            .well();
    });
    becomes_open(guest);
}

fn for_a_person(guest: &Guest) {
    guest.notebook.behave(Mode::SignIn);
    keeper(guest, &["reload"]);
    let why = becomes(guest, "signed_out");
    assert!(why.starts_with("somebody has to sign in at"), "{why}");
    // Somebody has: the page leads on by itself.
    guest.notebook.behave(Mode::Well);
    becomes_open(guest);
    guest.notebook.behave(Mode::Disconnected);
    keeper(guest, &["reload"]);
    let why = becomes(guest, "waiting_for_person");
    assert_eq!(why, "the notebook's runtime is disconnected");
    told(guest, "hook", "runtime is disconnected");
    guest.notebook.behave(Mode::Well);
    becomes_open(guest);
}

fn hangs(guest: &Guest) {
    becomes_open(guest);
    guest.notebook.behave(Mode::Hangs);
    keeper(guest, &["reload"]);
    let silent = wait_for("a page that does not answer", BACK, || {
        let (_, why) = state_of_first(guest);
        why.contains("does not answer").then_some(())
    });
    assert!(
        silent.is_some(),
        "expected it to be noticed: {}",
        keeper(guest, &["status"])
    );
    guest.notebook.behave(Mode::Well);
    expect_load(guest, REVIVED, || {});
    becomes_open(guest);
}

fn sign_in(guest: &Guest) {
    let mut viewer = hanako(guest, "sign-in");
    keeper(guest, &["sign-in"]);
    viewer.sees_words("the page for signing in", "-page", &["sign in", "done"]);
    told(guest, "hook", "somebody to sign in");
    told(guest, "topic", "somebody to sign in");
    let steered = guest.root("ss --no-header --listening --tcp --numeric sport = :9222");
    assert_eq!(
        steered.well(),
        "",
        "expected that no program can steer the browser meanwhile"
    );
    let load = expect_load(guest, BACK, || {
        keeper(guest, &["signed-in"]);
    });
    becomes_open(guest);
    told(guest, "hook", "open again");
    // It lies over the page until somebody who is there has had time to read it.
    viewer.hands().click(1250, 70).expect("the screen is there");
    viewer.sees_page(load);
    viewer.leave();
}

/// Waits until a notice with these words was sent to the path, by the device's curl.
fn told(guest: &Guest, path: &str, words: &str) {
    let told = wait_for("the notice", SOON, || {
        let said = guest.notebook.notices(path);
        said.into_iter().find(|text| text.contains(words))
    });
    assert!(
        told.is_some(),
        "expected a notice with {words:?} at /{path}; there were {:?}",
        guest.notebook.notices(path)
    );
}

fn is_small(guest: &Guest) {
    // So long a device takes to come to rest after its start.
    let rested = wait_for(
        "ten minutes since its start",
        Duration::from_secs(600),
        || {
            let up = guest.root("cut -d. -f1 /proc/uptime").well();
            (up.parse::<u64>().expect("seconds") >= 600).then_some(())
        },
    );
    assert!(rested.is_some(), "expected its clock to go on");
    // Nine moments, 20 s apart.
    let script = "
        sed -n 's/^RssAnon:[^0-9]*\\([0-9]*\\) kB$/\\1/p' \"/proc/$(pidof keeperd)/status\"
        for moment in 1 2 3 4 5 6 7 8 9; do
            cut -d' ' -f1 \"/proc/$(pidof keeperd)/schedstat\"
            [ \"$moment\" = 9 ] || sleep 20
        done";
    let said = guest.root(script).well();
    let numbers: Vec<u64> = said.lines().filter_map(|line| line.parse().ok()).collect();
    let Some((memory, moments)) = numbers.split_first().filter(|_| numbers.len() == 10) else {
        panic!("expected ten numbers; seen: {said}")
    };
    let memory = *memory;
    assert!(
        moments.is_sorted(),
        "expected the same keeperd at all moments: {moments:?}"
    );
    // What keeperd does comes again within two minutes. The emulator can only add to it, and adds most when the machine
    // or the device is busy: so the least of the three spans of two minutes.
    let spans = moments.windows(7).map(|span| span[6] - span[0]);
    let least = Duration::from_nanos(spans.min().expect("three spans"));
    // Of the processor no limit is asserted: that depends on the machine that emulates it.
    let hourly = least.as_secs_f64() * 30.0;
    let limit = ANONYMOUS_LIMIT_KIB as f64;
    figures::note("keeperd's own memory on arm64, KiB", memory as f64, limit);
    figures::note("keeperd's processor time on arm64, s an hour", hourly, 7.0);
    assert!(
        memory <= ANONYMOUS_LIMIT_KIB,
        "expected keeperd to have at most {ANONYMOUS_LIMIT_KIB} KiB of its own; it has {memory}"
    );
}
