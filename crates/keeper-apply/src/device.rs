//! The running device: its sshd and nft look at candidates, its systemd tells services.

use std::path::Path;

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use cmd::Cmd;
use fs_err as fs;
use tunnel::Time;

use crate::accounts::{DESKTOP, Facts};
use crate::concerned::Service;
use crate::hint::hinted;
use crate::system::{NewKeys, System};

mod new_keys;

const SSHD: &str = "/usr/sbin/sshd";
const NFT: &str = "/usr/sbin/nft";
/// sshd looks for it even when it only checks; ssh.service makes it when it starts.
const SSHD_ROOM: &str = "/run/sshd";
const HOST_KEY: &str = "/etc/ssh/ssh_host_ed25519_key";
/// Ours, for a key that only a check needs.
const ROOM: &str = "/run/keeper-apply";
/// The X server on the monitor.
pub(crate) const MONITOR: &str = "keeper-monitor.service";
/// What starts the whole desktop again once its display has been stopped.
pub(crate) const DESKTOP_UNITS: &[&str] = &["keeper-session.target"];

/// The device that this program runs on.
#[derive(Debug)]
pub struct Device;

impl System for Device {
    fn check(&self, candidate: &Utf8Path) -> Result<()> {
        if Path::new(SSHD).exists() {
            check_sshd(&candidate.join("sshd.conf")).map_err(|error| refused("sshd", &error))?;
        }
        if Path::new(NFT).exists() {
            let file = candidate.join("firewall.nft");
            let check = Cmd::new(NFT).args(["-c", "-f", file.as_str()]).run();
            check.map_err(|error| refused("nft", &error.into()))?;
        }
        Ok(())
    }

    fn tell(&self, service: Service) -> Result<()> {
        match service {
            Service::Firewall | Service::Keeperd => tell(service, "reload"),
            Service::Ssh => tell(service, "try-reload-or-restart"),
            Service::Rdp | Service::Fail2ban => tell(service, "restart"),
            // A condition of their units decides whether there is anything to do.
            Service::Expiry => reread(service.units()[0]),
            Service::Ddns | Service::Router => restart_enabled(service.units()[0]),
            Service::Display => restart_display(),
            Service::Kiosk => tell_desktop("try-restart", service.units()),
        }
    }

    fn openssh(&self) -> Option<(u32, u32)> {
        let mut said = String::new();
        // It says it on stderr.
        let asked = Cmd::new("ssh").arg("-V").run_with(|line| said += line);
        asked.ok().and_then(|()| openssh(&said))
    }

    fn local_minute(&self, time: Time) -> Result<String> {
        let moment = format!("@{}", time.seconds());
        let said = Cmd::new("date").args(["-d", &moment, "+%Y%m%d%H%M"]).read();
        Ok(said.context("asking for the local time")?.trim().to_owned())
    }

    fn new_keys(&self) -> Result<NewKeys> {
        new_keys::make()
    }

    fn end_tunnels(&self) -> Result<()> {
        new_keys::end_tunnels()
    }
}

