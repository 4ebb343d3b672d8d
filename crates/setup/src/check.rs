//! What is wrong with answers, field by field.

use config::Config;

use crate::answers;
use crate::draft::{Draft, Secrets};
use crate::field::Field;
use crate::step::{Purpose, Step};

/// Something wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub field: Field,
    /// Why.
    pub reason: Reason,
}

/// Why an answer is not accepted. The `web` crate has a sentence for each in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There must be one.
    Missing,
    /// It is not what the field takes (the page says beside it what that is).
    Form,
    /// As `Form`, of line `0` (counted from 1) of a field with lines.
    Line(usize),
    /// A private key was pasted: it must never leave its owner's computer.
    PrivateKey,
    /// A name that the system has already.
    Taken,
    /// The password is shorter than 10 characters.
    Short,
    /// The password is the name, or one of the most common.
    Common,
    /// It has characters that no login can take: control characters.
    Characters,
    /// The two passwords differ.
    Differs,
    /// Colab allows SSH on a paid plan only: the tunnel needs it confirmed.
    PaidPlan,
    /// Without a key, and without passwords allowed, nobody could log in over SSH. Not an error: the
    /// wizard warns (RDP works), and [`check()`] never says so: [`warnings`] does.
    NoKey,
    /// Of a provider of names: the field belongs to another one and must be empty, or this one needs it.
    Provider,
    /// The public name is none of the provider's: at DuckDNS it is `NAME.duckdns.org`, at Cloudflare in the zone.
    Name,
}

/// What is wrong with the answers of one page, in the order of its fields, at most one fault a field; `None` checks all
/// pages that the purpose has. Nothing wrong there means that [`crate::change()`] accepts them.
pub fn check(draft: &Draft, secrets: &Secrets, purpose: Purpose, step: Option<Step>) -> Vec<Fault> {
    let (_, mut faults) = answers::read(&Config::default(), draft, secrets, purpose);
    faults.retain(|fault| step.is_none_or(|step| fault.field.step() == step));
    faults
}

/// What is not wrong, but worth a warning on its page: [`Reason::NoKey`].
pub fn warnings(draft: &Draft, purpose: Purpose) -> Vec<Fault> {
    let nobody = !draft.password_login && draft.keys.trim().is_empty();
    let no_key = Fault {
        field: Field::Keys,
        reason: Reason::NoKey,
    };
    let warned = nobody && purpose == Purpose::FirstBoot;
    warned.then_some(no_key).into_iter().collect()
}

#[cfg(test)]
#[path = "check_tests.rs"]
pub(crate) mod tests;
