//! The sections of `keeper.toml`: keys, units, defaults, and what must hold between them.
//!
//! What a single value accepts is in `values`.

use crate::reader::Reader;
use crate::setting::Text;
use crate::values::{
    Address, AuthorizedKey, DdnsProvider, DdnsUser, Display, DomainName, EnrolDays, Entrance,
    Hostname, KeepHours, Keyboard, Language, Mode, NotebookUrl, NotifyCommand, NotifyUrl,
    PublicPort, ReloadMinutes, TimeZone, TunnelSwitch,
};

/// A complete, valid configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// `[device]`: what the device is to its owner.
    pub device: Device,
    /// `[browser]`: which notebooks are kept open, and how.
    pub browser: Browser,
    /// `[tunnel]`: the shell on the Colab machine.
    pub tunnel: Tunnel,
    /// `[ddns]`: the device's public name.
    pub ddns: Ddns,
    /// `[router]`: the way in.
    pub router: Router,
    /// `[ssh]`: who may log in to the device.
    pub ssh: Ssh,
    /// `[notify]`: where the owner is told that a person is needed.
    pub notify: Notify,
}

/// `[device]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The name on the network; default `colab-keeper`.
    pub hostname: Hostname,
    /// Default `UTC`.
    pub timezone: TimeZone,
    /// Default English.
    pub language: Language,
    /// Default `us`.
    pub keyboard: Keyboard,
    /// Default virtual.
    pub display: Display,
}

/// `[browser]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    /// Default none.
    pub notebooks: Vec<NotebookUrl>,
    /// Minutes between reloads; default 10.
    pub reload_minutes: ReloadMinutes,
    /// Hours until keeping must be renewed; default 12.
    pub keep_hours: KeepHours,
    /// Default kiosk.
    pub mode: Mode,
}

/// `[tunnel]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tunnel {
    /// `enabled` and `paid_plan_confirmed`; default off, not confirmed.
    pub switch: TunnelSwitch,
    /// Loopback port of the device that leads into the Colab machine; default 20022.
    pub entrance: Entrance,
    /// Port of the router that leads to the device's port 22; default 10022.
    pub public_port: PublicPort,
    /// Where the Colab machine finds the router; default the name in `[ddns]`.
    pub address: Option<Address>,
    /// Whether the notebook asks for a machine with a GPU; default yes.
    pub gpu: bool,
    /// Whether the notebook asks for Colab's High-RAM; default no.
    pub high_ram: bool,
    /// Days until an enrolment ends; default 30.
    pub days: EnrolDays,
}

/// `[ddns]`: the secret stands in a file of root's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ddns {
    /// Who keeps the name; default nobody.
    pub provider: Option<DdnsProvider>,
    /// The name that is kept up to date; there is one where there is a provider.
    pub name: Option<DomainName>,
    /// The server of a provider that speaks dyndns2; there is one where that is the provider.
    pub server: Option<DomainName>,
    /// The zone that the name is in; there is one where Cloudflare is the provider.
    pub zone: Option<DomainName>,
    /// The account at the provider, where it wants one.
    pub user: Option<DdnsUser>,
}

/// `[router]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Router {
    /// Whether the router is asked to lead `tunnel.public_port` here; default no.
    pub map: bool,
}

/// `[ssh]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ssh {
    /// Whether the owner may log in with a password instead of a key; default no.
    pub password_login: bool,
    /// The owner's public keys; default none.
    pub authorized_keys: Vec<AuthorizedKey>,
}

/// `[notify]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notify {
    /// Receives a POST; default none.
    pub webhook: Option<NotifyUrl>,
    /// A topic of an ntfy server; default none.
    pub ntfy: Option<NotifyUrl>,
    /// Is run on the device; default none.
    pub command: NotifyCommand,
}

impl Default for Device {
    fn default() -> Self {
        Self {
            hostname: literal("colab-keeper"),
            timezone: literal("UTC"),
            language: Language::En,
            keyboard: literal("us"),
            display: Display::Virtual,
        }
    }
}

impl Default for Browser {
    fn default() -> Self {
        const RELOAD: ReloadMinutes = ReloadMinutes::new(10).unwrap();
        const KEEP: KeepHours = KeepHours::new(12).unwrap();
        Self {
            notebooks: Vec::new(),
            reload_minutes: RELOAD,
            keep_hours: KEEP,
            mode: Mode::Kiosk,
        }
    }
}

impl Default for Tunnel {
    fn default() -> Self {
        const ENTRANCE: Entrance = Entrance::new(20022).unwrap();
        const PUBLIC: PublicPort = PublicPort::new(10022).unwrap();
        const DAYS: EnrolDays = EnrolDays::new(30).unwrap();
        Self {
            switch: TunnelSwitch::Off,
            entrance: ENTRANCE,
            public_port: PUBLIC,
            address: None,
            gpu: true,
            high_ram: false,
            days: DAYS,
        }
    }
}

