//! The wizard and the settings, as far as they are more than pages: what has been answered so far, what is
//! found out for its pages, and the way to keeper-apply, which alone changes the device.
//!
//! `memory` has the answers (`fields` takes them over, `store` keeps those that may lie on the card, `base` is
//! the keeper.toml that they are made from), `stage` how far their applying is, `root` asks keeper-apply,
//! `work` has it make the change and keep the network, `github` fetches keys, `zones` knows the time zones. What
//! is asked and what is right is in the `setup` crate, what a page looks like in `web`.

mod base;
mod fields;
mod github;
mod memory;
mod root;
mod stage;
mod store;
mod work;
mod zones;

use crate::clock::{Alarm, since_boot};
use crate::network::local::Files;
use crate::owner::Ownership;
use crate::settings::Settings;
use base::Base;
use camino::Utf8PathBuf;
use config::{Language, Text as _};
use memory::{Memory, hinders};
use root::{Limits, Root};
use setup::{Answer, Ask, Fault, Field, Purpose, Secret, Step};
use stage::{Login, Stage};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use store::Store;
use tokio::sync::Semaphore;
use web::{Applying, Errand, Failure, View};

/// GitHub, unless a test has another.
pub(crate) const GITHUB: &str = github::ADDRESS;

/// How often secrets are looked at that nobody may need any more.
const TURN: Duration = Duration::from_secs(60);
/// The most bytes and lines of what was wrong with a preset, and the characters of each.
const PROBLEMS: (u64, usize, usize) = (16 * 1024, 40, 300);

/// Where things are.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    /// The answers' file.
    pub(crate) answers: Utf8PathBuf,
    /// keeper-apply's socket.
    pub(crate) apply: Utf8PathBuf,
    /// What was wrong with a preset, a line each.
    pub(crate) problems: Utf8PathBuf,
    /// Where keys are fetched.
    pub(crate) github: String,
    /// The root of the file system.
    pub(crate) system: Utf8PathBuf,
}

/// All of it; a handle on the same for each who has one.
#[derive(Clone)]
pub(crate) struct Setup(Arc<Inner>);

struct Inner {
    ways: Ways,
    settings: Arc<Settings>,
    owner: Arc<Ownership>,
    root: Root,
    /// Taken by whoever is under way to find something out.
    errand: Semaphore,
    zones: OnceLock<Arc<[String]>>,
    memory: Mutex<Memory>,
    stage: Mutex<Stage>,
}

impl Setup {
    /// Takes up what an earlier keeperd has left.
    pub(crate) fn new(ways: Ways, settings: Arc<Settings>, owner: Arc<Ownership>) -> Self {
        let purpose = purpose(owner.is_set_up());
        let base = || Base::read(settings.path(), || settings.config());
        let memory = Memory::new(Store::new(ways.answers.clone()), purpose, base);
        Self(Arc::new(Inner {
            root: Root::new(ways.apply.clone(), Limits::default()),
            errand: Semaphore::new(1),
            zones: OnceLock::new(),
            memory: Mutex::new(memory),
            stage: Mutex::default(),
            ways,
            settings,
            owner,
        }))
    }

    /// Forgets secrets in time, for ever; `beat` is called every minute.
    pub(crate) async fn watch(&self, beat: impl Fn()) -> Infallible {
        let mut alarm = Alarm::new();
        loop {
            beat();
            lock(&self.0.memory).tire(since_boot());
            alarm.next(TURN).await;
        }
    }

    /// What the pages are for.
    pub(crate) fn purpose(&self) -> Purpose {
        purpose(self.0.owner.is_set_up() && !lock(&self.0.stage).is_setting_up())
    }

    /// The language that the owner-to-be has chosen; none once the device has an owner.
    pub(crate) fn language(&self) -> Option<Language> {
        if self.purpose() == Purpose::Settings {
            return None;
        }
        Language::parse(&lock(&self.0.memory).saved.draft.language).ok()
    }

    /// What the pages show.
    pub(crate) fn view(&self) -> View {
        let memory = self.memory();
        View {
            draft: memory.saved.draft.clone(),
            kept: fields::kept(&memory.secrets),
            visited: memory.saved.visited.clone(),
            wired: self.is_wired(),
            networks: memory.networks.clone(),
            router: memory.router.clone(),
            problems: self.problems(),
            zones: memory.zones.to_vec(),
            stale: memory.is_stale(|| self.digest()),
        }
    }

    /// Takes over the answers of a page; what is wrong with that page. Without answers, that is all.
    pub(crate) fn save(&self, step: Step, answers: Vec<(Field, String)>) -> Vec<Fault> {
        let mut memory = self.memory();
        if answers.is_empty() {
            return memory.check(Some(step));
        }
        lock(&self.0.stage).forget();
        memory.take(step, answers)
    }

    /// Finds something out for the pages, or does what a button says.
    ///
    /// # Errors
    /// Another errand is under way, or it came to nothing.
    pub(crate) async fn errand(&self, errand: Errand) -> Result<(), Failure> {
        match errand {
            Errand::Anew => {
                lock(&self.0.stage).forget();
                self.begin();
                return Ok(());
            }
            // It must not wait for anything: the network is taken back soon.
            Errand::Confirm => return self.confirm().await,
            Errand::Scan | Errand::GithubKeys(_) | Errand::Router => {}
        }
        let Ok(_place) = self.0.errand.try_acquire() else {
            return Err(Failure::Busy);
        };
        match errand {
            Errand::Scan => self.scan().await,
            Errand::GithubKeys(name) => {
                let keys = github::keys(&self.0.ways.github, name.trim()).await?;
                self.memory().add_keys(keys);
                Ok(())
            }
            _ => {
                let told = self.router().await;
                self.memory().router = Some(told);
                Ok(())
            }
        }
    }

