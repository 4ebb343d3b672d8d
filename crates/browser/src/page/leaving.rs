//! Leaving a document: reloading it, or going elsewhere.

use super::{Page, Trouble};
use crate::cdp::{Error, Event};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// How long a tab may take to die that was told to: how it died is written down first.
const DEATH: Duration = Duration::from_secs(10);

impl Page {
    /// Reloads the page, and waits until it is there again.
    ///
    /// # Errors
    /// It is not there after `limit`, or something has happened to it.
    pub async fn reload(&mut self, limit: Duration) -> Result<(), Trouble> {
        self.is_well()?;
        self.leave("Page.reload", json!({}), limit).await
    }

    /// Goes to `url`, and waits until it is there.
    ///
    /// # Errors
    /// As [`Page::reload`].
    pub async fn go(&mut self, url: &str, limit: Duration) -> Result<(), Trouble> {
        match self.is_well() {
            // It comes back to life by that.
            Ok(()) | Err(Trouble::Crashed) => {}
            Err(trouble) => return Err(trouble),
        }
        self.leave("Page.navigate", json!({"url": url}), limit)
            .await
    }

    /// As [`Page::go`], of a page that does not answer: its process is ended first, since it would
    /// not let go of the tab.
    ///
    /// # Errors
    /// As [`Page::reload`].
    pub async fn revive(&mut self, url: &str, limit: Duration) -> Result<(), Trouble> {
        if self.is_well() != Err(Trouble::Crashed) {
            self.session.send("Page.crash", json!({})).await?;
            let death = async {
                while !self.crashed {
                    self.event().await?;
                }
                Ok(())
            };
            timeout(DEATH, death)
                .await
                .unwrap_or(Err(Error::Silent(DEATH)))?;
        }
        self.go(url, limit).await
    }

    async fn leave(&mut self, method: &str, params: Value, limit: Duration) -> Result<(), Trouble> {
        // Its reply is not waited for: it comes after a dialog that we have to answer first.
        self.session.send(method, params).await?;
        let arrival = self.arrive(method == "Page.navigate");
        timeout(limit, arrival)
            .await
            .unwrap_or(Err(Trouble::Late(limit)))
    }

    async fn arrive(&mut self, elsewhere: bool) -> Result<(), Trouble> {
        let mut there = None;
        loop {
            let event = self.event().await?;
            match (event, there) {
                (Event::Navigated { failed }, _) => there = Some(failed),
                (Event::Loaded, Some(false)) => return Ok(()),
                (Event::Loaded, Some(true)) => return Err(Trouble::Failed),
                // To another place in the same document.
                (Event::Moved, None) if elsewhere => return Ok(()),
                (Event::Asked(dialog), None) if dialog.leaving => {
                    self.asked = None;
                    let accept = json!({"accept": true});
                    self.session
                        .send("Page.handleJavaScriptDialog", accept)
                        .await?;
                }
                _ => self.is_well()?,
            }
        }
    }
}
