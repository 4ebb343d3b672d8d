//! Boots an image and decides whether it is well: by what a unit in the guest reports, all of it
//! and by name, and by whether sshd is reached from outside. What the guest looks at is in
//! `tests/guest/check.sh`.

use std::io::{ErrorKind, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use image::hint::Hint;
use image::progress::{Progress, Step};
use image::tools::Tools;

use crate::console::Tail;
use crate::inject;
use crate::machine::{Machine, Ports};
pub use crate::protocol::Check;
use crate::protocol::{Event, Listener};
use crate::running::Running;

/// How long a boot and its check may take in software emulation.
pub const LIMIT: Duration = Duration::from_secs(900);
/// What the guest must report.
pub const GUEST_CHECKS: &[&str] = &[
    "systemd",
    "units",
    "keeperd",
    "root-size",
    "labels",
    "fstab",
    "cloud-init",
    "capabilities",
    "network",
    "journal",
    "sshd",
    "sshd-settings",
    "machine-id",
];
/// What is looked at from outside.
const SSH_FORWARD: &str = "ssh-forward";

const POLL: Duration = Duration::from_millis(250);
/// The unit of a check that is done must only be put away.
const PATIENCE: Duration = Duration::from_secs(30);
/// A dying guest still has something to say.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// How a boot went.
#[derive(Debug)]
pub struct Report {
    /// Every check, well or not.
    pub checks: Vec<Check>,
    /// What the guest thought worth knowing.
    pub notes: Vec<String>,
    /// From QEMU's start until systemd had nothing left to start.
    pub boot_seconds: f64,
    /// Where the console is, from the first line on.
    pub console_log: Utf8PathBuf,
}

impl Report {
    /// Nothing when all is well, otherwise an error that says what is not.
    ///
    /// # Errors
    /// A check failed.
    pub fn verdict(&self) -> Result<()> {
        let failed: Vec<String> = self
            .checks
            .iter()
            .filter(|check| !check.ok)
            .map(|check| format!("\n{check}"))
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        let (count, all) = (failed.len(), self.checks.len());
        let error = anyhow!("{count} of {all} checks failed:{}", failed.concat());
        Err(error).hint(format!("the whole console is in {}", self.console_log))
    }
}

/// Boots `machine` with the check beside its image, and returns what was reported together with the
/// machine, which goes on running. `run_dir` is the run's own, `limit` the time for all of it.
///
/// # Errors
/// The guest crashed, QEMU ended, the time was up, or the report was none: what was found unwell by
/// an honest report is the report's to say.
pub fn run_check(
    mut machine: Machine,
    ports: Ports,
    run_dir: &Utf8Path,
    limit: Duration,
    tools: &Tools,
    progress: &Progress,
) -> Result<(Report, Running)> {
    let nonce = inject::nonce()?;
    let extended = run_dir.join("initrd-with-check");
    // The guest must give up first: it can say what it is waiting for.
    inject::extend(&machine.initrd, &extended, &nonce, limit.mul_f64(0.8))?;
    machine.initrd = extended;
    // A guest that starts again has crashed.
    machine.reboots = false;

    let step = progress.step("booting the image");
    let mut console = Tail::new(&machine.console_log);
    let mut running = Running::start(machine, tools)?;
    let outcome = attend(&mut running, &nonce, limit, &mut console, &step);
    let mut report = outcome.hint(format!("the whole console is in {}", console.path()))?;
    step.done(&format!("up after {:.0} s", report.boot_seconds));
    report.checks.push(look_from_outside(ports));
    Ok((report, running))
}

/// Listens until the guest has reported everything, or never will.
fn attend(
    running: &mut Running,
    nonce: &str,
    limit: Duration,
    console: &mut Tail,
    step: &Step,
) -> Result<Report> {
    let mut port = running.check_port()?;
    port.set_read_timeout(Some(POLL))?;
    let mut listener = Listener::new(nonce);
    let mut report = Report {
        checks: Vec::new(),
        notes: Vec::new(),
        boot_seconds: 0.0,
        console_log: console.path().to_owned(),
    };
    let mut hopeless_since = None;
    let (mut done, mut gone) = (None, false);
    loop {
        let heard = listen(&mut port).and_then(|bytes| listener.hear(&bytes));
        console.poll()?;
        step.detail(console.last());
        let events = heard.map_err(|error| anyhow!("{error:#}; {}", console.quoted()))?;
        for event in events {
            match event {
                Event::Booted => report.boot_seconds = running.age().as_secs_f64(),
                Event::Check(check) => tracing::info!("{check}"),
                Event::Note(note) => report.notes.push(note),
                Event::Done => done = Some(Instant::now()),
                Event::Ended => gone = true,
            }
        }
        // Once its unit is gone, the guest is as it would be without the check.
        if done.is_some_and(|since: Instant| gone || since.elapsed() > PATIENCE) {
            report.checks = listener.finish(GUEST_CHECKS)?;
            return Ok(report);
        }
        if let Some(meaning) = console.trouble() {
            let since = *hopeless_since.get_or_insert_with(Instant::now);
            ensure!(
                since.elapsed() < LAST_WORDS,
                "{meaning}; {}",
                console.quoted()
            );
        } else if let Some(status) = running.ended()? {
            console.poll()?;
            let (failure, quoted) = (running.failure(status), console.quoted());
            return Err(anyhow!(
                "the machine ended before its check: {failure}; {quoted}"
            ));
        }
        if running.age() > limit {
            let (seconds, quoted) = (limit.as_secs(), console.quoted());
            return Err(anyhow!(
                "the check was not done within {seconds} s; {quoted}"
            ));
        }
    }
}

/// What has come since, waiting a moment for it.
fn listen(port: &mut UnixStream) -> Result<Vec<u8>> {
    let mut bytes = vec![0; 8 << 10];
    match port.read(&mut bytes) {
        // QEMU is ending: nothing comes any more, and nothing says so again.
        Ok(0) => std::thread::sleep(POLL),
        Ok(length) => return Ok(bytes[..length].to_vec()),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::Interrupted | ErrorKind::ConnectionReset
            ) => {}
        Err(error) => return Err(error).context("listening to the check in the guest"),
    }
    Ok(Vec::new())
}

