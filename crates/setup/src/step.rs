//! The steps of the wizard, in their order.

use serde::{Deserialize, Serialize};

/// What the pages are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A new device gets its owner.
    FirstBoot,
    /// A device at work gets other settings.
    Settings,
}

/// A page of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The language of everything.
    Language,
    /// Keyboard, time zone, name on the network.
    Place,
    /// Wi-Fi; a device with a cable skips it.
    Network,
    /// Name, password and SSH keys of the owner. Settings have no such page.
    Owner,
    /// Where the notebook runs.
    Runtime,
    /// Addresses, minutes between reloads.
    Notebook,
    /// The rules, ports, public name, router.
    Tunnel,
    /// All of it once more; settings ask here who approves of them.
    Summary,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Language,
        Self::Place,
        Self::Network,
        Self::Owner,
        Self::Runtime,
        Self::Notebook,
        Self::Tunnel,
        Self::Summary,
    ];

    /// Those that this purpose has, in order.
    pub fn of(purpose: Purpose) -> impl Iterator<Item = Self> {
        let has = move |step: &Self| *step != Self::Owner || purpose == Purpose::FirstBoot;
        Self::ALL.into_iter().filter(has)
    }

    /// As an address has it, such as `tunnel`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Place => "place",
            Self::Network => "network",
            Self::Owner => "owner",
            Self::Runtime => "runtime",
            Self::Notebook => "notebook",
            Self::Tunnel => "tunnel",
            Self::Summary => "summary",
        }
    }

    /// The step that an address means.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}
