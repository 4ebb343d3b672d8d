//! An X server without a monitor: Xvfb, whose picture lies in a file that it maps into memory.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use cmd::Cmd;
use image::tools::Tools;
use rustix::process::{Pid, Signal, kill_process};

use crate::picture::Picture;
use crate::words;

/// Xvfb's name for the file of its only screen.
const MEMORY: &str = "Xvfb_screen0";
const COOKIE: &str = "cookie";
const LOG: &str = "Xvfb.log";
/// As long as MIT-MAGIC-COOKIE-1 wants it.
const COOKIE_LENGTH: usize = 16;
const POLL: Duration = Duration::from_millis(500);
const GOODBYE: Duration = Duration::from_secs(2);

/// A screen. Dropped, it is gone, and its clients with it.
#[derive(Debug)]
pub struct Screen {
    server: Child,
    display: String,
    dir: PathBuf,
    /// Its width and height in pixels.
    pub size: (u32, u32),
}

impl Screen {
    /// Starts one that keeps its things in the new directory `dir`, which must come to lie where
    /// the tools see it.
    ///
    /// # Errors
    /// The server did not start.
    pub fn start(tools: &Tools, dir: &Path, size: (u32, u32)) -> Result<Self> {
        fs_err::create_dir(dir)?;
        let (server, display) = serve(tools, dir, size, None)?;
        Ok(Self {
            server,
            display,
            dir: dir.to_owned(),
            size,
        })
    }

    /// Kills the server, and all that was on it, as a crash would.
    ///
    /// # Errors
    /// It cannot be killed.
    pub fn crash(&mut self) -> Result<()> {
        self.server.kill()?;
        self.server.wait()?;
        Ok(())
    }

    /// Starts the server again after [`Screen::crash`]: the same display, with another cookie.
    ///
    /// # Errors
    /// The server did not start.
    pub fn start_again(&mut self, tools: &Tools) -> Result<()> {
        let display = self.display.clone();
        (self.server, self.display) = serve(tools, &self.dir, self.size, Some(&display))?;
        Ok(())
    }

    /// What its clients have as `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// What its clients have as `XAUTHORITY`: the file with its cookie.
    pub fn authority(&self) -> PathBuf {
        self.dir.join(COOKIE)
    }

    /// One of the tools, on this screen. What it calls home is the screen's directory, so nothing
    /// that it notes is there for the next one.
    pub fn cmd(&self, tools: &Tools, program: &str) -> Cmd {
        tools
            .cmd(program)
            .env("DISPLAY", &self.display)
            .env("XAUTHORITY", self.authority())
            .env("HOME", &self.dir)
    }

    /// What it shows now.
    ///
    /// # Errors
    /// The server is gone.
    pub fn picture(&self) -> Result<Picture> {
        let mut bytes = Vec::new();
        let file = fs_err::File::open(self.dir.join(MEMORY))?;
        file.take(256 << 20).read_to_end(&mut bytes)?;
        Picture::from_xwd(&bytes).context("reading the screen's memory")
    }

    /// The words that it shows now.
    ///
    /// # Errors
    /// As [`Screen::picture`].
    pub fn words(&self, tools: &Tools) -> Result<String> {
        let file = self.dir.join("words.png");
        self.picture()?.save(&file)?;
        words::read_words(tools, &file)
    }

    /// Looks until `wanted` says yes of the picture: that picture, and else the last one.
    ///
    /// # Errors
    /// As [`Screen::picture`], or that of `wanted`.
    pub fn wait_for(
        &self,
        limit: Duration,
        mut wanted: impl FnMut(&Picture) -> Result<bool>,
    ) -> Result<std::result::Result<Picture, Picture>> {
        let started = Instant::now();
        loop {
            let picture = self.picture()?;
            if wanted(&picture)? {
                return Ok(Ok(picture));
            }
            if started.elapsed() > limit {
                return Ok(Err(picture));
            }
            std::thread::sleep(POLL);
        }
    }

    /// The directory of its things.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Asked to go, it takes the lock of its display from /tmp; a new server would stumble over it.
        let pid = Pid::from_child(&self.server);
        let asked = kill_process(pid, Signal::TERM).is_ok();
        let end = Instant::now() + GOODBYE;
        while asked && Instant::now() < end && matches!(self.server.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        // Both fail only for a process that is gone already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Starts a server, as `display` or under the first number that is free; the server and its display.
fn serve(
    tools: &Tools,
    dir: &Path,
    size: (u32, u32),
    display: Option<&str>,
) -> Result<(Child, String)> {
    fs_err::write(dir.join(COOKIE), authority(&cookie()?))?;
    let command = tools.cmd("Xvfb").args(display);
    let command = command
        .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset"])
        .args(["-screen", "0"])
        .arg(format!("{}x{}x24", size.0, size.1))
        .arg("-fbdir")
        .arg(dir)
        .arg("-auth")
        .arg(dir.join(COOKIE));
    let mut command = command.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let log = fs_err::File::create(dir.join(LOG))?;
    let spawned = command.stderr(log.into_file()).spawn();
    let mut server = spawned.context("starting Xvfb")?;
    let said = server.stdout.take().context("Xvfb's stdout")?;
    let mut number = String::new();
    BufReader::new(said).read_line(&mut number)?;
    if number.trim().is_empty() {
        let log = fs_err::read_to_string(dir.join(LOG))?;
        let _ = server.kill();
        let _ = server.wait();
        bail!("Xvfb ended before it had a display: {}", log.trim());
    }
    Ok((server, format!(":{}", number.trim())))
}

fn cookie() -> Result<[u8; COOKIE_LENGTH]> {
    let mut bytes = [0; COOKIE_LENGTH];
    fs_err::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// An .Xauthority file with a cookie that is good for every display (family 65535).
fn authority(cookie: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xff];
    for field in [&b""[..], b"", b"MIT-MAGIC-COOKIE-1", cookie] {
        let length = u16::try_from(field.len()).expect("our own short fields");
        bytes.extend(length.to_be_bytes());
        bytes.extend(field);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::authority;

    #[test]
    fn the_cookies_file_is_what_libxau_reads() {
        let expected = b"\xff\xff\0\0\0\0\0\x12MIT-MAGIC-COOKIE-1\0\x02ab";
        assert_eq!(authority(b"ab"), expected);
    }
}
