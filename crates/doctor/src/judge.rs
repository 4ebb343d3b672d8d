//! From what was seen to what there is to say: pure.
//!
//! A step is `not tested` where an earlier one is missing, so that the first `failed` is what to mend.

mod near;
mod outside;
mod tunnel;

use crate::finding::{Finding, Step, Verdict};
use crate::seen::{Seen, Wants};
use crate::words::Sentence;

/// What there is to say of every step, in the order of [`Step::ALL`].
pub fn judge(wants: &Wants, seen: &Seen) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for step in Step::ALL {
        let broken = |of: &[Step]| {
            let failed = |one: &&Finding| one.verdict == Verdict::Failed && of.contains(&one.step);
            findings.iter().find(failed).map(|one| one.step)
        };
        let missing = before(step, wants).and_then(broken);
        findings.push(match missing {
            Some(earlier) => after(step, earlier),
            None => look_at(step, wants, seen),
        });
    }
    findings
}

fn look_at(step: Step, wants: &Wants, seen: &Seen) -> Finding {
    match step {
        Step::Link => near::link(seen),
        Step::Dns => near::dns(wants, seen),
        Step::Internet => near::internet(wants, seen),
        Step::Name => outside::name(wants, seen),
        Step::Address => outside::address(seen),
        Step::Port => outside::port(wants, seen),
        Step::Sshd => tunnel::sshd(seen),
        Step::Enrolment => tunnel::enrolment(wants, seen),
        Step::Tunnel => tunnel::entrance(wants, seen),
        Step::Vm => tunnel::vm(seen),
        Step::Gpu => tunnel::gpu(wants, seen),
    }
}

/// The steps without which there is nothing to see of a step.
fn before(step: Step, wants: &Wants) -> Option<&'static [Step]> {
    use Step::{Dns, Internet, Link, Tunnel, Vm};
    match step {
        Dns => Some(&[Link]),
        Internet | Step::Name | Step::Address => Some(&[Link, Dns]),
        Step::Port => Some(&[Link, Dns, Internet]),
        Vm if wants.tunnel => Some(&[Tunnel]),
        Step::Gpu if wants.tunnel => Some(&[Tunnel, Vm]),
        _ => None,
    }
}

fn after(step: Step, earlier: Step) -> Finding {
    let why = Sentence::new("first mend what stands above: {}").with_said(earlier.title());
    Finding::not_tested(step, why, vec![])
}

/// A step that was not looked at, for no reason that is known.
fn unseen(step: Step) -> Finding {
    Finding::not_tested(step, Sentence::new("not looked at"), vec![])
}

/// `english` without values.
fn plain(english: &'static str) -> Sentence {
    Sentence::new(english)
}

#[cfg(test)]
mod tests;
