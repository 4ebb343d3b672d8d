//! What the device looks like from inside: units, memory, nothing that blanks; and in the end, no
//! password where it does not belong.

use std::time::Duration;

use e2e::guest::{Guest, HOSTNAME};
use e2e::patience::wait_for;
use libtest_mimic::Trial;

use crate::scenario;

pub fn at_first() -> Vec<Trial> {
    vec![scenario("the_device_finds_itself_well", finds_itself_well)]
}

pub fn at_rest() -> Vec<Trial> {
    vec![
        scenario("everything_is_up_and_nothing_has_failed", is_up),
        scenario("the_kiosk_opens_the_notebook_by_itself", opens_notebook),
        scenario("the_desktop_at_rest_takes_less_than_450_mb", is_small),
        scenario("the_screen_never_blanks", never_blanks),
        scenario("keeperd_is_exposed_to_little", is_confined),
    ]
}

pub fn in_the_end() -> Vec<Trial> {
    vec![scenario("no_password_is_in_any_log", no_password_logged)]
}

/// From the end of the boot until the browser shows the notebook, in emulation.
pub const FIRST_PAGE: Duration = Duration::from_secs(240);
const EXPOSURE_LIMIT: f64 = 3.0;
const MEMORY_LIMIT_KIB: u64 = 450_000_000 / 1024;

const UNITS: &str = "keeperd xrdp xrdp-sesman ssh fail2ban keeper-firewall keeper-apply.path \
                     keeper-tunnel-ask.path keeper-tunnel-end.timer";
const USER_UNITS: &str = "keeper-display keeper-windows keeper-session-helper keeper-kiosk";

/// As `cargo xtask boot --check` asks it, and with all that a desktop adds.
fn finds_itself_well(guest: &Guest) {
    for check in &guest.report.checks {
        eprintln!("    {check}");
    }
    let verdict = guest.report.verdict();
    assert!(verdict.is_ok(), "{:#}", verdict.expect_err("it is none"));
    let said = |name: &str| {
        let mut checks = guest.report.checks.iter();
        let check = checks.find(|check| check.name == name);
        let check = check.unwrap_or_else(|| panic!("expected a check named {name}"));
        check.detail.clone()
    };
    for name in ["setup", "rdp"] {
        said(name);
    }
    assert!(
        said("cloud-init").contains(HOSTNAME),
        "expected its name to be from user-data"
    );
}

/// Up, and up since the first attempt: a unit that fails and is started again is active for most of
/// the time.
fn is_up(guest: &Guest) {
    let script = format!(
        "systemctl is-system-running
        systemctl list-units --all --plain --no-legend --state failed
        systemctl --user --machine keeper@ list-units --all --plain --no-legend --state failed
        tell() {{
            unit=$1; shift
            echo \"$unit\" $(\"$@\" show --property ActiveState,NRestarts \"$unit\")
        }}
        for unit in {UNITS}; do tell \"$unit\" systemctl; done
        for unit in {USER_UNITS}; do tell \"$unit\" systemctl --user --machine keeper@; done"
    );
    let names = UNITS.split(' ').chain(USER_UNITS.split(' '));
    let expected: Vec<String> = names
        .map(|name| match name.contains('.') {
            true => format!("{name} ActiveState=active"),
            false => format!("{name} NRestarts=0 ActiveState=active"),
        })
        .collect();
    let seen = guest.root(&script).well();
    assert_eq!(
        seen,
        format!("running\n{}", expected.join("\n")),
        "expected a running system, no failed unit, and all of ours active since their first start"
    );
}

fn opens_notebook(guest: &Guest) {
    let loaded = wait_for("the kiosk's first page", FIRST_PAGE, || {
        guest.notebook.last_load()
    });
    assert!(
        loaded.is_some(),
        "expected the kiosk to open {} by itself within {} s of the boot's end",
        guest.notebook.url(),
        FIRST_PAGE.as_secs()
    );
}

fn is_small(guest: &Guest) {
    // What started with the page still moves: the least of a few looks.
    let script = "for look in 1 2 3 4 5; do
            awk '/^MemTotal/ { all = $2 } /^MemAvailable/ { print all - $2 }' /proc/meminfo
            sleep 3
        done | sort -n | head -n 1
        ps -e --sort=-rss -o rss= -o user= -o args= | cut -c 1-140 | head -n 12";
    let seen = guest.root(script).well();
    let (used, biggest) = seen.split_once('\n').unwrap_or((&seen, ""));
    let used: u64 = used.parse().expect("a number of KiB");
    eprintln!("    in use: {} MB", used * 1024 / 1_000_000);
    assert!(
        used < MEMORY_LIMIT_KIB,
        "expected less than {MEMORY_LIMIT_KIB} KiB in use with one page; seen: {used} KiB. The \
         biggest (KiB, user, program):\n{biggest}"
    );
}

/// Asked of the X server itself, with the cookie that the window manager has in its environment.
/// (Chromium writes over its own.)
fn never_blanks(guest: &Guest) {
    let script = "
        manager=$(pgrep --oldest --uid keeper --exact openbox) || exit 1
        variables=$(tr '\\0' '\\n' <\"/proc/$manager/environ\" | grep -E '^(DISPLAY|XAUTHORITY)=')
        sudo -n -u keeper env $variables xset q";
    let seen = guest.root(script).well();
    let saver = seen.contains("timeout:  0");
    let power = seen.contains("DPMS is Disabled") || seen.contains("does not have the DPMS");
    assert!(
        saver && power,
        "expected a screen saver's timeout of 0 and no DPMS; seen:\n{seen}"
    );
}

/// systemd's own judgement, of 10. It does not know everything: what a unit may do is tried elsewhere.
fn is_confined(guest: &Guest) {
    let seen = guest.root("systemd-analyze security --no-pager keeperd.service | tail -n 1");
    let line = seen.well();
    let level = line
        .split_whitespace()
        .find_map(|word| word.parse::<f64>().ok());
    assert!(
        level.is_some_and(|level| level <= EXPOSURE_LIMIT),
        "expected an exposure of at most {EXPOSURE_LIMIT}; seen: {line}"
    );
}

fn no_password_logged(guest: &Guest) {
    let passwords = guest.owner.passwords.iter().map(|(_, password)| password);
    let wrong = crate::logins::WRONG_PASSWORD.to_owned();
    let patterns: Vec<String> = passwords.cloned().chain([wrong]).collect();
    let patterns = patterns.join("\n");
    // The search itself is tried first, on a word that is surely there.
    let script = format!(
        "patterns=$(mktemp)
        search() {{
            journalctl --no-pager --output export --all |
                grep --text --count --fixed-strings --file \"$patterns\"
            grep --recursive --text --files-with-matches --fixed-strings --file \"$patterns\" /var/log
        }}
        logger {CANARY}; journalctl --sync; echo {CANARY} >/var/log/canary
        echo {CANARY} >\"$patterns\"
        search | sed 's/^[1-9][0-9]*$/found/' | grep -e found -e canary
        cat >\"$patterns\" <<'END'\n{patterns}\nEND
        search
        rm \"$patterns\" /var/log/canary"
    );
    let seen = guest.root(&script).well();
    assert_eq!(
        seen, "found\n/var/log/canary\n0",
        "expected the search to find its canary in the journal and in a file, and then no password \
         in either"
    );
}

const CANARY: &str = "canary-of-the-search";
