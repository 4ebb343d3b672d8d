//! A new device: what it shows of itself, the wizard over its remote desktop, and that the setup code ends with it. All
//! later scenarios are on the device that the wizard has made.

use std::sync::OnceLock;
use std::time::Duration;

use e2e::guest::{Guest, HANAKO, HOSTNAME, TARO};
use e2e::patience::wait_for;
use e2e::viewer::Viewer;
use libtest_mimic::Trial;
use look::Security;

use crate::logins::refused;
use crate::scenario;
use crate::state::FIRST_PAGE;

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("a_new_device_shows_the_way_in", shows_the_way),
        scenario("before_the_wizard_nobody_else_gets_in", nobody_else),
        scenario("the_wizard_leads_nowhere_else", leads_nowhere),
        scenario("a_new_device_becomes_taros_by_the_wizard", wizard),
        scenario("the_setup_code_is_void", code_is_void),
    ]
}

/// Who sets a device up.
const SETUP: &str = "setup";
/// From the last button until the desktop is there, in emulation.
const APPLIED: Duration = Duration::from_secs(180);
/// A key's way to the page and the page's way back, in emulation.
const SETTLED: Duration = Duration::from_secs(2);

/// What lies on the card for the owner.
fn notice(guest: &Guest) -> String {
    guest.root("cat /boot/firmware/keeper-setup.txt").well()
}

/// The code, as the notice has it.
fn code(guest: &Guest) -> String {
    let notice = notice(guest);
    let line = notice
        .lines()
        .find_map(|line| line.trim().strip_prefix("Password:"));
    let code = line.unwrap_or_else(|| panic!("expected a code in the notice:\n{notice}"));
    code.trim().to_owned()
}

fn shows_the_way(guest: &Guest) {
    let notice = notice(guest);
    for words in [
        &format!("{HOSTNAME}.local"),
        "10.0.2.15",
        "User name:   setup",
        "設定",
    ] {
        assert!(notice.contains(words), "expected {words:?} in:\n{notice}");
    }
    let fingerprint = guest.rdp_fingerprint().expect("a certificate");
    assert!(
        notice.contains(&fingerprint),
        "expected {fingerprint} in:\n{notice}"
    );
    guest.monitor_shows(
        "console",
        Duration::from_secs(60),
        |_| true,
        &["Colab Keeper", "compare the", "User name"],
    );
    // The code is no other account's, and lies where only root reads it.
    let kept = guest.root("stat --format '%a %U' /var/lib/keeper-apply/setup-code");
    assert_eq!(kept.well(), "600 root");
}

fn nobody_else(guest: &Guest) {
    let login = (HANAKO, guest.owner.password(HANAKO));
    for (who, password) in [login, (SETUP, "k7pd-2mxq-9trwv")] {
        refused(guest, &format!("before-setup-{who}"), (who, password));
    }
    for port in [5901, 8470] {
        let ask = format!("curl --max-time 10 http://127.0.0.1:{port}/setup");
        let said = guest.as_user("nobody", &ask);
        // It could not connect.
        assert_eq!(
            said.code,
            Some(7),
            "expected {port} to be closed: {said:#?}"
        );
    }
    let denied = guest
        .root("/usr/sbin/sshd -T -C user=setup,host=localhost,addr=127.0.0.1 | sed -n 's/^denyusers //p'")
        .well();
    assert!(
        denied.lines().any(|one| one == SETUP),
        "expected no SSH for the code's account: {denied}"
    );
}

/// The code while there was one.
static CODE: OnceLock<String> = OnceLock::new();

/// Somebody with the code, in front of the wizard.
fn at_the_wizard<'a>(guest: &'a Guest, name: &str) -> Viewer<'a> {
    let code = CODE.get_or_init(|| code(guest));
    let mut viewer = Viewer::connect(guest, name, (SETUP, code), Security::Tls);
    viewer.sees_words("the wizard", "", &["Choose your language"]);
    viewer
}

