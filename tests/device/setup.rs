//! The setup session of a device without an owner: how it begins and ends, how its browser is started, and what that
//! browser's policies say.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use e2e::harness::trial;
use libtest_mimic::Trial;
use serde_json::{Map, Value};
use tempfile::TempDir;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("the_setups_browser_shows_the_wizard_alone", wizard_alone),
        trial("the_setups_profile_is_in_memory", profile),
        trial("who_looks_before_the_browser_is_there_is_told", told),
        trial("the_setup_session_has_its_policies_first", begins),
        trial("nothing_of_the_setup_session_is_left", ends),
        trial("the_setup_session_ends_whatever_fails", ends_all_the_same),
        trial("what_is_anothers_is_left_to_them", left),
        trial("the_policies_let_nothing_through_but_the_wizard", policies),
    ]
}

const OVERLAY: &str = "overlay/setup/root/usr";

pub fn file(path: &str) -> PathBuf {
    e2e::repository().join(OVERLAY).join(path)
}

/// Room for a script, with programs that it finds before all others.
struct Room(TempDir);

impl Room {
    fn new() -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        fs_err::create_dir(room.at("bin")).unwrap();
        room
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn program(&self, name: &str, text: &str) {
        program(&self.at("bin").join(name), text);
    }

    /// A script of the feature, which has the room as `ROOM` and calls programs of the room first.
    #[allow(
        clippy::disallowed_methods,
        reason = "the script is started as systemd would"
    )]
    fn script(&self, name: &str) -> Command {
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new(file("libexec/keeper").join(name));
        command
            .env("PATH", format!("{}:{path}", self.at("bin").display()))
            .env("ROOM", self.0.path());
        command
    }

    fn calls(&self) -> Vec<String> {
        let calls = fs_err::read_to_string(self.at("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }
}

fn program(path: &Path, text: &str) {
    fs_err::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[track_caller]
fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output
}

/// The browser's arguments, one a line, without the room's own place.
fn arguments(room: &Room, snap: &str) -> Vec<String> {
    room.program("browser", "printf '%s\\n' \"$@\"");
    room.program("curl", "exit 0");
    let output = succeeds(
        room.script("setup-browser")
            .env("XDG_RUNTIME_DIR", room.at("run"))
            .env("KEEPER_BROWSER_COMMAND", room.at("bin/browser"))
            .env("KEEPER_BROWSER_SNAP", snap)
            // What the notebook's browser would open.
            .env(
                "KEEPER_BROWSER_PAGES",
                "http://notebook.example/ http://127.0.0.1:8470/start/1",
            ),
    );
    let said = String::from_utf8(output.stdout).unwrap();
    let place = format!("{}/", room.0.path().display());
    said.lines().map(|line| line.replace(&place, "")).collect()
}

fn wizard_alone() {
    let arguments = arguments(&Room::new(), "");
    for wanted in ["--kiosk", "--disable-gpu"] {
        assert!(
            arguments.iter().any(|one| one == wanted),
            "{wanted} is not in {arguments:?}"
        );
    }
    for unwanted in [
        "debugging",
        "automation",
        "incognito",
        "no-sandbox",
        "start/",
    ] {
        assert!(
            !arguments.iter().any(|one| one.contains(unwanted)),
            "{unwanted} is in {arguments:?}"
        );
    }
    let pages = arguments.iter().filter(|one| !one.starts_with('-'));
    assert_eq!(
        pages.collect::<Vec<_>>(),
        ["http://127.0.0.1:8470/setup"],
        "{arguments:?}"
    );
}

fn profile() {
    for (snap, profile) in [
        ("", "run/keeper-setup"),
        ("chromium latest/stable", "run/snap.chromium/keeper-setup"),
    ] {
        let room = Room::new();
        // A browser that was killed has left these.
        fs_err::create_dir_all(room.at(profile)).unwrap();
        for left in ["SingletonLock", "SingletonSocket"] {
            std::os::unix::fs::symlink("another-7", room.at(profile).join(left)).unwrap();
        }
        let arguments = arguments(&room, snap);
        let wanted = format!("--user-data-dir={profile}");
        assert!(arguments.contains(&wanted), "{arguments:?}");
        assert_eq!(fs_err::read_dir(room.at(profile)).unwrap().count(), 0);
    }
}

fn told() {
    for (language, part) in [("en_US.UTF-8", "prepared"), ("ja_JP.UTF-8", "準備")] {
        let room = Room::new();
        room.program("curl", "exit 0");
        room.program("dunst", "exec sleep 600");
        // The first notice brings news, the third one the browser: each is told once.
        room.program(
            "notify-send",
            r#"for last; do :; done
printf '%s\n' "$last" >>"$ROOM/calls"
case $(grep -c . "$ROOM/calls") in
2) echo "installing 40%: x" >"$ROOM/status" ;;
*) mv "$ROOM/bin/later" "$ROOM/bin/browser" ;;
esac"#,
        );
        room.program("later", "echo started");
        fs_err::write(room.at("status"), "preparing: first\nmore\n").unwrap();
        let output = succeeds(
            room.script("setup-browser")
                .env("XDG_RUNTIME_DIR", room.at("run"))
                .env("LANG", language)
                .env("KEEPER_BROWSER_COMMAND", room.at("bin/browser"))
                .env("KEEPER_BROWSER_STATUS", room.at("status"))
                .env("KEEPER_SETUP_PAUSE", "0.05"),
        );
        assert_eq!(output.stdout, b"started\n");
        let calls = room.calls();
        assert!(calls[0].contains(part), "{calls:?}");
        let status: Vec<_> = calls.iter().skip(1).step_by(2).collect();
        assert_eq!(status, ["preparing: first", "installing 40%: x"]);
    }
}

