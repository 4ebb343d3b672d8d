//! The way to the notebooks' servers: what is between them and this device, and since when.
//!
//! A notebook is looked for by one probe at a time, and what a probe found is good for some seconds:
//! however often a page asks, the network is not flooded. Every now and then all notebooks are
//! looked for without being asked, so that `keeper status` knows. The near end is in `local`, the
//! far end in `reach`.

pub(crate) mod local;
pub(crate) mod reach;
mod target;

use crate::clock::Alarm;
use crate::settings::Settings;
use config::{Language, NotebookUrl, Text as _};
use control::NetworkStatus;
use local::Files;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use target::Target;
use tokio::sync::Notify;
use web::Diagnosis;

/// How the network is looked at.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    pub(crate) files: Files,
    pub(crate) limits: reach::Limits,
    /// How long a diagnosis is good for.
    pub(crate) fresh: Duration,
    /// The time between two looks that nobody has asked for.
    pub(crate) period: Duration,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            files: Files::default(),
            limits: reach::Limits::default(),
            fresh: Duration::from_secs(5),
            period: Duration::from_secs(120),
        }
    }
}

/// What was last found on the way to a notebook.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) diagnosis: Diagnosis,
    /// Since when its server has been answering, or has not.
    pub(crate) since: Instant,
    at: Instant,
}

#[derive(Default)]
struct Notebook {
    /// Held by the one probe that is under way.
    turn: tokio::sync::Mutex<()>,
    seen: Mutex<Option<Seen>>,
}

/// What is known of the way to each notebook.
pub(crate) struct Network {
    ways: Ways,
    notebooks: Mutex<HashMap<String, Arc<Notebook>>>,
}

impl Network {
    pub(crate) fn new(ways: Ways) -> Self {
        Self {
            ways,
            notebooks: Mutex::default(),
        }
    }

    /// What is on the way to the notebook at `url`: looked at now, or a moment ago.
    pub(crate) async fn look(&self, url: &NotebookUrl) -> Seen {
        let notebook = lock(&self.notebooks)
            .entry(url.as_str().to_owned())
            .or_default()
            .clone();
        let _turn = notebook.turn.lock().await;
        let last = lock(&notebook.seen).clone();
        if let Some(seen) = last
            .as_ref()
            .filter(|seen| seen.at.elapsed() < self.ways.fresh)
        {
            return seen.clone();
        }
        let diagnosis = self.probe(&Target::of(url)).await;
        let at = Instant::now();
        let same = last.filter(|last| last.diagnosis.answers() == diagnosis.answers());
        let seen = Seen {
            since: same.map_or(at, |last| last.since),
            diagnosis,
            at,
        };
        *lock(&notebook.seen) = Some(seen.clone());
        seen
    }

    /// Why the notebook's server cannot be had, in words; none when it answers.
    pub(crate) async fn trouble(&self, url: &NotebookUrl) -> Option<String> {
        let seen = self.look(url).await;
        (!seen.diagnosis.answers()).then(|| failure(&seen.diagnosis))
    }

    /// Looks for all notebooks of `settings` for ever: every [`Ways::period`], and at once when they
    /// have been `reloaded`.
    pub(crate) async fn watch(
        &self,
        settings: &Settings,
        reloaded: &Notify,
        beat: impl Fn(),
    ) -> Infallible {
        let mut alarm = Alarm::new();
        loop {
            beat();
            let notebooks = settings.notebooks().unwrap_or_default();
            self.look_at_all(&notebooks, &beat).await;
            tokio::select! {
                () = reloaded.notified() => {}
                () = alarm.next(self.ways.period) => {}
            }
        }
    }

    /// Looks for all `urls`, and forgets the others; `beat` is called before each.
    async fn look_at_all(&self, urls: &[NotebookUrl], beat: impl Fn()) {
        lock(&self.notebooks).retain(|known, _| urls.iter().any(|url| url.as_str() == known));
        for url in urls {
            beat();
            self.look(url).await;
        }
    }

    async fn probe(&self, target: &Target) -> Diagnosis {
        let mut diagnosis = Diagnosis {
            host: target.host.clone(),
            port: target.port,
            link: self.ways.files.link(),
            route: self.ways.files.route(),
            lookup: None,
            server: None,
        };
        // Without a link nothing can be found, except on this machine.
        if !diagnosis.is_linked() && !target.is_local() {
            return diagnosis;
        }
        let (lookup, addresses) = reach::lookup(target, &self.ways.limits).await;
        diagnosis.lookup = Some(lookup);
        if !addresses.is_empty() {
            diagnosis.server = Some(reach::server(target, &addresses, &self.ways.limits).await);
        }
        diagnosis
    }

    /// In one line, from what was last seen; none before the first look.
    pub(crate) fn status(&self, urls: &[NotebookUrl]) -> Option<NetworkStatus> {
        if urls.is_empty() {
            return Some(self.near_end());
        }
        let known = lock(&self.notebooks);
        let seen: Vec<(usize, Seen)> = (1..)
            .zip(urls)
            .filter_map(|(number, url)| {
                Some((number, lock(&known.get(url.as_str())?.seen).clone()?))
            })
            .collect();
        let broken = seen.iter().find(|(_, seen)| !seen.diagnosis.answers());
        let (number, seen, summary) = match broken {
            Some((number, seen)) => (*number, seen, failure(&seen.diagnosis)),
            None => {
                let (number, seen) = seen.first()?;
                (*number, seen, format!("{} answers", seen.diagnosis.host))
            }
        };
        Some(NetworkStatus {
            ok: seen.diagnosis.answers(),
            notebook: Some(number),
            summary,
            for_seconds: seen.since.elapsed().as_secs(),
        })
    }

    fn near_end(&self) -> NetworkStatus {
        let diagnosis = Diagnosis {
            host: String::new(),
            port: 0,
            link: self.ways.files.link(),
            route: self.ways.files.route(),
            lookup: None,
            server: None,
        };
        let ok = diagnosis.is_linked() && diagnosis.route.is_complete();
        let [_, route, ..] = web::steps(&diagnosis, Language::En);
        NetworkStatus {
            ok,
            notebook: None,
            summary: if ok {
                sentence(&route.seen)
            } else {
                failure(&diagnosis)
            },
            for_seconds: 0,
        }
    }
}

/// The first thing to mend.
fn failure(diagnosis: &Diagnosis) -> String {
    match web::first_failure(diagnosis, Language::En) {
        Some(step) => format!("{}: {}", step.title, sentence(&step.seen)),
        None => format!("{} was not looked for", diagnosis.host),
    }
}

/// As part of a line, without its full stop.
fn sentence(text: &str) -> String {
    text.trim_end_matches('.').to_owned()
}

/// A thread that panicked while it held the lock has left nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "network/tests.rs"]
mod tests;
