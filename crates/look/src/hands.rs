//! Keys and a mouse: xdotool, which lets the X server believe that they were used.

use anyhow::{Context, Result};
use image::tools::Tools;

use crate::screen::Screen;

/// Hands at a screen.
#[derive(Debug)]
pub struct Hands<'a> {
    /// The tools.
    pub tools: &'a Tools,
    /// The screen.
    pub screen: &'a Screen,
}

impl Hands<'_> {
    /// Clicks at `x` and `y`, in pixels from the upper left corner.
    ///
    /// # Errors
    /// The screen is gone.
    pub fn click(&self, x: u32, y: u32) -> Result<()> {
        let at = [x.to_string(), y.to_string()];
        self.act(&["mousemove", &at[0], &at[1], "click", "1"])
            .context("clicking")
    }

    /// Types a text of letters and digits, not faster than a person.
    ///
    /// # Errors
    /// The screen is gone.
    pub fn write(&self, text: &str) -> Result<()> {
        self.act(&["type", "--delay", "200", text])
            .context("typing")
    }

    /// Presses keys together, such as `ctrl+alt+t`.
    ///
    /// # Errors
    /// The screen is gone.
    pub fn press(&self, keys: &str) -> Result<()> {
        // Held long enough to be taken for one chord at the other end.
        self.act(&["key", "--delay", "200", keys])
            .context("pressing keys")
    }

    fn act(&self, args: &[&str]) -> Result<()> {
        let command = self.screen.cmd(self.tools, "xdotool");
        Ok(command.args(args).run()?)
    }
}
