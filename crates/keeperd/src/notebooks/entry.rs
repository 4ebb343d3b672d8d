//! One notebook among the others: its address, its watch, its task.

use super::store::{Saved, SavedNotebook};
use super::{Notebooks, keeper};
use browser::policy::{Limits, Time, Watch};
use config::{NotebookUrl, Text as _};
use control::NotebookState;
use std::cell::{Cell, RefCell};
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::rc::Rc;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

/// A notebook that is kept open.
pub(super) struct Entry {
    pub(super) url: NotebookUrl,
    /// Opened by request, and not of keeper.toml.
    pub(super) opened: bool,
    /// Its number, and that of keeperd's page for it, if it has one.
    pub(super) place: Cell<(usize, Option<usize>)>,
    pub(super) watch: RefCell<Watch>,
    /// Its tab, as it was last seen.
    pub(super) tab: RefCell<Option<String>>,
    /// Something has been asked for, or the conditions have changed.
    pub(super) nudge: Notify,
    /// The state that the journal knows of.
    pub(super) told: Cell<NotebookState>,
    task: RefCell<Option<AbortHandle>>,
}

impl Entry {
    /// A notebook of which nothing is known but what was saved.
    pub(super) fn new(url: NotebookUrl, opened: bool, saved: &Saved, now: Time) -> Self {
        let saved = saved
            .notebooks
            .iter()
            .find(|saved| saved.url == url.as_str());
        let (reloads, tab) = saved.map_or((0, None), |saved| (saved.reloads, saved.tab.clone()));
        // Only to have devices and notebooks differ.
        let seed = RandomState::new().hash_one(url.as_str());
        Self {
            url,
            opened,
            place: Cell::default(),
            watch: RefCell::new(Watch::new(Limits::default(), seed, reloads, now)),
            tab: RefCell::new(tab),
            nudge: Notify::new(),
            told: Cell::new(NotebookState::Starting),
            task: RefCell::default(),
        }
    }

    /// Has it kept from now on, unless it is.
    pub(super) fn start(self: &Rc<Self>, all: &Rc<Notebooks>) {
        let mut task = self.task.borrow_mut();
        if task.as_ref().is_none_or(AbortHandle::is_finished) {
            let keeping = keeper::keep(all.clone(), self.clone());
            *task = Some(tokio::task::spawn_local(keeping).abort_handle());
        }
    }

    /// Keeps it no longer; its tab is left as it is.
    pub(super) fn stop(&self) {
        if let Some(task) = self.task.borrow_mut().take() {
            task.abort();
        }
    }

    pub(super) fn saved(&self) -> SavedNotebook {
        SavedNotebook {
            url: self.url.as_str().to_owned(),
            reloads: self.watch.borrow().reloads().0,
            tab: self.tab.borrow().clone(),
        }
    }
}
