//! The way back: all is as the journal says that it was. It can be walked again from anywhere.

use anyhow::Result;
use camino::Utf8Path;

use super::hands::Hands;
use super::journal::{DDNS_SECRET, Journal, KEEPER_TOML, Was};
use super::{account, network, steps};
use crate::apply::Apply;
use crate::concerned::{Service, concerned};
use crate::generation::{Generation, Store};
use crate::render::render;

/// Goes all the way. What only lets a restored file take effect may fail: the next boot does it too.
pub(super) fn all(apply: &Apply<'_>, hands: &dyn Hands, journal: &Journal) -> Result<()> {
    if let Some(owner) = &journal.owner {
        account::undo(apply, hands, owner)?;
    }
    for saved in &journal.files {
        saved.restore(apply, hands)?;
    }
    let mut trouble = Vec::new();
    if let Err(error) = generation(apply, journal) {
        trouble.push(error);
    }
    if let Some(name) = old_name(journal)
        && let Err(error) = steps::call(apply, hands, &name)
    {
        trouble.push(error);
    }
    if journal.wifi.is_some()
        && let Err(error) = network::give_up(apply, hands)
    {
        trouble.push(error);
    }
    for error in trouble {
        eprintln!("warning: going back: {error:#}");
    }
    Ok(())
}

fn old_name(journal: &Journal) -> Option<String> {
    match &journal.saved("etc/hostname")?.was {
        Was::File { bytes, .. } => Some(String::from_utf8_lossy(bytes).trim().to_owned()),
        _ => None,
    }
}

/// The generation from before, or the same made anew. A service that refuses does not hold it up: all of it was in
/// force before.
fn generation(apply: &Apply<'_>, journal: &Journal) -> Result<()> {
    let (store, _lock) = apply.open()?;
    let Some(old) = before(apply, &store, journal)? else {
        return Ok(());
    };
    let now = store.in_force()?;
    let (from, to) = (store.contents(now.as_ref()), store.contents(Some(&old)));
    if now.as_ref() != Some(&old) {
        store.switch(&old)?;
    }
    let mut told = concerned(&from, &to);
    if journal.saved(DDNS_SECRET).is_some() {
        told.insert(Service::Ddns);
    }
    told.insert(Service::Keeperd);
    for service in told {
        if (!apply.boot || service == Service::Firewall)
            && let Err(error) = apply.system.tell(service)
        {
            eprintln!("warning: going back: {error:#}");
        }
    }
    store.sweep()
}

fn before(apply: &Apply<'_>, store: &Store, journal: &Journal) -> Result<Option<Generation>> {
    let old = journal.generation();
    if let Some(old) = old.filter(|old| store.path(old).is_dir()) {
        return Ok(Some(old));
    }
    // Swept, since somebody else has applied in between.
    let Ok(config) = config::load(Utf8Path::new(&apply.root.join(KEEPER_TOML))) else {
        return Ok(None);
    };
    store.put(&render(&config, &apply.facts()?)).map(Some)
}
