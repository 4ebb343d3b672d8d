//! For how long notebooks are kept: a number of hours, until a person renews it.

use super::Time;
use std::time::Duration;

/// How long notebooks have been kept since somebody last said that they shall be. The time is counted
/// and not read off a calendar: a Raspberry Pi does not know the date before it has a network.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keep {
    kept: Duration,
    at: Option<Time>,
}

impl Keep {
    /// Goes on where an earlier run has stopped.
    pub fn new(kept: Duration) -> Self {
        Self { kept, at: None }
    }

    /// Counts the time until `now`, if notebooks are being kept from now on.
    pub fn advance(&mut self, now: Time, keeping: bool) {
        let passed = self.at.map_or(Duration::ZERO, |at| now.saturating_sub(at));
        self.kept = self.kept.saturating_add(passed);
        self.at = keeping.then_some(now);
    }

    /// How long they have been kept.
    pub fn kept(&self) -> Duration {
        self.kept
    }

    /// How long they are still to be kept, of so many `hours`.
    pub fn left(&self, hours: u32) -> Duration {
        Duration::from_secs(u64::from(hours) * 3600).saturating_sub(self.kept)
    }

    /// From the beginning.
    pub fn renew(&mut self) {
        self.kept = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_time_of_keeping_is_counted_and_it_ends() {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        let mut keep = Keep::new(hours(1));
        keep.advance(hours(100), true);
        assert_eq!(keep.left(12), hours(11), "what was before is not ours");
        keep.advance(hours(105), false);
        keep.advance(hours(200), true);
        assert_eq!(keep.left(12), hours(6), "paused from 105 to 200");
        keep.advance(hours(199), true);
        assert_eq!(
            keep.left(12),
            hours(6),
            "a clock that goes back counts nothing"
        );
        keep.advance(hours(300), true);
        assert_eq!((keep.left(12), keep.left(0)), (hours(0), hours(0)));
        assert!(keep.left(168) > hours(60), "a longer limit counts at once");
        keep.renew();
        assert_eq!(keep.left(12), hours(12));
    }
}
