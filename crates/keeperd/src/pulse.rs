//! Whether all parts of the daemon still turn. The loop that feeds systemd's watchdog turns even when
//! one of them waits for ever for something that never comes.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// The sign of life of one part.
pub(crate) struct Pulse {
    name: &'static str,
    limit: Duration,
    last: Cell<Instant>,
}

impl Pulse {
    /// Of the part called `name`, which counts as hung after `limit` without a beat.
    pub(crate) fn new(name: &'static str, limit: Duration) -> Self {
        let last = Cell::new(Instant::now());
        Self { name, limit, last }
    }

    /// The part turns.
    pub(crate) fn beat(&self) {
        self.last.set(Instant::now());
    }

    /// In words, when the part has not turned for too long.
    pub(crate) fn hung(&self) -> Option<String> {
        let silent = self.last.get().elapsed();
        (silent > self.limit)
            .then(|| format!("{} has not turned for {} s", self.name, silent.as_secs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_does_not_turn_is_hung() {
        let pulse = Pulse::new("the moon", Duration::from_millis(10));
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(
            pulse.hung().as_deref(),
            Some("the moon has not turned for 0 s")
        );
        let pulse = Pulse::new("the moon", Duration::from_secs(3600));
        pulse.beat();
        assert_eq!(pulse.hung(), None);
    }
}
