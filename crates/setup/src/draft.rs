//! What has been answered so far, as it was typed: a wrong answer is kept too, so that its page can
//! show it again.

use config::{Config, Text as _};
use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::secret::Secret;

/// The answers, without secrets: it may lie on the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// `en` or `ja`.
    pub language: String,
    /// XKB layout.
    pub keyboard: String,
    /// IANA name.
    pub timezone: String,
    /// Name on the network.
    pub hostname: String,
    /// Two letters; needed with Wi-Fi.
    pub wifi_country: String,
    /// The network's name (SSID); empty is none, or unchanged.
    pub wifi_name: String,
    /// Whether that network has no password. Nobody is taken to want that: a password that is merely not
    /// there was forgotten, or was not kept.
    pub wifi_open: bool,
    /// The owner's login name.
    pub owner: String,
    /// SSH public keys, one a line.
    pub keys: String,
    /// Whether SSH lets people in with a password too.
    pub password_login: bool,
    /// Where the notebook runs; `colab` is the only kind so far.
    pub runtime: String,
    /// Notebooks' addresses, one a line.
    pub notebooks: String,
    /// Minutes between reloads.
    pub reload_minutes: String,
    /// Whether the tunnel is on.
    pub tunnel: bool,
    /// Whether the owner confirms a plan that allows it.
    pub paid_plan: bool,
    /// The entrance's port.
    pub entrance: String,
    /// The router's port.
    pub public_port: String,
    /// The router's name or address; empty is the public name's.
    pub address: String,
    /// Who keeps the public name; empty is nobody.
    pub ddns_provider: String,
    /// The public name.
    pub ddns_name: String,
    /// For dyndns2.
    pub ddns_server: String,
    /// For Cloudflare.
    pub ddns_zone: String,
    /// The account at the provider.
    pub ddns_user: String,
    /// Whether the router is asked for the port.
    pub router: bool,
}

/// Those answers that are shown nowhere and lie on no card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The owner's password.
    pub password: Secret,
    /// The same once more.
    pub again: Secret,
    /// Of the Wi-Fi network.
    pub wifi: Secret,
    /// Token or password at the provider of the public name.
    pub ddns: Secret,
    /// Who approves of other settings: a name, and their password.
    pub approver: String,
    /// See `approver`.
    pub approval: Secret,
}

/// What a form sends for a field that is ticked.
const TICKED: &str = "on";

/// What only private keys have in them: those in PEM and of OpenSSH, and those of PuTTY.
const PRIVATE: [&str; 3] = ["PRIVATE KEY", "PuTTY-User-Key-File", "Private-Lines:"];

impl Draft {
    /// The answers that `config` would come from.
    pub fn of(config: &Config) -> Self {
        let (device, browser) = (&config.device, &config.browser);
        let (tunnel, ddns) = (&config.tunnel, &config.ddns);
        Self {
            language: device.language.as_str().to_owned(),
            keyboard: device.keyboard.as_str().to_owned(),
            timezone: device.timezone.as_str().to_owned(),
            hostname: device.hostname.as_str().to_owned(),
            wifi_country: String::new(),
            wifi_name: String::new(),
            wifi_open: false,
            owner: String::new(),
            keys: lines(&config.ssh.authorized_keys),
            password_login: config.ssh.password_login,
            runtime: "colab".to_owned(),
            notebooks: lines(&browser.notebooks),
            reload_minutes: browser.reload_minutes.get().to_string(),
            tunnel: tunnel.switch.enabled(),
            paid_plan: tunnel.switch.paid_plan_confirmed(),
            entrance: tunnel.entrance.get().to_string(),
            public_port: tunnel.public_port.get().to_string(),
            address: optional(tunnel.address.as_ref()),
            ddns_provider: optional(ddns.provider.as_ref()),
            ddns_name: optional(ddns.name.as_ref()),
            ddns_server: optional(ddns.server.as_ref()),
            ddns_zone: optional(ddns.zone.as_ref()),
            ddns_user: optional(ddns.user.as_ref()),
            router: config.router.map,
        }
    }

    /// A field as a form has it: its text, or `on` for one that is ticked. `None` for those of [`Secrets`].
    pub fn get(&self, field: Field) -> Option<&str> {
        let tick = |on: bool| if on { TICKED } else { "" };
        Some(match field {
            Field::Language => &self.language,
            Field::Keyboard => &self.keyboard,
            Field::Timezone => &self.timezone,
            Field::Hostname => &self.hostname,
            Field::WifiCountry => &self.wifi_country,
            Field::WifiName => &self.wifi_name,
            Field::Owner => &self.owner,
            Field::Keys => &self.keys,
            Field::Runtime => &self.runtime,
            Field::Notebooks => &self.notebooks,
            Field::ReloadMinutes => &self.reload_minutes,
            Field::Entrance => &self.entrance,
            Field::PublicPort => &self.public_port,
            Field::Address => &self.address,
            Field::DdnsProvider => &self.ddns_provider,
            Field::DdnsName => &self.ddns_name,
            Field::DdnsServer => &self.ddns_server,
            Field::DdnsZone => &self.ddns_zone,
            Field::DdnsUser => &self.ddns_user,
            Field::WifiOpen => tick(self.wifi_open),
            Field::PasswordLogin => tick(self.password_login),
            Field::Tunnel => tick(self.tunnel),
            Field::PaidPlan => tick(self.paid_plan),
            Field::Router => tick(self.router),
            _ => return None,
        })
    }

