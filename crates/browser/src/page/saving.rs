//! Having the page save its notebook, by the keys that a person would press.

use super::{Page, Trouble};
use crate::cdp::Error;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Whether keys would reach the page; where not, it gets made ones.
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
        // A tab behind another one gets no keys otherwise.
        self.emulate_focus(true).await?;
        if let Found::Keys = self.run(SCRIPT).await? {
            self.press_save().await?;
        }
        let end = Instant::now() + time;
        while let Ok(event) = timeout_at(end, self.event()).await {
            event?;
            self.is_well()?;
        }
        self.emulate_focus(false).await
    }

    /// Ctrl+S. With no native key code the browser takes no key that the page leaves: its own Ctrl+S opens a window for
    /// files.
    async fn press_save(&mut self) -> Result<(), Trouble> {
        const CONTROL: u32 = 2;
        let key = |kind: &str| {
            json!({
                "type": kind, "modifiers": CONTROL, "key": "s", "code": "KeyS",
                "windowsVirtualKeyCode": 83,
            })
        };
        let method = "Input.dispatchKeyEvent";
        // Answered when the page has dealt with it: what it saves begins then.
        match self.session.call(method, key("rawKeyDown")).await {
            // Another page by then.
            Err(Error::Refused(_) | Error::Interrupted) | Ok(_) => self.is_well()?,
            Err(error) => return Err(error.into()),
        }
        self.session.send(method, key("keyUp")).await?;
        Ok(())
    }

    async fn emulate_focus(&mut self, enabled: bool) -> Result<(), Trouble> {
        let params = json!({"enabled": enabled});
        let method = "Emulation.setFocusEmulationEnabled";
        self.session.send(method, params).await?;
        Ok(())
    }
}
