//! How it is with the tunnel: what keeperd says of it in a status, and how it learns that.
//!
//! keeperd sees for itself whether a Colab machine holds the tunnel's entrance. To ask the machine how
//! it is takes the key to its shell, which keeperd does not have: it makes or replaces the file
//! [`ASK_MACHINE`], by rename, with a [`Question`] as its only line. systemd watches the file and has
//! `keeper-tunnel` ask, as the account that has the key. The [`Answer`] is the only line of [`MACHINE`].

use serde::{Deserialize, Serialize};

/// The file by which keeperd has the Colab machine asked how it is.
pub const ASK_MACHINE: &str = "/run/keeper/ask-machine";

/// The file with what the machine has said.
pub const MACHINE: &str = "/run/keeper-tunnel/machine";

/// The most bytes of either file.
pub const MAX_MACHINE: u64 = 4096;

/// What marks a question, so that no answer is taken for that of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Another one each time.
    pub number: u64,
}

/// How the machine was when it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// That of the question.
    pub number: u64,
    /// What was found.
    pub machine: Machine,
}

/// How a Colab machine is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum Machine {
    /// Its sshd answers with the key that was enrolled, and lets the device in.
    Up {
        /// Microseconds from here to its shell and back.
        round_trip_us: u64,
        /// Its GPU, if nvidia-smi names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gpu: Option<Gpu>,
    },
    /// What answers has another key.
    OtherKey,
    /// It does not take the device's key.
    Refused,
    /// The line stands, and no sshd answers at its other end.
    NoSshd,
    /// Nothing comes back.
    Silent,
    /// It could not be asked.
    Unknown {
        /// Why, in words.
        why: String,
    },
}

/// A machine's GPU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gpu {
    /// As nvidia-smi calls it.
    pub name: String,
    /// Its memory in MiB.
    pub memory_mib: u64,
}

/// The tunnel, while it is switched on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TunnelStatus {
    /// How it is.
    pub state: TunnelState,
    /// Seconds since it came to be so.
    pub for_seconds: u64,
    /// What there is to say besides, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Seconds since the machine that is connected has dialled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_seconds: Option<u64>,
    /// Microseconds to the machine's shell and back, when it was last asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip_us: Option<u64>,
    /// The machine's GPU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<Gpu>,
}

/// How the tunnel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TunnelState {
    /// No machine is connected.
    Waiting,
    /// A program of the device holds the entrance.
    Taken,
    /// A machine is connected; it has not been heard of yet.
    Connected,
    /// The machine answers.
    Up,
    /// What is connected is not the machine that was enrolled.
    OtherKey,
    /// The machine does not take the device's key.
    Refused,
    /// No sshd answers on the machine.
    NoSshd,
    /// The machine does not answer.
    Silent,
    /// A machine is connected that cannot be asked.
    Unknown,
}

impl TunnelState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Waiting,
        Self::Taken,
        Self::Connected,
        Self::Up,
        Self::OtherKey,
        Self::Refused,
        Self::NoSshd,
        Self::Silent,
        Self::Unknown,
    ];
}
