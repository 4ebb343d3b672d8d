//! The configuration in force, and what is wrong with the file it comes from.
//!
//! A broken file never ends keeperd: at start it works without a configuration, later it keeps the
//! last good one, and `keeper status` tells. What a configuration means is in the `config` crate.

use crate::journal;
use camino::{Utf8Path, Utf8PathBuf};
use config::{Config, Language, NotebookUrl, Problems};
use control::{ConfigStatus, InForce, State};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Shared by everything in the daemon.
pub(crate) struct Settings {
    path: Utf8PathBuf,
    loaded: Mutex<Loaded>,
}

#[derive(Default)]
struct Loaded {
    good: Option<Config>,
    problems: Option<Problems>,
}

impl Settings {
    /// Reads the configuration at `path` for the first time.
    pub(crate) fn load(path: Utf8PathBuf) -> Self {
        let settings = Self {
            path,
            loaded: Mutex::default(),
        };
        settings.reload();
        settings
    }

    /// Reads the file again; a broken one is reported and changes nothing.
    pub(crate) fn reload(&self) {
        let result = config::load(&self.path);
        let mut loaded = self.loaded();
        match result {
            Ok(config) => {
                journal::info(format_args!("using {}", self.path));
                *loaded = Loaded {
                    good: Some(config),
                    problems: None,
                };
            }
            Err(problems) => {
                journal::error(format_args!("{problems}"));
                journal::error(format_args!(
                    "{}",
                    consequence(loaded.in_force_when_broken())
                ));
                loaded.problems = Some(problems);
            }
        }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The configuration in force.
    pub(crate) fn config(&self) -> Option<Config> {
        self.loaded().good.clone()
    }

    /// What keeperd is doing under this configuration, and why.
    pub(crate) fn state(&self) -> (State, String) {
        match &self.loaded().good {
            None => (State::Misconfigured, format!("{} has problems", self.path)),
            Some(config) => match config.browser.notebooks.len() {
                0 => (State::Idle, "no notebook configured".to_owned()),
                1 => (State::Waiting, "1 notebook configured".to_owned()),
                many => (State::Waiting, format!("{many} notebooks configured")),
            },
        }
    }

    /// The notebooks to keep open.
    ///
    /// # Errors
    /// No configuration is in force; what is wrong with the file, one line each.
    pub(crate) fn notebooks(&self) -> Result<Vec<NotebookUrl>, Vec<String>> {
        let loaded = self.loaded();
        match (&loaded.good, &loaded.problems) {
            (Some(config), _) => Ok(config.browser.notebooks.clone()),
            (None, problems) => Err(problems.iter().flat_map(Problems::lines).collect()),
        }
    }

    /// How the notebooks are kept, if a configuration is in force.
    pub(crate) fn browser(&self) -> Option<config::Browser> {
        self.loaded()
            .good
            .as_ref()
            .map(|config| config.browser.clone())
    }

    /// The port of the tunnel's entrance, while the tunnel is on.
    pub(crate) fn entrance(&self) -> Option<u16> {
        let loaded = self.loaded();
        let tunnel = &loaded.good.as_ref()?.tunnel;
        tunnel.switch.enabled().then(|| tunnel.entrance.get())
    }

    /// Where people are told that they are needed.
    pub(crate) fn notify(&self) -> config::Notify {
        let loaded = self.loaded();
        loaded
            .good
            .as_ref()
            .map(|config| config.notify.clone())
            .unwrap_or_default()
    }

    /// The language of what people see.
    pub(crate) fn language(&self) -> Language {
        let loaded = self.loaded();
        let good = loaded.good.as_ref();
        good.map_or(Language::En, |config| config.device.language)
    }

    /// The configuration as `keeper status` shows it.
    pub(crate) fn status(&self) -> ConfigStatus {
        let loaded = self.loaded();
        let problems = loaded.problems.as_ref();
        ConfigStatus {
            path: self.path.to_string(),
            in_force: problems.map_or(InForce::File, |_| loaded.in_force_when_broken()),
            problems: problems
                .map(|problems| problems.lines().collect())
                .unwrap_or_default(),
        }
    }

    /// One line for `systemctl status`.
    pub(crate) fn summary(&self) -> String {
        let (_, reason) = self.state();
        match self.status().in_force {
            InForce::Earlier => format!("{reason}; {}", consequence(InForce::Earlier)),
            InForce::File | InForce::Nothing => reason,
        }
    }

    /// Nothing is half done when a thread panics.
    fn loaded(&self) -> MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Loaded {
    fn in_force_when_broken(&self) -> InForce {
        if self.good.is_some() {
            InForce::Earlier
        } else {
            InForce::Nothing
        }
    }
}

fn consequence(in_force: InForce) -> &'static str {
    match in_force {
        InForce::File => "the configuration is in force",
        InForce::Earlier => {
            "the changed configuration has problems, the earlier one stays in force"
        }
        InForce::Nothing => "no configuration is in force until this is mended",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_never_replaces_a_good_one() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let path = Utf8PathBuf::try_from(dir.path().join("keeper.toml")).expect("a UTF-8 path");
        let write = |text: &str| std::fs::write(&path, text).expect("writing");

        let settings = Settings::load(path.clone());
        assert_eq!(settings.state().0, State::Misconfigured);
        assert_eq!(settings.status().in_force, InForce::Nothing);

        write("browser.notebooks = [\"https://a/\", \"https://b/\"]");
        settings.reload();
        assert_eq!(
            settings.state(),
            (State::Waiting, "2 notebooks configured".to_owned())
        );
        assert_eq!(settings.status().problems, [""; 0]);

        write("browser.notebooks = [\"ftp://a/\"]");
        settings.reload();
        assert_eq!(settings.state().0, State::Waiting);
        assert_eq!(settings.status().in_force, InForce::Earlier);
        assert_eq!(settings.status().problems.len(), 1);
        assert!(
            settings
                .summary()
                .contains("the earlier one stays in force")
        );

        write("");
        settings.reload();
        assert_eq!(settings.summary(), "no notebook configured");
    }
}
