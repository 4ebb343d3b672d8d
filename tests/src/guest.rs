//! A device that is up: the image under test, started once on a card that its owner has prepared,
//! with doors to it. What must hold there is in `tests/desktop`.

mod doors;
mod monitor;
mod owner;

use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use cmd::Cmd;
use image::archive::Mirrors;
use image::progress::Progress;
use image::tools::{self, Tools};
use image::{lock, log};
use vm::check::{self, Report};
use vm::{Machine, Options, Running, Session};

pub use doors::{Key, ssh};
pub use owner::{ENTRANCE, HANAKO, HOSTNAME, NETWORK, Owner, TANAKA, TARO};

use crate::notebook::Notebook;
use crate::patience::{self, Said};

/// From QEMU's start until sshd answers, in emulation: a first boot makes keys and grows the root.
const UP: Duration = Duration::from_secs(400);
/// From then until systemd has nothing left to start.
const SETTLED: Duration = Duration::from_secs(300);
/// Until it has switched itself off.
const DOWN: Duration = Duration::from_secs(180);
/// Any one command.
const COMMAND: Duration = Duration::from_secs(180);

/// The device.
pub struct Guest {
    /// The tools to look with.
    pub tools: Tools,
    /// Who owns it, and who else has an account.
    pub owner: Owner,
    /// What its browser keeps open.
    pub notebook: Notebook,
    /// A directory of this run that the tools see.
    pub dir: PathBuf,
    /// What is kept of a run: pictures, and logs when something failed.
    pub artefacts: PathBuf,
    /// What it said of itself after its first boot.
    pub report: Report,
    console_log: PathBuf,
    vm_tools: Tools,
    machine: Machine,
    session: Session,
    running: Mutex<Running>,
    /// The connection that [`Guest::root`] goes through.
    master: Mutex<Option<Child>>,
}

impl Guest {
    /// Starts the image that `cargo xtask test` has made, and waits until all of it is up.
    ///
    /// # Errors
    /// It does not come up; the error says where its console is.
    pub fn start() -> Result<Self> {
        let cache = crate::setting("E2E_CACHE");
        let name = std::env::var("E2E_NAME").unwrap_or_else(|_| "desktop".to_owned());
        let progress = Progress::new(false);
        let (vm_tools, tools) = open_tools(&cache, &progress)?;
        let artefacts = cache.join("test-artefacts").join(&name);
        // Nothing of an earlier run may be taken for this one's.
        if artefacts.exists() {
            fs_err::remove_dir_all(&artefacts)?;
        }
        fs_err::create_dir_all(&artefacts)?;
        let console_log = cache.join("log").join(format!("{name}-console.log"));
        let session = Session::prepare(
            &Options::new(&image()?, &cache, &console_log),
            &vm_tools,
            &progress,
        )?;
        let dir = session.run.dir().as_std_path().to_owned();
        tools.show(&dir)?;
        let notebook = Notebook::open(&owner::digits(4)?);
        let owner = Owner::new(&tools, &dir)?;
        let user_data = owner.user_data();
        let files = [
            ("user-data", &*user_data),
            ("network-config", owner::NETWORK),
        ];
        session.write_boot_files(&files, &vm_tools)?;
        let mut machine = session.machine.clone();
        machine.monitor = true;
        let dir_of_run = session.run.dir().to_owned();
        let booted = check::run_check(
            machine.clone(),
            session.ports,
            &dir_of_run,
            check::LIMIT,
            &vm_tools,
            &progress,
        );
        let (report, running) = booted.inspect_err(|_| {
            // Nothing else is there yet that could be looked at.
            let _ = fs_err::copy(&console_log, artefacts.join("console.log"));
        })?;
        let guest = Self {
            tools,
            owner,
            notebook,
            dir,
            artefacts,
            report,
            console_log,
            vm_tools,
            machine,
            session,
            running: Mutex::new(running),
            master: Mutex::default(),
        };
        guest.come_up(Instant::now())?;
        Ok(guest)
    }

    /// Switches it off, and on again, and waits until all of it is up.
    ///
    /// # Errors
    /// It does not go down, or does not come up; the error says where its console is.
    pub fn restart(&self) -> Result<()> {
        let mut running = self.running();
        // It ends with the device.
        patience::run(
            self.ssh(HANAKO, Key::Own)
                .args(["sudo", "-n", "systemctl", "poweroff"]),
            "",
            COMMAND,
        );
        let asked = Instant::now();
        while running.ended()?.is_none() {
            ensure!(asked.elapsed() < DOWN, "it does not go down");
            std::thread::sleep(Duration::from_secs(1));
        }
        self.leave_master()?;
        *running = Running::start(self.machine.clone(), &self.vm_tools)?;
        drop(running);
        self.come_up(Instant::now())
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().expect("no thread panicked")
    }

