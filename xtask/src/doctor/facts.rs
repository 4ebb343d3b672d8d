//! Looking at this machine. What it means is [`super::judge`]'s.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::image::{hint, sandbox};
use cmd::Cmd;

use super::parse;
use crate::device;

/// Host programs that the builder calls by name.
const PROGRAMS: [&str; 9] = [
    "apt-get",
    "apt-cache",
    "dpkg-deb",
    "tar",
    "git",
    "cc",
    "newuidmap",
    "newgidmap",
    "rustup",
];

/// Debian's signing keys, as Debian and Ubuntu package them.
pub const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// `x86_64`.
    pub arch: String,
    /// `6.8.0-45-generic`.
    pub kernel: String,
    /// Our user's number.
    pub uid: u32,
    /// Our user's name.
    pub user: String,
    /// Paths of the programs that are there.
    pub programs: BTreeMap<&'static str, PathBuf>,
    /// Whether [`KEYRING`] is there.
    pub keyring: bool,
    /// Whether we could become root without being asked for a password.
    pub sudo: bool,
    /// What is wrong with our subordinate ids.
    pub id_problem: Option<String>,
    /// A range of subordinate ids that nobody has.
    pub free_range: String,
    /// kernel.unprivileged_userns_clone: Debian's own switch, absent elsewhere.
    pub userns_clone: Option<i64>,
    /// kernel.apparmor_restrict_unprivileged_userns: Ubuntu's.
    pub apparmor_restricts: Option<i64>,
    /// user.max_user_namespaces.
    pub max_userns: Option<i64>,
    /// What making namespaces came to, once tried: on failure, what was said and the cure.
    pub namespaces: Option<Result<(), (String, Option<String>)>>,
    /// Compilation targets that are missing, once looked for.
    pub missing_targets: Option<Vec<&'static str>>,
    /// Free bytes where the cache is.
    pub free_disk: Option<u64>,
    /// Bytes of memory that programs can still have.
    pub free_memory: Option<u64>,
}

impl Facts {
    /// Looks at what costs no time: files and directories, and no program but `id`.
    pub fn look(cache: &Path) -> Self {
        let uid = rustix::process::getuid().as_raw();
        let read = |path: &str| fs_err::read_to_string(path).unwrap_or_default();
        let sysctl = |name: &str| parse::number(&read(&format!("/proc/sys/{name}")));
        let programs = PROGRAMS
            .iter()
            .filter_map(|name| Some((*name, on_path(name)?)));
        Self {
            arch: std::env::consts::ARCH.into(),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            uid,
            user: user_name(uid),
            programs: programs.collect(),
            keyring: Path::new(KEYRING).exists(),
            sudo: false,
            id_problem: sandbox::wanted_id_map()
                .err()
                .map(|error| error.to_string()),
            free_range: parse::free_range(&read("/etc/subuid"), &read("/etc/subgid")),
            userns_clone: sysctl("kernel/unprivileged_userns_clone"),
            apparmor_restricts: sysctl("kernel/apparmor_restrict_unprivileged_userns"),
            max_userns: sysctl("user/max_user_namespaces"),
            namespaces: None,
            missing_targets: None,
            free_disk: free_disk(cache),
            free_memory: parse::available_memory(&read("/proc/meminfo")),
        }
    }

    /// Makes namespaces, to see whether one can.
    #[must_use]
    pub fn probe_namespaces(mut self) -> Self {
        let told = |error: anyhow::Error| {
            (
                hint::chain_of(&error).join(": "),
                hint::hint_of(&error).map(str::to_owned),
            )
        };
        self.namespaces = Some(sandbox::probe().map_err(told));
        self.sudo = !self.is_root() && passwordless_sudo();
        self
    }

    /// Asks the compiler which targets it has.
    #[must_use]
    pub fn look_at_rust(mut self) -> Self {
        let missing = device::TARGETS
            .into_iter()
            .filter(|target| !device::has_target(target));
        self.missing_targets = Some(missing.collect());
        self
    }

    /// Whether we are root.
    pub fn is_root(&self) -> bool {
        self.uid == 0
    }

    /// Whether a program is there.
    pub fn has(&self, program: &str) -> bool {
        self.programs.contains_key(program)
    }
}

/// Whether sudo lets us do anything without asking.
pub fn passwordless_sudo() -> bool {
    on_path("sudo").is_some()
        && Cmd::new("sudo")
            .args(["-n", "true"])
            .output()
            .is_ok_and(|output| output.status.success())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

fn user_name(uid: u32) -> String {
    if uid == 0 {
        return "root".into();
    }
    let said = Cmd::new("id").arg("-un").read().unwrap_or_default();
    if said.trim().is_empty() {
        uid.to_string()
    } else {
        said.trim().to_owned()
    }
}

fn free_disk(dir: &Path) -> Option<u64> {
    let there = dir.ancestors().find(|dir| dir.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail * disk.f_frsize)
}
