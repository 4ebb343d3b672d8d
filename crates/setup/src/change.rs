//! Answers as what root is asked for.

use config::Config;

use crate::answers;
use crate::check::{Fault, Reason};
use crate::draft::{Draft, Secrets};
use crate::field::Field;
use crate::message::{Approval, Change, Owner, Wifi};
use crate::secret::Secret;
use crate::step::Purpose;

/// The whole change that the answers come to. `base` has what no page asks (display, notify, GPU, …; in settings
/// the keys too). [`Change::instead_of`] is for whoever has read the file.
///
/// # Errors
/// What [`crate::check()`] finds wrong with them. Besides, a configuration that with all that is in `base` is longer than a
/// keeper.toml may be, which is told of the notebooks: that takes a `base` much longer than any that this crate has made.
pub fn change(
    base: &Config,
    draft: &Draft,
    secrets: &Secrets,
    purpose: Purpose,
) -> Result<Change, Vec<Fault>> {
    let (config, faults) = answers::read(base, draft, secrets, purpose);
    if !faults.is_empty() {
        return Err(faults);
    }
    let keeper_toml = config.to_toml();
    if config::parse(&keeper_toml).as_ref() != Ok(&config) {
        return Err(vec![Fault {
            field: Field::Notebooks,
            reason: Reason::Form,
        }]);
    }
    let named = config.ddns.provider.is_some();
    Ok(Change {
        keeper_toml,
        instead_of: None,
        owner: (purpose == Purpose::FirstBoot).then(|| owner(draft, secrets)),
        wifi: wifi(draft, secrets),
        ddns_secret: some(secrets.ddns.reveal().trim()).filter(|_| named),
        approval: (purpose == Purpose::Settings).then(|| approval(secrets)),
    })
}

fn owner(draft: &Draft, secrets: &Secrets) -> Owner {
    Owner {
        name: draft.owner.trim().to_owned(),
        password: some(secrets.password.reveal()),
        password_hash: None,
    }
}

fn wifi(draft: &Draft, secrets: &Secrets) -> Option<Wifi> {
    let wanted = !draft.wifi_name.is_empty();
    wanted.then(|| Wifi {
        country: draft.wifi_country.trim().to_ascii_uppercase(),
        name: draft.wifi_name.clone(),
        password: some(secrets.wifi.reveal()).filter(|_| !draft.wifi_open),
    })
}

fn approval(secrets: &Secrets) -> Approval {
    Approval {
        name: secrets.approver.trim().to_owned(),
        password: secrets.approval.clone(),
    }
}

fn some(secret: &str) -> Option<Secret> {
    (!secret.is_empty()).then(|| Secret::new(secret))
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
