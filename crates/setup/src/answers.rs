//! Answers as a configuration, and what is wrong with them: [`crate::check()`] and [`crate::change()`] both read them here, so
//! that the one accepts what the other does. Rules that a page shares with a preset are in `people` and `network`.

use config::{Config, Text, TunnelSwitch};

use crate::check::{Fault, Reason};
use crate::draft::{Draft, Secrets, holds_private_key};
use crate::field::Field;
use crate::step::Purpose;
use crate::{network, people};

mod ddns;

/// The longest text of a field with lines, in bytes: both of them, written as TOML, fit into a keeper.toml.
const LONGEST_LINES: usize = 16 * 1024;

/// The longest name and password of somebody who approves, in bytes. They exist already, so nothing else is asked of them.
const LONGEST_NAME: usize = 64;
const LONGEST_PASSWORD: usize = 512;

/// The only kind of runtime so far.
const RUNTIME: &str = "colab";

/// Answers being read.
pub(crate) struct Answers<'a> {
    draft: &'a Draft,
    secrets: &'a Secrets,
    purpose: Purpose,
    faults: Vec<Fault>,
}

/// The configuration that the answers come to, and what is wrong with them, in the order of the fields. What is wrong, or
/// not asked, is as in `base`.
pub(crate) fn read(
    base: &Config,
    draft: &Draft,
    secrets: &Secrets,
    purpose: Purpose,
) -> (Config, Vec<Fault>) {
    let mut config = base.clone();
    let mut answers = Answers {
        draft,
        secrets,
        purpose,
        faults: Vec::new(),
    };
    answers.language_and_place(&mut config.device);
    answers.network();
    if purpose == Purpose::FirstBoot {
        answers.owner(&mut config.ssh);
    }
    answers.runtime();
    answers.notebook(&mut config.browser);
    answers.tunnel(&mut config.tunnel);
    answers.ddns(&mut config.ddns);
    config.router.map = draft.router;
    if purpose == Purpose::Settings {
        answers.approval();
    }
    let mut faults = answers.faults;
    faults.sort_by_key(|fault| fault.field);
    (config, faults)
}

