//! How far the applying of the answers is. It is told until somebody answers anew.

use setup::{Draft, Progress, Purpose, Secrets, Work};
use std::net::IpAddr;
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
    Done { confirm: Option<u32>, login: Login },
    /// It was not; why, in words.
    Failed(String),
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

    /// For a page.
    pub(super) fn shown(&self) -> Applying {
        match self {
            Self::Not => Applying::Not,
            Self::Working(_, parts) => Applying::Working(parts.clone()),
            Self::Done { confirm, login } => Applying::Done {
                confirm: *confirm,
                how: HowToLogIn {
                    hostname: login.hostname.clone(),
                    addresses: addresses(),
                    owner: login.owner.clone(),
                    ssh: login.ssh,
                },
            },
            Self::Failed(why) => Applying::Failed(why.clone()),
        }
    }
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
        assert!(matches!(stage.shown(), Applying::Not));
        stage = Stage::Working(Purpose::Settings, Vec::new());
        stage.advance(Work::Check, Progress::Begun);
        stage.advance(Work::Settings, Progress::Begun);
        stage.advance(Work::Check, Progress::Done);
        stage.forget();
        let Applying::Working(parts) = stage.shown() else {
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
            confirm: Some(90),
            login,
        };
        stage.confirmed();
        let Applying::Done { confirm, how } = stage.shown() else {
            panic!("not done");
        };
        assert_eq!((confirm, &*how.hostname), (None, "study"));
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
