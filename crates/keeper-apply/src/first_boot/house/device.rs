//! The running device: its own programs for accounts, sessions and certificates.

use std::io::Write as _;
use std::os::fd::OwnedFd;

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use cmd::Cmd;
use setup::Code;

use super::House;
use super::door::Door;
use crate::accounts::{DESKTOP, Facts, SETUP, SETUP_DESKTOP};
use crate::device::{DESKTOP_UNITS, MONITOR, restart_enabled, tell_desktop};
use crate::disk;
use crate::first_boot::address;

/// Where the image has this program.
const PROGRAM: &str = "/usr/libexec/keeper/keeper-apply";
/// What ends setup when the last page has been seen.
const END: &str = "keeper-setup-end";
/// More than /etc/shadow has.
const SHADOW_MOST: u64 = 1024 * 1024;
/// The desktop with the wizard.
const SESSION: &str = "keeper-setup-session.service";
/// What writes into the directories that a reset empties.
const WRITERS: [&str; 5] = [
    SESSION,
    "keeperd.service",
    "keeper-ddns.service",
    "keeper-router.service",
    "xrdp.service",
];

/// The device that this program runs on.
#[derive(Debug)]
pub struct Running;

impl House for Running {
    fn addresses(&self) -> Vec<String> {
        let told = Cmd::new("ip").args(["-json", "address"]).read();
        let found = told.map(|json| address::of_ip(&json)).unwrap_or_default();
        if !found.is_empty() {
            return found;
        }
        let told = Cmd::new("hostname").arg("-I").read();
        told.map(|text| address::of_words(&text))
            .unwrap_or_default()
    }

    fn fingerprint(&self, certificate: &Utf8Path) -> Option<String> {
        let arguments = ["x509", "-noout", "-fingerprint", "-sha256", "-in"];
        let openssl = Cmd::new("openssl")
            .args(arguments)
            .arg(certificate.as_str());
        address::fingerprint(&openssl.read().ok()?)
    }

    fn let_setup_in(&self, code: &Code) -> Result<()> {
        // At each start; a card wears.
        if door().is_ok_and(|door| door == Door::Open) && is_password_of_setup(code) {
            return Ok(());
        }
        // An option that names the hash keeps PAM out of it, whose rules for good passwords are not asked.
        let line = format!("{SETUP}:{}\n", code.reveal());
        Cmd::new("chpasswd")
            .args(["-c", "SHA512"])
            .stdin_file(said(&line)?)
            .run()
            .context("setting the setup code")?;
        let never = Cmd::new("usermod").args(["--expiredate", "", SETUP]);
        never.run().context("letting the account setup in")
    }

    fn lock_setup(&self) -> Result<()> {
        if uid(SETUP)?.is_none() || door().is_ok_and(|door| door == Door::Locked) {
            return Ok(());
        }
        // Not --lock, which keeps the hash: nobody is to guess at it later.
        let arguments = ["--password", "!", "--expiredate", "1", SETUP];
        let locked = Cmd::new("usermod").args(arguments).run();
        locked.context("locking the account setup")
    }

    fn end_later(&self, seconds: u32) -> Result<()> {
        Cmd::new("systemd-run")
            .arg(format!("--on-active={seconds}"))
            .arg(format!("--unit={END}"))
            // A timer may be a minute late otherwise, and until then the owner is not let in.
            .arg("--timer-property=AccuracySec=1s")
            // An appliance has nobody to type it once more.
            .args([
                "--property=Restart=on-failure",
                "--property=RestartSec=10",
                "--collect",
            ])
            .args([PROGRAM, "end-setup"])
            .run()
            .context("having setup ended in a moment")
    }

    fn end_sessions(&self) -> Result<()> {
        // Without a session it fails, and there is none to end.
        let _ = Cmd::new("loginctl")
            .args(["terminate-user", SETUP])
            .output();
        // It empties the session's home besides. An image may have no such unit; the session is ended all the same.
        let _ = Cmd::new("systemctl").args(["stop", SESSION]).output();
        let stopped = uid(SETUP_DESKTOP)?.map_or(Ok(()), |uid| {
            systemctl("stop", &[&format!("user@{uid}.service")])
        });
        // xrdp's connections are its own processes: whoever came in with the code is out.
        systemctl("try-restart", &["xrdp-sesman.service", "xrdp.service"])?;
        stopped
    }

    fn begin_desktop(&self) -> Result<()> {
        let Some(uid) = uid(DESKTOP)? else {
            return Ok(());
        };
        systemctl("start", &[&format!("user@{uid}.service")])?;
        // The monitor's X server waits for an owner too; without one, the desktop is a virtual one.
        restart_enabled(MONITOR)?;
        // It may have run before, without its desktop.
        tell_desktop("start", DESKTOP_UNITS)
    }

    fn quieten(&self) -> Result<()> {
        let managers = [DESKTOP, SETUP_DESKTOP].map(uid);
        let mut units: Vec<String> = WRITERS.map(str::to_owned).into();
        for uid in managers {
            units.extend(uid?.map(|uid| format!("user@{uid}.service")));
        }
        let stop = |unit: &String| {
            // A unit that the image has not cannot be stopped; what is left is seen when files come back.
            let _ = Cmd::new("systemctl").args(["stop", unit]).output();
        };
        units.iter().for_each(stop);
        Ok(())
    }

    fn put_out(&self, name: &str) -> Result<()> {
        // Without a session it fails, and there is none to end. What runs all the same ends with the device's next start.
        let _ = Cmd::new("loginctl").args(["terminate-user", name]).output();
        Ok(())
    }

    fn reboot(&self) -> Result<()> {
        systemctl("reboot", &["--no-block"])
    }
}

/// How the account `setup` is now.
fn door() -> Result<Door> {
    let shadow = disk::read_bounded("/etc/shadow".into(), SHADOW_MOST)?;
    Ok(Door::of(&shadow.unwrap_or_default()))
}

/// PAM's own helper, which reads the hash.
fn is_password_of_setup(code: &Code) -> bool {
    let line = format!("{}\0", code.reveal());
    let asked = said(&line).map(|stdin| {
        let helper = Cmd::new("unix_chkpwd").args([SETUP, "nonull"]);
        helper.stdin_file(stdin).output()
    });
    matches!(asked, Ok(Ok(output)) if output.status.success())
}

/// What a program reads as its stdin: not an argument, which everybody can read. It is shorter than a pipe.
fn said(text: &str) -> Result<std::fs::File> {
    let (reader, mut writer) = std::io::pipe()?;
    writer.write_all(text.as_bytes())?;
    Ok(OwnedFd::from(reader).into())
}

fn systemctl(verb: &str, units: &[&str]) -> Result<()> {
    Ok(Cmd::new("systemctl").arg(verb).args(units).run()?)
}

fn uid(name: &str) -> Result<Option<u32>> {
    let accounts = Facts::read("/".into(), false)?;
    Ok(accounts.uids.get(name).copied())
}