    /// The port of this machine that leads to its remote desktop.
    pub fn rdp_port(&self) -> u16 {
        self.session.ports.rdp
    }

    /// The port of this machine that leads to its sshd.
    pub fn ssh_port(&self) -> u16 {
        self.session.ports.ssh
    }

    /// Runs a shell script as root, through hanako's sudo. The script is not on any command line,
    /// so what is in it is in no log.
    pub fn root(&self, script: &str) -> Said {
        self.sudo(&["-n", "sh", "-s"], script)
    }

    /// As [`Guest::root`], as another user.
    pub fn as_user(&self, user: &str, script: &str) -> Said {
        self.sudo(&["-n", "-H", "-u", user, "sh", "-s"], script)
    }

    /// Runs a Python script as another user.
    pub fn python_as(&self, user: &str, script: &str) -> Said {
        self.sudo(&["-n", "-H", "-u", user, "python3", "-"], script)
    }

    /// Keeps what the device says of itself, for whoever reads of the failure of `name`.
    pub fn keep_evidence(&self, name: &str) {
        self.keep_console();
        let said = self.root(
            "journalctl --boot --no-pager --output short-precise --lines 4000; \
             echo; systemctl list-units --all --no-pager; ps axfu; ss --tcp --all --numeric",
        );
        let file = self.artefacts.join(format!("{name}.device.txt"));
        if let Err(error) = fs_err::write(file, said.stdout + &said.stderr) {
            eprintln!("{error}");
        }
    }

    fn sudo(&self, args: &[&str], script: &str) -> Said {
        let command = self.ssh(HANAKO, Key::Own).arg("sudo").args(args);
        patience::run(command, script, COMMAND)
    }

    fn keep_console(&self) {
        let kept = self.artefacts.join("console.log");
        if let Err(error) = fs_err::copy(&self.console_log, kept) {
            eprintln!("{error}");
        }
    }

    /// Waits until all of it is up, from `start` on.
    fn come_up(&self, start: Instant) -> Result<()> {
        let up = self.wait_until_up(start);
        if up.is_err() {
            self.keep_console();
        }
        let console = self.artefacts.display();
        up.with_context(|| format!("its console is in {console}/console.log"))
    }

    fn wait_until_up(&self, start: Instant) -> Result<()> {
        loop {
            if self.connect_master()? {
                break;
            }
            if let Some(status) = self.running().ended()? {
                bail!("the machine ended with {status} while it was booting");
            }
            let seconds = UP.as_secs();
            ensure!(
                start.elapsed() < UP,
                "hanako cannot log in within {seconds} s of the start"
            );
            std::thread::sleep(Duration::from_secs(1));
        }
        let seconds = start.elapsed().as_secs_f64();
        eprintln!("    sshd lets hanako in after {seconds:.0} s");
        // It would ban this machine for what the tests try.
        let tame = "fail2ban-client set sshd addignoreip 10.0.2.2 || true";
        let wait = "systemctl is-system-running --wait";
        let command = self.ssh(HANAKO, Key::Own).args(["sudo", "-n", "sh", "-s"]);
        let said = patience::run(command, &format!("{wait}; {tame}"), SETTLED);
        ensure!(
            said.code.is_some(),
            "systemd is still starting units {} s after sshd",
            SETTLED.as_secs()
        );
        Ok(())
    }

    /// A tool for the doors, with a home where it may note something.
    fn tool(&self, program: &str) -> Cmd {
        self.tools.cmd(program).env("HOME", &self.dir)
    }
}

/// The image that `cargo xtask test` has made.
///
/// # Errors
/// There is none.
pub fn image() -> Result<PathBuf> {
    let dist = crate::setting("E2E_DIST");
    for entry in fs_err::read_dir(&dist)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".img.xz") {
            return Ok(path);
        }
    }
    bail!("there is no image in {}", dist.display())
}

/// What starts the machine, and what looks at it.
///
/// # Errors
/// They cannot be had.
pub fn open_tools(cache: &Path, progress: &Progress) -> Result<(Tools, Tools)> {
    log::go_on(false)?;
    let mirror = Mirrors::new(&[]).of(tools::ARCHIVE, None)?;
    let _lock = lock::take(cache, progress)?;
    let vm_tools = Tools::acquire(cache, tools::VM, &mirror, false, progress)?;
    Ok((vm_tools, look::open(cache, &mirror, progress)?))
}
