//! What is done in one tab: looking at it, saving, reloading, going somewhere.
//!
//! What we run in a page are two fixed scripts, in a world of their own that the page's scripts do not
//! see: one looks, one has the keys that save reach the page. The one dialog that is ever answered is the
//! browser's own question before leaving, and only while it is us who leave.

mod leaving;
mod look;
mod saving;
mod script;

pub use look::Look;

use crate::cdp::{Error, Event, Session, Way};
use serde_json::json;
use std::fmt;
use std::time::Duration;

/// Why something in a tab did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The process behind the tab has died.
    Crashed,
    /// The tab is gone.
    Closed,
    /// The tab waits for a person's answer to the browser's dialog that says this.
    Asked(String),
    /// The browser shows an error page of its own.
    Failed,
    /// The page was not there in time.
    Late(Duration),
    /// Of the protocol.
    Cdp(Error),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crashed => f.write_str("the page has crashed"),
            Self::Closed => f.write_str("the tab was closed"),
            Self::Asked(text) => write!(f, "a dialog waits for an answer: {text}"),
            Self::Failed => f.write_str("the browser shows an error page in place of the notebook"),
            Self::Late(limit) => write!(f, "the page was not there after {} s", limit.as_secs()),
            Self::Cdp(error) => error.fmt(f),
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Cdp(error)
    }
}

/// A tab that we are connected to.
#[derive(Debug)]
pub struct Page {
    session: Session,
    /// The tab's id, which mostly is its main frame's too.
    id: String,
    /// The main frame's, where it is another.
    frame: Option<String>,
    /// The world that the script is run in; it ends with the document.
    world: Option<i64>,
    /// The dialog that waits for an answer.
    asked: Option<String>,
    crashed: bool,
    closed: bool,
}

impl Page {
    /// Connects to the tab with this id. What has happened to it before is told anew by its events.
    ///
    /// # Errors
    /// The browser is not there, does not answer, or has no such tab.
    pub async fn attach(way: Way, id: &str) -> Result<Self, Error> {
        let mut session = Session::connect(way, id).await?;
        // A tab that hangs or has crashed answers neither, but tells of itself.
        session.send("Inspector.enable", json!({})).await?;
        session.send("Page.enable", json!({})).await?;
        Ok(Self {
            session,
            id: id.to_owned(),
            frame: None,
            world: None,
            asked: None,
            crashed: false,
            closed: false,
        })
    }

    /// The tab's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Waits, without a limit, for something that happens in the tab. Nothing is lost when the
    /// waiting is given up.
    ///
    /// # Errors
    /// The connection has ended.
    pub async fn event(&mut self) -> Result<Event, Error> {
        let event = self.session.event().await?;
        self.note(&event);
        Ok(event)
    }

    /// What is the matter with the tab, as far as it has told.
    fn is_well(&mut self) -> Result<(), Trouble> {
        while let Some(event) = self.session.waiting() {
            self.note(&event);
        }
        match &self.asked {
            _ if self.closed => Err(Trouble::Closed),
            _ if self.crashed => Err(Trouble::Crashed),
            Some(text) => Err(Trouble::Asked(text.clone())),
            None => Ok(()),
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Navigated { .. } => {
                (self.world, self.asked, self.crashed) = (None, None, false);
            }
            Event::Asked(dialog) => self.asked = Some(dialog.text.clone()),
            Event::Answered => self.asked = None,
            Event::Crashed => (self.world, self.asked, self.crashed) = (None, None, true),
            Event::Closed => self.closed = true,
            Event::Moved | Event::Loaded => {}
        }
    }
}
