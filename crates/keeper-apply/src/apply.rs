//! Putting generations in force, and taking them back.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use camino::{Utf8Path, Utf8PathBuf};
use config::{Config, Problems};

use crate::accounts::Facts;
use crate::concerned::{Service, changed, concerned};
use crate::generation::{Contents, Generation, STORE, Store};
use crate::hint::{hint_of, hinted};
use crate::lock::{self, Lock};
use crate::render::render;
use crate::system::System;

/// How often accounts may change while they are applied. Whoever makes users makes several.
const ROUNDS: usize = 5;

/// The first OpenSSH that offers a key exchange which a quantum computer does not undo.
const POST_QUANTUM: (u32, u32) = (9, 0);

/// Applies to one root file system.
pub struct Apply<'a> {
    /// The root file system.
    pub root: Utf8PathBuf,
    /// Who reads the files there.
    pub system: &'a dyn System,
    /// Whether the machine is booting: what reads the files starts after us, so nobody need be told.
    /// Only the firewall runs already, since before the network.
    pub boot: bool,
}

/// What has become of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is in force.
    pub in_force: Generation,
    /// The files that are others than before.
    pub changed: Vec<String>,
    /// Who was told.
    pub told: Vec<Service>,
}

/// What there is.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    /// What is in force.
    pub in_force: Option<Generation>,
    /// Where it is.
    pub path: Option<Utf8PathBuf>,
    /// Its files.
    pub files: Vec<String>,
    /// What `back` would put in force.
    pub previous: Option<Generation>,
}

