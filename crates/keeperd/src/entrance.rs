//! The watch over the tunnel's entrance: does a Colab machine hold it, and how is that?
//!
//! The first is in the kernel's table of sockets. For the second keeperd has no key: it writes a
//! question, and reads what keeper-tunnel has found (`control::ASK_MACHINE`). When to ask, and what
//! that comes to, is in `watch`, without I/O. While the tunnel is off nothing is looked at.

mod watch;

use crate::clock::Alarm;
use crate::journal;
use crate::settings::Settings;
use camino::{Utf8Path, Utf8PathBuf};
use control::{Answer, Question, TunnelState, TunnelStatus};
use rustix::fs::OFlags;
use std::cell::RefCell;
use std::convert::Infallible;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;
use watch::{Holder, Watch};

/// The most bytes of the kernel's table and of the accounts. Sockets that listen come first.
const MOST: u64 = 256 * 1024;
/// The time between two turns while the tunnel is off.
const OFF: Duration = Duration::from_secs(60);
/// The time between two looks at the entrance.
const PERIOD: Duration = Duration::from_secs(10);
/// The same, while an answer is waited for.
const SOON: Duration = Duration::from_secs(1);

/// Where the watch looks and writes.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    /// The kernel's sockets.
    pub(crate) sockets: Utf8PathBuf,
    /// The file of accounts.
    pub(crate) passwd: Utf8PathBuf,
    /// Where a question is written.
    pub(crate) question: Utf8PathBuf,
    /// Where its answer appears.
    pub(crate) answer: Utf8PathBuf,
}

/// The watch and what it knows.
pub(crate) struct Entrance {
    ways: Ways,
    watch: RefCell<Option<Watch>>,
    reloaded: Notify,
}

impl Entrance {
    pub(crate) fn new(ways: Ways) -> Self {
        Self {
            ways,
            watch: RefCell::new(None),
            reloaded: Notify::new(),
        }
    }

    /// The configuration may be another one.
    pub(crate) fn reloaded(&self) {
        self.reloaded.notify_one();
    }

    /// Watches for ever; `beat` is called before each look.
    pub(crate) async fn watch(&self, settings: &Settings, beat: impl Fn()) -> Infallible {
        let mut alarm = Alarm::new();
        loop {
            beat();
            let period = self.look(settings.entrance());
            tokio::select! {
                () = self.reloaded.notified() => {}
                () = alarm.next(period) => {}
            }
        }
    }

    /// Looks at the entrance, if there is to be one; the time until the next look.
    fn look(&self, entrance: Option<u16>) -> Duration {
        let mut watch = self.watch.borrow_mut();
        let Some(entrance) = entrance else {
            *watch = None;
            return OFF;
        };
        let now = Instant::now();
        let watch = watch.get_or_insert_with(|| Watch::new(first_number(), now));
        let before = watch.state();
        watch.see(self.holder(entrance), now);
        if watch.is_waiting()
            && let Some(answer) = answer(&self.ways.answer)
        {
            watch.hear(answer, now);
        }
        if let Some(number) = watch.ask(now) {
            let asked = ask(&self.ways.question, &Question { number });
            if let Err(error) = asked {
                journal::error(format_args!("writing {}: {error}", self.ways.question));
            }
        }
        if watch.state() != before {
            tell(&watch.status(now));
        }
        if watch.is_waiting() { SOON } else { PERIOD }
    }

    fn holder(&self, entrance: u16) -> Holder {
        match tunnel::listener(&near::text(&self.ways.sockets, MOST), entrance) {
            None => Holder::Nobody,
            Some(one) => {
                let account =
                    tunnel::account(&near::text(&self.ways.passwd, MOST), tunnel::DIALS_AS);
                if account == Some(one.uid) {
                    Holder::Machine(one.inode)
                } else {
                    Holder::Program(one.uid)
                }
            }
        }
    }

    /// None while the tunnel is off.
    pub(crate) fn status(&self) -> Option<TunnelStatus> {
        let watch = self.watch.borrow();
        watch.as_ref().map(|watch| watch.status(Instant::now()))
    }
}

/// Another one at each start of keeperd, so that an answer from before it is nobody's.
fn first_number() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}

/// What the other account has written; a pipe in its place is not waited for.
fn answer(path: &Utf8Path) -> Option<Answer> {
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
    let mut options = OpenOptions::new();
    let file = options.read(true).custom_flags(flags.bits() as i32);
    let mut line = Vec::new();
    let mut file = file.open(path).ok()?.take(control::MAX_MACHINE);
    file.read_to_end(&mut line).ok()?;
    control::from_line(&line).ok()
}

/// By rename: systemd sees a whole file come.
fn ask(path: &Utf8Path, question: &Question) -> std::io::Result<()> {
    let new = Utf8PathBuf::from(format!("{path}.new"));
    let mut file = File::create(&new)?;
    // Another account reads it.
    file.set_permissions(Permissions::from_mode(0o644))?;
    file.write_all(control::to_line(question)?.as_bytes())?;
    std::fs::rename(&new, path)
}

/// A change, for the journal.
fn tell(status: &TunnelStatus) {
    match status.state {
        TunnelState::Waiting => journal::info(format_args!("no Colab machine is connected")),
        TunnelState::Connected => journal::info(format_args!("a Colab machine has dialled in")),
        TunnelState::Up => journal::info(format_args!("the Colab machine answers")),
        TunnelState::Taken => journal::warning(format_args!(
            "the tunnel's entrance is taken by a program of this device"
        )),
        TunnelState::OtherKey => journal::warning(format_args!(
            "what is connected is not the machine that was enrolled: its key is another one"
        )),
        TunnelState::Refused => {
            journal::warning(format_args!("the Colab machine refuses this device's key"))
        }
        TunnelState::NoSshd | TunnelState::Silent => {
            journal::warning(format_args!("the Colab machine does not answer"));
        }
        TunnelState::Unknown => {
            let why = status.detail.as_deref().unwrap_or_default();
            journal::warning(format_args!("the Colab machine cannot be asked: {why}"));
        }
    }
}

#[cfg(test)]
#[path = "entrance/tests.rs"]
mod tests;
