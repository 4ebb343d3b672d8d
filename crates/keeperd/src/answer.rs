//! From a request to its reply.

use crate::entrance::Entrance;
use crate::installation;
use crate::kiosk::Kiosk;
use crate::network::Network;
use crate::notebooks::Notebooks;
use crate::owner::Ownership;
use crate::pages::Pages;
use crate::settings::Settings;
use camino::Utf8PathBuf;
use control::{Reply, Request, State, Status};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// What replies are made of.
pub(crate) struct Known {
    /// The configuration in force.
    pub(crate) settings: Arc<Settings>,
    /// Where the browser's installation says how far it is.
    pub(crate) browser: Utf8PathBuf,
    /// The watch over the browser.
    pub(crate) kiosk: Rc<Kiosk>,
    /// The way to the notebooks.
    pub(crate) network: Arc<Network>,
    /// The notebooks that are kept open.
    pub(crate) notebooks: Rc<Notebooks>,
    /// The watch over the tunnel's entrance.
    pub(crate) entrance: Rc<Entrance>,
    /// Whether the device has an owner.
    pub(crate) owner: Arc<Ownership>,
    /// The pages' server.
    pub(crate) pages: Rc<Pages>,
    /// When keeperd started.
    pub(crate) since: Instant,
}

/// The reply to a request of whoever may ask.
pub(crate) async fn answer(request: Request, known: &Known) -> Reply {
    match request {
        Request::Status {} => Reply::Status(status(known)),
        request => known.notebooks.act(request).await,
    }
}

fn status(known: &Known) -> Status {
    let set_up = known.owner.is_set_up();
    let (state, reason) = if set_up {
        known.notebooks.summary()
    } else {
        let reason = "the device is not set up yet";
        (State::Idle, reason.to_owned())
    };
    Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        state,
        reason,
        uptime_seconds: known.since.elapsed().as_secs(),
        config: known.settings.status(),
        browser: installation::status(&known.browser),
        kiosk: set_up.then(|| known.kiosk.status()),
        network: known
            .network
            .status(&known.settings.notebooks().unwrap_or_default()),
        web: Some(known.pages.status()),
        notebooks: known.notebooks.status(),
        keep: known.notebooks.keep_status(),
        tunnel: known.entrance.status(),
    }
}
