//! What is said of a step of the way.

use crate::words::Sentence;
use serde::Serialize;

/// A step of the way from this device's plug to the GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Cable or Wi-Fi, and an address.
    Link,
    /// Names of the internet.
    Dns,
    /// A server of the internet.
    Internet,
    /// This device's public name.
    Name,
    /// The address that the internet sees, and whether it is this router's own.
    Address,
    /// The router's public port.
    Port,
    /// sshd on this device.
    Sshd,
    /// Keys for Colab machines.
    Enrolment,
    /// The tunnel's entrance.
    Tunnel,
    /// sshd on the Colab machine.
    Vm,
    /// Its GPU.
    Gpu,
}

impl Step {
    /// All, in the order of the way.
    pub const ALL: [Self; 11] = [
        Self::Link,
        Self::Dns,
        Self::Internet,
        Self::Name,
        Self::Address,
        Self::Port,
        Self::Sshd,
        Self::Enrolment,
        Self::Tunnel,
        Self::Vm,
        Self::Gpu,
    ];

    /// Its name for people.
    pub fn title(self) -> Sentence {
        Sentence::new(match self {
            Self::Link => "link",
            Self::Dns => "DNS",
            Self::Internet => "internet",
            Self::Name => "public name",
            Self::Address => "address",
            Self::Port => "public port",
            Self::Sshd => "sshd",
            Self::Enrolment => "enrolment",
            Self::Tunnel => "tunnel",
            Self::Vm => "Colab machine",
            Self::Gpu => "GPU",
        })
    }
}

/// How a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is as it should be.
    Ok,
    /// It is not.
    Failed,
    /// Nobody knows.
    NotTested,
}

/// What there is to say of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Of which.
    pub step: Step,
    /// How it is.
    pub verdict: Verdict,
    /// What was seen, or why nothing was.
    pub seen: Sentence,
    /// What to do, the best first; empty where there is nothing to do.
    pub cures: Vec<Sentence>,
}

impl Finding {
    pub(crate) fn ok(step: Step, seen: Sentence) -> Self {
        Self::of(step, Verdict::Ok, seen, vec![])
    }

    pub(crate) fn failed(step: Step, seen: Sentence, cures: Vec<Sentence>) -> Self {
        Self::of(step, Verdict::Failed, seen, cures)
    }

    pub(crate) fn not_tested(step: Step, seen: Sentence, cures: Vec<Sentence>) -> Self {
        Self::of(step, Verdict::NotTested, seen, cures)
    }

    fn of(step: Step, verdict: Verdict, seen: Sentence, cures: Vec<Sentence>) -> Self {
        Self {
            step,
            verdict,
            seen,
            cures,
        }
    }
}
