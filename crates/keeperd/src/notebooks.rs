//! Keeping the notebooks open: who is kept, under which conditions, and what is remembered.
//!
//! Each notebook has a task of its own (`keeper`) that does in its tab (`tab`) what the policy of the
//! `browser` crate says. Here is what they share. `act` is what can be asked for, `status` what is
//! shown, `store` what survives a restart.

mod act;
mod entry;
mod keeper;
mod status;
mod store;
mod tab;

use crate::clock::{Alarm, Clock};
use crate::journal;
use crate::kiosk::Kiosk;
use crate::network::Network;
use crate::notices::Notices;
use crate::pages::Pages;
use crate::session::Session;
use crate::settings::Settings;
use browser::policy::{Conditions, Hold, Keep};
use camino::Utf8PathBuf;
use config::{NotebookUrl, Text as _};
use entry::Entry;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use store::{Saved, Store};
use tokio::sync::Notify;

/// The time between two looks at what all share.
const TURN: Duration = Duration::from_secs(60);

/// The time between two savings of nothing but the time.
const SAVE: Duration = Duration::from_secs(600);

/// What notices about all notebooks are about.
const KEEPING: &str = "keeping";

/// How the notebooks are kept, apart from what keeper.toml says.
pub(crate) struct Ways {
    /// The browser's debugging port.
    pub(crate) browser: SocketAddr,
    /// The file of what survives a restart.
    pub(crate) state: Utf8PathBuf,
    /// The file that has the browser started for a sign-in.
    pub(crate) sign_in: Utf8PathBuf,
    /// Sign-in hosts that the tables do not have.
    pub(crate) hosts: Vec<String>,
    /// How fast the notebooks' time goes.
    pub(crate) haste: u32,
}

/// The parts of keeperd that the notebooks are kept with.
pub(crate) struct Parts {
    pub(crate) settings: Arc<Settings>,
    pub(crate) network: Arc<Network>,
    pub(crate) kiosk: Rc<Kiosk>,
    pub(crate) pages: Rc<Pages>,
    pub(crate) session: Rc<Session>,
    pub(crate) notices: Notices,
}

/// All notebooks.
pub(crate) struct Notebooks {
    ways: Ways,
    parts: Parts,
    clock: Clock,
    store: Store,
    keep: Cell<Keep>,
    paused: Cell<bool>,
    signing_in: Cell<bool>,
    person: Cell<bool>,
    capped: Cell<bool>,
    opened: RefCell<Vec<NotebookUrl>>,
    entries: RefCell<Vec<Rc<Entry>>>,
    /// What an earlier keeperd has left.
    left: Saved,
    /// What all share has changed.
    changed: Notify,
}

impl Notebooks {
    /// Takes up what an earlier keeperd has left. Nothing is done yet.
    pub(crate) fn new(ways: Ways, parts: Parts) -> Self {
        let store = Store::new(ways.state.clone());
        let left = store.load();
        let opened = left
            .opened
            .iter()
            .filter_map(|url| NotebookUrl::parse(url).ok());
        let all = Self {
            clock: Clock::new(ways.haste),
            keep: Cell::new(Keep::new(Duration::from_secs(left.kept_seconds))),
            paused: Cell::new(left.paused),
            signing_in: Cell::new(ways.sign_in.exists()),
            person: Cell::new(false),
            capped: Cell::new(false),
            opened: RefCell::new(opened.take(act::MOST).collect()),
            entries: RefCell::default(),
            changed: Notify::new(),
            left,
            store,
            ways,
            parts,
        };
        if all.signing_in.get() {
            all.parts.kiosk.rest(true);
        }
        all.adopt();
        all
    }

    /// Keeps all notebooks for ever; `beat` is called at least once a minute.
    pub(crate) async fn keep(self: &Rc<Self>, beat: impl Fn()) -> Infallible {
        let mut saved = self.clock.now();
        let mut alarm = Alarm::new();
        let turn = self.clock.real(TURN).max(Duration::from_millis(100));
        loop {
            beat();
            self.adopt();
            for entry in self.entries.borrow().iter() {
                entry.start(self);
            }
            self.look_around().await;
            let now = self.clock.now();
            if now.saturating_sub(saved) >= SAVE {
                saved = now;
                self.save();
            }
            tokio::select! {
                () = self.changed.notified() => {}
                () = alarm.next(turn) => {}
            }
        }
    }