    /// Takes over what a form has sent for a field; `on` ticks, anything else unticks. Nothing happens to those of
    /// [`Secrets`].
    pub fn set(&mut self, field: Field, typed: String) {
        let on = typed == TICKED;
        match field {
            Field::Language => self.language = typed,
            Field::Keyboard => self.keyboard = typed,
            Field::Timezone => self.timezone = typed,
            Field::Hostname => self.hostname = typed,
            Field::WifiCountry => self.wifi_country = typed,
            Field::WifiName => self.wifi_name = typed,
            Field::Owner => self.owner = typed,
            Field::Keys => self.keys = typed,
            Field::Runtime => self.runtime = typed,
            Field::Notebooks => self.notebooks = typed,
            Field::ReloadMinutes => self.reload_minutes = typed,
            Field::Entrance => self.entrance = typed,
            Field::PublicPort => self.public_port = typed,
            Field::Address => self.address = typed,
            Field::DdnsProvider => self.ddns_provider = typed,
            Field::DdnsName => self.ddns_name = typed,
            Field::DdnsServer => self.ddns_server = typed,
            Field::DdnsZone => self.ddns_zone = typed,
            Field::DdnsUser => self.ddns_user = typed,
            Field::WifiOpen => self.wifi_open = on,
            Field::PasswordLogin => self.password_login = on,
            Field::Tunnel => self.tunnel = on,
            Field::PaidPlan => self.paid_plan = on,
            Field::Router => self.router = on,
            Field::Wifi
            | Field::Password
            | Field::Again
            | Field::Ddns
            | Field::Approver
            | Field::Approval => {}
        }
    }
}

impl Secrets {
    /// Takes over what a form has sent for one of its fields. Nothing happens to those of [`Draft`].
    pub fn set(&mut self, field: Field, typed: String) {
        match field {
            Field::Wifi => self.wifi = Secret::new(typed),
            Field::Password => self.password = Secret::new(typed),
            Field::Again => self.again = Secret::new(typed),
            Field::Ddns => self.ddns = Secret::new(typed),
            Field::Approver => self.approver = typed,
            Field::Approval => self.approval = Secret::new(typed),
            _ => {}
        }
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self::of(&Config::default())
    }
}

/// Whether a private key was pasted where public ones are asked for.
pub fn holds_private_key(text: &str) -> bool {
    PRIVATE.iter().any(|mark| text.contains(mark))
}

fn lines<T: config::Text>(values: &[T]) -> String {
    let lines: Vec<_> = values.iter().map(T::as_str).collect();
    lines.join("\n")
}

fn optional<T: config::Text>(value: Option<&T>) -> String {
    value.map_or_else(String::new, |value| value.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_kept_in_one_of_the_two() {
        for field in Field::ALL {
            let typed = if field.is_switch() { TICKED } else { "x" };
            let (mut draft, mut secrets) = (Draft::default(), Secrets::default());
            draft.set(field, typed.to_owned());
            secrets.set(field, typed.to_owned());
            let in_secrets = secrets != Secrets::default();
            let own = field.is_secret() || field == Field::Approver;
            assert_eq!(in_secrets, own, "{field:?}");
            let kept = draft.get(field);
            assert_eq!(kept, (!own).then_some(typed), "{field:?}");
            draft.set(field, String::new());
            assert_eq!(draft.get(field), (!own).then_some(""), "{field:?}");
        }
    }

    #[test]
    fn a_private_key_is_recognised() {
        for (keys, private) in [
            ("ssh-ed25519 AAAA", false),
            ("x\n-----BEGIN OPENSSH PRIVATE KEY-----\ns3cret", true),
            ("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none", true),
            ("Private-Lines: 1\ns3cret", true),
        ] {
            assert_eq!(holds_private_key(keys), private, "{keys}");
        }
    }

    #[test]
    fn a_draft_of_nothing_is_the_default_and_lies_on_the_card_as_json() {
        assert_eq!(
            serde_json::from_str::<Draft>("{}").ok(),
            Some(Draft::default())
        );
        let text = serde_json::to_string(&Draft::default()).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Draft>(&text).ok(),
            Some(Draft::default())
        );
        assert!(!text.contains("password\""), "{text}");
        // One of an earlier version.
        let without = text.replace("\"wifi_open\":false,", "");
        assert!(without.len() < text.len(), "{text}");
        assert_eq!(
            serde_json::from_str::<Draft>(&without).ok(),
            Some(Draft::default())
        );
        assert!(serde_json::from_str::<Draft>("{\"password\": \"x\"}").is_err());
    }
}
