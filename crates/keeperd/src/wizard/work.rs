//! Having the answers put in force: what becomes of the question to keeper-apply, and of the network that it
//! changed. In tasks of keeperd's own, which outlive the page that began them and the session that shows it.

use super::root::Trouble;
use super::stage::{Login, Stage};
use super::{Setup, fields, lock};
use crate::clock::{Alarm, since_boot};
use crate::journal;
use setup::{Ask, Purpose, Secrets};
use std::time::Duration;
use web::Failure;

/// The time between two looks for the mark, or for a way out.
const LOOK: Duration = Duration::from_secs(2);
/// So many looks in a row have to find a way out: that of the network before does not vanish at once.
const STEADY: u32 = 2;
/// keeper-apply's, where it is not heard any more of it.
const CONFIRM: Duration = Duration::from_secs(90);

impl Setup {
    /// Has the answers put in force.
    pub(super) async fn carry_out(self, purpose: Purpose, ask: Ask, login: Login, given: Secrets) {
        journal::info(format_args!("having the answers applied"));
        let tell = |work, progress| lock(&self.0.stage).advance(work, progress);
        match self.0.root.change(&ask, tell).await {
            Ok(confirm) => {
                let seconds = confirm.map(|seconds| Duration::from_secs(seconds.into()));
                self.done(purpose, seconds, login).await;
            }
            Err(Trouble::Failed(why)) => {
                let why = fields::redacted(&why, &given);
                journal::error(format_args!("applying the answers: {why}"));
                *lock(&self.0.stage) = Stage::Failed(purpose, why);
            }
            Err(Trouble::Unknown(why)) => {
                let why = fields::redacted(&why, &given);
                journal::error(format_args!("it is not known whether it is applied: {why}"));
                *lock(&self.0.stage) = Stage::Unknown(purpose, why);
                drop(given);
                if purpose == Purpose::FirstBoot && self.mark_appears().await {
                    self.done(purpose, None, login).await;
                    // Whether a network waits was not heard: keeper-apply refuses when none does.
                    self.keep_network(since_boot() + CONFIRM).await;
                }
            }
        }
    }

    async fn done(&self, purpose: Purpose, confirm: Option<Duration>, login: Login) {
        journal::info(format_args!("the answers are applied"));
        let end = confirm.map(|left| since_boot() + left);
        *lock(&self.0.stage) = Stage::Done {
            purpose,
            confirm: end,
            login,
        };
        self.begin();
        // At first boot the page proves nothing: its browser runs on the device.
        if let (Purpose::FirstBoot, Some(end)) = (purpose, end) {
            self.keep_network(end).await;
        }
    }

    /// Whether the device gets its owner after all, before somebody answers anew.
    async fn mark_appears(&self) -> bool {
        let mut alarm = Alarm::new();
        while lock(&self.0.stage).is_unknown() {
            if self.0.owner.is_set_up() {
                return true;
            }
            alarm.next(LOOK).await;
        }
        false
    }

    /// At first boot: confirms the network once there is a way out over it, unless the time is over: then it is taken back.
    async fn keep_network(&self, end: Duration) {
        let (mut alarm, mut steady) = (Alarm::new(), 0);
        while since_boot() < end && !self.is_changed_again() {
            alarm.next(LOOK).await;
            steady = if self.files().has_way_out_by_air() {
                steady + 1
            } else {
                0
            };
            if steady < STEADY {
                continue;
            }
            match self.confirm().await {
                Ok(()) => {
                    journal::info(format_args!("there is a way out by air: the network stays"))
                }
                // Somebody has confirmed it, or it is taken back already.
                Err(Failure::Refused(why)) => {
                    journal::info(format_args!("the network is not confirmed: {why}"));
                }
                Err(why) => {
                    journal::warning(format_args!("confirming the network: {why:?}"));
                    continue;
                }
            }
            return;
        }
    }

    /// Whether a network may wait by now that somebody at work has to confirm.
    fn is_changed_again(&self) -> bool {
        lock(&self.0.stage).purpose() == Some(Purpose::Settings)
    }

    /// Says that the device is still reached.
    pub(super) async fn confirm(&self) -> Result<(), Failure> {
        self.0.root.ask(&Ask::Confirm {}).await?;
        lock(&self.0.stage).confirmed();
        Ok(())
    }
}
