//! Looking at a page: where it is, and which dialogs it shows.

use super::{Page, Trouble};
use crate::cdp::Error;
use serde::Deserialize;
use serde_json::json;

/// Reads and changes nothing; open shadow roots are looked into. What it brings is bounded by it, and
/// once more here: a page could have changed what the script builds on.
const SCRIPT: &str = include_str!("look.js");

/// How long the script may run, in milliseconds.
const RUN: u32 = 2000;

/// The name of the world that the script is run in. The page's own scripts are in another.
const WORLD: &str = "keeper";

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

#[derive(Deserialize)]
struct Evaluated {
    result: Remote,
}

#[derive(Deserialize)]
struct Remote {
    value: Option<Look>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct World {
    execution_context_id: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tree {
    frame_tree: Top,
}

#[derive(Deserialize)]
struct Top {
    frame: Frame,
}

#[derive(Deserialize)]
struct Frame {
    id: String,
}

impl Page {
    /// Looks at the page.
    ///
    /// # Errors
    /// It does not answer, or something is the matter with it.
    pub async fn look(&mut self) -> Result<Look, Trouble> {
        self.is_well()?;
        let looked = self.try_to_look().await;
        if looked == Err(Error::Interrupted) {
            self.is_well()?;
        }
        Ok(looked?)
    }

    async fn try_to_look(&mut self) -> Result<Look, Error> {
        if let Some(world) = self.world {
            match self.evaluate(world).await {
                // The document is another by now, and its worlds are gone.
                Err(Error::Refused(_)) => self.world = None,
                looked => return looked,
            }
        }
        let world = self.make_world().await?;
        self.world = Some(world);
        self.evaluate(world).await
    }

    /// Chromium gives the world of that name that the document has, if it has one.
    async fn make_world(&mut self) -> Result<i64, Error> {
        let frame = self.frame.clone().unwrap_or_else(|| self.id.clone());
        let params = json!({"frameId": frame, "worldName": WORLD});
        let world = match self.session.call("Page.createIsolatedWorld", params).await {
            Err(Error::Refused(_)) => {
                let tree: Tree = read(&self.session.call("Page.getFrameTree", json!({})).await?)?;
                let params = json!({"frameId": tree.frame_tree.frame.id, "worldName": WORLD});
                self.frame = Some(tree.frame_tree.frame.id);
                self.session
                    .call("Page.createIsolatedWorld", params)
                    .await?
            }
            world => world?,
        };
        read::<World>(&world).map(|world| world.execution_context_id)
    }

    async fn evaluate(&mut self, world: i64) -> Result<Look, Error> {
        let params = json!({
            "expression": SCRIPT, "contextId": world, "returnByValue": true, "silent": true, "timeout": RUN,
        });
        let evaluated: Evaluated = read(&self.session.call("Runtime.evaluate", params).await?)?;
        let look = evaluated.result.value;
        look.map(Look::bounded)
            .ok_or_else(|| Error::Broken("a look that brings nothing".to_owned()))
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

fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|_| Error::Broken("a reply that makes no sense".to_owned()))
}
