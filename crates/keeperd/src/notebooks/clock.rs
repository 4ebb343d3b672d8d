//! The clock of the notebooks: what has passed since keeperd started, suspended or not.

use browser::policy::Time;
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// A clock; in tests, one that goes faster.
pub(super) struct Clock {
    start: Duration,
    haste: u32,
}

impl Clock {
    /// A clock that shows `haste` seconds in each.
    pub(super) fn new(haste: u32) -> Self {
        Self {
            start: since_boot(),
            haste,
        }
    }

    pub(super) fn now(&self) -> Time {
        since_boot().saturating_sub(self.start) * self.haste
    }

    /// Waits until then.
    pub(super) async fn sleep_until(&self, time: Time) {
        tokio::time::sleep(self.real(time.saturating_sub(self.now()))).await;
    }

    /// How long that really takes.
    pub(super) fn real(&self, time: Duration) -> Duration {
        time / self.haste
    }
}

/// `Instant` stands still while the machine is suspended.
fn since_boot() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}
