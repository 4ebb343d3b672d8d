//! What systemd is told (sd_notify(3)): ready, reloading, alive, stopping. Outside of systemd all
//! of it is silence.

use crate::journal;
use sd_notify::NotifyState;
use tokio::time::{Interval, MissedTickBehavior, interval};

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
pub(crate) struct Watchdog(Option<Interval>);

impl Watchdog {
    /// Twice in the time after which systemd (WATCHDOG_USEC) would give us up.
    pub(crate) fn new() -> Self {
        Self(
            sd_notify::watchdog_enabled()
                .filter(|time| !time.is_zero())
                .map(|time| {
                    let mut interval =
                        interval((time / 2).max(std::time::Duration::from_millis(1)));
                    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
                    interval
                }),
        )
    }

    /// Ends when the next sign of life is due; never when none is wanted.
    pub(crate) async fn due(&mut self) {
        match &mut self.0 {
            Some(interval) => drop(interval.tick().await),
            None => std::future::pending().await,
        }
    }
}
