//! What keeperd asks of keeper-apply, and is told: a line of JSON each, over a Unix socket. One question a
//! connection; answers follow until [`Answer::is_last`].

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::secret::Secret;

/// The longest line, in bytes, its end included.
pub const MAX_LINE: usize = 128 * 1024;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// Which Wi-Fi networks are there? Answered by [`Answer::Networks`].
    Scan {
        /// The country, since it decides which channels may be used; empty is the one in force.
        #[serde(default)]
        country: String,
    },
    /// Set the device up: it must have no owner yet.
    SetUp(Box<Change>),
    /// Change a device that has one: there must be an approval.
    Change(Box<Change>),
    /// The device is still reached over the network that was just changed; without this it is taken back.
    Confirm {},
}

/// A complete change. keeper-apply checks all of it again. `Debug` shows no keeper.toml, which may hold addresses that are
/// secrets.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The whole keeper.toml.
    pub keeper_toml: String,
    /// The SHA-256 (hex) of the keeper.toml that this change was made from; a device whose file is another
    /// refuses. None at first boot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// The account to make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// The Wi-Fi to join; none leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wifi: Option<Wifi>,
    /// For /etc/keeper/secrets/ddns; none leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ddns_secret: Option<Secret>,
    /// Who approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
}

/// The device's first person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// Login name.
    pub name: String,
    /// The password, or its hash as in /etc/shadow; none keeps that of an account which is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// A hash in place of the password (preset only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<Secret>,
}

/// A Wi-Fi network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wifi {
    /// ISO 3166, two capital letters.
    pub country: String,
    /// SSID.
    pub name: String,
    /// None is an open network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

/// Somebody in the group `sudo`, who approves of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Login name.
    pub name: String,
    /// Their password.
    pub password: Secret,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// To [`Ask::Scan`], strongest first.
    Networks {
        /// Those seen.
        networks: Vec<Network>,
    },
    /// A part of the work has come so far.
    Progress {
        /// Which.
        work: Work,
        /// How far.
        progress: Progress,
    },
    /// All is done. With `confirm`, the network was changed: it is taken back unless [`Ask::Confirm`] comes within so
    /// many seconds.
    Done {
        /// Seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirm: Option<u32>,
    },
    /// Refused before anything was changed.
    Refused {
        /// Why, in English.
        message: String,
    },
    /// Failed; what had been changed was taken back.
    Failed {
        /// What, in English.
        message: String,
    },
}

/// A part of a change, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// All of it is looked at.
    Check,
    /// keeper.toml and what is made of it, services told.
    Settings,
    /// Host name.
    Name,
    /// Time zone and keyboard.
    Place,
    /// The public name's secret.
    Secrets,
    /// Wi-Fi.
    Network,
    /// The owner's account.
    Owner,
    /// The setup account ends, the desktop begins.
    Finish,
}

/// How far a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// It is being done.
    Begun,
    /// It is done.
    Done,
    /// There was nothing to do.
    Unchanged,
}

/// A Wi-Fi network that is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// SSID.
    pub name: String,
    /// 0 to 100.
    pub signal: u8,
    /// Whether it wants a password.
    pub secured: bool,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = format_args!("({} bytes, not shown)", self.keeper_toml.len());
        f.debug_struct("Change")
            .field("keeper_toml", &length)
            .field("instead_of", &self.instead_of)
            .field("owner", &self.owner)
            .field("wifi", &self.wifi)
            .field("ddns_secret", &self.ddns_secret)
            .field("approval", &self.approval)
            .finish()
    }
}

impl Answer {
    /// Whether no answer follows.
    pub fn is_last(&self) -> bool {
        !matches!(self, Self::Progress { .. })
    }
}

impl Work {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Check,
        Self::Settings,
        Self::Name,
        Self::Place,
        Self::Secrets,
        Self::Network,
        Self::Owner,
        Self::Finish,
    ];
}
