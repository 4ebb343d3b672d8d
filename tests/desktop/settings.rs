//! What the owner can choose in `keeper.toml` and by key: a window instead of the whole screen, the
//! monitor instead of a virtual display, a terminal; and that all of it is there again after it was switched off.

use std::time::Duration;

use e2e::guest::{Guest, HANAKO};
use e2e::patience::wait_for;
use e2e::viewer::{Viewer, has_fields};
use libtest_mimic::Trial;
use look::Security;

use crate::browser::BACK;
use crate::state::FIRST_PAGE;
use crate::{hanako, scenario};

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("a_key_opens_a_terminal_over_the_browser", terminal),
        scenario("a_key_opens_the_dashboard_over_the_browser", dashboard),
        scenario("the_browser_can_be_a_window_beside_a_panel", window),
        scenario("the_desktop_can_be_on_the_monitor", monitor),
        scenario("switched_off_and_on_it_is_as_before", restart),
    ]
}

/// The monitor of QEMU's graphics card.
const MONITOR: (u32, u32) = (1280, 800);
/// A key's way to the page, in emulation.
const REACTION: Duration = Duration::from_secs(60);

/// Does something after which the browser opens the page anew, and waits for that; returns its load.
fn expect_page(guest: &Guest, limit: Duration, act: impl FnOnce()) -> u32 {
    let loads = guest.notebook.loads();
    act();
    let loaded = wait_for("the page", limit, || {
        (guest.notebook.loads() > loads).then(|| guest.notebook.last_load())
    });
    loaded.flatten().unwrap_or_else(|| {
        panic!(
            "expected the browser to open the page within {} s; seen: none. The units:\n{}",
            limit.as_secs(),
            guest
                .root("systemctl --user --machine keeper@ status --no-pager 'keeper-*'; systemctl status --no-pager keeper-monitor")
                .stdout
        )
    })
}

fn terminal(guest: &Guest) {
    let load = guest.notebook.last_load();
    let mut viewer = hanako(guest, "terminal");
    viewer.sees_page(load.expect("an earlier scenario has seen a page"));
    viewer
        .hands()
        .press("ctrl+alt+t")
        .expect("the screen is there");
    viewer.sees_words(
        "the terminal",
        "",
        &["terminal of the user", "keeper status"],
    );
    let hands = viewer.hands();
    hands.write("exit").expect("the screen is there");
    hands.press("Return").expect("the screen is there");
    let words = format!("LOAD {}", load.expect("as before"));
    viewer.sees_words("the page behind it", "-closed", &[&words]);
    viewer.leave();
}

fn dashboard(guest: &Guest) {
    let load = guest.notebook.last_load();
    let load = format!(
        "LOAD {}",
        load.expect("an earlier scenario has seen a page")
    );
    let mut viewer = hanako(guest, "dashboard");
    viewer.sees_words("the page", "-before", &[&load]);
    viewer
        .hands()
        .press("ctrl+alt+s")
        .expect("the screen is there");
    viewer.sees_words("the dashboard", "", &["Notebook", "Settings"]);
    viewer.hands().press("alt+F4").expect("the screen is there");
    viewer.sees_words("the page behind it", "-closed", &[&load]);
    viewer.leave();
}

fn window(guest: &Guest) {
    let mut viewer = hanako(guest, "window");
    let load = expect_page(guest, BACK, || guest.configure("mode = \"window\""));
    // The browser's own frame is there, and the page a little smaller.
    let load = format!("LOAD {load}");
    let address = guest.notebook.port().to_string();
    viewer.sees_words("the browser as a window", "-framed", &[&load, &address]);
    let panel = guest.root("pgrep --uid keeper --exact lxqt-panel");
    assert_eq!(panel.code, Some(0), "expected a panel beside the window");
    viewer.leave();
}

fn monitor(guest: &Guest) {
    let load = expect_page(guest, FIRST_PAGE, || {
        guest.configure("[device]\ndisplay = \"hdmi\"");
    });
    let panel = guest.root("pgrep --uid keeper --exact lxqt-panel");
    assert_eq!(
        panel.code,
        Some(1),
        "expected no panel behind a full screen"
    );
    let words = format!("LOAD {load}");
    guest.monitor_shows("monitor", FIRST_PAGE, has_fields, &[&words]);
    // The same over RDP.
    let login = (HANAKO, guest.owner.password(HANAKO));
    let mut viewer = Viewer::connect_with(guest, "monitor-over-rdp", login, Security::Tls, MONITOR);
    viewer.sees_page(load);
    viewer.leave();
    let before = guest.notebook.keys();
    guest.type_on_keyboard(&["h", "d", "m", "i"]);
    let typed = wait_for("keys of the keyboard", REACTION, || {
        guest.notebook.keys()[before.len()..]
            .contains("hdmi")
            .then_some(())
    });
    assert!(
        typed.is_some(),
        "expected the keyboard's keys on the page; seen: {:?}",
        guest.notebook.keys()
    );
    let user = guest.root("ps -o user= -C Xorg").well();
    assert_eq!(
        user, "keeper",
        "expected the monitor's X server without root"
    );
    // That it goes back too is seen after the restart. Until then no browser opens a page.
    guest.configure("");
    guest
        .root("systemctl --user --machine keeper@ stop keeper-kiosk")
        .well();
}

fn restart(guest: &Guest) {
    let identity = || {
        let said = guest.root(
            "readlink /etc/keeper/applied; cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub",
        );
        (said.well(), guest.rdp_fingerprint().expect("a certificate"))
    };
    let before = identity();
    let load = expect_page(guest, FIRST_PAGE, || {
        guest.restart().expect("it comes up again");
    });
    assert_eq!(identity(), before, "expected the same device as before");
    let mut viewer = hanako(guest, "after-restart");
    viewer.sees_page(load);
    viewer.leave();
}
