//! When to do what: state machines without I/O and without a clock.
//!
//! Times go in as what has passed since some start, with the time that the machine was suspended
//! for. What was seen goes in, what is to be done comes out, and always there is a state with a
//! reason that can be shown. `watch` keeps one notebook, `keep` says for how long all of them are
//! kept, `conditions` is what they share.

mod conditions;
mod jitter;
mod keep;
mod limits;
mod notice;
mod show;
mod step;
mod watch;

pub use conditions::{Conditions, Hold};
pub use keep::Keep;
pub use limits::Limits;
pub use notice::Notice;
pub use step::{Action, Outcome, Sighting};
pub use watch::Watch;

/// What has passed since some start.
pub type Time = std::time::Duration;

/// The next full multiple of `period` after `now`. What comes again and again does so then, that all of
/// it may wake the machine up together.
pub fn next_turn(now: Time, period: Time) -> Time {
    let period = period.as_nanos().max(1);
    let turn = (now.as_nanos() / period + 1) * period;
    Time::from_nanos(u64::try_from(turn).unwrap_or(u64::MAX))
}

#[cfg(test)]
#[path = "policy/tests.rs"]
mod tests;