impl Config {
    /// Where the device is reached from the internet: `tunnel.address`, or the name that ddclient
    /// keeps up to date.
    pub fn public_name(&self) -> Option<&str> {
        let address = self.tunnel.address.as_ref().map(Text::as_str);
        address.or_else(|| self.ddns.name.as_ref().map(Text::as_str))
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            device: Device::read(reader),
            browser: Browser::read(reader),
            tunnel: Tunnel::read(reader),
            ddns: Ddns::read(reader),
            router: Router::read(reader),
            ssh: Ssh::read(reader),
            notify: Notify::read(reader),
        }
    }
}

impl Device {
    fn read(reader: &mut Reader<'_>) -> Self {
        let (mut section, default) = (reader.section("device"), Self::default());
        Self {
            hostname: section.get("hostname", default.hostname),
            timezone: section.get("timezone", default.timezone),
            language: section.get("language", default.language),
            keyboard: section.get("keyboard", default.keyboard),
            display: section.get("display", default.display),
        }
    }
}

impl Browser {
    fn read(reader: &mut Reader<'_>) -> Self {
        let (mut section, default) = (reader.section("browser"), Self::default());
        Self {
            notebooks: section.list("notebooks"),
            reload_minutes: section.get("reload_minutes", default.reload_minutes),
            keep_hours: section.get("keep_hours", default.keep_hours),
            mode: section.get("mode", default.mode),
        }
    }
}

impl Tunnel {
    fn read(reader: &mut Reader<'_>) -> Self {
        let (mut section, default) = (reader.section("tunnel"), Self::default());
        let enabled = section.get("enabled", false);
        let confirmed = section.get("paid_plan_confirmed", false);
        let switch = TunnelSwitch::new(enabled, confirmed);
        if switch.is_none() {
            section.reject::<bool>(
                "enabled",
                "needs paid_plan_confirmed = true: Colab allows SSH only on a paid plan with a positive balance, \
                 and blocks accounts that use it otherwise",
            );
        }
        Self {
            switch: switch.unwrap_or(default.switch),
            entrance: section.get("entrance", default.entrance),
            public_port: section.get("public_port", default.public_port),
            address: section.optional("address"),
            gpu: section.get("gpu", default.gpu),
            high_ram: section.get("high_ram", default.high_ram),
            days: section.get("days", default.days),
        }
    }
}

impl Ddns {
    fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("ddns");
        let ddns = Self {
            provider: section.optional("provider"),
            name: section.optional("name"),
            server: section.optional("server"),
            zone: section.optional("zone"),
            user: section.optional("user"),
        };
        let Some(provider) = ddns.provider else {
            return ddns;
        };
        let (name, dyndns2) = (ddns.name.as_ref(), provider == DdnsProvider::Dyndns2);
        let cloudflare = provider == DdnsProvider::Cloudflare;
        let accounts = dyndns2 || provider == DdnsProvider::Noip;
        let of_duckdns = name.and_then(|name| name.as_str().strip_suffix(".duckdns.org"));
        let in_zone = |zone: &DomainName| {
            let name = name.map(DomainName::as_str).unwrap_or_default();
            let above = name.strip_suffix(zone.as_str());
            above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
        };
        for (wrong, key, reason) in [
            (
                name.is_none(),
                "provider",
                "needs ddns.name, the name at this provider",
            ),
            (
                dyndns2 && ddns.server.is_none(),
                "provider",
                "needs ddns.server, the provider's update server",
            ),
            (
                !dyndns2 && ddns.server.is_some(),
                "server",
                "belongs to ddns.provider = \"dyndns2\" alone",
            ),
            (
                cloudflare && ddns.zone.is_none(),
                "provider",
                "needs ddns.zone, the domain at this provider",
            ),
            (
                !cloudflare && ddns.zone.is_some(),
                "zone",
                "belongs to ddns.provider = \"cloudflare\" alone",
            ),
            (
                ddns.zone.as_ref().is_some_and(|zone| !in_zone(zone)),
                "zone",
                "ddns.name is not in it",
            ),
            (
                accounts && ddns.user.is_none(),
                "provider",
                "needs ddns.user, the account at this provider",
            ),
            (
                provider == DdnsProvider::Duckdns
                    && of_duckdns.is_none_or(|name| name.contains('.')),
                "name",
                "DuckDNS has names such as \"home.duckdns.org\"",
            ),
        ] {
            if wrong {
                section.reject::<DomainName>(key, reason);
            }
        }
        ddns
    }
}

impl Router {
    fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("router");
        Self {
            map: section.get("map", false),
        }
    }
}

impl Ssh {
    fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("ssh");
        Self {
            password_login: section.get("password_login", false),
            authorized_keys: section.list("authorized_keys"),
        }
    }
}

impl Notify {
    fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("notify");
        Self {
            webhook: section.optional("webhook"),
            ntfy: section.optional("ntfy"),
            command: section.get("command", NotifyCommand::default()),
        }
    }
}

/// A default; that each one passes its own check is what `Config::default()` in the tests shows.
fn literal<T: Text>(text: &str) -> T {
    T::parse(text).expect("a default passes its own check")
}
