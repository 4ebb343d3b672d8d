//! sshd, keys, the entrance, the machine, its GPU.

use super::*;

#[test]
fn the_tunnel() {
    let sshd = |door| move |_: &mut Wants, seen: &mut Seen| seen.sshd = Some(door);
    check(
        Step::Sshd,
        sshd(Door::Closed(Reach::Refused)),
        Failed,
        "systemctl status ssh",
    );
    check(Step::Sshd, sshd(Door::Unpinned), Failed, "keeper-host-key");
    check(Step::Sshd, sshd(Door::OtherKey), Failed, "restart ssh");
    check(Step::Sshd, sshd(Door::NotSsh), Failed, "another program");
    check(Step::Sshd, sshd(Door::Silent), Failed, "fail2ban");
    let keys = |keys: Vec<Enrolment>| {
        move |_: &mut Wants, seen: &mut Seen| seen.enrolments = Some(Ok(keys))
    };
    check(Step::Enrolment, keys(vec![]), Failed, "keeper tunnel enrol");
    check(
        Step::Enrolment,
        keys(vec![enrolled(-90, false)]),
        Failed,
        "expired 90 s ago",
    );
    check(
        Step::Enrolment,
        keys(vec![enrolled(90_000, true)]),
        Failed,
        "was revoked",
    );
    check(
        Step::Enrolment,
        keys(vec![enrolled(90_000, false)]),
        Good,
        "another 25 h\n`sudo keeper tunnel enrol`",
    );
    let both = vec![
        enrolled(-90, false),
        enrolled(9_000_000, false),
        enrolled(5, true),
    ];
    check(
        Step::Enrolment,
        keys(both),
        Good,
        "keys in force: 1; colab is good for another 104 d",
    );
    let unread = |_: &mut Wants, seen: &mut Seen| seen.enrolments = Some(Err("x".into()));
    check(Step::Enrolment, unread, Failed, "cannot be read: x");
    let entrance = |who| move |_: &mut Wants, seen: &mut Seen| seen.entrance = Some(who);
    check(
        Step::Tunnel,
        entrance(Entrance::Nobody),
        Failed,
        "run all cells",
    );
    check(
        Step::Tunnel,
        entrance(Entrance::Other(1000)),
        Failed,
        "of account 1000",
    );
    let vm = |door| move |_: &mut Wants, seen: &mut Seen| seen.vm = Some(door);
    check(
        Step::Vm,
        vm(Door::OtherKey),
        Failed,
        "keeper tunnel revoke ID",
    );
    check(Step::Vm, vm(Door::NotAllowed), NotTested, "without sudo");
    check(
        Step::Vm,
        vm(Door::Closed(Reach::TimedOut)),
        Failed,
        "within a minute",
    );
    check(Step::Vm, vm(Door::Silent), Failed, "no sshd listens");
    check(Step::Vm, vm(Door::Unpinned), Failed, "keeper apply");
    check(Step::Vm, vm(Door::NotSsh), Failed, "no sshd");
    let gpu = |gpu, wanted| {
        move |wants: &mut Wants, seen: &mut Seen| (wants.gpu, seen.gpu) = (wanted, Some(gpu))
    };
    check(
        Step::Gpu,
        gpu(Gpu::None, true),
        Failed,
        "Change runtime type",
    );
    check(Step::Gpu, gpu(Gpu::None, false), Good, "none is asked for");
    check(
        Step::Gpu,
        gpu(Gpu::Unknown("x".into()), true),
        NotTested,
        "asked: x",
    );
    let off = |wants: &mut Wants, seen: &mut Seen| {
        wants.tunnel = false;
        (seen.enrolments, seen.entrance, seen.vm, seen.gpu) = (None, None, None, None);
    };
    check(Step::Enrolment, off, NotTested, "the tunnel is off");
    check(Step::Tunnel, off, NotTested, "paid_plan_confirmed");
    check(Step::Vm, off, NotTested, "not looked at");
}
