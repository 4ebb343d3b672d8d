//! Enrolling a Colab machine, and revoking it. What an enrolment is, is the `tunnel` crate's; how
//! its keys are made is the [`System`](crate::System)'s.

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use config::{AuthorizedKey, Config, Text as _};
use tunnel::{DIALS_AS, Enrolled, Enrolment, RECORD, Record, Time};

use crate::accounts::{Facts, Machine};
use crate::apply::{Apply, Outcome};
use crate::disk::read_bounded;
use crate::generation::{self, Store};
use crate::hint::hinted;

/// The first OpenSSH whose `expiry-time` can be in UTC.
const UTC_EXPIRY: (u32, u32) = (9, 1);
/// The longest authorized_keys file that is read, in bytes.
const MAX_KEYS: u64 = 64 * 1024;

/// What the owner asks of an enrolment.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// What to call it.
    pub name: String,
    /// Days until it ends; without, what keeper.toml says.
    pub days: Option<u16>,
    /// Where the device is reached from outside; without, what keeper.toml says.
    pub address: Option<String>,
}

impl Apply<'_> {
    /// Enrols a machine and puts it in force; the string to paste is stored nowhere.
    ///
    /// # Errors
    /// The tunnel is off, keys cannot be made, or sshd's files cannot be put in force. Then nobody
    /// is enrolled.
    pub fn enrol(
        &self,
        file: &Utf8Path,
        wanted: &Wanted,
    ) -> Result<(Enrolment, Enrolled, Outcome)> {
        let (store, _lock) = self.open()?;
        let config = load(file)?;
        let address = address(&config, wanted)?;
        let mut record = self.record()?;
        let keys = self.system.new_keys().context("making keys")?;
        let made = Time::now();
        let days = wanted.days.unwrap_or(config.tunnel.days.get());
        let enrolled = Enrolled {
            id: keys.dial.public.id(),
            name: wanted.name.clone(),
            dial_key: keys.dial.public,
            host_key: keys.host.public.clone(),
            made,
            // sshd reads minutes.
            expires: Time::at(made.plus_days(days).seconds() / 60 * 60),
            revoked: None,
        };
        let facts = self.facts()?;
        let mut login_keys = vec![keys.shell.to_string()];
        login_keys.extend(self.peoples_keys(&config, &facts));
        let enrolment = Enrolment {
            address,
            port: config.tunnel.public_port.get(),
            user: DIALS_AS.to_owned(),
            entrance: config.tunnel.entrance.get(),
            device_host_keys: keys.device,
            dial_key: keys.dial.private,
            host_key: keys.host.private,
            host_key_public: keys.host.public,
            login_keys,
            expires: enrolled.expires,
        };
        record
            .add(enrolled.clone(), made)
            .map_err(|error| hinted(error.to_string(), "sudo keeper tunnel revoke ID"))?;
        let outcome = self.keep(&store, &config, &record)?;
        Ok((enrolment, enrolled, outcome))
    }

    /// Revokes the machine that `id` names, and ends all connections.
    ///
    /// # Errors
    /// There is none, or sshd's files cannot be put in force. Then it is not revoked.
    pub fn revoke(&self, file: &Utf8Path, id: &str) -> Result<(Enrolled, Outcome)> {
        let (store, _lock) = self.open()?;
        let config = load(file)?;
        let mut record = self.record()?;
        let revoked = record.revoke(id, Time::now());
        let revoked = revoked
            .map_err(|error| hinted(error.to_string(), "`keeper tunnel keys` lists them"))?
            .clone();
        let outcome = self.keep(&store, &config, &record)?;
        self.system.end_tunnels().context("ending connections")?;
        Ok((revoked, outcome))
    }

    /// The machines whose time has not come.
    pub(crate) fn machines(&self, openssh: Option<(u32, u32)>) -> Result<Vec<Machine>> {
        let record = match self.record() {
            Ok(record) => record,
            Err(error) => {
                // What else is in keeper.toml must come in force all the same.
                eprintln!("warning: no Colab machine may dial in: {error:#}");
                Record::default()
            }
        };
        let now = Time::now();
        let machine = |enrolled: &Enrolled| {
            let expiry = if openssh >= Some(UTC_EXPIRY) {
                enrolled.expires.expiry()
            } else {
                self.system.local_minute(enrolled.expires)?
            };
            Ok(Machine {
                dial_key: enrolled.dial_key.clone(),
                host_key: enrolled.host_key.clone(),
                expires: enrolled.expires,
                expiry,
            })
        };
        record.good(now).map(machine).collect()
    }

    fn record(&self) -> Result<Record> {
        let path = self.root.join(RECORD);
        Record::load(path.as_std_path()).with_context(|| format!("reading {path}"))
    }

    /// Remembers `record` and puts it in force; remembers the old one when that fails.
    fn keep(&self, store: &Store, config: &Config, record: &Record) -> Result<Outcome> {
        let path = self.root.join(RECORD);
        let before = self.record()?;
        generation::replace(&path, record.to_toml()?.as_bytes())?;
        let settled = self.settle(store, config);
        if settled.is_err() {
            generation::replace(&path, before.to_toml()?.as_bytes())?;
        }
        settled
    }

    /// Whoever may enter the device by a key may enter the machine by it: files are copied there
    /// straight from a laptop.
    fn peoples_keys(&self, config: &Config, facts: &Facts) -> Vec<String> {
        let own = config.ssh.authorized_keys.iter();
        let mut keys: Vec<String> = own.map(|key| key.as_str().to_owned()).collect();
        for person in &facts.people {
            let home = person.home.as_str().trim_start_matches('/');
            let file = self.root.join(home).join(".ssh/authorized_keys");
            // A file that is not to be read is nobody's key.
            let text = read_bounded(&file, MAX_KEYS).ok().flatten();
            for line in text.unwrap_or_default().lines() {
                if AuthorizedKey::parse(line).is_ok() && !keys.iter().any(|key| key == line) {
                    keys.push(line.to_owned());
                }
            }
        }
        keys
    }
}

fn load(file: &Utf8Path) -> Result<Config> {
    let config = config::load(file).map_err(|problems| {
        hinted(
            format!("the configuration is refused\n{problems}"),
            "mend the lines named above, then try again",
        )
    })?;
    if config.tunnel.switch.enabled() {
        return Ok(config);
    }
    Err(hinted(
        "the tunnel is off, as it is until its owner has confirmed a paid plan of Colab's",
        "set tunnel.enabled and tunnel.paid_plan_confirmed in /etc/keeper/keeper.toml, then `sudo keeper apply`",
    ))
}

fn address(config: &Config, wanted: &Wanted) -> Result<String> {
    let address = wanted.address.clone();
    let address = address.or_else(|| config.public_name().map(str::to_owned));
    address.ok_or_else(|| {
        hinted(
            "it is not known where your router is reached on the internet",
            "set tunnel.address in /etc/keeper/keeper.toml, or add --address home.example.org",
        )
    })
}
