//! Whether the device has an owner. keeper-apply leaves a mark when it is set up; until then there is
//! nothing to keep, and keeperd's pages are the wizard's.

use crate::clock::Alarm;
use crate::journal;
use camino::Utf8PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The time between two looks for the mark.
const PERIOD: Duration = Duration::from_secs(2);

/// Knows the mark.
pub(crate) struct Ownership {
    mark: Utf8PathBuf,
    /// Whether it was said that the mark cannot be looked for.
    told: AtomicBool,
}

impl Ownership {
    pub(crate) fn new(mark: Utf8PathBuf) -> Self {
        Self {
            mark,
            told: AtomicBool::new(false),
        }
    }

    /// Whether the device is set up. Where that cannot be known it is: a device that keeps nothing
    /// would be worse than one without a wizard.
    pub(crate) fn is_set_up(&self) -> bool {
        self.mark.try_exists().unwrap_or_else(|error| {
            if !self.told.swap(true, Ordering::Relaxed) {
                journal::error(format_args!("looking for {}: {error}", self.mark));
            }
            true
        })
    }

    /// Ends once the device is set up, and says whether that had to be waited for; `beat` is called
    /// every few seconds.
    pub(crate) async fn set_up(&self, beat: impl Fn()) -> bool {
        if self.is_set_up() {
            return false;
        }
        let mut alarm = Alarm::new();
        while !self.is_set_up() {
            beat();
            alarm.next(PERIOD).await;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_decides_and_what_cannot_be_known_is_set_up() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        let mark = root.join("set-up");
        let owner = Ownership::new(mark.clone());
        assert!(!owner.is_set_up());
        std::fs::write(&mark, "").expect("writing");
        assert!(owner.is_set_up());
        // Below a file there is no directory to look into.
        assert!(Ownership::new(mark.join("x")).is_set_up());
    }
}