/// A device of which every program tells that it was called, and with what the policies were then.
fn device() -> Room {
    let room = Room::new();
    let tell = r#"there=without
[ -e "$ROOM/policies/keeper-setup.json" ] && there=with
echo "$there: ${0##*/} $*" >>"$ROOM/calls""#;
    for name in ["loginctl", "systemctl"] {
        room.program(name, tell);
    }
    for dir in ["home", "home/snap", "traces", "traces/.X11-unix"] {
        fs_err::create_dir(room.at(dir)).unwrap();
    }
    for file in [
        "home/.cache",
        "home/snap/x",
        "traces/.X1-lock",
        "traces/.X11-unix/X1",
        "traces/.X11-unix/X2",
    ] {
        fs_err::write(room.at(file), "").unwrap();
    }
    room
}

fn session(room: &Room, verb: &str) -> Command {
    let mut command = room.script("setup-session");
    command
        .arg(verb)
        .env("KEEPER_BROWSER_POLICIES", room.at("policies"))
        .env(
            "KEEPER_SETUP_POLICIES",
            file("lib/keeper/setup-policies.json"),
        )
        // Whose the room's files are.
        .env("KEEPER_SETUP_USER", me())
        .env("KEEPER_SETUP_HOME", room.at("home"))
        .env("KEEPER_SETUP_TRACES", room.at("traces"));
    command
}

#[allow(clippy::disallowed_methods, reason = "as the script does")]
fn me() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn begins() {
    let room = device();
    succeeds(&mut session(&room, "start"));
    assert_eq!(
        room.calls(),
        [format!("with: loginctl enable-linger {}", me())]
    );
    let policies = room.at("policies/keeper-setup.json");
    let mode = fs_err::metadata(&policies).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "the browser is another user's");
    assert_eq!(
        fs_err::read(policies).unwrap(),
        fs_err::read(file("lib/keeper/setup-policies.json")).unwrap()
    );
    assert!(room.at("home/snap").exists());
}

fn uid() -> u32 {
    rustix::process::getuid().as_raw()
}

fn ends() {
    let room = device();
    succeeds(&mut session(&room, "start"));
    fs_err::remove_file(room.at("calls")).unwrap();
    succeeds(&mut session(&room, "stop"));
    // The browser must not be there for a moment without its policies.
    let expected = [
        format!("with: loginctl disable-linger {}", me()),
        format!("with: systemctl stop user@{}.service", uid()),
    ];
    assert_eq!(room.calls(), expected);
    for gone in [
        "policies/keeper-setup.json",
        "traces/.X1-lock",
        "traces/.X11-unix/X1",
        "home/.cache",
        "home/snap",
    ] {
        assert!(!room.at(gone).exists(), "{gone}");
    }
    assert!(room.at("home").exists() && room.at("traces/.X11-unix/X2").exists());
}

fn ends_all_the_same() {
    let room = device();
    succeeds(&mut session(&room, "start"));
    for name in ["loginctl", "systemctl"] {
        room.program(name, "exit 1");
    }
    let output = succeeds(&mut session(&room, "stop"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.matches("this failed").count(), 2, "{said}");
    assert!(!room.at("policies/keeper-setup.json").exists());
    assert!(!room.at("traces/.X1-lock").exists());
    // Twice, as when the device is switched off afterwards.
    fs_err::remove_dir_all(room.at("home")).unwrap();
    succeeds(&mut session(&room, "stop"));
}

fn left() {
    let room = device();
    // The desktop's display, in the place of the setup's.
    room.program("stat", "echo 4242");
    succeeds(&mut session(&room, "stop"));
    assert!(room.at("traces/.X1-lock").exists() && room.at("traces/.X11-unix/X1").exists());
    let output = session(&room, "restart").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

fn json(path: &Path) -> Map<String, Value> {
    let text = fs_err::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn policies() {
    let ours = json(&file("lib/keeper/setup-policies.json"));
    let allowed = &ours["URLAllowlist"];
    assert_eq!(*allowed, serde_json::json!(["http://127.0.0.1:8470"]));
    let blocked: Vec<&str> = ours["URLBlocklist"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    // The star lets these through: Chromium has them in a list of its own.
    for wanted in [
        "*",
        "chrome-extension://*",
        "chrome-native://*",
        "chrome-search://*",
    ] {
        assert!(blocked.contains(&wanted), "{wanted}: {blocked:?}");
    }
    for (key, value) in [
        ("AllowFileSelectionDialogs", Value::Bool(false)),
        ("DownloadRestrictions", 3.into()),
        ("DeveloperToolsAvailability", 2.into()),
        ("IncognitoModeAvailability", 1.into()),
        ("PrintingEnabled", Value::Bool(false)),
    ] {
        assert_eq!(ours[key], value, "{key}");
    }
    // Both files are read, and where they differ the other one would win.
    let theirs = json(&e2e::repository().join("overlay/kiosk/policies/keeper.json"));
    for (key, value) in &ours {
        if let Some(other) = theirs.get(key) {
            assert_eq!(value, other, "{key}");
        }
    }
}