impl Apply<'_> {
    /// Puts the `keeper.toml` at `file` in force.
    ///
    /// # Errors
    /// The file has problems, a program refuses what was made of it, or a service did not take it.
    /// What was in force before is in force then, and the error says so.
    pub fn apply(&self, file: &Utf8Path) -> Result<Outcome> {
        let (store, _lock) = self.open()?;
        let config = match config::load(file) {
            Ok(config) => config,
            Err(problems) => return Err(self.refuse(&store, &problems)),
        };
        let mut outcome = self.settle(&store, &config)?;
        if !self.boot {
            // What else is in keeper.toml is keeperd's alone.
            self.tell(Service::Keeperd)?;
            outcome.told.push(Service::Keeperd);
        }
        Ok(outcome)
    }

    /// What [`Apply::apply`] would change, after the programs that read it have looked at it.
    ///
    /// # Errors
    /// As [`Apply::apply`]; nothing has changed in any case.
    pub fn check(&self, file: &Utf8Path) -> Result<Vec<String>> {
        let (store, _lock) = self.open()?;
        let config = config::load(file).map_err(|problems| problems_of(&problems, ""))?;
        let files = render(&config, &self.facts()?);
        let candidate = store.put(&files)?;
        let checked = self.system.check(&store.path(&candidate));
        let old = store.contents(store.in_force()?.as_ref());
        let new = store.contents(Some(&candidate));
        store.sweep()?;
        checked.map(|()| changed(&old, &new))
    }

    /// Puts the previous generation in force again.
    ///
    /// # Errors
    /// There is none, or a service did not take it.
    pub fn back(&self) -> Result<Outcome> {
        let (store, _lock) = self.open()?;
        let before = store.in_force()?;
        let previous = store.previous()?.filter(|one| Some(one) != before.as_ref());
        let Some(previous) = previous else {
            return Err(hinted(
                "there is no earlier generation to go back to",
                "`sudo keeper apply` puts /etc/keeper/keeper.toml in force",
            ));
        };
        self.put_in_force(&store, &previous, before.as_ref())
    }

    /// What is in force, and what was before.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn show(&self) -> Result<Shown> {
        let store = Store::new(&self.root);
        let in_force = store.in_force()?;
        let files = store.contents(in_force.as_ref()).into_keys().collect();
        Ok(Shown {
            path: in_force.as_ref().map(|one| store.path(one)),
            files,
            previous: store
                .previous()?
                .filter(|one| Some(one) != in_force.as_ref()),
            in_force,
        })
    }

    pub(crate) fn open(&self) -> Result<(Store, Lock)> {
        let store = Store::new(&self.root);
        store.prepare()?;
        let lock = lock::take(&self.root.join(STORE).join("lock"))?;
        Ok((store, lock))
    }

    pub(crate) fn facts(&self) -> Result<Facts> {
        let openssh = self.system.openssh();
        let facts = Facts::read(&self.root, openssh >= Some(POST_QUANTUM))?;
        let machines = self.machines(openssh)?;
        Ok(Facts { machines, ..facts })
    }

    /// Applies until the accounts are those that were applied: a path unit does not see what
    /// changes while its service runs.
    pub(crate) fn settle(&self, store: &Store, config: &Config) -> Result<Outcome> {
        let before = store.in_force()?;
        let mut total = BTreeSet::new();
        let mut names = BTreeSet::new();
        let mut round = 0;
        loop {
            let facts = self.facts()?;
            let candidate = store.put(&render(config, &facts))?;
            let outcome = self.put_in_force(store, &candidate, before.as_ref())?;
            total.extend(outcome.told);
            names.extend(outcome.changed);
            round += 1;
            if round == ROUNDS || self.facts()? == facts {
                return Ok(Outcome {
                    in_force: outcome.in_force,
                    changed: names.into_iter().collect(),
                    told: total.into_iter().collect(),
                });
            }
        }
    }

    /// Checks, switches, tells; `previous` is what a person would want back.
    fn put_in_force(
        &self,
        store: &Store,
        candidate: &Generation,
        previous: Option<&Generation>,
    ) -> Result<Outcome> {
        let before = store.in_force()?;
        let old = store.contents(before.as_ref());
        let new = store.contents(Some(candidate));
        let mut outcome = Outcome {
            in_force: candidate.clone(),
            changed: changed(&old, &new),
            told: Vec::new(),
        };
        if before.as_ref() != Some(candidate) {
            if let Err(error) = self.system.check(&store.path(candidate)) {
                return Err(remains(&error, before.as_ref()));
            }
            store.switch(candidate)?;
            outcome.told = self
                .tell_all(&old, &new)
                .map_err(|error| self.roll_back(store, before.as_ref(), &error, (&old, &new)))?;
            store.remember(previous)?;
        }
        store.sweep()?;
        Ok(outcome)
    }

    fn tell_all(&self, old: &Contents, new: &Contents) -> Result<Vec<Service>> {
        let mut told = Vec::new();
        for service in concerned(old, new) {
            if !self.boot || service == Service::Firewall {
                self.tell(service)?;
                told.push(service);
            }
        }
        Ok(told)
    }

    fn tell(&self, service: Service) -> Result<()> {
        self.system.tell(service)
    }

    /// After a service refused: the link goes back, and all are told again, those too that were
    /// content. Returns the error to end with.
    fn roll_back(
        &self,
        store: &Store,
        before: Option<&Generation>,
        error: &anyhow::Error,
        (old, new): (&Contents, &Contents),
    ) -> anyhow::Error {
        let Some(before) = before else {
            return anyhow!("{error:#}; there was nothing in force before to go back to");
        };
        if let Err(second) = store.switch(before) {
            return anyhow!("{error:#}; going back to {before} failed too: {second:#}");
        }
        let still: Vec<String> = concerned(old, new)
            .into_iter()
            .filter(|service| !self.boot || *service == Service::Firewall)
            .filter_map(|service| self.tell(service).err())
            .map(|error| format!("; after that {error:#}"))
            .collect();
        let said = format!("{error:#}; {before} is in force again{}", still.concat());
        let hint = hint_of(error).unwrap_or("`journalctl -n 50` says why");
        hinted(said, hint)
    }

    /// A `keeper.toml` with problems changes nothing. But at the first boot only the image's
    /// defaults are in force, whose firewall knows no account of this device: then the default
    /// configuration is applied, so that the desktop can show what is wrong.
    fn refuse(&self, store: &Store, problems: &Problems) -> anyhow::Error {
        let in_force = store.in_force().unwrap_or_default();
        let first = matches!(in_force, None | Some(Generation::Defaults));
        if self.boot && first {
            return match self.settle(store, &Config::default()) {
                Ok(_) => problems_of(
                    problems,
                    "\nthe default configuration is in force until then",
                ),
                Err(error) => problems_of(
                    problems,
                    &format!("\napplying the default configuration failed: {error:#}"),
                ),
            };
        }
        let in_force = in_force.map_or_else(|| "nothing".to_owned(), |one| one.to_string());
        problems_of(
            problems,
            &format!("\nnothing has changed: {in_force} remains in force"),
        )
    }
}

fn problems_of(problems: &Problems, end: &str) -> anyhow::Error {
    hinted(
        format!("the configuration is refused\n{problems}{end}"),
        "mend the lines named above, then `sudo keeper apply`",
    )
}

fn remains(error: &anyhow::Error, before: Option<&Generation>) -> anyhow::Error {
    let before = before.map_or_else(|| "nothing".to_owned(), Generation::to_string);
    let hint = hint_of(error).unwrap_or("`keeper config check`");
    hinted(
        format!("{error:#}\nnothing has changed: {before} remains in force"),
        hint,
    )
}
