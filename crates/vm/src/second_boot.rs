//! How long a device that has been set up takes from power-on until it can be reached, beside the
//! same system without the desktop and what belongs to it.
//!
//! The first boot only prepares the card. The two that are measured start from copies of it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use camino::Utf8Path;
use image::hint::Hint;
use image::progress::Progress;
use image::tools::Tools;

use crate::machine::Machine;
use crate::running::Running;
use crate::session::Session;

/// A boot in software emulation.
const LIMIT: Duration = Duration::from_secs(900);
/// How long a guest may take to stop by itself.
const POWER_OFF: Duration = Duration::from_secs(180);
const POLL: Duration = Duration::from_millis(200);
/// What agetty writes on the serial console.
const PROMPT: &str = " login: ";
/// cloud-init's last word, after which it has nothing left to do at later boots.
const SET_UP: &str = "finished at";
/// What the bare base has not: the remote desktop, and the user manager with desktop and browser.
const DESKTOP: [&str; 4] = [
    "xrdp.service",
    "xrdp-sesman.service",
    "keeper-rdp-key.service",
    "user@.service",
];
/// MS-RDPBCGR 2.2.1.1: an X.224 connection request with an RDP negotiation request for TLS.
const RDP_REQUEST: [u8; 19] = [3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0];
/// The first bytes of the confirmation: TPKT's version 3, and X.224's code after three lengths.
const CONFIRM: (u8, u8) = (3, 0xd0);

/// Seconds from power-on.
#[derive(Debug, Clone, Copy)]
pub struct SecondBoot {
    /// Until the remote desktop answers.
    pub rdp: f64,
    /// Until the login prompt of the same system without the desktop.
    pub bare_prompt: f64,
}

/// Boots three times; the machine should have nothing else to do.
///
/// # Errors
/// One of the boots does not come so far.
pub fn measure(session: &Session, tools: &Tools, progress: &Progress) -> Result<SecondBoot> {
    let rdp_port = session.ports.rdp;
    let console = session.machine.console_log.clone();
    let step = progress.step("the first boot");
    let running = Running::start(session.machine.clone(), tools)?;
    until(running, "cloud-init is done", |_| says(&console, SET_UP))?.power_off(POWER_OFF)?;
    step.done("");

    let again = |name: &str, masked: &[&str]| -> Result<Machine> {
        let card = session.run.dir().join(format!("{name}.qcow2"));
        let mut machine = session.machine.clone();
        machine.disk = session.machine.disk.fork(&card, None, tools)?;
        for unit in masked {
            machine.append += &format!(" systemd.mask={unit}");
        }
        Ok(machine)
    };
    let step = progress.step("the second boot, without the desktop");
    let running = Running::start(again("bare", &DESKTOP)?, tools)?;
    let running = until(running, "a login prompt", |_| says(&console, PROMPT))?;
    let bare_prompt = running.age().as_secs_f64();
    running.cut_power()?;
    step.done("");

    let step = progress.step("the second boot");
    let running = Running::start(again("whole", &[])?, tools)?;
    let running = until(running, "the remote desktop", |_| {
        Ok(ask_rdp(rdp_port).is_ok())
    })?;
    let rdp = running.age().as_secs_f64();
    running.cut_power()?;
    step.done("");
    Ok(SecondBoot { rdp, bare_prompt })
}

fn until(
    mut running: Running,
    what: &str,
    mut there: impl FnMut(&Running) -> Result<bool>,
) -> Result<Running> {
    while !there(&running)? {
        if let Some(status) = running.ended()? {
            return Err(running.failure(status));
        }
        if running.age() > LIMIT {
            let error = anyhow!("waiting for {what}: not within {} s", LIMIT.as_secs());
            let console = &running.machine().console_log;
            return Err(error).hint(format!("the console is in {console}"));
        }
        std::thread::sleep(POLL);
    }
    Ok(running)
}

fn says(console: &Utf8Path, word: &str) -> Result<bool> {
    let said = fs_err::read(console)?;
    Ok(String::from_utf8_lossy(&said).contains(word))
}

/// QEMU itself takes every connection; only the guest can confirm.
fn ask_rdp(port: u16) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, POLL)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(&RDP_REQUEST)?;
    let mut reply = [0; 6];
    stream.read_exact(&mut reply).context("no confirmation")?;
    ensure!((reply[0], reply[5]) == CONFIRM, "{reply:?}");
    Ok(())
}
