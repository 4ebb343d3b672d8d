//! QEMU at work: starting it, speaking with it, and every way of ending it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStderr, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use camino::Utf8Path;
use image::hint::Hint;
use image::tools::Tools;
use serde_json::json;

use crate::machine::{Console, Machine, QEMU};
use crate::qmp::Qmp;

/// QEMU makes its sockets before it starts the guest.
const SOCKETS_READY: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(100);
/// How many of QEMU's own lines an error repeats.
const SAID_LINES: usize = 8;

type Said = Arc<Mutex<VecDeque<String>>>;

/// A machine that has been started. Dropped, it is killed.
#[derive(Debug)]
pub struct Running {
    machine: Machine,
    child: Child,
    said: Said,
    started: Instant,
}

impl Running {
    /// Starts `machine`. Its card must be there, and everything of it lie where the tools can see
    /// it (a `Run`'s directory does). A machine that resumes is at work when this returns.
    ///
    /// # Errors
    /// QEMU could not be started.
    pub fn start(machine: Machine, tools: &Tools) -> Result<Self> {
        if machine.sockets_too_long() {
            let error = anyhow!("{} is too long a path for a socket", machine.check_socket());
            return Err(error).hint("put the cache under a shorter path");
        }
        let logs = machine
            .console_log
            .parent()
            .context("a log in a directory")?;
        fs_err::create_dir_all(logs)?;
        // Made by us, and empty: nothing of an earlier boot is in it.
        File::from(fs_err::File::create(&machine.console_log)?).set_len(0)?;
        tools.show(logs.as_std_path())?;
        let mut command = tools.cmd(QEMU).args(machine.args());
        tracing::debug!(target: "cmd", "$ {command} &");
        if machine.console == Console::Stdio {
            command = command.inherit_stdin();
        }
        let mut command = command.command();
        if machine.console == Console::Log {
            command.stdout(Stdio::null());
        }
        let spawned = command.stderr(Stdio::piped()).spawn();
        let mut child = spawned.with_context(|| format!("starting {QEMU}"))?;
        let said = Said::default();
        let stderr = child.stderr.take().expect("stderr was asked to be piped");
        std::thread::spawn({
            let said = said.clone();
            move || listen(stderr, &said)
        });
        let resumes = machine.resume.is_some();
        let mut running = Self {
            machine,
            child,
            said,
            started: Instant::now(),
        };
        if resumes {
            running.go_on()?;
        }
        Ok(running)
    }

    /// What it is.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// How long ago it was started.
    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system would not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// QEMU itself failed; the error repeats what it said.
    pub fn wait(&mut self) -> Result<()> {
        let status = self.child.wait()?;
        if status.success() {
            return Ok(());
        }
        Err(self.failure(status))
    }

    /// The error that an unwanted end of QEMU is.
    pub(crate) fn failure(&self, status: ExitStatus) -> anyhow::Error {
        let said = self
            .said
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let lines: String = said.iter().map(|line| format!("\n    {line}")).collect();
        let saying = if lines.is_empty() {
            ""
        } else {
            ", saying last:"
        };
        anyhow!("QEMU ended with {status}{saying}{lines}")
    }

    /// A connection for commands.
    ///
    /// # Errors
    /// QEMU is gone, or another connection is open.
    pub fn qmp(&mut self) -> Result<Qmp> {
        let socket = self.machine.qmp_socket();
        Qmp::open(self.connect(&socket)?)
    }

    /// The other end of the port by which the guest's check speaks.
    ///
    /// # Errors
    /// QEMU is gone.
    pub(crate) fn check_port(&mut self) -> Result<UnixStream> {
        let socket = self.machine.check_socket();
        self.connect(&socket)
    }

    /// Presses the power button and waits until the guest has shut down.
    ///
    /// # Errors
    /// It has not within `limit`.
    pub fn power_off(mut self, limit: Duration) -> Result<()> {
        self.qmp()?.execute("system_powerdown", json!({}))?;
        let pressed = Instant::now();
        while pressed.elapsed() < limit {
            match self.ended()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(self.failure(status)),
                None => std::thread::sleep(POLL),
            }
        }
        let seconds = limit.as_secs();
        let error = anyhow!("the guest did not shut down within {seconds} s");
        Err(error).hint(format!("its console is in {}", self.machine.console_log))
    }

    /// Pulls the plug: nothing is flushed. What is on the card then is honest only on a machine
    /// that `flushes`.
    ///
    /// # Errors
    /// The process could not be ended.
    pub fn cut_power(mut self) -> Result<()> {
        self.child.kill().context("killing QEMU")?;
        self.child.wait()?;
        Ok(())
    }

    /// Stops the guest, writes its memory and devices into `state`, and ends QEMU. The card must
    /// not be written from then on; a machine that is equal but for a fork of the card, its ports
    /// and `resume` goes on from there, any number of times.
    ///
    /// # Errors
    /// There is no room.
    pub fn save(mut self, state: &Utf8Path) -> Result<()> {
        let mut qmp = self.qmp()?;
        qmp.execute("stop", json!({}))?;
        // Bytes per second; QEMU's own limit spares a network.
        let fast = json!({ "max-bandwidth": 1_u64 << 40 });
        qmp.execute("migrate-set-parameters", fast)?;
        qmp.execute("migrate", json!({ "uri": format!("file:{state}") }))?;
        loop {
            let progress = qmp.execute("query-migrate", json!({}))?;
            match progress["status"].as_str() {
                Some("completed") => break,
                Some("failed" | "cancelled") => {
                    bail!(
                        "QEMU could not save the machine: {}",
                        progress["error-desc"]
                    )
                }
                _ => std::thread::sleep(POLL),
            }
        }
        qmp.execute("quit", json!({}))?;
        self.wait()
    }

    /// What was saved was a stopped guest: lets it go on once QEMU has read all of it.
    fn go_on(&mut self) -> Result<()> {
        let mut qmp = self.qmp()?;
        while qmp.execute("query-status", json!({}))?["status"] == "inmigrate" {
            std::thread::sleep(POLL);
        }
        qmp.execute("cont", json!({}))?;
        Ok(())
    }

    fn connect(&mut self, socket: &Utf8Path) -> Result<UnixStream> {
        let asked = Instant::now();
        loop {
            match UnixStream::connect(socket) {
                Ok(stream) => return Ok(stream),
                Err(_) if asked.elapsed() < SOCKETS_READY => {}
                Err(error) => return Err(error).with_context(|| format!("connecting to {socket}")),
            }
            if let Some(status) = self.ended()? {
                // Its last words may still be on their way.
                std::thread::sleep(POLL);
                return Err(self.failure(status));
            }
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(stderr: ChildStderr, said: &Said) {
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        tracing::debug!(target: "cmd", "{line}");
        let mut said = said
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if said.len() == SAID_LINES {
            said.pop_front();
        }
        said.push_back(line);
    }
}
