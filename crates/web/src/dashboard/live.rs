//! The dashboard for programs: its cards as server-sent events, one every few seconds and whenever a
//! state changes.
//!
//! A connection does not last for ever ([`crate::Limits`]), so a stream ends before it is cut off. Whoever
//! listens asks again and has missed nothing, since each event is all of it. Whoever goes away
//! takes the stream with them: it is a part of their connection.

use super::{Dashboard, Room};
use crate::pages;
use crate::router::Site;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use control::{InForce, KioskState, NotebookState, Reply, Request, State as Doing, Status};
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::time::{Duration, Instant};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::sleep;

/// The time between two events.
const PERIOD: Duration = Duration::from_secs(5);

/// The time between two looks whether a state has changed.
const LOOK: Duration = Duration::from_secs(1);

/// After this time there are no more events.
const LASTS: Duration = Duration::from_secs(24);

/// After how long a listener is to ask again.
const AGAIN: Duration = Duration::from_secs(1);

/// What a change of is told at once. Times and measurements are not among it.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    doing: Doing,
    in_force: InForce,
    notebooks: Vec<(usize, NotebookState)>,
    kiosk: Option<KioskState>,
    network: Option<bool>,
    keeping: Option<[bool; 4]>,
    tunnel: Option<control::TunnelState>,
}

impl Mark {
    fn of(status: &Status) -> Self {
        let notebooks = status.notebooks.iter();
        let keep = status.keep.as_ref();
        Self {
            doing: status.state,
            in_force: status.config.in_force,
            notebooks: notebooks.map(|one| (one.number, one.state)).collect(),
            kiosk: status.kiosk.as_ref().map(|kiosk| kiosk.state),
            network: status.network.as_ref().map(|network| network.ok),
            keeping: keep.map(|keep| {
                let over = keep.left_seconds == 0;
                [keep.paused, keep.person, keep.signing_in, over]
            }),
            tunnel: status.tunnel.as_ref().map(|tunnel| tunnel.state),
        }
    }
}

/// One who listens.
struct Listener<S> {
    site: S,
    begun: Instant,
    /// What was last told, and when.
    told: Option<(Mark, Instant)>,
    _place: OwnedSemaphorePermit,
}

pub(super) async fn live<S: Site + Dashboard>(
    State(room): State<Room<S>>,
    headers: HeaderMap,
) -> Response {
    if is_foreign(&headers) {
        let text = "Only a page of this server may listen.\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let Ok(place) = room.listeners.try_acquire_owned() else {
        let again = [(header::RETRY_AFTER, PERIOD.as_secs().to_string())];
        let text = "There are too many listeners already.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, again, text).into_response();
    };
    let listener = Listener {
        site: room.site,
        begun: Instant::now(),
        told: None,
        _place: place,
    };
    let stored = [(header::CACHE_CONTROL, "no-store")];
    (stored, Sse::new(unfold(listener, next))).into_response()
}

/// Whether a browser asks for another site's page. That could not read anything, but take the places.
fn is_foreign(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    sites.any(|site| site != "same-origin" && site != "none")
}

async fn next<S: Site + Dashboard>(
    mut listener: Listener<S>,
) -> Option<(Result<Event, Infallible>, Listener<S>)> {
    listener.wait().await;
    if listener.begun.elapsed() >= LASTS {
        return None;
    }
    let overview = listener.site.overview().await;
    listener.told = Some((Mark::of(&overview.status), Instant::now()));
    let cards = pages::cards(&overview, None, listener.site.language());
    let event = Event::default().event("overview").retry(AGAIN);
    Some((Ok(event.data(cards.into_string())), listener))
}

impl<S: Site> Listener<S> {
    /// Waits until there is something to tell.
    async fn wait(&self) {
        let Some((mark, at)) = &self.told else {
            return;
        };
        while at.elapsed() < PERIOD {
            sleep(LOOK).await;
            match self.site.act(Request::Status {}).await {
                Reply::Status(status) if Mark::of(&status) != *mark => return,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_a_browser_at_another_site_is_foreign() {
        for (sites, foreign) in [
            (&[][..], false),
            (&["same-origin"], false),
            (&["none"], false),
            (&["cross-site"], true),
            (&["same-site"], true),
            (&[""], true),
            (&["none", "cross-site"], true),
        ] {
            let mut headers = HeaderMap::new();
            for site in sites {
                headers.append("sec-fetch-site", HeaderValue::from_static(site));
            }
            assert_eq!(is_foreign(&headers), foreign, "{sites:?}");
        }
    }
}
