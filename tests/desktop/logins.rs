//! The remote desktop: who gets in, what they see, what goes on when they leave.

use std::time::{Duration, Instant};

use e2e::guest::{Guest, HANAKO, TANAKA};
use e2e::patience::wait_for;
use e2e::viewer::{Outcome, Viewer};
use libtest_mimic::Trial;
use look::Security;

use crate::browser::browser_pid;
use crate::{hanako, scenario};

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("hanako_sees_the_kiosk_and_can_use_it", sees_and_uses),
        scenario("the_session_goes_on_without_her", goes_on),
        scenario("two_clients_see_the_same", two_at_once),
        scenario("a_wrong_password_is_refused", wrong_password),
        scenario("root_is_refused", root),
        scenario("who_is_not_of_the_people_is_refused", not_of_the_people),
        scenario("rdps_own_encryption_is_refused", no_tls),
    ]
}

/// One that nobody has.
pub const WRONG_PASSWORD: &str = "not-hers-r7wq3kzt";
/// As long as an answer to the right password has ever taken, and more.
const REFUSAL: Duration = Duration::from_secs(60);
/// Time for a picture, if one came after the refusal.
const AFTERWARDS: Duration = Duration::from_secs(8);
/// A key's way through two X servers, in emulation.
const REACTION: Duration = Duration::from_secs(60);
/// The page tells of its life every 3 s.
const BEAT: Duration = Duration::from_secs(60);

fn load(guest: &Guest) -> u32 {
    let load = guest.notebook.last_load();
    load.expect("the kiosk has opened the notebook, as an earlier scenario shows")
}

fn sees_and_uses(guest: &Guest) {
    let mut viewer = hanako(guest, "kiosk");
    viewer.sees_page(load(guest));
    // In the middle of the page, which has no links.
    viewer.hands().click(800, 450).expect("the screen is there");
    let clicked = wait_for("a click", REACTION, || {
        (guest.notebook.clicks() > 0).then_some(())
    });
    assert!(
        clicked.is_some(),
        "expected her click to reach the page; it did not"
    );
    viewer.hands().write("colab").expect("the screen is there");
    let keys = || guest.notebook.keys();
    let typed = wait_for("keys", REACTION, || keys().contains("colab").then_some(()));
    assert!(
        typed.is_some(),
        "expected the keys \"colab\" to reach the page; these did: {:?}",
        keys()
    );
    viewer.leave();
}

fn goes_on(guest: &Guest) {
    let (load_before, pid) = (load(guest), browser_pid(guest));
    let left = Instant::now();
    let alive = wait_for("a sign of life", BEAT, || guest.notebook.alive_since(left));
    assert_eq!(
        alive,
        Some(load_before),
        "expected the same page to go on while nobody looks"
    );
    let mut viewer = hanako(guest, "again");
    viewer.sees_page(load_before);
    viewer.leave();
    assert_eq!(browser_pid(guest), pid, "expected the same browser process");
    assert_eq!(
        load(guest),
        load_before,
        "expected that nothing was loaded anew"
    );
}

fn two_at_once(guest: &Guest) {
    let mut first = hanako(guest, "first-of-two");
    let mut second = hanako(guest, "second-of-two");
    first.sees_page(load(guest));
    second.sees_page(load(guest));
    // Neither sent the other away.
    first.sees_page(load(guest));
    first.leave();
    second.leave();
}

fn wrong_password(guest: &Guest) {
    refused(guest, "wrong-password", (HANAKO, WRONG_PASSWORD));
}

fn root(guest: &Guest) {
    let password = guest.owner.password("root");
    let shadow = guest.root("getent shadow root | cut -c 1-8").well();
    assert_eq!(
        shadow, "root:$6$",
        "expected root to have a password, so that it is a right one that is refused"
    );
    refused(guest, "root", ("root", password));
}

fn not_of_the_people(guest: &Guest) {
    let groups = guest.root(&format!("id -nG {TANAKA}")).well();
    assert!(!groups.contains("keeper-people"), "{TANAKA} is in {groups}");
    refused(guest, "tanaka", (TANAKA, guest.owner.password(TANAKA)));
}

/// Refused by somebody, and not merely slow or broken: xrdp says so, and then the desktop does not
/// come.
pub fn refused(guest: &Guest, name: &str, login: (&str, &str)) {
    let (user, since) = (login.0, guest.root("date +%s").well());
    let journal =
        format!("journalctl --boot --no-pager --since @{since} --unit xrdp --unit xrdp-sesman");
    let mut viewer = Viewer::connect(guest, name, login, Security::Tls);
    let told = wait_for("the refusal", REFUSAL, || {
        refusal_of(user, &guest.root(&journal).stdout)
    });
    let outcome = viewer.outcome(AFTERWARDS);
    let (picture, words) = (viewer.keep(""), viewer.words());
    let inside = guest
        .root("ss --no-header --tcp state established sport = :5901")
        .well();
    let seen = format!(
        "{outcome:?}, connections to the desktop: {inside:?}, words read: {words:?}\npicture: {}\n\
         xrdp said:\n{}\nthe client said:\n{}",
        picture.display(),
        guest.root(&journal).stdout,
        viewer.said()
    );
    assert!(
        outcome != Outcome::LetIn && inside.is_empty(),
        "expected {user} to be refused; seen: {seen}"
    );
    assert!(
        told.is_some(),
        "expected xrdp to say within {} s that it refuses {user}; seen: {seen}",
        REFUSAL.as_secs()
    );
}

/// xrdp's word that it refused a user, in its journal.
fn refusal_of(user: &str, journal: &str) -> Option<String> {
    let lines = journal.lines().map(str::to_lowercase);
    let mut refusals = lines.filter(|line| {
        let refuses = ["fail", "denied", "not allowed", "problem", "disabled"];
        line.contains(user) && refuses.iter().any(|word| line.contains(word))
    });
    refusals.next()
}

fn no_tls(guest: &Guest) {
    let since = guest.root("date +%s").well();
    let login = (HANAKO, guest.owner.password(HANAKO));
    let mut viewer = Viewer::connect(guest, "plain-rdp", login, Security::Rdp);
    let outcome = viewer.outcome(REFUSAL);
    let sent_away = matches!(outcome, Outcome::SentAway(Some(code)) if code != 0);
    let journal = guest.root(&format!(
        "journalctl --boot --no-pager --since @{since} --unit xrdp"
    ));
    assert!(
        sent_away && journal.stdout.contains("Server requires TLS"),
        "expected xrdp to send a client without TLS away for that; seen: {outcome:?}\npicture: \
         {}\nxrdp said:\n{}\nthe client said:\n{}",
        viewer.keep("").display(),
        journal.stdout,
        viewer.said()
    );
}
