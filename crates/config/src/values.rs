//! The types of single values. Each can only hold what its key accepts.
//!
//! Which keys there are and what they default to is in `sections`; the longer checks are in
//! `checks` and `url`.

use crate::setting::{Refusal, Setting, Text, choice, number, string};
use crate::{checks, text, url};
use std::fmt;
use toml::Value;
use toml::de::DeValue;

choice! {
    /// Where the desktop is drawn.
    Display {
        /// In memory only, seen through RDP.
        Virtual = "virtual",
        /// On the attached monitor, mirrored to RDP.
        Hdmi = "hdmi",
    }
}

choice! {
    /// The language of wizard, dashboard and desktop.
    Language {
        /// English.
        En = "en",
        /// Japanese.
        Ja = "ja",
    }
}

choice! {
    /// How the browser fills the desktop.
    Mode {
        /// The notebook alone, full screen.
        Kiosk = "kiosk",
        /// An ordinary window.
        Window = "window",
    }
}

choice! {
    /// Who keeps the device's public name.
    DdnsProvider {
        /// DuckDNS.
        Duckdns = "duckdns",
        /// Cloudflare, with a token that may edit the zone.
        Cloudflare = "cloudflare",
        /// No-IP.
        Noip = "noip",
        /// deSEC, whose token is the secret.
        Desec = "desec",
        /// Any provider that speaks this protocol.
        Dyndns2 = "dyndns2",
    }
}

number! {
    /// Minutes between two reloads of a notebook.
    ReloadMinutes = 1..=1440, "a number of minutes"
}

number! {
    /// Hours after which keeping a notebook open must be renewed.
    KeepHours = 1..=168, "a number of hours"
}

number! {
    /// The port on the owner's router that leads to port 22 of the device.
    PublicPort = 1..=65535, "a port number"
}

/// Loopback and LAN ports of the device's own services: RDP's session manager, RDP, VNC, dashboard,
/// browser control.
const OWN_PORTS: [u16; 5] = [3350, 3389, 5901, 8470, 9222];

number! {
    /// The loopback port of the device at which the tunnel from the Colab machine comes out.
    Entrance = 1024..=65535, "a port number",
    except OWN_PORTS, " but not 3350, 3389, 5901, 8470 or 9222, which the device itself uses"
}

number! {
    /// Days until an enrolment of a Colab machine ends.
    EnrolDays = 1..=365, "a number of days"
}

string! {
    /// Where the device is reached from outside: a name of the DNS, or an IP address.
    Address, checks::address, "a name such as \"home.example.org\", or an IP address"
}

string! {
    /// One RFC 1123 label, in lower case: what the device is called on its network.
    Hostname, checks::hostname, "a name of up to 63 letters a-z, digits and inner hyphens"
}

string! {
    /// A name of the DNS with at least two labels, in lower case.
    DomainName, checks::domain_name, "a name such as \"home.example.org\", in lower case"
}

string! {
    /// An account at a provider of names. It stands in a file of ddclient's, so it has no quotes,
    /// commas or spaces.
    DdnsUser, checks::ddns_user, "an account name of up to 254 letters, digits and @ . _ + - : %"
}

string! {
    /// An IANA time zone name such as `Asia/Tokyo`. Whether it exists is known on the device only.
    TimeZone, checks::time_zone, "a time zone such as \"Asia/Tokyo\" or \"UTC\""
}

string! {
    /// An XKB layout such as `us` or `jp`.
    Keyboard, checks::keyboard, "a keyboard layout such as \"us\", \"jp\" or \"gb\""
}

string! {
    /// The address of a notebook.
    NotebookUrl, url::check, "an http:// or https:// address", show show_url
}

string! {
    /// An address that notifications are sent to. It often is a secret, so neither messages nor
    /// `Debug` show it.
    NotifyUrl, url::check, "an http:// or https:// address", show |_: &str| "(not shown)".to_owned()
}

string! {
    /// One line of an `authorized_keys` file, without options: type, key, and perhaps a comment.
    AuthorizedKey, checks::authorized_key, "one line of an OpenSSH public key file, such as \"ssh-ed25519 AAAA… name\"",
    show show_key
}

macro_rules! debug_as_written {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    )+};
}
debug_as_written!(
    Address,
    DdnsUser,
    DomainName,
    Hostname,
    TimeZone,
    Keyboard,
    NotebookUrl,
    AuthorizedKey
);

impl fmt::Debug for NotifyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}

/// A program and its arguments, run without a shell; empty for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotifyCommand(Vec<String>);

impl NotifyCommand {
    /// Absolute path and arguments, or `None` when no command is set.
    pub fn argv(&self) -> Option<&[String]> {
        (!self.0.is_empty()).then_some(&self.0)
    }
}

impl Setting for NotifyCommand {
    fn read(value: &DeValue<'_>) -> Result<Self, Refusal> {
        let items = value.as_array().ok_or(None)?.iter();
        let argv: Option<Vec<_>> = items
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect();
        let argv = argv.ok_or(None)?;
        match argv.first() {
            Some(program) if !program.starts_with('/') => {
                Err(Some("its program is no absolute path"))
            }
            _ if argv.iter().any(|part| part.contains('\0')) => {
                Err(Some("it holds a NUL character"))
            }
            _ => Ok(Self(argv)),
        }
    }
    fn accepts() -> String {
        "a list of a program's absolute path and its arguments, such as [\"/usr/local/bin/tell\", \"me\"], or []"
            .to_owned()
    }
    fn write(&self) -> Value {
        self.0.clone().into()
    }
}

/// Consent and switch of the tunnel. There is no "on" without a confirmed paid plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TunnelSwitch {
    /// Off, and no paid plan has been confirmed.
    Off,
    /// Off, though a paid plan has been confirmed.
    OffConfirmed,
    /// On; a paid plan has been confirmed.
    On,
}

impl TunnelSwitch {
    /// `tunnel.enabled` and `tunnel.paid_plan_confirmed`; `None` for enabled but not confirmed.
    pub fn new(enabled: bool, paid_plan_confirmed: bool) -> Option<Self> {
        match (enabled, paid_plan_confirmed) {
            (false, false) => Some(Self::Off),
            (false, true) => Some(Self::OffConfirmed),
            (true, true) => Some(Self::On),
            (true, false) => None,
        }
    }

    /// Whether the tunnel is on.
    pub fn enabled(self) -> bool {
        self == Self::On
    }

    /// Whether the owner has confirmed a paid plan.
    pub fn paid_plan_confirmed(self) -> bool {
        self != Self::Off
    }
}

fn show_url(url: &str) -> String {
    text::quote(&url::without_secrets(url))
}

fn show_key(line: &str) -> String {
    if checks::is_private_key(line) {
        "(not shown)".to_owned()
    } else {
        text::quote(line)
    }
}
