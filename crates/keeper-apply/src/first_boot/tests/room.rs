//! A root file system, and the device around it as far as a test can see it.

use std::cell::{RefCell, RefMut};
use std::os::unix::fs::PermissionsExt as _;

use anyhow::bail;
use fs_err as fs;
use setup::Code;

use super::*;
use crate::disk::cut;

pub const GOOD: &str = "# mine\n[device]\nhostname = \"attic\"\n[owner]\nname = \"hanako\"\n\
    password = \"correct horse battery\"\n";
pub const BAD: &str = "[owner]\nname = \"hanako\"\npassword = \"correct horse battery\"\n[browser]\n\
    mode = \"tv\"\n";

/// Of `ghost` a power cut has left some lines.
const SHADOW: &str = "root:$6$a private matter:1::::::\nkeeper:!:1::::::\ntaro:$6$a private matter:1::::::\n\
    ghost:$6$a private matter:1::::::\nservice:*:1::::::\n";

/// What the device is like.
#[derive(Default)]
pub struct World {
    /// The code that `setup` logs in with.
    pub lets_in: Option<String>,
    pub addresses: Vec<String>,
    /// The end of setup was put off.
    pub later: bool,
    /// The sessions of setup have been ended.
    pub ended: bool,
    pub desktop: bool,
    pub reboots: usize,
    pub carried_out: usize,
    pub settled: bool,
    /// There is no account `setup`.
    pub no_account: bool,
    /// No change can be carried out.
    pub refuses: bool,
    /// A change is half done.
    pub half: bool,
}

pub struct Room {
    _dir: tempfile::TempDir,
    pub root: Utf8PathBuf,
    world: RefCell<World>,
}

impl Room {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        let room = Self {
            _dir: dir,
            root,
            world: RefCell::default(),
        };
        for (path, text) in [
            ("boot/firmware/cmdline.txt", "quiet"),
            ("dev/tty1", ""),
            ("run/x", ""),
            ("usr/lib/keeper/defaults/x", ""),
            ("etc/keeper/keeper.toml", ""),
            ("etc/hostname", "attic\n"),
            (
                "etc/hosts",
                "127.0.0.1 localhost\n127.0.1.1 attic.lan attic\n",
            ),
            (
                "etc/passwd",
                "root:x:0:0::/root:/bin/sh\nkeeper:x:998:998::/home/keeper:\n\
                 taro:x:1000:1000::/home/taro:/bin/sh\nodd:x:1001:1001::/var/lib/odd:\n\
                 service:x:500:500::/home/service:\nnobody:x:65534:65534::/nonexistent:\n\
                 guest:x:1002:1002::/home/guest:\n",
            ),
            (
                "etc/group",
                "root:x:0:\nsudo:x:27:taro\nkeeper:x:998:\nservice:x:500:\nkeeper-people:x:990:taro,odd,service,nobody\n\
                 guest:x:1002:\nghost:x:1009:\nnogroup:x:65534:\n",
            ),
            ("etc/shadow", SHADOW),
            ("etc/subuid", "taro:100000:65536\nghost:165536:65536\n"),
        ] {
            room.write(path, text);
        }
        room.world().addresses = vec!["10.0.0.2".to_owned()];
        room
    }

    pub fn world(&self) -> RefMut<'_, World> {
        self.world.borrow_mut()
    }

    pub fn with_place<T>(&self, run: impl FnOnce(&Place<'_>) -> T) -> T {
        run(&Place::new(&self.root, None, self))
    }

    pub fn start(&self) -> Result<()> {
        self.with_place(|place| first_boot(place, self))
    }

    pub fn end(&self) -> Result<()> {
        self.with_place(|place| end_setup(place, self))
    }

    pub fn show(&self) -> Result<()> {
        self.with_place(show)
    }

    /// What is in memory goes.
    pub fn power_off(&self) {
        cut::after(None);
        fs::remove_dir_all(self.root.join("run")).expect("it was there");
        fs::create_dir(self.root.join("run")).expect("a directory");
        let mut world = self.world();
        world.later = false;
        world.ended = false;
        world.desktop = false;
        world.settled = false;
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("writing");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_default()
    }

    pub fn exists(&self, path: &str) -> bool {
        fs::symlink_metadata(self.root.join(path)).is_ok()
    }

    pub fn mode(&self, path: &str) -> u32 {
        let data = fs::metadata(self.root.join(path)).expect("it is there");
        data.permissions().mode() & 0o777
    }

    pub fn put_on_card(&self, name: &str, text: &str) {
        self.write(&format!("boot/firmware/{name}"), text);
    }

    pub fn card(&self, name: &str) -> String {
        self.read(&format!("boot/firmware/{name}"))
    }

    /// The code that is kept.
    pub fn code(&self) -> Option<String> {
        code::kept(&self.root).map(|code| code.reveal().to_owned())
    }

    /// Whether any file has these words in it.
    pub fn holds(&self, words: &str) -> bool {
        fn any(dir: &Utf8Path, words: &str) -> bool {
            let entries = dir.read_dir_utf8().expect("a directory");
            entries.flatten().any(|entry| match entry.file_type() {
                Ok(kind) if kind.is_dir() => any(entry.path(), words),
                Ok(kind) if kind.is_file() => {
                    let bytes = fs::read(entry.path()).expect("a file");
                    String::from_utf8_lossy(&bytes).contains(words)
                }
                _ => false,
            })
        }
        any(&self.root, words)
    }

    /// Nothing of setup is left.
    #[track_caller]
    pub fn is_owned(&self) {
        assert!(is_set_up(&self.root) && !is_open(&self.root));
        assert_eq!((self.world().lets_in.clone(), self.code()), (None, None));
        for path in [
            "var/lib/keeper-apply/preset-used",
            "run/keeper-apply/setup-ends",
            "run/keeper-apply/setup-begun",
        ] {
            assert!(!self.exists(path), "{path}");
        }
        let notice = self.card("keeper-setup.txt");
        assert!(notice.contains("attic"), "{notice}");
        assert!(!notice.contains("setup code"), "{notice}");
    }
}

