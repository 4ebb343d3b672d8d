//! A real RDP client: xfreerdp on a screen of its own.

use fs_err::os::unix::fs::OpenOptionsExt;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use image::tools::Tools;

use crate::screen::Screen;

const PROGRAM: &str = "xfreerdp3";
/// A client that was asked to go says goodbye first.
const GOODBYE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);
/// How much of what a client says is kept, in bytes.
const SAID: usize = 64 << 10;

/// What the connection is protected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS, which is what it ought to be.
    Tls,
    /// The protocol's own, broken one.
    Rdp,
}

/// Who connects, whereto, and how.
#[derive(Debug, Clone)]
pub struct Login<'a> {
    /// A port of this machine's loopback interface.
    pub port: u16,
    /// The user's name.
    pub user: &'a str,
    /// The password. It is handed over in a file that only we can read.
    pub password: &'a str,
    /// The SHA-256 of the only certificate that is accepted: hexadecimal, with colons.
    pub fingerprint: &'a str,
    /// What the connection is to be protected by.
    pub security: Security,
}

/// A client at work. Dropped, it is killed.
#[derive(Debug)]
pub struct Client {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Client {
    /// Starts one that fills `screen`. It may still be refused.
    ///
    /// # Errors
    /// The program could not be started.
    pub fn start(tools: &Tools, screen: &Screen, login: &Login<'_>) -> Result<Self> {
        let file = screen.dir().join("arguments");
        write_secret(&file, &arguments(login, screen.size))?;
        let mut command = screen
            .cmd(tools, PROGRAM)
            .arg(format!("/args-from:{}", file.display()))
            .command();
        // One pipe for both: which of the two it speaks to is no matter.
        let (reader, writer) = std::io::pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        command.stdin(Stdio::null());
        let child = command
            .spawn()
            .with_context(|| format!("starting {PROGRAM}"))?;
        drop(command);
        let said = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&said);
        std::thread::spawn(move || listen(reader, &shared));
        Ok(Self { child, said })
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system would not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        self.said
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Closes the connection as a person does who closes the window.
    ///
    /// # Errors
    /// The client did not go.
    pub fn disconnect(mut self) -> Result<()> {
        if self.ended()?.is_none() {
            let pid = rustix::process::Pid::from_child(&self.child);
            rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        }
        self.wait(GOODBYE)
    }

    /// Waits for its end, but not longer than `limit`.
    fn wait(&mut self, limit: Duration) -> Result<()> {
        let started = Instant::now();
        while self.ended()?.is_none() {
            if started.elapsed() > limit {
                bail!("{PROGRAM} has not ended within {} s", limit.as_secs());
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One argument a line.
fn arguments(login: &Login<'_>, size: (u32, u32)) -> String {
    let security = match login.security {
        Security::Tls => "tls",
        Security::Rdp => "rdp",
    };
    let lines = [
        format!("/v:127.0.0.1:{}", login.port),
        format!("/u:{}", login.user),
        format!("/p:{}", login.password),
        format!("/size:{}x{}", size.0, size.1),
        format!("/cert:deny,fingerprint:sha256:{}", login.fingerprint),
        format!("/sec:{security}"),
        "/timeout:60000".into(),
        "/log-level:INFO".into(),
        "-decorations".into(),
        "-auto-reconnect".into(),
    ];
    lines.join("\n") + "\n"
}

fn write_secret(file: &std::path::Path, text: &str) -> Result<()> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    std::io::Write::write_all(&mut options.open(file)?, text.as_bytes())?;
    Ok(())
}

fn listen(reader: impl Read, said: &Mutex<String>) {
    for line in BufReader::new(reader).lines().map_while(Result::ok) {
        tracing::debug!(target: "cmd", "{line}");
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() + line.len() < SAID {
            *said += &line;
            said.push('\n');
        }
    }
}