/// Whether the guest's sshd answers on the forwarded port.
fn look_from_outside(ports: Ports) -> Check {
    let banner = banner(ports.ssh).unwrap_or_else(|error| format!("{error:#}"));
    Check {
        name: SSH_FORWARD.into(),
        ok: banner.starts_with("SSH-2.0-"),
        detail: banner,
    }
}

fn banner(port: u16) -> Result<String> {
    let patience = Duration::from_secs(20);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, patience)
        .with_context(|| format!("connecting to port {port}"))?;
    stream.set_read_timeout(Some(patience))?;
    let mut said = [0; 255];
    let length = stream
        .read(&mut said)
        .context("waiting for sshd's greeting")?;
    let said = String::from_utf8_lossy(&said[..length]);
    let line = said.lines().next().unwrap_or("sshd closed the connection");
    Ok(line.chars().filter(|c| !c.is_control()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, ok: bool, detail: &str) -> Check {
        Check {
            name: name.into(),
            ok,
            detail: detail.into(),
        }
    }

    #[test]
    fn the_verdict_names_what_failed_and_nothing_else() {
        let mut report = Report {
            checks: vec![check("systemd", true, "running")],
            notes: Vec::new(),
            boot_seconds: 45.0,
            console_log: "/c/console.log".into(),
        };
        report.verdict().unwrap();
        report
            .checks
            .push(check("units", false, "a.service\nits journal"));
        let error = report.verdict().unwrap_err().to_string();
        assert_eq!(
            error,
            "1 of 2 checks failed:\nunits FAILED: a.service\n    its journal"
        );
    }

    #[test]
    fn an_unreachable_sshd_is_a_failed_check() {
        let check = look_from_outside(Ports { ssh: 1, rdp: 1 });
        assert!(
            !check.ok && check.detail.contains("connecting to port 1"),
            "{check}"
        );
    }
}
