//! A device's root file system in a scratch directory, and what can be seen of it.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::fs::symlink;

use camino::{Utf8Path, Utf8PathBuf};
use config::Config;
use fs_err as fs;
use setup::{Approval, Change, Owner, Secret, Wifi};
use sha2::{Digest as _, Sha256};

use super::machine::Machine;
use crate::apply::Apply;
use crate::change::{By, SET_UP};
use crate::{APPLIED, DEFAULTS, Facts, render};

pub(super) const PASSWORD: &str = "right horse 馬 \"$(x)\"";
pub(super) const WIFI_PASSWORD: &str = "wi-fi \"pass\\word";
pub(super) const DDNS: &str = "ddns$(token)";

/// See the module.
pub(super) struct Room {
    _dir: tempfile::TempDir,
    pub(super) root: Utf8PathBuf,
}

/// What there is: the content of files and links, with their modes.
pub(super) type Tree = BTreeMap<String, (String, u32)>;

impl Room {
    /// A device that was never set up, and has netplan.
    pub(super) fn new() -> Self {
        // In memory where that is possible: every operation waits for its disk.
        let memory = Utf8Path::new("/dev/shm");
        let dir = match tempfile::tempdir_in(memory) {
            Ok(dir) => dir,
            Err(_) => tempfile::tempdir().expect("a scratch directory"),
        };
        let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        let room = Self { _dir: dir, root };
        for (name, text) in render(&Config::default(), &Facts::default()) {
            room.write(&format!("{DEFAULTS}/{name}"), &text);
        }
        room.write("etc/keeper/keeper.toml", "# the image's\n");
        symlink(format!("../../{DEFAULTS}"), room.root.join(APPLIED)).expect("a link");
        let me = rustix::process::geteuid().as_raw();
        room.write(
            "etc/passwd",
            &format!(
                "root:x:0:0:::\nkeeperd:x:{me}:970:::\nxrdp:x:110:110:::\n\
                 taro:x:1000:1000::/home/taro:/bin/bash\n"
            ),
        );
        room.write(
            "etc/group",
            "root:x:0:\nadm:x:4:syslog\nsudo:x:27:taro\nkeeperd:x:970:\nkeeper-people:x:990:taro\n\
             taro:x:1000:\n",
        );
        room.write("etc/shadow", "root:*:1::::::\ntaro:!:1::::::\n");
        room.write("etc/skel/.profile", "# skel\n");
        room.write("home/taro/.profile", "# taro\n");
        room.write("etc/hostname", "colab-keeper\n");
        room.write("etc/hosts", "127.0.0.1 localhost\n127.0.1.1 colab-keeper\n");
        room.write("etc/timezone", "Etc/UTC\n");
        room.write("etc/default/keyboard", "XKBLAYOUT=\"us\"\n");
        symlink(
            "/usr/share/zoneinfo/Etc/UTC",
            room.root.join("etc/localtime"),
        )
        .expect("a link");
        room.write("usr/share/zoneinfo/Asia/Tokyo", "TZif2");
        room.write("usr/share/zoneinfo/UTC", "TZif2");
        room.write("usr/share/zoneinfo/leapseconds", "# no zone");
        room.write("usr/share/X11/xkb/symbols/jp", "");
        room.write("usr/share/X11/xkb/symbols/us", "");
        for program in ["netplan", "iw", "hostnamectl"] {
            room.write(&format!("usr/sbin/{program}"), "");
        }
        room.write("sys/class/net/wlan7/phy80211/index", "0");
        room.write("sys/class/net/wlan7/operstate", "up\n");
        room.write("sys/class/net/eth0/address", "");
        room.write("live/hostname", "colab-keeper");
        fs::create_dir_all(room.root.join("run")).expect("a directory");
        room
    }

    /// The same with an owner.
    pub(super) fn at_work() -> Self {
        let room = Self::new();
        room.write(SET_UP, "");
        room
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("writing");
    }

    pub(super) fn read(&self, path: &str) -> String {
        let bytes = fs::read(self.root.join(path)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(super) fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.root.join(path)).is_ok()
    }

    pub(super) fn mode(&self, path: &str) -> u32 {
        let data = fs::metadata(self.root.join(path)).expect("it is there");
        data.permissions().mode() & 0o7777
    }

    pub(super) fn apply<'a>(&self, machine: &'a Machine, boot: bool) -> Apply<'a> {
        Apply {
            root: self.root.clone(),
            system: machine,
            boot,
        }
    }

    /// All but what comes and goes: locks, old generations, what is in memory.
    pub(super) fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        walk(&self.root, "", &mut tree);
        let passing = [
            "run/",
            "var/lib/keeper-apply/lock",
            "var/lib/keeper-apply/change.lock",
            "var/lib/keeper-apply/previous",
            "var/lib/keeper-apply/generations/",
            "var/lib/keeper-apply/network-back.json",
        ];
        tree.retain(|path, _| !passing.iter().any(|start| path.starts_with(start)));
        for name in render(&Config::default(), &Facts::default()).keys() {
            let path = format!("{APPLIED}/{name}");
            tree.insert(path.clone(), (self.read(&path), 0));
        }
        tree
    }
}

fn walk(root: &Utf8Path, below: &str, tree: &mut Tree) {
    for entry in root.join(below).read_dir_utf8().expect("a directory") {
        let entry = entry.expect("an entry");
        let path = format!("{below}{}", entry.file_name());
        let data = fs::symlink_metadata(entry.path()).expect("it is there");
        if data.is_dir() {
            walk(root, &format!("{path}/"), tree);
            continue;
        }
        let content = if data.is_symlink() {
            let target = fs::read_link(entry.path()).expect("a link");
            format!("-> {}", target.display())
        } else {
            String::from_utf8_lossy(&fs::read(entry.path()).expect("a file")).into_owned()
        };
        tree.insert(path, (content, data.permissions().mode() & 0o7777));
    }
}

/// A change in which everything changes.
pub(super) fn change(room: &Room, by: By) -> Change {
    let toml = "device.hostname = \"attic\"\ndevice.timezone = \"Asia/Tokyo\"\ndevice.keyboard = \"jp\"\n\
                device.language = \"ja\"\nddns = { provider = \"desec\", name = \"a.dedyn.io\" }\n";
    let present = Sha256::digest(room.read("etc/keeper/keeper.toml"));
    let digest = present.iter().map(|byte| format!("{byte:02x}")).collect();
    let person = by == By::Person;
    Change {
        keeper_toml: toml.to_owned(),
        instead_of: person.then_some(digest),
        owner: (!person).then(|| Owner {
            name: "hanako".to_owned(),
            password: Some(Secret::new(PASSWORD)),
            password_hash: None,
        }),
        wifi: Some(Wifi {
            country: "JP".to_owned(),
            name: "家 \"net\"".to_owned(),
            password: Some(Secret::new(WIFI_PASSWORD)),
        }),
        ddns_secret: Some(Secret::new(DDNS)),
        approval: person.then(|| Approval {
            name: "taro".to_owned(),
            password: Secret::new(PASSWORD),
        }),
    }
}

/// A room in which somebody of this kind may ask.
pub(super) fn room_for(by: By) -> Room {
    if by == By::Person {
        Room::at_work()
    } else {
        Room::new()
    }
}
