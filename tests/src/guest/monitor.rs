//! The device's monitor and keyboard, and settings that its owner changes.

use std::time::Duration;

use look::{Picture, has_words, read_words};

use super::Guest;
use crate::patience::wait_for;

impl Guest {
    /// Writes a `keeper.toml` with these `more` lines, first of the section `[browser]`, and applies it.
    ///
    /// # Panics
    /// `keeper apply` fails.
    pub fn configure(&self, more: &str) {
        let toml = self.owner.keeper_toml(&self.notebook.url(), more);
        let script = format!("cat >/etc/keeper/keeper.toml <<'END'\n{toml}\nEND\nkeeper apply");
        self.root(&script).well();
    }

    /// What the monitor shows; kept as `NAME.png`.
    ///
    /// # Panics
    /// The machine is gone.
    pub fn photograph(&self, name: &str) -> Picture {
        let file = self.session.run.dir().join("monitor.ppm");
        let taken = self.running().photograph(&file);
        taken.expect("the machine has a monitor");
        let bytes = fs_err::read(&file).expect("QEMU wrote it");
        let picture = Picture::from_ppm(&bytes).expect("QEMU's picture");
        let kept = self.artefacts.join(format!("{name}.png"));
        picture.save(&kept).expect("the artefacts can be written");
        picture
    }

    /// Looks at the monitor until it shows what `looks` wants and these words.
    ///
    /// # Panics
    /// It does not.
    pub fn monitor_shows(
        &self,
        name: &str,
        limit: Duration,
        looks: fn(&Picture) -> bool,
        words: &[&str],
    ) {
        let (mut read, file) = (String::new(), self.dir.join("monitor.png"));
        let seen = wait_for(name, limit, || {
            let picture = self.photograph(name);
            if !looks(&picture) {
                return None;
            }
            picture
                .save(&file)
                .expect("the run's directory can be written");
            read = read_words(&self.tools, &file).expect("the picture is there");
            has_words(&read, words).then_some(())
        });
        assert!(
            seen.is_some(),
            "expected the monitor to show {words:?} within {} s; words read: {read:?}. Picture: {}",
            limit.as_secs(),
            self.artefacts.join(format!("{name}.png")).display()
        );
    }

    /// Types on the device's own keyboard: QEMU's names of the keys.
    ///
    /// # Panics
    /// The machine is gone.
    pub fn type_on_keyboard(&self, keys: &[&str]) {
        let typed = self.running().type_keys(keys);
        typed.expect("the machine has a keyboard");
    }
}
