//! What runs on the device: opens the port, renews it, closes it at the end, and says how it is.

use crate::Wants;
use crate::ask::{Opened, Ways, open};
use crate::pcp::Nonce;
use anyhow::{Context as _, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use std::io::Read as _;
use std::net::IpAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// The time between two tries of a router that has refused, and between two looks at the network.
const AGAIN: Duration = Duration::from_secs(300);

/// What the service is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether a port is to be opened at all.
    pub map: bool,
    /// The router's port.
    pub port: u16,
    /// Where it says how it is, in one line: `open PORT PROTOCOL`, `failed WHY` or `off`.
    pub status: Utf8PathBuf,
    /// What the router knows us by, across restarts.
    pub nonce: Utf8PathBuf,
    /// The kernel's routes.
    pub routes: Utf8PathBuf,
    /// Where routers listen.
    pub ways: Ways,
}

/// Keeps the port open until `stop` says something, and closes it then.
///
/// # Errors
/// The status or the nonce cannot be written.
pub fn run(settings: &Settings, stop: &Receiver<()>) -> Result<()> {
    if !settings.map {
        return say(&settings.status, "off");
    }
    let nonce = nonce(&settings.nonce)?;
    let mut opened: Option<Opened> = None;
    let mut said = String::new();
    loop {
        let asked = ask(settings, &nonce);
        let wait = asked.as_ref().map_or(AGAIN, renewal);
        let line = match &asked {
            Ok(opened) => format!("open {} {}", settings.port, opened.protocol.name()),
            Err(why) => format!("failed {why}"),
        };
        if line != said {
            eprintln!("{line}");
        }
        say(&settings.status, &line)?;
        said = line;
        if let Ok(new) = asked {
            // Another network: what the last router has opened leads nowhere, and ends by itself.
            opened = Some(new);
        }
        match stop.recv_timeout(wait) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    if let Some(opened) = opened {
        match opened.close(&settings.ways) {
            Ok(()) => eprintln!("closed port {}", settings.port),
            Err(why) => eprintln!("closing port {}: {why}", settings.port),
        }
    }
    say(&settings.status, "off")
}

fn ask(settings: &Settings, nonce: &Nonce) -> Result<Opened, String> {
    let way = near::default_v4(&settings.routes);
    let gateway = way
        .and_then(|way| way.gateway)
        .ok_or("there is no router")?;
    let Some(IpAddr::V4(own)) = near::own_address((gateway, 9).into()) else {
        return Err("this device has no address".to_owned());
    };
    let port = settings.port;
    open(Wants { gateway, own, port }, nonce, &settings.ways)
}

/// Half of the time that the router gave, so that one lost renewal does no harm. Without an end the
/// router may forget it at a restart.
fn renewal(opened: &Opened) -> Duration {
    let half = opened
        .seconds
        .map(|seconds| Duration::from_secs((seconds / 2).into()));
    half.unwrap_or(AGAIN)
        .clamp(Duration::from_secs(30), 6 * AGAIN)
}

/// By rename, so that nobody reads half a line.
fn say(status: &Utf8Path, line: &str) -> Result<()> {
    let line: String = line.chars().filter(|c| !c.is_control()).take(300).collect();
    let new = status.with_extension("new");
    fs::write(&new, format!("{line}\n"))?;
    Ok(fs::rename(&new, status)?)
}

/// What was made the first time. A router lets a mapping be changed by the same nonce only, also after
/// this device lost its power.
fn nonce(file: &Utf8Path) -> Result<Nonce> {
    if let Ok(bytes) = fs::read(file)
        && let Ok(nonce) = Nonce::try_from(&*bytes)
    {
        return Ok(nonce);
    }
    let mut nonce = Nonce::default();
    let mut random = fs::File::open("/dev/urandom")?;
    random.read_exact(&mut nonce).context("making a nonce")?;
    if nonce == Nonce::default() {
        bail!("/dev/urandom gives nothing but zeros");
    }
    let new = file.with_extension("new");
    fs::write(&new, nonce)?;
    fs::rename(&new, file)?;
    Ok(nonce)
}

#[cfg(test)]
mod tests;
