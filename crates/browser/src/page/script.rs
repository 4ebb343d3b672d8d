//! Our own scripts in a page: in a world of their own, which the page's scripts do not see.

use super::{Page, Trouble};
use crate::cdp::Error;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// How long a script may run, in milliseconds.
const RUN: u32 = 2000;

/// The name of the world.
const WORLD: &str = "keeper";

#[derive(Deserialize)]
struct Evaluated<T> {
    result: Remote<T>,
}

#[derive(Deserialize)]
struct Remote<T> {
    value: Option<T>,
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
    /// Runs a script of ours in the page's main frame, and reads what it brings.
    pub(super) async fn run<T: DeserializeOwned>(&mut self, script: &str) -> Result<T, Trouble> {
        self.is_well()?;
        let brought = self.try_to_run(script).await;
        if matches!(brought, Err(Error::Interrupted)) {
            self.is_well()?;
        }
        Ok(brought?)
    }

    async fn try_to_run<T: DeserializeOwned>(&mut self, script: &str) -> Result<T, Error> {
        if let Some(world) = self.world {
            match self.evaluate(world, script).await {
                // The document is another by now, and its worlds are gone.
                Err(Error::Refused(_)) => self.world = None,
                brought => return brought,
            }
        }
        let world = self.make_world().await?;
        self.world = Some(world);
        self.evaluate(world, script).await
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

    async fn evaluate<T: DeserializeOwned>(
        &mut self,
        world: i64,
        script: &str,
    ) -> Result<T, Error> {
        let params = json!({
            "expression": script, "contextId": world, "returnByValue": true, "silent": true, "timeout": RUN,
        });
        let reply = self.session.call("Runtime.evaluate", params).await?;
        read::<Evaluated<T>>(&reply)?
            .result
            .value
            .ok_or_else(|| Error::Broken("a script that brings nothing".to_owned()))
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|_| Error::Broken("a reply that makes no sense".to_owned()))
}
