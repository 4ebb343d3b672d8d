//! A device that nobody stands beside: its card goes into a computer and back, its plug is pulled, and its owner comes
//! in over the network. What must hold there is not here.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use cmd::Cmd;
use e2e::guest::{self, NETWORK, Owner, TARO};
use e2e::notebook::Notebook;
use e2e::patience::{self, Said, wait_for};
use image::progress::Progress;
use image::tools::Tools;
use vm::{Options, Running, Session};

/// From the start until somebody is let in, in emulation and beside another device.
const UP: Duration = Duration::from_secs(600);
/// From then until systemd has nothing left to start.
const SETTLED: Duration = Duration::from_secs(300);
/// Until it has switched itself off.
const DOWN: Duration = Duration::from_secs(180);
/// Any one command.
const COMMAND: Duration = Duration::from_secs(180);

/// The device.
pub struct Device {
    /// The tools to look with.
    pub tools: &'static Tools,
    /// Who is to own it, taro.
    pub owner: Owner,
    /// What its browser is to keep open.
    pub notebook: Notebook,
    /// A directory of this run that the tools see.
    pub dir: PathBuf,
    /// What is kept of a run.
    pub artefacts: PathBuf,
    vm_tools: &'static Tools,
    session: Session,
    running: Option<Running>,
    starts: usize,
}

impl Device {
    /// A freshly flashed card in a device that is switched off; its console and what is kept of it are called `name`.
    ///
    /// # Errors
    /// The tools or the image cannot be had.
    pub fn new(name: &str) -> Result<Self> {
        let cache = e2e::setting("E2E_CACHE");
        let progress = Progress::new(false);
        let (vm_tools, tools) = open_tools(&cache, &progress)?;
        let artefacts = cache.join("test-artefacts").join(name);
        // Nothing of an earlier run may be taken for this one's.
        if artefacts.exists() {
            fs_err::remove_dir_all(&artefacts)?;
        }
        fs_err::create_dir_all(&artefacts)?;
        let console = cache.join("log").join(format!("{name}-console.log"));
        let options = Options::new(&guest::image()?, &cache, &console);
        let mut session = Session::prepare(&options, vm_tools, &progress)?;
        // Without it, what the device has made sure of would be lost with QEMU.
        session.machine.flushes = true;
        let dir = session.run.dir().as_std_path().to_owned();
        tools.show(&dir)?;
        let device = Self {
            owner: Owner::new(tools, &dir)?,
            notebook: Notebook::open("4652"),
            tools,
            dir,
            artefacts,
            vm_tools,
            session,
            running: None,
            starts: 0,
        };
        device.write("network-config", NETWORK)?;
        Ok(device)
    }

