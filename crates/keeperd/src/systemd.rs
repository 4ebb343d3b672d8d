//! What systemd is told (sd_notify(3)): ready, reloading, alive, stopping. Outside of systemd all
//! of it is silence.

use crate::clock::Alarm;
use crate::journal;
use sd_notify::NotifyState;
use std::time::Duration;

/// Started, or done with a reload.
pub(crate) fn ready(summary: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(summary)]);
}

/// Reading the configuration again; [`ready`] ends it.
pub(crate) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// The daemon's loop turns.
pub(crate) fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// On the way out.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("ending")]);
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        journal::warning(format_args!("notifying systemd: {error}"));
    }
}

/// When systemd wants to hear from us.
pub(crate) struct Watchdog {
    alarm: Alarm,
    /// Half the time after which systemd (WATCHDOG_USEC) would give us up; none when it never does.
    period: Option<Duration>,
}

impl Watchdog {
    /// As systemd wants it. Within a runtime only.
    pub(crate) fn new() -> Self {
        let time = sd_notify::watchdog_enabled().filter(|time| !time.is_zero());
        Self {
            alarm: Alarm::new(),
            period: time.map(|time| time / 2),
        }
    }

    /// Ends when the next sign of life is due; never when none is wanted.
    pub(crate) async fn due(&mut self) {
        match self.period {
            Some(period) => self.alarm.next(period).await,
            None => std::future::pending().await,
        }
    }
}
