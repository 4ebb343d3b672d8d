//! How far the applying of the answers is. It is told until somebody answers anew.

use setup::{Draft, Progress, Purpose, Secrets, Work};
use std::net::IpAddr;
use std::time::Duration;
use web::{Applying, HowToLogIn};

/// How far it is.
#[derive(Debug, Default)]
pub(super) enum Stage {
    /// Nothing is applied.
    #[default]
    Not,
    /// It is being done.
    Working(Purpose, Vec<(Work, Progress)>),
    /// It is done.
    Done {
        purpose: Purpose,
        /// Until when, since the machine's start, the network has to be confirmed.
        confirm: Option<Duration>,
        login: Login,
    },
    /// It was not; why, in words.
    Failed(Purpose, String),
    /// keeper-apply is no longer heard of; what happened, in words.
    Unknown(Purpose, String),
}

/// Who can log in from now on, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Login {
    hostname: String,
    owner: String,
    ssh: bool,
}

impl Login {
    /// As the answers make it.
    pub(super) fn of(purpose: Purpose, draft: &Draft, secrets: &Secrets) -> Self {
        let owner = match purpose {
            Purpose::FirstBoot => &draft.owner,
            Purpose::Settings => &secrets.approver,
        };
        Self {
            hostname: draft.hostname.clone(),
            owner: owner.clone(),
            ssh: draft.password_login || !draft.keys.trim().is_empty(),
        }
    }
}

impl Stage {
    pub(super) fn is_working(&self) -> bool {
        matches!(self, Self::Working(..))
    }

    /// Whether the device is being set up. The mark is made before the last word is said, and until then
    /// nothing is to be forgotten.
    pub(super) fn is_setting_up(&self) -> bool {
        matches!(self, Self::Working(Purpose::FirstBoot, _))
    }

    /// A part has come so far.
    pub(super) fn advance(&mut self, work: Work, progress: Progress) {
        if let Self::Working(_, parts) = self {
            match parts.iter_mut().find(|(known, _)| *known == work) {
                Some(part) => part.1 = progress,
                None => parts.push((work, progress)),
            }
        }
    }

    /// The network that was changed is confirmed.
    pub(super) fn confirmed(&mut self) {
        if let Self::Done { confirm, .. } = self {
            *confirm = None;
        }
    }

    /// Somebody answers anew: what came of the earlier answers is no longer told.
    pub(super) fn forget(&mut self) {
        if !self.is_working() {
            *self = Self::Not;
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(..))
    }

    /// What it was done for.
    pub(super) fn purpose(&self) -> Option<Purpose> {
        match self {
            Self::Not => None,
            Self::Working(purpose, _)
            | Self::Done { purpose, .. }
            | Self::Failed(purpose, _)
            | Self::Unknown(purpose, _) => Some(*purpose),
        }
    }

    /// For a page of this purpose; what was done for another is nothing to it.
    pub(super) fn shown(&self, purpose: Purpose, now: Duration) -> Applying {
        if self.purpose() != Some(purpose) {
            return Applying::Not;
        }
        match self {
            Self::Not => Applying::Not,
            Self::Working(_, parts) => Applying::Working(parts.clone()),
            Self::Done { confirm, login, .. } => Applying::Done {
                confirm: confirm.map(|end| left(end, now)),
                how: HowToLogIn {
                    hostname: login.hostname.clone(),
                    addresses: addresses(),
                    owner: login.owner.clone(),
                    ssh: login.ssh,
                },
            },
            Self::Failed(_, why) => Applying::Failed(why.clone()),
            Self::Unknown(_, why) => Applying::Unknown(why.clone()),
        }
    }
}

/// The seconds until then; the last one counts as a whole.
fn left(end: Duration, now: Duration) -> u32 {
    let left = end.saturating_sub(now).as_millis().div_ceil(1000);
    u32::try_from(left).unwrap_or(u32::MAX)
}

/// The device's own, IPv4 first: that is easier to type.
fn addresses() -> Vec<String> {
    let own = [near::AFAR_V4, near::AFAR_V6].map(|afar| near::own_address((afar, 9).into()));
    let own = own
        .into_iter()
        .flatten()
        .filter(|address| !address.is_loopback());
    own.map(|address: IpAddr| address.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_in_their_order_each_once() {
        let mut stage = Stage::Not;
        stage.advance(Work::Check, Progress::Begun);
        let shown = |stage: &Stage| stage.shown(Purpose::Settings, Duration::ZERO);
        assert!(matches!(shown(&stage), Applying::Not));
        stage = Stage::Working(Purpose::Settings, Vec::new());
        stage.advance(Work::Check, Progress::Begun);
        stage.advance(Work::Settings, Progress::Begun);
        stage.advance(Work::Check, Progress::Done);
        stage.forget();
        let Applying::Working(parts) = shown(&stage) else {
            panic!("not working");
        };
        let expected = [
            (Work::Check, Progress::Done),
            (Work::Settings, Progress::Begun),
        ];
        assert_eq!(parts, expected);
        assert!(!stage.is_setting_up());
    }

    #[test]
    fn the_last_page_says_how_to_log_in_until_somebody_answers_anew() {
        let draft = Draft {
            owner: "hanako".into(),
            hostname: "study".into(),
            keys: " \n".into(),
            password_login: false,
            ..Draft::default()
        };
        let secrets = Secrets {
            approver: "taro".into(),
            ..Secrets::default()
        };
        let login = Login::of(Purpose::FirstBoot, &draft, &secrets);
        assert_eq!((&*login.owner, login.ssh), ("hanako", false));
        let mut stage = Stage::Done {
            purpose: Purpose::FirstBoot,
            confirm: Some(Duration::from_secs(100)),
            login,
        };
        let at = |stage: &Stage, seconds: f64| match stage
            .shown(Purpose::FirstBoot, Duration::from_secs_f64(seconds))
        {
            Applying::Done { confirm, how } => (confirm, how.hostname),
            other => panic!("not done: {other:?}"),
        };
        for (now, left) in [(10.0, 90), (10.5, 90), (99.5, 1), (100.0, 0), (200.0, 0)] {
            assert_eq!(at(&stage, now), (Some(left), "study".to_owned()));
        }
        // What the wizard did is not the settings'.
        let other = stage.shown(Purpose::Settings, Duration::ZERO);
        assert_eq!(other, Applying::Not);
        stage.confirmed();
        assert_eq!(at(&stage, 10.0).0, None);
        stage.forget();
        assert!(matches!(stage, Stage::Not));
        let keys = Draft {
            keys: "ssh-ed25519 AAAA".into(),
            ..draft
        };
        let login = Login::of(Purpose::Settings, &keys, &secrets);
        assert_eq!((&*login.owner, login.ssh), ("taro", true));
    }
}
