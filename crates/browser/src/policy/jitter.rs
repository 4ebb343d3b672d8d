//! A little chance, so that many notebooks, or many devices after one power cut, do not all reload in
//! the same moment. Nothing secret depends on it.

use std::time::Duration;

/// A sequence of numbers that a seed decides (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Jitter(u64);

impl Jitter {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Up to a tenth more or less than `time`.
    pub(super) fn around(&mut self, time: Duration) -> Duration {
        time.mul_f64(0.9 + 0.2 * self.fraction())
    }

    /// From nothing to `time`.
    pub(super) fn up_to(&mut self, time: Duration) -> Duration {
        time.mul_f64(self.fraction())
    }

    fn fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from((mixed >> 32) as u32) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_stays_within_a_tenth_and_repeats_with_its_seed() {
        let minutes = Duration::from_secs(600);
        let draw = |seed| {
            let mut jitter = Jitter::new(seed);
            (0..1000)
                .map(|_| jitter.around(minutes))
                .collect::<Vec<_>>()
        };
        let drawn = draw(7);
        assert!(
            drawn
                .iter()
                .all(|time| (540..=660).contains(&time.as_secs()))
        );
        assert!(drawn.iter().min() < drawn.iter().max());
        assert_eq!(drawn, draw(7));
        assert_ne!(drawn, draw(8));
        assert!(Jitter::new(1).up_to(minutes) <= minutes);
    }
}
