//! The tab of one notebook: finding it, and doing in it what the policy says.

use super::Notebooks;
use super::entry::Entry;
use super::keeper::LOAD;
use browser::cdp::{self, Error, Event, Target, Way};
use browser::page::{Look, Page, Trouble};
use browser::policy::{Action, Outcome, Sighting};
use browser::recognise::{self, Notebook, Place};
use config::Text as _;
use std::time::{Duration, Instant};

/// How long the browser or a page may take to answer. With the time between two looks it is what passes
/// until a dead page is noticed.
const ANSWER: Duration = Duration::from_secs(4);

/// How long a page has to save its notebook.
const SAVING: Duration = Duration::from_secs(5);

/// The tab, connected to or not.
pub(super) struct Tab<'a> {
    all: &'a Notebooks,
    entry: &'a Entry,
    page: Option<Page>,
    /// Since when it is connected to.
    since: Instant,
    /// On the way to the notebook: where the way ends, it is.
    arriving: bool,
    /// Where the notebook's address led to.
    landed: Option<String>,
}

impl<'a> Tab<'a> {
    pub(super) fn new(all: &'a Notebooks, entry: &'a Entry) -> Self {
        Self {
            all,
            entry,
            page: None,
            since: Instant::now(),
            arriving: false,
            landed: None,
        }
    }

    /// Ends the connection; the tab stays as it is.
    pub(super) fn let_go(&mut self) {
        self.page = None;
    }

    /// Waits for something that is worth a look, and has it looked at soon.
    pub(super) async fn event(&mut self) {
        let Some(page) = &mut self.page else {
            return std::future::pending().await;
        };
        let seen = match page.event().await {
            // Pages note in their address where one has scrolled to.
            Ok(Event::Moved) => return,
            Ok(Event::Crashed) => Some(Sighting::Crashed(Trouble::Crashed.to_string())),
            Ok(Event::Closed) | Err(_) => {
                self.page = None;
                None
            }
            Ok(_) => None,
        };
        let now = self.all.clock.now();
        let mut watch = self.entry.watch.borrow_mut();
        match seen {
            Some(seen) => watch.observe(seen, now),
            None => watch.stir(now),
        }
    }

    /// How the tab is now.
    pub(super) async fn look(&mut self) -> Sighting {
        // A connection may have ended since, and another one may be had.
        let again = self.page.is_some();
        match self.try_to_look().await {
            Err(Trouble::Cdp(Error::Broken(_))) if again => self.try_to_look().await,
            looked => looked,
        }
        .unwrap_or_else(sighting)
    }

    async fn try_to_look(&mut self) -> Result<Sighting, Trouble> {
        let looked = match self.attach().await? {
            Some(page) => page.look().await,
            None => return Ok(Sighting::NoTab),
        };
        match looked {
            Ok(look) => {
                self.all.parts.kiosk.hear(self.since);
                Ok(self.judge(&look).await)
            }
            Err(trouble) => Err(self.lose(trouble)),
        }
    }

    /// Without its connection a tab is found anew.
    fn lose(&mut self, trouble: Trouble) -> Trouble {
        if matches!(
            trouble,
            Trouble::Closed | Trouble::Cdp(Error::Gone(_) | Error::Broken(_))
        ) {
            self.page = None;
        }
        trouble
    }

    async fn judge(&mut self, look: &Look) -> Sighting {
        let mut notebook = self.notebook();
        let astray = matches!(notebook.place(&look.url), Place::Elsewhere(_));
        if self.arriving && astray && notebook.leads_to(&look.url) {
            self.landed = Some(look.url.clone());
            notebook.landed.clone_from(&self.landed);
        }
        if self.arriving && look.url == "about:blank" {
            return Sighting::Start("on the way to the notebook".to_owned());
        }
        let seen = recognise::sight(look, &notebook, &self.all.ways.hosts);
        self.arriving = match &seen {
            Sighting::Start(_) | Sighting::Error(_) => true,
            Sighting::Here(recognise::Wants::SignIn(_)) => self.arriving,
            _ => false,
        };
        match seen {
            Sighting::Start(why) => Sighting::Start(self.unreachable().await.unwrap_or(why)),
            Sighting::Error(why) => Sighting::Error(self.unreachable().await.unwrap_or(why)),
            seen => seen,
        }
    }

    async fn unreachable(&self) -> Option<String> {
        self.all.parts.network.trouble(&self.entry.url).await
    }

    /// Does what the policy says.
    pub(super) async fn act(&mut self, action: &Action) -> Outcome {
        match self.try_to_act(action).await {
            Ok(outcome) => outcome,
            Err(trouble) => Outcome::Seen(sighting(self.lose(trouble))),
        }
    }

