//! The tunnel: sshd here, keys, the entrance, sshd there, its GPU.

use super::near::ago;
use super::{plain, unseen};
use crate::finding::{Finding, Step};
use crate::seen::{Door, Enrolment, Entrance, Gpu, Reach, Seen, Wants};
use crate::words::Sentence;

/// Below this a key is worth a word.
const SOON: i64 = 3 * 86400;

pub(super) fn sshd(seen: &Seen) -> Finding {
    let status = plain("`systemctl status ssh` says why");
    match &seen.sshd {
        None => unseen(Step::Sshd),
        Some(Door::Expected) => {
            Finding::ok(Step::Sshd, plain("it answers, with this device's key"))
        }
        Some(Door::OtherKey) => Finding::failed(
            Step::Sshd,
            plain("it answers with another key than the device's"),
            vec![plain(
                "`sudo systemctl restart ssh` has it read the key anew",
            )],
        ),
        Some(Door::Unpinned) => Finding::failed(
            Step::Sshd,
            plain("it answers, but the device's key is missing"),
            vec![plain("`systemctl status keeper-host-key` says why")],
        ),
        Some(Door::NotSsh) => Finding::failed(
            Step::Sshd,
            plain("port 22 is another program's"),
            vec![plain("`sudo ss -tlnp sport = 22` shows whose")],
        ),
        Some(Door::Closed(Reach::Refused)) => Finding::failed(
            Step::Sshd,
            plain("nothing listens at port 22"),
            vec![status],
        ),
        Some(_) => Finding::failed(
            Step::Sshd,
            plain("port 22 is open, but nobody answers"),
            vec![
                status,
                plain("fail2ban may have banned this address: `sudo fail2ban-client status sshd`"),
            ],
        ),
    }
}

pub(super) fn enrolment(wants: &Wants, seen: &Seen) -> Finding {
    if !wants.tunnel {
        return off(Step::Enrolment);
    }
    let enrol =
        plain("`sudo keeper tunnel enrol` makes a new one; put it into the notebook's secrets");
    let failed = |said: Sentence| Finding::failed(Step::Enrolment, said, vec![enrol.clone()]);
    let all = match &seen.enrolments {
        None => return unseen(Step::Enrolment),
        Some(Err(why)) => {
            let said = plain("the list of keys cannot be read: {}").with(why);
            return Finding::failed(Step::Enrolment, said, vec![enrol]);
        }
        Some(Ok(all)) => all,
    };
    let good: Vec<&Enrolment> = all
        .iter()
        .filter(|one| !one.revoked && one.left > 0)
        .collect();
    let last = good.iter().max_by_key(|one| one.left);
    match (last, all.last()) {
        (Some(last), _) => {
            let left = ago(last.left.unsigned_abs());
            let said = plain("keys in force: {}; {} is good for another {}");
            let said = said.with(good.len()).with(&last.name).with_said(left);
            let mut finding = Finding::ok(Step::Enrolment, said);
            if last.left < SOON {
                finding.cures.push(enrol);
            }
            finding
        }
        (None, None) => failed(plain("no Colab machine is enrolled")),
        (None, Some(one)) if one.revoked => failed(plain("the key {} was revoked").with(&one.name)),
        (None, Some(one)) => {
            let since = ago(one.left.unsigned_abs());
            failed(
                plain("the key {} expired {} ago")
                    .with(&one.name)
                    .with_said(since),
            )
        }
    }
}

pub(super) fn entrance(wants: &Wants, seen: &Seen) -> Finding {
    if !wants.tunnel {
        return off(Step::Tunnel);
    }
    match seen.entrance {
        None => unseen(Step::Tunnel),
        Some(Entrance::Tunnel) => Finding::ok(
            Step::Tunnel,
            plain("a Colab machine is connected, at port {}").with(wants.entrance),
        ),
        Some(Entrance::Nobody) => Finding::failed(
            Step::Tunnel,
            plain("no Colab machine is connected"),
            vec![
                plain("run all cells of the notebook that `keeper notebook` writes, and read what its cell 4 shows"),
                plain("`journalctl -u ssh -n 30` shows who has knocked"),
            ],
        ),
        Some(Entrance::Other(uid)) => Finding::failed(
            Step::Tunnel,
            plain("port {} is taken by a program of account {}").with(wants.entrance).with(uid),
            vec![
                plain("`sudo ss -tlnp sport = {}` shows which; end it, or set another tunnel.entrance")
                    .with(wants.entrance),
            ],
        ),
    }
}

pub(super) fn vm(seen: &Seen) -> Finding {
    let failed = |said, cures| Finding::failed(Step::Vm, said, cures);
    let again = plain("stop the notebook's cell 4, then run its cells 2 to 4 again");
    match &seen.vm {
        None => unseen(Step::Vm),
        Some(Door::Expected) => Finding::ok(
            Step::Vm,
            plain("its sshd answers, with the key that was enrolled"),
        ),
        Some(Door::OtherKey) => failed(
            plain(
                "its sshd has another key than the one enrolled: it may be somebody else's machine",
            ),
            vec![plain(
                "`sudo keeper tunnel revoke ID`, then `sudo keeper tunnel enrol`, for a fresh pair of keys",
            )],
        ),
        Some(Door::Unpinned) => failed(
            plain("its sshd answers, but no key of it is known here"),
            vec![plain("`sudo keeper apply` writes the known keys anew")],
        ),
        Some(Door::NotSsh) => failed(plain("what answers there is no sshd"), vec![again]),
        Some(Door::NotAllowed) => Finding::not_tested(
            Step::Vm,
            plain("this account may not open the entrance"),
            vec![plain(
                "run `keeper doctor` without sudo, as a member of keeper-people",
            )],
        ),
        Some(Door::Closed(Reach::TimedOut)) => failed(
            plain(
                "it does not answer: the machine may be gone; the entrance is free again within a minute",
            ),
            vec![again],
        ),
        Some(Door::Silent | Door::Closed(_)) => failed(
            plain("the tunnel stands, but no sshd listens on the machine"),
            vec![again],
        ),
    }
}

pub(super) fn gpu(wants: &Wants, seen: &Seen) -> Finding {
    match &seen.gpu {
        None => unseen(Step::Gpu),
        Some(Gpu::Is(name)) => Finding::ok(Step::Gpu, plain("it has {}").with(name)),
        Some(Gpu::None) if wants.gpu => Finding::failed(
            Step::Gpu,
            plain("the machine has none, though the notebook asks for one"),
            vec![plain(
                "in Colab: Runtime, Change runtime type, GPU; there may be none left for this plan",
            )],
        ),
        Some(Gpu::None) => Finding::ok(Step::Gpu, plain("none, and none is asked for")),
        Some(Gpu::Unknown(why)) => {
            let said = plain("it could not be asked: {}").with(why);
            Finding::not_tested(Step::Gpu, said, vec![])
        }
    }
}

fn off(step: Step) -> Finding {
    Finding::not_tested(
        step,
        plain("the tunnel is off"),
        vec![plain(
            "tunnel.enabled and tunnel.paid_plan_confirmed switch it on; Colab allows SSH only on a paid plan",
        )],
    )
}
