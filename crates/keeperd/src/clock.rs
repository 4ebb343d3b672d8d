//! The machine's time, which goes on while it is suspended, and waiting by it.
//!
//! Waits that come again and again are kept here rather than by tokio's timers: those stand still in a
//! suspended machine, and wake an idle one up to three times for each wait, where the kernel's wake it
//! once. What turns regularly does so at full multiples of its period, so that parts wake up together.

use crate::journal;
use browser::policy::{Time, next_turn};
use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime,
    timerfd_create, timerfd_settime,
};
use std::io;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe::Receiver;

/// Clocks start at a full minute, so that their periods are everybody's.
const MINUTE: Duration = Duration::from_secs(60);

/// What has passed since about the start of keeperd; in tests, more of it.
pub(crate) struct Clock {
    start: Duration,
    haste: u32,
}

impl Clock {
    /// A clock that shows `haste` seconds in each.
    pub(crate) fn new(haste: u32) -> Self {
        Self {
            start: next_turn(since_boot(), MINUTE).saturating_sub(MINUTE),
            haste,
        }
    }

    pub(crate) fn now(&self) -> Time {
        since_boot().saturating_sub(self.start) * self.haste
    }

    /// Waits until then.
    pub(crate) async fn sleep_until(&self, time: Time, alarm: &mut Alarm) {
        alarm.at(self.start + self.real(time)).await;
    }

    /// How long that really takes.
    pub(crate) fn real(&self, time: Duration) -> Duration {
        time / self.haste
    }
}

/// What wakes up one who waits.
pub(crate) struct Alarm {
    /// None when the kernel has no more of them: then tokio's do.
    timer: Option<Receiver>,
}

impl Alarm {
    /// An alarm that is not set. Within a runtime only.
    pub(crate) fn new() -> Self {
        let timer = timer()
            .inspect_err(|error| journal::warning(format_args!("making an alarm: {error}")))
            .ok();
        Self { timer }
    }

    /// Waits until the next full multiple of `period`.
    pub(crate) async fn next(&mut self, period: Duration) {
        self.at(next_turn(since_boot(), period)).await;
    }

    /// Waits until the machine is up for so long.
    async fn at(&mut self, moment: Duration) {
        let rung = match &mut self.timer {
            Some(timer) => ring(timer, moment).await,
            None => Err(io::ErrorKind::Unsupported.into()),
        };
        if rung.is_err() {
            tokio::time::sleep(moment.saturating_sub(since_boot())).await;
        }
    }
}

/// To tokio it is a pipe out of which eight bytes come.
fn timer() -> io::Result<Receiver> {
    let flags = TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK;
    Receiver::from_owned_fd_unchecked(timerfd_create(TimerfdClockId::Boottime, flags)?)
}

/// Sets the timer and waits for it. A wait that was given up leaves it set; the next sets it anew.
async fn ring(timer: &mut Receiver, moment: Duration) -> io::Result<()> {
    let setting = Itimerspec {
        it_interval: Timespec::default(),
        // Zero would be no time at all.
        it_value: Timespec::try_from(moment.max(Duration::from_nanos(1)))
            .map_err(|_| io::ErrorKind::InvalidInput)?,
    };
    timerfd_settime(&*timer, TimerfdTimerFlags::ABSTIME, &setting)?;
    // A buffer that is not filled tells tokio that there is nothing more to read.
    timer.read(&mut [0; 9]).await.map(drop)
}

/// `Instant` stands still while the machine is suspended.
pub(crate) fn since_boot() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_start_at_a_full_minute_that_has_been() {
        let clock = Clock::new(1);
        assert_eq!(clock.start.as_secs() % 60, 0);
        assert_eq!(clock.start.subsec_nanos(), 0);
        assert!(clock.now() <= MINUTE + Duration::from_secs(5));
    }

    #[tokio::test]
    async fn an_alarm_rings_at_its_time_whatever_it_was_set_to_before() {
        let mut alarm = Alarm::new();
        assert!(alarm.timer.is_some());
        alarm.at(Duration::ZERO).await;
        for _ in 0..3 {
            let moment = since_boot() + Duration::from_millis(40);
            // Given up at once, unless a busy machine has let it ring: then the next round does.
            tokio::select! {
                biased;
                () = alarm.at(since_boot() + Duration::from_millis(5)) => {}
                () = std::future::ready(()) => {}
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            alarm.at(moment).await;
            assert!(since_boot() >= moment);
        }
    }

    #[tokio::test]
    async fn without_the_kernels_timer_there_is_another() {
        let mut alarm = Alarm { timer: None };
        let moment = since_boot() + Duration::from_millis(10);
        alarm.at(moment).await;
        assert!(since_boot() >= moment);
    }
}