    /// Writes a file on the card's boot partition, in a computer.
    ///
    /// # Errors
    /// The partition is damaged.
    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        ensure!(self.running.is_none(), "the card is in the device");
        self.session
            .write_boot_files(&[(name, text)], self.vm_tools)
    }

    /// Reads a file of the card's boot partition; of a device at work, as far as it is written.
    ///
    /// # Errors
    /// The card cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<String>> {
        self.session.read_boot_file(name, self.vm_tools)
    }

    /// Switches it on.
    ///
    /// # Errors
    /// QEMU does not start.
    pub fn start(&mut self) -> Result<()> {
        self.keep_console();
        self.starts += 1;
        let machine = self.session.machine.clone();
        self.running = Some(Running::start(machine, self.vm_tools)?);
        Ok(())
    }

    /// Pulls the plug.
    ///
    /// # Errors
    /// It was not on.
    pub fn cut(&mut self) -> Result<()> {
        self.running.take().context("it is off")?.cut_power()
    }

    /// Has it switch itself off.
    ///
    /// # Errors
    /// It does not.
    pub fn power_off(&mut self) -> Result<()> {
        self.running.take().context("it is off")?.power_off(DOWN)
    }

    /// Waits until the console has said `words`.
    ///
    /// # Errors
    /// It does not, or the device goes off.
    pub fn wait_for_console(&mut self, words: &str) -> Result<()> {
        let started = Instant::now();
        while !self.console().contains(words) {
            self.is_on()?;
            let failed = "Failed to start keeper-first-boot";
            ensure!(!self.console().contains(failed), "{failed}");
            ensure!(started.elapsed() < UP, "the console does not say {words:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// What the console has said since the start, without colours.
    pub fn console(&self) -> String {
        let said = fs_err::read(&self.session.machine.console_log).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let mut parts = said.split("\x1b[");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            let behind = part.find(|c: char| c.is_ascii_alphabetic());
            text + behind.map_or("", |at| &part[at + 1..])
        })
    }

    /// Waits until taro is let in and all of it is up.
    ///
    /// # Errors
    /// He is not, or a unit has failed.
    pub fn come_up(&mut self) -> Result<()> {
        let up = self.try_to_come_up();
        if up.is_err() {
            self.keep_console();
        }
        let console = self.artefacts.display();
        up.with_context(|| format!("its console is in {console}"))
    }

    fn try_to_come_up(&mut self) -> Result<()> {
        // Who tries before there is such a person is banned for a while, as anybody would be.
        self.wait_for_console("Finished keeper-first-boot")?;
        let started = Instant::now();
        let mut said = Said::default();
        while said.code != Some(0) {
            self.is_on()?;
            ensure!(started.elapsed() < UP, "taro cannot log in: {said:#?}");
            std::thread::sleep(Duration::from_secs(1));
            said = self.taro("true");
        }
        eprintln!(
            "    sshd lets taro in after {:.0} s",
            started.elapsed().as_secs_f64()
        );
        let settled = patience::run(
            self.ssh().arg("systemctl is-system-running --wait"),
            "",
            SETTLED,
        );
        if settled.stdout.trim() != "running" {
            let failed = self.root("systemctl --failed --no-legend; journalctl -b -p warning");
            bail!("it is {settled:?}: {}", failed.stdout);
        }
        Ok(())
    }

    fn is_on(&mut self) -> Result<()> {
        let ended = self.running.as_mut().context("it is off")?.ended()?;
        ensure!(ended.is_none(), "it has gone off: {ended:?}");
        Ok(())
    }

    /// Runs a shell script as taro.
    pub fn taro(&self, script: &str) -> Said {
        patience::run(self.ssh().arg("sh -s"), script, COMMAND)
    }

    /// Runs a shell script as root, by sudo, with taro's password. Neither is on any command line.
    pub fn root(&self, script: &str) -> Said {
        let sudo = self.ssh().arg("sudo -k -S -p '' sh -s");
        let password = self.owner.password(TARO);
        patience::run(sudo, &format!("{password}\n{script}"), COMMAND)
    }

    /// `ssh` to taro with his key, ready for a command.
    pub fn ssh(&self) -> Cmd {
        let port = self.session.ports.ssh;
        guest::ssh(self.tools.cmd("ssh"), port, &self.known_hosts())
            .args(["-o", "IdentitiesOnly=yes"])
            .arg("-i")
            .arg(&self.owner.key)
            .arg(format!("{TARO}@127.0.0.1"))
    }

    /// Where the device's host key is kept that was seen first.
    pub fn known_hosts(&self) -> PathBuf {
        self.dir.join("known_hosts")
    }

    /// The port of this machine that leads to its remote desktop.
    pub fn rdp_port(&self) -> u16 {
        self.session.ports.rdp
    }

    /// Waits until its notice on the card fits, and returns it.
    ///
    /// # Errors
    /// It does not, in the time that a start takes.
    pub fn notice(&mut self, fits: impl Fn(&str) -> bool) -> Result<String> {
        let found = wait_for("the notice on the card", UP, || {
            let notice = self.read("keeper-setup.txt").ok().flatten()?;
            fits(&notice).then_some(notice)
        });
        self.is_on()?;
        found.with_context(|| format!("instead: {:?}", self.read("keeper-setup.txt")))
    }

    /// Keeps what the console of this start has said.
    pub fn keep_console(&self) {
        let kept = self.artefacts.join(format!("console-{}.log", self.starts));
        if self.starts > 0
            && let Err(error) = fs_err::copy(&self.session.machine.console_log, kept)
        {
            eprintln!("{error}");
        }
    }
}

impl Drop for Device {
    /// The next device clears away what this one has left, and could not if the tools still saw it.
    fn drop(&mut self) {
        self.running = None;
        if let Err(error) = self.tools.hide(&self.dir) {
            eprintln!("{error:#}");
        }
    }
}

/// The tools of all devices: each time that they are opened, there are more mounts, of which a sandbox may have so many.
fn open_tools(cache: &Path, progress: &Progress) -> Result<&'static (Tools, Tools)> {
    static TOOLS: OnceLock<(Tools, Tools)> = OnceLock::new();
    if let Some(tools) = TOOLS.get() {
        return Ok(tools);
    }
    let opened = guest::open_tools(cache, progress)?;
    Ok(TOOLS.get_or_init(|| opened))
}