    async fn try_to_act(&mut self, action: &Action) -> Result<Outcome, Trouble> {
        match action {
            Action::Look => {}
            Action::Restart(why) => self.all.parts.kiosk.restart(why),
            Action::Reload { asked } => {
                if !asked && self.all.parts.session.is_used().await {
                    return Ok(Outcome::Occupied);
                }
                if let Some(why) = self.unreachable().await {
                    return Ok(Outcome::Unreachable(why));
                }
                let saving = self.all.clock.real(SAVING);
                let Some(page) = self.attach().await? else {
                    return Ok(Outcome::Seen(Sighting::NoTab));
                };
                page.save(saving).await?;
                page.reload(LOAD).await?;
                self.arriving = true;
            }
            Action::Open | Action::Return | Action::Revive => return self.go(action).await,
        }
        Ok(Outcome::Done)
    }

    /// Goes to the notebook: by keeperd's page for it, which waits for its server.
    async fn go(&mut self, action: &Action) -> Result<Outcome, Trouble> {
        let notebook = self.notebook();
        let way = match notebook.start {
            Some(start) => start,
            None => match self.unreachable().await {
                Some(why) => return Ok(Outcome::Unreachable(why)),
                None => notebook.url,
            },
        };
        self.arriving = true;
        if *action == Action::Open {
            let target = cdp::open(self.way(), &way).await?;
            self.take(target.id).await?;
            return Ok(Outcome::Done);
        }
        match (self.attach().await?, action) {
            (None, _) => return Ok(Outcome::Seen(Sighting::NoTab)),
            (Some(page), Action::Revive) => page.revive(&way, LOAD).await?,
            (Some(page), _) => page.go(&way, LOAD).await?,
        }
        Ok(Outcome::Done)
    }

    /// The tab, found and connected to; none when the browser has none for this notebook.
    async fn attach(&mut self) -> Result<Option<&mut Page>, Trouble> {
        if self.page.is_none() {
            let tabs = cdp::list(self.way()).await?;
            let Some(id) = self.find(&tabs) else {
                *self.entry.tab.borrow_mut() = None;
                return Ok(None);
            };
            self.take(id).await?;
        }
        Ok(self.page.as_mut())
    }

    async fn take(&mut self, id: String) -> Result<(), Trouble> {
        *self.entry.tab.borrow_mut() = Some(id.clone());
        self.since = Instant::now();
        self.page = Some(Page::attach(self.way(), &id).await?);
        Ok(())
    }

    /// The tab that was this notebook's, or one that shows it or the way to it and is no other's.
    fn find(&self, tabs: &[Target]) -> Option<String> {
        let known = self.entry.tab.borrow().clone();
        if let Some(tab) = tabs.iter().find(|tab| known.as_ref() == Some(&tab.id)) {
            return Some(tab.id.clone());
        }
        let entries = self.all.entries.borrow();
        let others: Vec<String> = entries
            .iter()
            .filter_map(|entry| entry.tab.borrow().clone())
            .collect();
        let notebook = self.notebook();
        let free = tabs.iter().filter(|tab| !others.contains(&tab.id));
        let mut fitting =
            free.filter(|tab| matches!(notebook.place(&tab.url), Place::Start | Place::Notebook));
        fitting.next().map(|tab| tab.id.clone())
    }

    fn notebook(&self) -> Notebook {
        let pages = self.all.parts.pages.status();
        let (_, start) = self.entry.place.get();
        Notebook {
            url: self.entry.url.as_str().to_owned(),
            start: start
                .filter(|_| pages.problem.is_none())
                .map(|number| format!("http://{}/start/{number}", pages.address)),
            landed: self.landed.clone(),
        }
    }

    fn way(&self) -> Way {
        Way {
            address: self.all.ways.browser,
            limit: ANSWER,
        }
    }
}

/// How a tab is that has such trouble.
fn sighting(trouble: Trouble) -> Sighting {
    match trouble {
        Trouble::Crashed => Sighting::Crashed(trouble.to_string()),
        Trouble::Closed => Sighting::NoTab,
        Trouble::Asked(text) => Sighting::Asked(text),
        Trouble::Failed => Sighting::Error(trouble.to_string()),
        Trouble::Cdp(Error::Gone(why) | Error::Broken(why)) => Sighting::NoBrowser(why),
        Trouble::Late(_) | Trouble::Cdp(_) => Sighting::Silent(trouble.to_string()),
    }
}
