//! A [`Config`] as the text of a `keeper.toml`: every key, in the order of the documentation,
//! without comments.
//!
//! What it writes, `parse` reads as the same [`Config`].

use crate::sections::{Browser, Config, Ddns, Device, Notify, Router, Ssh, Tunnel};
use crate::setting::{Setting, Text};
use toml::Value;

impl Config {
    /// The whole configuration as TOML.
    pub fn to_toml(&self) -> String {
        let sections = [
            ("device", device(&self.device)),
            ("browser", browser(&self.browser)),
            ("tunnel", tunnel(&self.tunnel)),
            ("ddns", ddns(&self.ddns)),
            ("router", router(&self.router)),
            ("ssh", ssh(&self.ssh)),
            ("notify", notify(&self.notify)),
        ];
        let section = |(name, keys): (&str, Vec<(&str, Value)>)| {
            let keys: String = keys
                .iter()
                .map(|(key, value)| format!("{key} = {value}\n"))
                .collect();
            format!("[{name}]\n{keys}")
        };
        sections.map(section).join("\n")
    }
}

type Keys = Vec<(&'static str, Value)>;

fn device(device: &Device) -> Keys {
    vec![
        ("hostname", device.hostname.write()),
        ("timezone", device.timezone.write()),
        ("language", device.language.write()),
        ("keyboard", device.keyboard.write()),
        ("display", device.display.write()),
    ]
}

fn browser(browser: &Browser) -> Keys {
    vec![
        ("notebooks", list(&browser.notebooks)),
        ("reload_minutes", browser.reload_minutes.write()),
        ("keep_hours", browser.keep_hours.write()),
        ("mode", browser.mode.write()),
    ]
}

fn tunnel(tunnel: &Tunnel) -> Keys {
    vec![
        ("enabled", tunnel.switch.enabled().write()),
        (
            "paid_plan_confirmed",
            tunnel.switch.paid_plan_confirmed().write(),
        ),
        ("entrance", tunnel.entrance.write()),
        ("public_port", tunnel.public_port.write()),
        ("address", optional(tunnel.address.as_ref())),
        ("gpu", tunnel.gpu.write()),
        ("high_ram", tunnel.high_ram.write()),
        ("days", tunnel.days.write()),
    ]
}

fn ddns(ddns: &Ddns) -> Keys {
    vec![
        ("provider", optional(ddns.provider.as_ref())),
        ("name", optional(ddns.name.as_ref())),
        ("server", optional(ddns.server.as_ref())),
        ("zone", optional(ddns.zone.as_ref())),
        ("user", optional(ddns.user.as_ref())),
    ]
}

fn router(router: &Router) -> Keys {
    vec![("map", router.map.write())]
}

fn ssh(ssh: &Ssh) -> Keys {
    vec![
        ("password_login", ssh.password_login.write()),
        ("authorized_keys", list(&ssh.authorized_keys)),
    ]
}

fn notify(notify: &Notify) -> Keys {
    vec![
        ("webhook", optional(notify.webhook.as_ref())),
        ("ntfy", optional(notify.ntfy.as_ref())),
        ("command", notify.command.write()),
    ]
}

fn list<T: Setting>(items: &[T]) -> Value {
    items.iter().map(Setting::write).collect::<Vec<_>>().into()
}

fn optional<T: Text>(value: Option<&T>) -> Value {
    value.map_or("", Text::as_str).into()
}
