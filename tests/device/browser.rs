//! Installing the browser's snap: `install-browser` against a stand-in for snapd, which no test
//! can have: it talks to a store.

use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use e2e::harness::trial;
use libtest_mimic::Trial;
use tempfile::TempDir;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_browser_that_is_no_snap_is_left_alone", no_snap),
        trial("an_installed_browser_is_not_installed_again", there_already),
        trial("progress_is_shown_until_it_is_there", from_start_to_end),
        trial("a_failed_installation_is_tried_again", tries_again),
        trial("an_installation_under_way_is_followed", follows),
        trial("it_waits_for_the_network", waits_for_network),
    ]
}

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(60);

/// A device with a snapd of which nothing is real.
struct Device {
    dir: TempDir,
}

impl Device {
    /// With what the image says about the browser's snap, and a route to the network.
    fn new(snap: &str) -> Self {
        let device = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let settings = format!("KEEPER_BROWSER_COMMAND=/x\nKEEPER_BROWSER_SNAP={snap}\n");
        device.write("browser.env", &settings);
        let stub = e2e::repository().join("tests/device/snap");
        fs_err::copy(stub, device.dir.path().join("snap")).unwrap();
        device.write("route", "default via 192.0.2.1 dev eth0\n");
        device.write("ip", "#!/bin/sh\ncat \"${0%/*}/route\" 2>/dev/null\n");
        let ip = device.dir.path().join("ip");
        fs_err::set_permissions(ip, std::fs::Permissions::from_mode(0o755)).unwrap();
        device
    }

    fn write(&self, name: &str, text: &str) {
        fs_err::write(self.dir.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.dir.path().join(name)).unwrap_or_default()
    }

    /// Starts the script, with pauses that a test can wait for.
    #[allow(
        clippy::disallowed_methods,
        reason = "the script is started as systemd would"
    )]
    fn start(&self) -> Child {
        let dir = self.dir.path();
        let script = "overlay/browser-snap/root/usr/libexec/keeper/install-browser";
        let path = std::env::var("PATH").unwrap();
        Command::new(e2e::repository().join(script))
            .env("PATH", format!("{}:{path}", dir.display()))
            .env("KEEPER_BROWSER_ENV", dir.join("browser.env"))
            .env("KEEPER_BROWSER_STATUS", dir.join("status"))
            .env("KEEPER_BROWSER_POLL", "0.1")
            .env("KEEPER_BROWSER_PAUSE", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Waits for its end; what it said to the journal, line by line.
    fn end(&self, mut child: Child) -> Vec<String> {
        let end = Instant::now() + SOON;
        while child.try_wait().unwrap().is_none() {
            if Instant::now() > end {
                child.kill().unwrap();
                panic!("it does not end; its status is {:?}", self.read("status"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", output.status);
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().map(str::to_owned).collect()
    }
}

/// A table as `snap tasks` prints it, of four tasks.
fn tasks(done: usize, step: &str) -> String {
    let mut table = "Status  Spawn               Ready               Summary\n".to_owned();
    for index in 0..4 {
        let (state, summary) = match index.cmp(&done) {
            std::cmp::Ordering::Less => ("Done", "Ensure prerequisites"),
            std::cmp::Ordering::Equal => ("Doing", step),
            std::cmp::Ordering::Greater => ("Do", "Run configure hook"),
        };
        table += &format!("{state:<6}  today at 10:00 UTC  -                   {summary}\n");
    }
    table + "\n......\nDone is what this log says\n"
}

const LOADING: &str = "Download snap \"chromium\" (2333) from channel \"latest/stable\"";

fn no_snap() {
    for setting in ["", "\"\""] {
        let device = Device::new(setting);
        assert_eq!(device.end(device.start()), [""; 0]);
        assert!(!device.dir.path().join("status").exists());
        assert_eq!(device.read("calls"), "");
    }
}

fn there_already() {
    let device = Device::new("chromium latest/stable");
    device.write("installed", "");
    assert_eq!(device.end(device.start()), ["browser: installed"]);
    assert_eq!(device.read("status"), "installed\n");
    assert_eq!(device.read("calls"), "");
}

fn from_start_to_end() {
    let device = Device::new("\"chromium latest/stable\"");
    device.write("unseeded", "");
    device.write(
        "refusals",
        "cannot install \"chromium\": dial tcp: i/o timeout\n",
    );
    device.write("tasks.1", &tasks(1, &format!("{LOADING} (2.00%)")));
    device.write("tasks.2", &tasks(1, &format!("{LOADING} (12.00%)")));
    device.write("tasks.3", &tasks(1, &format!("{LOADING} (50.00%)")));
    device.write("tasks.4", &tasks(3, "Run install hook"));
    let said = device.end(device.start());
    let expected = [
        "browser: preparing: the system's own snaps come first",
        "browser: retrying: snapd is not ready (again in 1 s)",
        "browser: preparing: the system's own snaps come first",
        "browser: retrying: cannot install \"chromium\": dial tcp: i/o timeout (again in 2 s)",
        "browser: preparing: the system's own snaps come first",
        // 28 % is no news.
        &format!("browser: installing 25%: {LOADING} (2.00%)"),
        &format!("browser: installing 37%: {LOADING} (50.00%)"),
        "browser: installing 75%: Run install hook",
        "browser: installed",
    ];
    assert_eq!(said, expected);
    assert_eq!(device.read("status"), "installed\n");
    let call = "install --no-wait --channel=latest/stable chromium\n";
    assert_eq!(device.read("calls"), call.repeat(2));
}

fn tries_again() {
    let device = Device::new("chromium latest/stable");
    device.write("tasks.1", &tasks(0, "Ensure prerequisites"));
    let log = "Status  Spawn  Ready  Summary\nError  -  -  Mount snap\n\n......\nMount snap\n\n\
               2024-08-01T10:00:00Z ERROR no space left\u{7} on device\n\n";
    device.write("error", log);
    let said = device.end(device.start());
    assert!(
        said.contains(&"browser: retrying: no space left on device (again in 1 s)".to_owned()),
        "{said:?}"
    );
    assert_eq!(said.last().unwrap(), "browser: installed");
    assert_eq!(device.read("calls").lines().count(), 2);
}

fn follows() {
    let device = Device::new("chromium latest/stable");
    device.write("started", "");
    device.write("tasks.1", &tasks(2, "Mount snap"));
    let said = device.end(device.start());
    assert!(
        said.contains(&"browser: installing 50%: Mount snap".to_owned()),
        "{said:?}"
    );
    assert_eq!(device.read("calls"), "", "it was under way already");
}

fn waits_for_network() {
    let device = Device::new("chromium latest/stable");
    fs_err::remove_file(device.dir.path().join("route")).unwrap();
    let child = device.start();
    let end = Instant::now() + SOON;
    while device.read("status") != "waiting-for-network\n" {
        assert!(
            Instant::now() < end,
            "its status is {:?}",
            device.read("status")
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(
        device.read("calls"),
        "",
        "nothing is asked for without a network"
    );
    device.write("route", "default via 192.0.2.1 dev eth0\n");
    let said = device.end(child);
    assert_eq!(said.last().unwrap(), "browser: installed");
}