    /// Begins to apply the answers.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn apply(&self) -> Result<(), Vec<Fault>> {
        let purpose = self.purpose();
        let mut memory = self.memory();
        // Pressed twice: it is under way.
        if lock(&self.0.stage).is_working() {
            return Ok(());
        }
        if memory.is_stale(|| self.digest()) {
            let why = "the settings were changed elsewhere meanwhile: begin anew";
            memory.secrets.approval = Secret::default();
            *lock(&self.0.stage) = Stage::Failed(purpose, why.to_owned());
            return Ok(());
        }
        let mut faults = memory.check(None);
        faults.retain(hinders);
        if !faults.is_empty() {
            return Err(faults);
        }
        let (draft, secrets) = (&memory.saved.draft, &memory.secrets);
        let mut change = setup::change(&self.base().config, draft, secrets, purpose)?;
        change.instead_of.clone_from(&memory.saved.instead_of);
        let ask = match purpose {
            Purpose::FirstBoot => Ask::SetUp(Box::new(change)),
            Purpose::Settings => Ask::Change(Box::new(change)),
        };
        let login = Login::of(purpose, draft, secrets);
        let given = secrets.clone();
        // It was given for this once.
        memory.secrets.approval = Secret::default();
        *lock(&self.0.stage) = Stage::Working(purpose, Vec::new());
        tokio::spawn(self.clone().carry_out(purpose, ask, login, given));
        Ok(())
    }

    /// How far the applying is, for the pages of this purpose.
    pub(crate) fn applying(&self, purpose: Purpose) -> Applying {
        lock(&self.0.stage).shown(purpose, since_boot())
    }

    /// Forgets the password of whoever approves: it is given for one form, whatever becomes of it.
    pub(crate) fn forget_approval(&self) {
        lock(&self.0.memory).secrets.approval = Secret::default();
    }

    async fn scan(&self) -> Result<(), Failure> {
        let country = self.memory().saved.draft.wifi_country.clone();
        match self.0.root.ask(&Ask::Scan { country }).await? {
            Answer::Networks { networks } => {
                self.memory().networks = Some(networks);
                Ok(())
            }
            _ => Err(Failure::NoAnswer(
                "keeper-apply answers something else".to_owned(),
            )),
        }
    }

    /// The router's own address on the internet, as it says; nothing is asked of it but that.
    async fn router(&self) -> Result<String, String> {
        let routes = self.0.ways.system.join("proc/net/route");
        let gateway = near::default_v4(&routes).and_then(|way| way.gateway);
        let gateway = gateway.ok_or("there is no way out of the local network")?;
        let ways = keeper_router::Ways::default();
        let asked =
            tokio::task::spawn_blocking(move || keeper_router::outside_address(gateway, &ways));
        let told = asked.await.map_err(|_| "keeperd is ending".to_owned())?;
        told.map(|address| address.to_string())
            .map_err(|why| browser::line(&why, PROBLEMS.2))
    }

    /// The answers, brought up to date; somebody makes use of them.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        let purpose = self.purpose();
        let mut memory = lock(&self.0.memory);
        memory.wake(since_boot());
        memory.refresh(purpose, || self.digest(), || self.base());
        memory.zones = self.zones();
        memory
    }

    fn begin(&self) {
        let purpose = self.purpose();
        lock(&self.0.memory).begin(purpose, self.base());
    }

    fn base(&self) -> Base {
        let settings = &self.0.settings;
        Base::read(settings.path(), || settings.config())
    }

    fn digest(&self) -> Option<String> {
        base::digest(self.0.settings.path())
    }

    fn files(&self) -> Files {
        Files::below(&self.0.ways.system)
    }

    fn is_wired(&self) -> bool {
        let adapters = self.files().link().adapters;
        adapters.iter().any(|one| one.up && !one.wireless)
    }

    /// What was wrong with a preset, while the device has no owner.
    fn problems(&self) -> Vec<String> {
        let (bytes, lines, characters) = PROBLEMS;
        if self.purpose() == Purpose::Settings {
            return Vec::new();
        }
        let text = near::text(&self.0.ways.problems, bytes);
        let problems = text.lines().map(|line| browser::line(line, characters));
        problems
            .filter(|line| !line.is_empty())
            .take(lines)
            .collect()
    }

    /// Those of the device, which do not change while keeperd runs, and the one in force: somebody may have
    /// chosen one that is offered to nobody.
    fn zones(&self) -> Arc<[String]> {
        let dir = zones::DIRECTORY.trim_start_matches('/');
        let known = self.0.zones.get_or_init(|| {
            let dir = self.0.ways.system.join(dir);
            zones::zones(&dir).into()
        });
        let config = self.0.settings.config();
        let in_force = config.map(|config| config.device.timezone.as_str().to_owned());
        match in_force.filter(|zone| !known.is_empty() && !known.contains(zone)) {
            Some(zone) => known.iter().cloned().chain([zone]).collect(),
            None => known.clone(),
        }
    }
}

fn purpose(set_up: bool) -> Purpose {
    if set_up {
        Purpose::Settings
    } else {
        Purpose::FirstBoot
    }
}

/// Nothing is half done when a thread panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