impl Answers<'_> {
    fn fault(&mut self, field: Field, reason: Reason) {
        self.faults.push(Fault { field, reason });
    }

    /// Reports what a rule says of a field.
    fn hold<T>(&mut self, field: Field, result: Result<T, Reason>) {
        if let Err(reason) = result {
            self.fault(field, reason);
        }
    }

    /// A word or a name that there must be.
    fn text<T: Text>(&mut self, field: Field, typed: &str, into: &mut T) {
        let typed = typed.trim();
        match T::parse(typed) {
            Ok(value) => *into = value,
            Err(_) if typed.is_empty() => self.fault(field, Reason::Missing),
            Err(_) => self.fault(field, Reason::Form),
        }
    }

    /// A word or a name; an empty field is none.
    fn optional<T: Text>(&mut self, field: Field, typed: &str, into: &mut Option<T>) {
        let typed = typed.trim();
        match T::parse(typed) {
            _ if typed.is_empty() => *into = None,
            Ok(value) => *into = Some(value),
            Err(_) => self.fault(field, Reason::Form),
        }
    }

    fn number<T>(
        &mut self,
        field: Field,
        typed: &str,
        new: impl Fn(u16) -> Option<T>,
        into: &mut T,
    ) {
        let typed = typed.trim();
        // A number with a sign is one for the parser, not for the forms.
        let digits = typed.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| typed.parse().ok()).flatten();
        match number.and_then(new) {
            Some(value) => *into = value,
            None if typed.is_empty() => self.fault(field, Reason::Missing),
            None => self.fault(field, Reason::Form),
        }
    }

    /// One value a line; blank lines and doublets are dropped. The first line that is wrong is named.
    fn lines<T: Text + PartialEq>(&mut self, field: Field, typed: &str, into: &mut Vec<T>) {
        if typed.len() > LONGEST_LINES {
            return self.fault(field, Reason::Form);
        }
        let mut values = Vec::new();
        for (index, line) in typed.lines().enumerate() {
            let line = line.trim();
            match T::parse(line) {
                _ if line.is_empty() => {}
                Ok(value) if values.contains(&value) => {}
                Ok(value) => values.push(value),
                Err(_) => return self.fault(field, Reason::Line(index + 1)),
            }
        }
        *into = values;
    }

    fn language_and_place(&mut self, device: &mut config::Device) {
        let draft = self.draft;
        self.text(Field::Language, &draft.language, &mut device.language);
        self.text(Field::Keyboard, &draft.keyboard, &mut device.keyboard);
        self.text(Field::Timezone, &draft.timezone, &mut device.timezone);
        self.text(Field::Hostname, &draft.hostname, &mut device.hostname);
    }

    fn network(&mut self) {
        let draft = self.draft;
        let (name, country) = (&*draft.wifi_name, draft.wifi_country.trim());
        let password = self.secrets.wifi.reveal();
        if !(name.is_empty() && country.is_empty()) {
            self.hold(Field::WifiCountry, network::country(country));
        }
        // Without a name, a password that was typed earlier concerns nobody.
        if name.is_empty() {
            return;
        }
        self.hold(Field::WifiName, network::wifi_name(name));
        if draft.wifi_open {
            return;
        }
        // Secrets are not kept for long, names are: no password does not mean an open network.
        match password {
            "" => self.fault(Field::Wifi, Reason::Missing),
            _ => self.hold(Field::Wifi, network::wifi_password(password)),
        }
    }

    fn owner(&mut self, ssh: &mut config::Ssh) {
        let (draft, secrets) = (self.draft, self.secrets);
        let (name, password) = (draft.owner.trim(), secrets.password.reveal());
        self.hold(Field::Owner, people::account_name(name));
        self.hold(Field::Password, people::password(password, name));
        if secrets.again != secrets.password {
            self.fault(Field::Again, Reason::Differs);
        }
        if holds_private_key(&draft.keys) {
            self.fault(Field::Keys, Reason::PrivateKey);
        } else {
            self.lines(Field::Keys, &draft.keys, &mut ssh.authorized_keys);
        }
        ssh.password_login = draft.password_login;
    }

    fn runtime(&mut self) {
        match self.draft.runtime.trim() {
            RUNTIME => {}
            "" => self.fault(Field::Runtime, Reason::Missing),
            _ => self.fault(Field::Runtime, Reason::Form),
        }
    }

    fn notebook(&mut self, browser: &mut config::Browser) {
        let draft = self.draft;
        self.lines(Field::Notebooks, &draft.notebooks, &mut browser.notebooks);
        self.number(
            Field::ReloadMinutes,
            &draft.reload_minutes,
            config::ReloadMinutes::new,
            &mut browser.reload_minutes,
        );
    }

    fn tunnel(&mut self, tunnel: &mut config::Tunnel) {
        let draft = self.draft;
        match TunnelSwitch::new(draft.tunnel, draft.paid_plan) {
            Some(switch) => tunnel.switch = switch,
            None => self.fault(Field::PaidPlan, Reason::PaidPlan),
        }
        let (entrance, port) = (&mut tunnel.entrance, &mut tunnel.public_port);
        self.number(
            Field::Entrance,
            &draft.entrance,
            config::Entrance::new,
            entrance,
        );
        self.number(
            Field::PublicPort,
            &draft.public_port,
            config::PublicPort::new,
            port,
        );
        self.optional(Field::Address, &draft.address, &mut tunnel.address);
    }

    fn approval(&mut self) {
        let (name, password) = (self.secrets.approver.trim(), &self.secrets.approval);
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if name.is_empty() {
            self.fault(Field::Approver, Reason::Missing);
        } else if name.len() > LONGEST_NAME || name.starts_with('-') || !name.bytes().all(letter) {
            self.fault(Field::Approver, Reason::Form);
        }
        let password = password.reveal();
        if password.is_empty() {
            self.fault(Field::Approval, Reason::Missing);
        } else if password.chars().any(char::is_control) {
            self.fault(Field::Approval, Reason::Characters);
        } else if password.len() > LONGEST_PASSWORD {
            self.fault(Field::Approval, Reason::Form);
        }
    }
}
