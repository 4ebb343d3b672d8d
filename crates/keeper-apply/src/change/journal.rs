//! The journal: one file that says what was before a change and what is to be, durable before anything is touched. It
//! holds secrets, so it is root's alone and has no `Debug`; a password is in it as its hash.

use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;

use anyhow::{Context as _, Result, ensure};
use camino::Utf8Path;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use setup::{Secret, Wifi};

use super::account::NewOwner;
use super::check::Checked;
use super::hands::{Hands, Kept};
use super::{By, SET_UP, below, network};
use crate::apply::Apply;
use crate::first_boot::PRESET_OVER;
use crate::generation::{Generation, Store};

/// Below the root.
pub(super) const JOURNAL: &str = "var/lib/keeper-apply/change.json";
/// keeper.toml, below the root.
pub(super) const KEEPER_TOML: &str = "etc/keeper/keeper.toml";
/// The secret of the provider of names, below the root.
pub(super) const DDNS_SECRET: &str = "etc/keeper/secrets/ddns";
/// What every change writes, below the root.
const FILES: [&str; 6] = [
    KEEPER_TOML,
    "etc/hostname",
    "etc/hosts",
    "etc/localtime",
    "etc/timezone",
    "etc/default/keyboard",
];
/// Raised when what is in it changes.
const VERSION: u32 = 1;
/// The longest file that is kept for the way back, in bytes.
const MAX_SAVED: u64 = 256 * 1024;

/// See the module.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    version: u32,
    /// Who asked.
    pub(super) by: By,
    /// Whether it leads back.
    pub(super) back: bool,
    pub(super) keeper_toml: String,
    pub(super) owner: Option<NewOwner>,
    pub(super) wifi: Option<Wifi>,
    pub(super) ddns_secret: Option<Secret>,
    /// What was in force; empty for the image's own.
    generation: Option<String>,
    /// What was in the files that are touched.
    pub(super) files: Vec<Saved>,
}

/// What was at a path.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    /// Below the root.
    pub(super) path: String,
    pub(super) was: Was,
}

/// See [`Saved`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Was {
    Absent,
    Link {
        target: String,
    },
    File {
        bytes: Vec<u8>,
        mode: u32,
        uid: u32,
        gid: u32,
    },
}

impl Journal {
    /// What a change that has been looked at comes to, on this device.
    pub(super) fn begin(
        apply: &Apply<'_>,
        hands: &dyn Hands,
        checked: Checked,
        by: By,
    ) -> Result<Self> {
        let mut paths: Vec<&str> = FILES.to_vec();
        if checked.wifi.is_some() {
            paths.extend(network::FILES);
        }
        if checked.ddns_secret.is_some() {
            paths.push(DDNS_SECRET);
        }
        if by != By::Person {
            paths.extend([SET_UP, PRESET_OVER]);
        }
        let save = |path: &str| save(&apply.root, path);
        let in_force = Store::new(&apply.root).in_force()?;
        Ok(Self {
            version: VERSION,
            by,
            back: false,
            keeper_toml: checked.keeper_toml,
            owner: checked.owner.map(|owner| owner.hashed(hands)).transpose()?,
            wifi: checked.wifi,
            ddns_secret: checked.ddns_secret,
            generation: in_force.map(|generation| match generation {
                Generation::Defaults => String::new(),
                Generation::Stored(id) => id,
            }),
            files: paths.into_iter().map(save).collect::<Result<_>>()?,
        })
    }

    /// Whether somebody has to say that the device is still reached.
    pub(super) fn wants_confirmation(&self) -> bool {
        self.by == By::Person && self.wifi.is_some()
    }

    /// What was in force before.
    pub(super) fn generation(&self) -> Option<Generation> {
        let id = self.generation.as_ref()?;
        Some(if id.is_empty() {
            Generation::Defaults
        } else {
            Generation::Stored(id.clone())
        })
    }

    /// What was in a file.
    pub(super) fn saved(&self, path: &str) -> Option<&Saved> {
        self.files.iter().find(|saved| saved.path == path)
    }

    /// Writes it; it is on the disk when this returns.
    pub(super) fn write(&self, apply: &Apply<'_>, hands: &dyn Hands) -> Result<()> {
        let text = serde_json::to_vec(self).context("writing down the change")?;
        hands.write(&below(apply, JOURNAL), &text, Kept::SECRET)
    }

    /// The journal of a change that was interrupted. One that makes no sense is a card's fault, and gone with this.
    pub(super) fn read(apply: &Apply<'_>, hands: &dyn Hands) -> Result<Option<Self>> {
        let path = below(apply, JOURNAL);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let journal = serde_json::from_slice(&text).ok();
        let journal = journal.filter(|journal: &Self| journal.version == VERSION);
        if journal.is_none() {
            eprintln!("warning: {path} is damaged, or of another version: it is given up");
            hands.remove(&path)?;
        }
        Ok(journal)
    }

    /// Ends the change: what programs have changed is on the disk before the journal is gone.
    pub(super) fn remove(apply: &Apply<'_>, hands: &dyn Hands) -> Result<()> {
        hands.sync();
        hands.remove(&below(apply, JOURNAL))
    }
}

/// What is at `path` now.
fn save(root: &Utf8Path, path: &str) -> Result<Saved> {
    let full = root.join(path);
    let was = match fs::symlink_metadata(&full) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Was::Absent,
        Err(error) => return Err(error.into()),
        Ok(data) if data.is_symlink() => {
            let target = fs::read_link(&full)?.into_os_string().into_string();
            let target = target
                .ok()
                .with_context(|| format!("reading the link {full}"))?;
            Was::Link { target }
        }
        Ok(data) => {
            let fits = data.is_file() && data.len() <= MAX_SAVED;
            ensure!(fits, "{full} is no file, or a very long one");
            let mut bytes = Vec::new();
            let file = fs::File::open(&full)?;
            file.take(MAX_SAVED).read_to_end(&mut bytes)?;
            Was::File {
                bytes,
                mode: data.mode() & 0o7777,
                uid: data.uid(),
                gid: data.gid(),
            }
        }
    };
    Ok(Saved {
        path: path.to_owned(),
        was,
    })
}

impl Saved {
    /// Puts back what was there; whether something else was.
    pub(super) fn restore(&self, apply: &Apply<'_>, hands: &dyn Hands) -> Result<bool> {
        let path = below(apply, &self.path);
        // What cannot be read now is written anew.
        if save(&apply.root, &self.path).is_ok_and(|now| now == *self) {
            return Ok(false);
        }
        match &self.was {
            Was::Absent => hands.remove(&path)?,
            Was::Link { target } => hands.link(&path, target)?,
            Was::File {
                bytes,
                mode,
                uid,
                gid,
            } => {
                let (mode, uid, gid) = (*mode, *uid, *gid);
                hands.write(&path, bytes, Kept { mode, uid, gid })?;
            }
        }
        Ok(true)
    }
}
