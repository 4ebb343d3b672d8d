//! What a person is told of without asking.

use super::{Limits, Time};
use control::NotebookState;

/// Something that a person has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether nothing goes on without them.
    pub urgent: bool,
    /// In words, one line.
    pub text: String,
}

/// Decides when to tell. The same state is told again only after a while: a page that flickers must
/// not send a hundred messages to somebody's telephone.
#[derive(Debug, Default)]
pub(super) struct Teller {
    told: Vec<(NotebookState, Time)>,
    /// Something was told that still holds, as far as the owner knows.
    pending: bool,
}

impl Teller {
    /// The notice of a notebook that has been in `state` since some time.
    pub(super) fn notice(
        &mut self,
        limits: &Limits,
        (state, reason): (NotebookState, &str),
        since: Time,
        now: Time,
    ) -> Option<Notice> {
        let urgent = match state {
            NotebookState::WaitingForPerson | NotebookState::SignedOut => true,
            NotebookState::Open if std::mem::take(&mut self.pending) => {
                return Some(Notice {
                    urgent: false,
                    text: "it is open again".to_owned(),
                });
            }
            NotebookState::Starting | NotebookState::Offline | NotebookState::Crashed
                if now.saturating_sub(since) >= limits.down =>
            {
                false
            }
            _ => return None,
        };
        let last = self.told.iter_mut().find(|(told, _)| *told == state);
        match last {
            // Told already of this time, or not long ago of another.
            Some((_, at)) if *at >= since || now.saturating_sub(*at) < limits.remind => {
                return None;
            }
            Some((_, at)) => *at = now,
            None => self.told.push((state, now)),
        }
        self.pending = true;
        Some(Notice {
            urgent,
            text: reason.to_owned(),
        })
    }
}
