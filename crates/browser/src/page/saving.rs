//! Having the page save its notebook, by the keys that a person would press.

use super::{Page, Trouble};
use crate::cdp::Error;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Keeps the keys from the browser, whose own Ctrl+S opens a window for files. Where real keys would not
/// reach the page, it gets made ones.
const SCRIPT: &str = include_str!("save.js");

/// What the script has found.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Found {
    /// There is no page yet.
    Nothing,
    /// It waits for keys.
    Keys,
    /// It has got made ones.
    Made,
}

impl Page {
    /// Lets the page save its notebook, and gives it `time` for that. Where nothing can be saved, the
    /// keys do nothing.
    ///
    /// # Errors
    /// It does not answer, or something is the matter with the tab.
    pub async fn save(&mut self, time: Duration) -> Result<(), Trouble> {
        const CONTROL: u32 = 2;
        // A tab behind another one gets no keys otherwise. A page may be too busy to confirm that.
        self.emulate_focus(true).await?;
        let keys: &[&str] = match self.run(SCRIPT).await? {
            Found::Keys => &["rawKeyDown", "keyUp"],
            Found::Nothing | Found::Made => &[],
        };
        for kind in keys {
            let key = json!({
                "type": kind, "modifiers": CONTROL, "key": "s", "code": "KeyS",
                "windowsVirtualKeyCode": 83, "nativeVirtualKeyCode": 83,
            });
            // Not waited for: a page that saves may be busy.
            self.session.send("Input.dispatchKeyEvent", key).await?;
        }
        let end = Instant::now() + time;
        while let Ok(event) = timeout_at(end, self.event()).await {
            event?;
            self.is_well()?;
        }
        self.emulate_focus(false).await
    }

    async fn emulate_focus(&mut self, enabled: bool) -> Result<(), Trouble> {
        let params = json!({"enabled": enabled});
        match self
            .session
            .call("Emulation.setFocusEmulationEnabled", params)
            .await
        {
            Err(Error::Silent(_) | Error::Refused(_) | Error::Interrupted) | Ok(_) => {
                self.is_well()
            }
            Err(error) => Err(error.into()),
        }
    }
}
