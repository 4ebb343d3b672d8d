//! Looking at a page: where it is, and which dialogs it shows.

use super::{Page, Trouble};
use serde::Deserialize;

/// Reads and changes nothing; open shadow roots are looked into. What it brings is bounded by it, and
/// once more here: a page could have changed what the script builds on.
const SCRIPT: &str = include_str!("look.js");

/// What a look at a page brings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Look {
    /// The document's address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What its visible dialogs say, one line each.
    pub dialogs: Vec<String>,
    /// The addresses of visible frames that seem to be CAPTCHAs.
    pub frames: Vec<String>,
}

impl Page {
    /// Looks at the page.
    ///
    /// # Errors
    /// It does not answer, or something is the matter with it.
    pub async fn look(&mut self) -> Result<Look, Trouble> {
        let look: Look = self.run(SCRIPT).await?;
        Ok(look.bounded())
    }
}

impl Look {
    fn bounded(self) -> Self {
        let lines = |lines: Vec<String>, most| {
            lines
                .iter()
                .take(5)
                .map(|text| crate::line(text, most))
                .collect()
        };
        Self {
            url: crate::line(&self.url, 4096),
            title: crate::line(&self.title, 200),
            dialogs: lines(self.dialogs, 500),
            frames: lines(self.frames, 200),
        }
    }
}
