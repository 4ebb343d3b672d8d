//! Running the programs of a foreign root: natively where the suite has a native build of the same
//! program (the *twin*), under QEMU otherwise.
//!
//! The kernel's binfmt_misc hands every aarch64 executable to `crates/dispatch`, which looks for
//! its twin below [`NATIVE`]. The registration lives in the sandbox's user namespace (Linux ≥ 6.7)
//! and ends with it. The root itself is never covered or changed, so what scripts copy out of it is
//! foreign, and dpkg may replace any tool at any time.

mod twin;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cmd::Cmd;

use crate::hint::Hint;
use crate::sandbox;

pub use twin::Twin;

/// Where the twin is mounted in the foreign root; known to `crates/dispatch` too.
const NATIVE: &str = ".native";
/// Where the native libraries must be visible: no aarch64 package has files there.
const NATIVE_LIBRARIES: &str = "usr/lib/x86_64-linux-gnu";
const BINFMT: &str = "/proc/sys/fs/binfmt_misc";
/// The name of our registration.
const ENTRY: &str = "colab-keeper";

/// A foreign root whose programs can be run.
pub struct Foreign {
    root: PathBuf,
}

/// Has the kernel hand aarch64 executables to the program at `dispatch`. Once per sandbox.
///
/// # Errors
/// The kernel is older than 6.7 or lacks binfmt_misc.
pub fn register(dispatch: &Path) -> Result<()> {
    if Path::new(BINFMT).join(ENTRY).exists() {
        return Ok(());
    }
    if !Path::new(BINFMT).join("register").exists() {
        sandbox::mount_special("binfmt_misc", Path::new(BINFMT))
            .hint("binfmt_misc in a user namespace needs Linux 6.7 or newer")?;
    }
    fs_err::write(Path::new(BINFMT).join("register"), registration(dispatch))
        .context("registering the aarch64 dispatcher with binfmt_misc")
}

/// Has the kernel forget the program that [`register`] named.
///
/// # Errors
/// Nothing is registered.
pub fn unregister() -> Result<()> {
    fs_err::write(Path::new(BINFMT).join(ENTRY), "-1")
        .context("unregistering the aarch64 dispatcher")
}

/// ELF, 64-bit, little-endian, executable or shared object (static-pie), EM_AARCH64; the OS ABI is
/// ignored. `P`: keep the caller's `argv[0]`. `F`: open the interpreter now, so that it need not be in the root.
fn registration(dispatch: &Path) -> String {
    let magic = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00";
    let mask = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff";
    format!(":{ENTRY}:M::{magic}:{mask}:{}:PF", dispatch.display())
}

impl Foreign {
    /// Mounts what programs need into `root`.
    ///
    /// # Errors
    /// A mount failed.
    pub fn enter(root: &Path, twin: &Twin) -> Result<Self> {
        for dir in [NATIVE, NATIVE_LIBRARIES, "proc", "sys", "dev", "tmp", "run"] {
            fs_err::create_dir_all(root.join(dir))?;
        }
        sandbox::bind_read_only(twin.root(), &root.join(NATIVE))?;
        sandbox::bind_read_only(
            &twin.root().join(NATIVE_LIBRARIES),
            &root.join(NATIVE_LIBRARIES),
        )?;
        sandbox::bind(Path::new("/proc"), &root.join("proc"))?;
        sandbox::bind(Path::new("/sys"), &root.join("sys"))?;
        sandbox::bind(Path::new("/dev"), &root.join("dev"))?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// A program of the root. Nobody is there to answer questions, and it starts no services.
    pub fn cmd(&self, program: &str, epoch: u64) -> Cmd {
        sandbox::in_root(&self.root, program)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("DEBCONF_NONINTERACTIVE_SEEN", "true")
            .env("LC_ALL", "C.UTF-8")
            // Before Python 3.11, the order of sets in what it compiles follows this.
            .env("PYTHONHASHSEED", "0")
            .env("SOURCE_DATE_EPOCH", epoch.to_string())
            // The kernel package's hook: initramfs images are made once, at the end.
            .env("INITRD", "No")
    }

    /// Takes the mounts away again and removes their places.
    ///
    /// # Errors
    /// A process still runs in the root.
    pub fn leave(self) -> Result<()> {
        for dir in ["dev", "sys", "proc", NATIVE_LIBRARIES, NATIVE] {
            sandbox::unmount(&self.root.join(dir))?;
        }
        for dir in [NATIVE_LIBRARIES, NATIVE] {
            fs_err::remove_dir(self.root.join(dir))
                .context("something was installed among the native tools")?;
        }
        Ok(())
    }
}