/// Keys that lead out of a browser: none changes what is seen, but for a ring around what has the focus.
fn leads_nowhere(guest: &Guest) {
    let viewer = at_the_wizard(guest, "wizard-escapes");
    let hands = viewer.hands();
    let before = viewer.screen.picture().expect("the screen is there");
    for keys in [
        "shift+Escape",
        "ctrl+n",
        "ctrl+t",
        "ctrl+shift+n",
        "ctrl+o",
        "ctrl+s",
        "ctrl+p",
        "ctrl+u",
        "ctrl+j",
        "ctrl+h",
        "ctrl+shift+i",
        "F12",
        "F11",
        "alt+f",
        "alt+d",
        "ctrl+l",
        "F1",
        "F10",
        "alt+F2",
        "ctrl+alt+t",
        "ctrl+f",
        "ctrl+shift+Delete",
    ] {
        hands.press(keys).expect("the screen is there");
        std::thread::sleep(SETTLED);
        let after = viewer.screen.picture().expect("the screen is there");
        let changed = after.difference(&before, 24);
        assert!(
            changed < 0.03,
            "expected {keys} to change nothing; {:.0} % is other than before: {}",
            changed * 100.0,
            viewer.keep("-after").display()
        );
    }
    // These end the browser, or its page: it is there again.
    for keys in ["ctrl+w", "alt+F4", "ctrl+q"] {
        hands.press(keys).expect("the screen is there");
    }
    // An address, typed where an address bar might have the keys.
    hands.press("ctrl+l").expect("the screen is there");
    hands.write("file").expect("the screen is there");
    std::thread::sleep(SETTLED);
    let running = guest
        .root("ps -o comm= --user keeper-setup | sort -u")
        .well();
    let known = [
        "(sd-pam)",
        "Xtigervnc",
        "chrome_crashpad",
        "chromium",
        "dbus-daemon",
        "openbox",
        "systemd",
    ];
    for program in running.lines() {
        assert!(
            known.contains(&program),
            "expected nothing but the wizard's browser: {running}"
        );
    }
    let written = guest.root("find /home/keeper-setup -newer /boot/firmware/keeper-setup.txt \\( -name '*.html' -o -name '*.pdf' -o -name '*.mhtml' \\)");
    assert_eq!(
        written.well(),
        "",
        "expected nothing to be saved or printed"
    );
    viewer.leave();
    // Whatever the keys did to it, the wizard is there again.
    at_the_wizard(guest, "wizard-again").leave();
}

/// One page: `tabs` to a field, what is typed there and in those after it, and on by the Enter key.
fn answer(viewer: &mut Viewer<'_>, title: &str, tabs: usize, typed: &[&str]) {
    let suffix = format!(
        "-{}",
        title
            .split(' ')
            .next_back()
            .unwrap_or_default()
            .trim_end_matches('?')
    );
    viewer.sees_words(title, &suffix, &[title]);
    let hands = viewer.hands();
    for _ in 0..tabs {
        hands.press("Tab").expect("the screen is there");
    }
    for (index, text) in typed.iter().enumerate() {
        if index > 0 {
            hands.press("Tab").expect("the screen is there");
        }
        if !text.is_empty() {
            hands.press("ctrl+a").expect("the screen is there");
            hands.write(text).expect("the screen is there");
        }
    }
    hands.press("Return").expect("the screen is there");
}

fn wizard(guest: &Guest) {
    let password = guest.owner.password(TARO);
    let notebook = guest.notebook.url();
    let mut viewer = at_the_wizard(guest, "wizard");
    // Each step that has been answered is a link more before the first field.
    answer(&mut viewer, "Choose your language", 1, &[""]);
    answer(&mut viewer, "Where is the device", 2, &["", "", ""]);
    answer(&mut viewer, "Connect to the network", 5, &[""]);
    answer(
        &mut viewer,
        "Who owns the device",
        4,
        &[TARO, password, password],
    );
    answer(&mut viewer, "Where does the notebook run", 5, &[""]);
    answer(
        &mut viewer,
        "Which notebook stays open",
        6,
        &[&notebook, ""],
    );
    answer(&mut viewer, "A shell on the Colab machine", 7, &[""]);
    let loads = guest.notebook.loads();
    viewer.sees_words("the summary", "-summary", &["Is everything right"]);
    // The last button but one.
    for keys in ["shift+Tab", "shift+Tab", "Return"] {
        viewer.hands().press(keys).expect("the screen is there");
    }
    let set_up = wait_for("the device is set up", APPLIED, || {
        let there = guest.root("test -e /var/lib/keeper-apply/set-up");
        (there.code == Some(0)).then_some(())
    });
    assert!(
        set_up.is_some(),
        "expected the device to be set up; picture: {}",
        viewer.keep("-not-done").display()
    );
    viewer.sees_words("the last page", "-done", &["The device is set up", TARO]);
    let load = wait_for("the notebook", FIRST_PAGE, || {
        (guest.notebook.loads() > loads).then(|| guest.notebook.last_load())
    });
    let load = load
        .flatten()
        .expect("expected the desktop to open the notebook");
    let mut taros = Viewer::connect(guest, "taro", (TARO, password), Security::Tls);
    taros.sees_page(load);
    taros.leave();
    let groups = guest.root(&format!("id -nG {TARO}")).well();
    for group in ["sudo", "keeper-people"] {
        assert!(
            groups.split(' ').any(|one| one == group),
            "expected {group}: {groups}"
        );
    }
    // What the later scenarios want besides: a tunnel, and notices.
    guest.configure("");
}

fn code_is_void(guest: &Guest) {
    let notice = notice(guest);
    assert!(
        notice.contains("is set up") && !notice.contains("Password:"),
        "expected no code any more:\n{notice}"
    );
    let code = CODE.get().expect("the wizard was there");
    refused(guest, "void-code", (SETUP, code));
    let gone = guest.root("test -e /var/lib/keeper-apply/setup-code");
    assert_eq!(gone.code, Some(1), "expected no code to be kept");
    let shadow = guest.root("getent shadow setup").well();
    assert!(shadow.starts_with("setup:!:"), "expected a locked account");
    let left = guest.root("pgrep --uid keeper-setup");
    assert_eq!(
        left.code,
        Some(1),
        "expected nothing of the wizard to run: {left:#?}"
    );
}
