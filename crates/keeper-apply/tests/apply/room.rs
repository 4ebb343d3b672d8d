//! A device's root file system in a scratch directory.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};
use keeper_apply::{APPLIED, DEFAULTS, Facts, render};

/// What the image ships, as far as keeper-apply sees it.
pub struct Room {
    _dir: tempfile::TempDir,
    pub root: Utf8PathBuf,
}

impl Room {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        let room = Self { _dir: dir, root };
        for path in ["etc/keeper", DEFAULTS, "var/lib/keeper-apply"] {
            fs::create_dir_all(room.root.join(path)).expect("a directory");
        }
        for (name, text) in render(&config::Config::default(), &Facts::default()) {
            room.write(&format!("{DEFAULTS}/{name}"), &text);
        }
        symlink(format!("../../{DEFAULTS}"), room.root.join(APPLIED)).expect("a link");
        room.write(
            "etc/passwd",
            "root:x:0:0:::\ntaro:x:1000:1000:::\nxrdp:x:110:110:::\n",
        );
        room.write("etc/group", "keeper-people:x:990:taro\n");
        room.write("var/lib/keeper-apply/set-up", "");
        room.toml("");
        room
    }

    pub fn write(&self, path: &str, text: &str) {
        fs::write(self.root.join(path), text).expect("writing");
    }

    pub fn toml(&self, text: &str) -> Utf8PathBuf {
        self.write("etc/keeper/keeper.toml", text);
        self.root.join("etc/keeper/keeper.toml")
    }

    /// A file in force.
    pub fn applied(&self, name: &str) -> String {
        fs::read_to_string(self.root.join(APPLIED).join(name)).expect("a file in force")
    }

    /// Where the link leads.
    pub fn target(&self) -> Utf8PathBuf {
        let target = fs::read_link(self.root.join(APPLIED)).expect("a link");
        Utf8PathBuf::try_from(target).expect("a UTF-8 path")
    }

    pub fn generations(&self) -> usize {
        let dir = self.root.join("var/lib/keeper-apply/generations");
        fs::read_dir(dir).map_or(0, Iterator::count)
    }
}

/// The program, to be run on a root.
#[allow(
    clippy::disallowed_methods,
    reason = "the program itself is under test"
)]
pub fn command(root: &Utf8Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keeper-apply"));
    command.args(["--root", root.as_str()]).args(arguments);
    command
}

pub fn run(root: &Utf8Path, arguments: &[&str]) -> Output {
    command(root, arguments)
        .output()
        .expect("starting keeper-apply")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