impl House for Room {
    fn addresses(&self) -> Vec<String> {
        self.world().addresses.clone()
    }

    fn fingerprint(&self, _certificate: &Utf8Path) -> Option<String> {
        Some("AB:CD".to_owned())
    }

    fn let_setup_in(&self, code: &Code) -> Result<()> {
        cut::point()?;
        if self.world().no_account {
            bail!("there is no account setup");
        }
        self.world().lets_in = Some(code.reveal().to_owned());
        Ok(())
    }

    fn lock_setup(&self) -> Result<()> {
        cut::point()?;
        if self.world().no_account {
            bail!("there is no account setup");
        }
        self.world().lets_in = None;
        Ok(())
    }

    fn end_later(&self, _seconds: u32) -> Result<()> {
        cut::point()?;
        self.world().later = true;
        Ok(())
    }

    fn end_sessions(&self) -> Result<()> {
        cut::point()?;
        self.world().ended = true;
        Ok(())
    }

    fn begin_desktop(&self) -> Result<()> {
        cut::point()?;
        self.world().desktop = true;
        Ok(())
    }

    fn quieten(&self) -> Result<()> {
        cut::point()
    }

    fn put_out(&self, _name: &str) -> Result<()> {
        cut::point()
    }

    fn reboot(&self) -> Result<()> {
        cut::point()?;
        self.world().reboots += 1;
        Ok(())
    }
}

/// A change in two halves: a power cut may come between them, and then it is finished later, as a journal does it.
impl Changes for Room {
    fn recover(&self) -> Result<()> {
        cut::point()?;
        if self.world().half {
            self.second_half()?;
        }
        Ok(())
    }

    fn carry_out(&self, change: &Change) -> Result<()> {
        cut::point()?;
        if self.world().refuses {
            bail!("useradd is stubborn");
        }
        assert!(change.owner.is_some());
        self.world().carried_out += 1;
        self.world().half = true;
        self.second_half()
    }

    fn settle(&self) -> Result<()> {
        cut::point()?;
        self.world().settled = true;
        Ok(())
    }
}

impl Room {
    fn second_half(&self) -> Result<()> {
        cut::point()?;
        self.with_place(finish_at)?;
        cut::point()?;
        self.world().half = false;
        Ok(())
    }
}