fn openssh(said: &str) -> Option<(u32, u32)> {
    let version = said.strip_prefix("OpenSSH_")?;
    let (major, rest) = version.split_once('.')?;
    let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn refused(program: &str, error: &anyhow::Error) -> anyhow::Error {
    let hint = "this is a mistake of Colab Keeper's; please report it with the lines above";
    hinted(
        format!("{program} refuses what was made of keeper.toml: {error:#}"),
        hint,
    )
}

fn check_sshd(file: &Utf8Path) -> Result<()> {
    fs::create_dir_all(SSHD_ROOM)?;
    let mut check = Cmd::new(SSHD).args(["-t", "-f", file.as_str()]);
    if !Path::new(HOST_KEY).exists() {
        check = check.args(["-h", &key_for_check()?]);
    }
    Ok(check.run()?)
}

/// A host key of no meaning: sshd checks nothing without one, and the device's may not be there yet.
fn key_for_check() -> Result<String> {
    let key = format!("{ROOM}/host-key-for-check");
    fs::create_dir_all(ROOM)?;
    if !Path::new(&key).exists() {
        Cmd::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f", &key])
            .run()
            .context("making a host key for the check")?;
    }
    Ok(key)
}

/// A service that failed gets a new chance: what it failed for may be what has changed.
fn tell(service: Service, verb: &str) -> Result<()> {
    let units = service.units();
    let state = Cmd::new("systemctl").args(["is-active", units[0]]).output();
    let state = state.context("asking systemd")?.stdout;
    let verb = match String::from_utf8_lossy(&state).trim() {
        "active" | "reloading" | "activating" => verb,
        "failed" => "restart",
        _ => return Ok(()),
    };
    let told = Cmd::new("systemctl").arg(verb).args(units).run();
    told.map_err(|error| not_taken(units[0], error))
}

/// The display is free while the monitor's X server is asked whether it is to have it.
fn restart_display() -> Result<()> {
    tell_desktop("stop", Service::Display.units())?;
    // The monitor's unit decides by the files in force whether it has anything to do.
    restart_enabled(MONITOR)?;
    tell_desktop("start", DESKTOP_UNITS)
}

/// Starts a unit anew, unless the image has none.
pub(crate) fn restart_enabled(unit: &str) -> Result<()> {
    if is_enabled(unit)? {
        let told = Cmd::new("systemctl").args(["restart", unit]).run();
        told.map_err(|error| not_taken(unit, error))?;
    }
    Ok(())
}

/// A unit of which a part is in the generation: systemd keeps what it has read of units.
fn reread(unit: &str) -> Result<()> {
    if is_enabled(unit)? {
        let told = Cmd::new("systemctl").arg("daemon-reload").run();
        told.map_err(|error| not_taken(unit, error))?;
    }
    restart_enabled(unit)
}

fn is_enabled(unit: &str) -> Result<bool> {
    let asked = Cmd::new("systemctl").args(["is-enabled", "--quiet", unit]);
    Ok(asked.output().context("asking systemd")?.status.success())
}

/// A unit of the desktop's own systemd, which only its account may talk to.
pub(crate) fn tell_desktop(verb: &str, units: &[&str]) -> Result<()> {
    let accounts = Facts::read("/".into(), false)?;
    let Some(uid) = accounts.uids.get(DESKTOP) else {
        return Ok(());
    };
    let runtime = format!("/run/user/{uid}");
    if !Path::new(&runtime).join("systemd/private").exists() {
        return Ok(());
    }
    // setpriv and not runuser: no PAM session is needed, nor the privileges to open one.
    let told = Cmd::new("setpriv")
        .arg(format!("--reuid={DESKTOP}"))
        .arg(format!("--regid={DESKTOP}"))
        .args(["--init-groups", "systemctl", "--user", verb])
        .args(units)
        .clear_env()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("XDG_RUNTIME_DIR", &runtime)
        .run();
    told.map_err(|error| not_taken(units[0], error))
}

fn not_taken(unit: &str, error: cmd::Error) -> anyhow::Error {
    let error = anyhow::Error::from(error);
    hinted(
        format!("{unit} did not take the new configuration: {error:#}"),
        format!("`journalctl -n 30 -u {unit}` says why"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_openssh_is_read() {
        for (said, version) in [
            (
                "OpenSSH_8.2p1 Ubuntu-4ubuntu0.13, OpenSSL 1.1.1f  31 Mar 2020",
                Some((8, 2)),
            ),
            (
                "OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17",
                Some((9, 2)),
            ),
            ("OpenSSH_10.0p2", Some((10, 0))),
            ("dropbear 2022", None),
            ("", None),
        ] {
            assert_eq!(openssh(said), version, "{said}");
        }
    }
}
