//! The sentences of a diagnosis, in every language of the device: what each step found, and the cure.
//! Those of the near end are in `near`, those of the far end in `far`. `wizard` has the wizard's,
//! `dashboard` the dashboard's.

pub(crate) mod dashboard;
mod far;
mod near;
pub(crate) mod wizard;

use crate::data::Diagnosis;
use config::Language;
use std::time::Duration;

/// A step of a diagnosis as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was looked at.
    pub title: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was seen, as a sentence; empty when nothing was looked at.
    pub seen: String,
    /// What to do about it, when this is the step to mend.
    pub cure: Option<&'static str>,
}

/// How a step came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is well.
    Ok,
    /// It is not.
    Failed,
    /// It was not looked at, because of what came before.
    NotTried,
}

/// Chooses the text of a language.
pub(crate) fn pick(
    language: Language,
    english: &'static str,
    japanese: &'static str,
) -> &'static str {
    match language {
        Language::En => english,
        Language::Ja => japanese,
    }
}

impl Verdict {
    /// In a word or two.
    pub(crate) fn word(self, language: Language) -> &'static str {
        match self {
            Self::Ok => pick(language, "OK", "正常"),
            Self::Failed => pick(language, "Failed", "異常"),
            Self::NotTried => pick(language, "Not tried", "未確認"),
        }
    }
}

/// The steps of `diagnosis`, from the near end to the far one. Only the first that failed has a cure:
/// what fails behind it mostly fails because of it.
pub fn steps(diagnosis: &Diagnosis, language: Language) -> [Step; 4] {
    let mut steps = [
        near::link(diagnosis, language),
        near::route(diagnosis, language),
        far::lookup(diagnosis, language),
        far::server(diagnosis, language),
    ];
    let failed = steps
        .iter_mut()
        .filter(|step| step.verdict == Verdict::Failed);
    failed.skip(1).for_each(|step| step.cure = None);
    steps
}

/// The first step that failed: the one to mend.
pub fn first_failure(diagnosis: &Diagnosis, language: Language) -> Option<Step> {
    steps(diagnosis, language)
        .into_iter()
        .find(|step| step.verdict == Verdict::Failed)
}

/// A time span in its largest unit.
pub fn duration(span: Duration, language: Language) -> String {
    let seconds = span.as_secs();
    let (number, unit) = match seconds {
        0..60 => (seconds, pick(language, "s", "秒")),
        60..3600 => (seconds / 60, pick(language, "min", "分")),
        3600..172_800 => (seconds / 3600, pick(language, "h", "時間")),
        _ => (seconds / 86_400, pick(language, "days", "日")),
    };
    format!("{number} {unit}")
}

fn well(title: &'static str, seen: String) -> Step {
    Step {
        title,
        verdict: Verdict::Ok,
        seen,
        cure: None,
    }
}

fn failed(title: &'static str, seen: String, cure: &'static str) -> Step {
    Step {
        title,
        verdict: Verdict::Failed,
        seen,
        cure: Some(cure),
    }
}

fn not_tried(title: &'static str) -> Step {
    Step {
        title,
        verdict: Verdict::NotTried,
        seen: String::new(),
        cure: None,
    }
}