    /// keeper.toml may be another.
    pub(crate) fn reloaded(&self) {
        self.changed.notify_one();
    }

    /// Brings the entries in line with keeper.toml and what was opened: who stays keeps what is known.
    fn adopt(&self) {
        let Ok(mut wanted) = self.parts.settings.notebooks() else {
            return;
        };
        let configured = wanted.len();
        wanted.extend(self.opened.borrow().iter().cloned());
        let mut entries = self.entries.borrow_mut();
        let mut next: Vec<Rc<Entry>> = Vec::new();
        for (index, url) in wanted.into_iter().enumerate() {
            if next.iter().any(|entry| entry.url == url) {
                continue;
            }
            let opened = index >= configured;
            let old = entries
                .iter()
                .position(|entry| entry.url == url && entry.opened == opened);
            let entry = match old {
                Some(at) => entries.swap_remove(at),
                None => Rc::new(Entry::new(url, opened, &self.left, self.clock.now())),
            };
            entry
                .place
                .set((next.len() + 1, (!opened).then_some(index + 1)));
            next.push(entry);
        }
        for gone in entries.drain(..) {
            gone.stop();
        }
        *entries = next;
    }

    /// Whether somebody is there, and whether keeping goes on.
    async fn look_around(&self) {
        let some = !self.entries.borrow().is_empty();
        let person = some && self.parts.session.is_used().await;
        if self.person.replace(person) != person {
            self.nudge();
        }
        self.count();
        let capped = some
            && self
                .hold()
                .is_some_and(|hold| matches!(hold, Hold::Capped(_)));
        if self.capped.replace(capped) == capped {
            return;
        }
        if capped {
            let hours = self.hours();
            self.parts.notices.tell(
                KEEPING,
                &format!(
                    "the notebooks were kept for {hours} h; `keeper renew` goes on for as long"
                ),
                true,
            );
            self.save();
            self.nudge();
        } else {
            let text = "the notebooks are kept open again";
            self.parts.notices.tell(KEEPING, text, false);
        }
    }

    /// Counts the time of keeping until now.
    fn count(&self) {
        let keeping = !self.entries.borrow().is_empty() && self.hold().is_none();
        let mut keep = self.keep.get();
        keep.advance(self.clock.now(), keeping);
        self.keep.set(keep);
    }

    fn hours(&self) -> u32 {
        let browser = self.parts.settings.browser();
        browser.map_or(0, |browser| u32::from(browser.keep_hours.get()))
    }

    fn hold(&self) -> Option<Hold> {
        if self.signing_in.get() {
            return Some(Hold::SigningIn);
        }
        if self.paused.get() {
            return Some(Hold::Paused);
        }
        let hours = self.hours();
        // Without a configuration there is nobody to be capped.
        (hours > 0 && self.keep.get().left(hours).is_zero()).then_some(Hold::Capped(hours))
    }

    fn conditions(&self) -> Conditions {
        let browser = self.parts.settings.browser();
        let minutes = browser.map_or(10, |browser| u64::from(browser.reload_minutes.get()));
        Conditions {
            interval: Duration::from_secs(minutes * 60),
            hold: self.hold(),
            person: self.person.get(),
        }
    }

    /// Has every notebook look at the conditions again.
    fn nudge(&self) {
        for entry in self.entries.borrow().iter() {
            entry.nudge.notify_one();
        }
    }

    /// Remembers how it is now.
    pub(crate) fn save(&self) {
        let entries = self.entries.borrow();
        self.store.save(Saved {
            kept_seconds: self.keep.get().kept().as_secs(),
            paused: self.paused.get(),
            opened: self
                .opened
                .borrow()
                .iter()
                .map(|url| url.as_str().to_owned())
                .collect(),
            notebooks: entries.iter().map(|entry| entry.saved()).collect(),
        });
    }

    /// A line of a notebook's for the journal.
    fn tell(&self, entry: &Entry, good: bool, text: &str) {
        let (number, _) = entry.place.get();
        if good {
            journal::info(format_args!("notebook {number}: {text}"));
        } else {
            journal::warning(format_args!("notebook {number}: {text}"));
        }
    }
}
