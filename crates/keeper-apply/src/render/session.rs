//! What the units of the desktop's session are told, as systemd's EnvironmentFile.

use config::{Config, Language, Text as _};

use super::ports::WEB;

/// More pages than a Raspberry Pi can hold open. A variable of the environment has a greatest
/// length, which a list of thousands would pass.
const MOST_PAGES: usize = 64;

/// `session.env`.
pub(super) fn variables(config: &Config) -> String {
    let pages = config.browser.notebooks.len().clamp(1, MOST_PAGES);
    let pages: Vec<String> = (1..=pages)
        .map(|page| format!("http://127.0.0.1:{WEB}/start/{page}"))
        .collect();
    let language = match config.device.language {
        Language::En => "en_US.UTF-8",
        Language::Ja => "ja_JP.UTF-8",
    };
    format!(
        "KEEPER_DISPLAY_KIND={}\n\
         KEEPER_BROWSER_MODE={}\n\
         KEEPER_BROWSER_PAGES=\"{}\"\n\
         LANG={language}\n\
         KEEPER_KEYBOARD={}\n",
        config.device.display.as_str(),
        config.browser.mode.as_str(),
        pages.join(" "),
        config.device.keyboard.as_str(),
    )
}
