//! `keeper.toml` on the boot partition: a device that sets itself up without a screen.
//!
//! It is an ordinary keeper.toml with two sections more, and a key, which the device's own does not get:
//!
//! ```toml
//! [owner]
//! name = "hanako"
//! password = "…"            # or password_hash = "$6$…" / "$y$…", as mkpasswd makes it
//! [wifi]
//! country = "JP"
//! name = "…"
//! password = "…"
//! [ddns]
//! secret = "…"              # beside the section's own keys
//! ```
//!
//! What becomes of the file afterwards is in `used`.

use config::{Extra, ExtraKey, ExtraSection, Problems, Refusal};

use crate::check::Reason;
use crate::message::{Change, Owner, Wifi};
use crate::secret::Secret;
use crate::used::REMOVED;
use crate::{network, people};

mod hash;

pub use hash::is_hash;

/// A preset that is in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// What it asks for. The owner is whom the boot partition's user-data made, where it names none.
    pub change: Change,
}

/// Reads a preset.
///
/// # Errors
/// Every problem, with line and key; a secret's value is never shown.
pub fn parse_preset(text: &str) -> Result<Preset, Problems> {
    let (config, (owner, wifi, ddns_secret)) = config::parse_with(text, |_, extra| {
        (owner(extra), wifi(extra), ddns_secret(extra))
    })?;
    Ok(Preset {
        change: Change {
            keeper_toml: config.to_toml(),
            instead_of: None,
            owner,
            wifi,
            ddns_secret,
            approval: None,
        },
    })
}

fn owner(extra: &mut Extra<'_, '_>) -> Option<Owner> {
    let section = &mut extra.section("owner");
    let name = plain(section, "name", NAME, |name| {
        people::account_name(name).map_err(of_a_name)
    });
    let named = name.clone().unwrap_or_default();
    let password = secret(section, "password", PASSWORD, |password| {
        people::password(password, &named).map_err(of_a_password)
    });
    let password_hash = secret(section, "password_hash", HASH, |text| {
        if is_hash(text) { Ok(()) } else { Err(None) }
    });
    let is_set = ["name", "password", "password_hash"].map(|key| section.is_set(key));
    match is_set {
        [false, false, false] => return None,
        [false, _, _] => section.reject("needs owner.name, the name to log in with"),
        [true, true, true] => {
            section.reject("takes one of owner.password and owner.password_hash, not both");
        }
        // A key logs in over SSH, and there it ends.
        [true, false, false] => section.reject(
            "needs owner.password or owner.password_hash: sudo, the dashboard and remote desktop ask for a password, \
             even of an owner with a key",
        ),
        _ => {}
    }
    Some(Owner {
        name: name?,
        password,
        password_hash,
    })
}

fn wifi(extra: &mut Extra<'_, '_>) -> Option<Wifi> {
    let section = &mut extra.section("wifi");
    let country = plain(section, "country", COUNTRY, |country| {
        network::country(country).map(|_| ()).map_err(|_| None)
    });
    let name = plain(section, "name", WIFI_NAME, |name| {
        network::wifi_name(name).map_err(of_a_name)
    });
    let password = secret(section, "password", WIFI_PASSWORD, |password| {
        network::wifi_password(password).map_err(of_a_password)
    });
    match ["name", "country", "password"].map(|key| section.is_set(key)) {
        [false, false, false] => return None,
        [false, _, _] => section.reject("needs wifi.name, the network's name"),
        [true, false, _] => section
            .reject("needs wifi.country, such as \"JP\", which decides which channels may be used"),
        _ => {}
    }
    Some(Wifi {
        country: country?.to_ascii_uppercase(),
        name: name?,
        password,
    })
}

fn ddns_secret(extra: &mut Extra<'_, '_>) -> Option<Secret> {
    let section = &mut extra.section("ddns");
    secret(section, "secret", TOKEN, |text| {
        network::ddns_secret(text).map_err(of_a_password)
    })
}

const NAME: &str = "a name of up to 31 letters a-z, digits, - and _, a letter first";
const PASSWORD: &str = "a password of 10 to 128 characters";
const HASH: &str = "what \"mkpasswd -m sha512crypt\" or \"mkpasswd -m yescrypt\" writes";
const COUNTRY: &str = "two letters, such as \"JP\"";
const WIFI_NAME: &str = "a network's name of up to 32 bytes";
const WIFI_PASSWORD: &str = "8 to 63 ASCII characters, or 64 hexadecimal digits";
const TOKEN: &str = "a token or password of ASCII characters but spaces, quotes, backslashes and #";

fn plain(
    section: &mut ExtraSection<'_, '_>,
    name: &'static str,
    accepts: &str,
    check: impl FnOnce(&str) -> Result<(), Refusal>,
) -> Option<String> {
    let key = ExtraKey {
        name,
        accepts,
        secret: false,
    };
    section.string(key, check)
}

fn secret(
    section: &mut ExtraSection<'_, '_>,
    name: &'static str,
    accepts: &str,
    check: impl FnOnce(&str) -> Result<(), Refusal>,
) -> Option<Secret> {
    let key = ExtraKey {
        name,
        accepts,
        secret: true,
    };
    let secret = section.string(key, |text| {
        if text == REMOVED {
            return Err(Some("it was removed from the file after its use"));
        }
        check(text)
    });
    secret.map(Secret::new)
}

fn of_a_name(reason: Reason) -> Refusal {
    match reason {
        Reason::Taken => Some("it is a name that the system has already"),
        Reason::Characters => Some("it holds a control character"),
        _ => None,
    }
}

fn of_a_password(reason: Reason) -> Refusal {
    match reason {
        Reason::Characters => Some("it holds a line break or another control character"),
        Reason::Common => Some("it is the owner's name, or one of the most common"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
