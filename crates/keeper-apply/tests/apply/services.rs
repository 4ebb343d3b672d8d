//! Who is told, and what is in force when somebody refuses.

use std::cell::RefCell;

use anyhow::{Result, bail};
use camino::Utf8Path;
use keeper_apply::{Apply, NewKeys, Service, System, hint_of};
use tunnel::Time;

use crate::room::Room;

/// Services that note what they are told, and one that refuses it at first.
#[derive(Default)]
struct Services {
    told: RefCell<Vec<Service>>,
    refusing: RefCell<Vec<Service>>,
    unchecked: bool,
    /// Written to /etc/group when the first service is told.
    joining: RefCell<Option<(camino::Utf8PathBuf, &'static str)>>,
}

impl System for Services {
    fn check(&self, candidate: &Utf8Path) -> Result<()> {
        assert!(candidate.join("sshd.conf").is_file());
        if self.unchecked {
            bail!("sshd refuses it");
        }
        Ok(())
    }

    fn tell(&self, service: Service) -> Result<()> {
        self.told.borrow_mut().push(service);
        if let Some((file, text)) = self.joining.take() {
            std::fs::write(file, text)?;
        }
        let mut refusing = self.refusing.borrow_mut();
        if let Some(at) = refusing.iter().position(|one| *one == service) {
            refusing.remove(at);
            bail!("{} is stubborn", service.units()[0]);
        }
        Ok(())
    }

    fn openssh(&self) -> Option<(u32, u32)> {
        Some((8, 2))
    }

    fn local_minute(&self, time: Time) -> Result<String> {
        Ok(format!("local {time}"))
    }

    fn new_keys(&self) -> Result<NewKeys> {
        bail!("no keys here")
    }

    fn end_tunnels(&self) -> Result<()> {
        Ok(())
    }
}

fn on<'a>(room: &Room, services: &'a Services, boot: bool) -> Apply<'a> {
    Apply {
        root: room.root.clone(),
        system: services,
        boot,
    }
}

const PASSWORDS: &str = "ssh.password_login = true";

#[test]
fn all_whom_it_concerns_are_told_and_keeperd_always() {
    let (room, services) = (Room::new(), Services::default());
    let apply = on(&room, &services, false);
    let file = room.toml("");
    apply.apply(&file).expect("a first time");
    assert_eq!(services.told.take(), [Service::Firewall, Service::Keeperd]);
    apply.apply(&room.toml(PASSWORDS)).expect("a change");
    assert_eq!(services.told.take(), [Service::Ssh, Service::Keeperd]);
    let outcome = apply.apply(&file).expect("the same again");
    assert_eq!(outcome.changed, [""; 0]);
    assert_eq!(services.told.take(), [Service::Keeperd]);
    apply.back().expect("the way back");
    assert_eq!(services.told.take(), [Service::Ssh]);
    assert!(
        !room
            .applied("sshd.conf")
            .contains("PasswordAuthentication yes")
    );
    apply.back().expect("and forth");
    assert!(
        room.applied("sshd.conf")
            .contains("PasswordAuthentication yes")
    );
}

#[test]
fn at_boot_only_the_firewall_runs_already() {
    let (room, services) = (Room::new(), Services::default());
    let apply = on(&room, &services, true);
    apply.apply(&room.toml(PASSWORDS)).expect("a boot");
    assert_eq!(services.told.take(), [Service::Firewall]);
    apply.apply(&room.toml(PASSWORDS)).expect("the next boot");
    assert_eq!(services.told.take(), []);
}

#[test]
fn what_a_program_refuses_never_comes_into_force() {
    let room = Room::new();
    let services = Services {
        unchecked: true,
        ..Services::default()
    };
    let before = room.target();
    for boot in [false, true] {
        let error = on(&room, &services, boot).apply(&room.toml(PASSWORDS));
        let error = format!("{:#}", error.expect_err("a refusal"));
        let expected =
            "sshd refuses it\nnothing has changed: the image's own generation remains in force";
        assert_eq!(error, expected);
        assert_eq!(
            (room.target(), services.told.take()),
            (before.clone(), vec![])
        );
    }
}

#[test]
fn when_a_service_refuses_all_goes_back() {
    let (room, services) = (Room::new(), Services::default());
    let apply = on(&room, &services, false);
    apply.apply(&room.toml("")).expect("a first time");
    let before = room.target();
    services.told.take();
    services.refusing.borrow_mut().push(Service::Ssh);
    let change = "ssh.password_login = true\ntunnel.entrance = 2000\ndevice.language = \"ja\"";
    let error = apply.apply(&room.toml(change)).expect_err("a refusal");
    let id = before.file_name().expect("a name");
    let expected = format!("ssh.service is stubborn; generation {id} is in force again");
    assert_eq!(format!("{error:#}"), expected);
    assert!(hint_of(&error).is_some());
    assert_eq!(room.target(), before);
    // The firewall had taken the new rules; the desktop was never told, and is told the old again.
    let told = [
        Service::Firewall,
        Service::Ssh,
        Service::Firewall,
        Service::Ssh,
        Service::Display,
    ];
    assert_eq!(services.told.take(), told);
    apply.apply(&room.toml(change)).expect("the next time");
    assert_ne!(room.target(), before);
}

#[test]
fn a_service_that_is_stubborn_twice_is_named_twice() {
    let (room, services) = (Room::new(), Services::default());
    services
        .refusing
        .borrow_mut()
        .extend([Service::Firewall; 2]);
    let error = on(&room, &services, false).apply(&room.toml(""));
    let error = format!("{:#}", error.expect_err("a refusal"));
    let expected = "keeper-firewall.service is stubborn; the image's own generation is in force again; \
                    after that keeper-firewall.service is stubborn";
    assert_eq!(error, expected);
}

#[test]
fn accounts_that_change_meanwhile_are_applied_too() {
    let (room, services) = (Room::new(), Services::default());
    room.write("etc/passwd", "taro:x:1000:1:::\nanna:x:1001:1:::\n");
    let apply = on(&room, &services, false);
    room.write("etc/group", "keeper-people:x:990:\n");
    apply.apply(&room.toml("")).expect("nobody");
    let nobody = room.target();
    room.write("etc/group", "keeper-people:x:990:taro\n");
    let late = room.root.join("etc/group");
    services
        .joining
        .replace(Some((late, "keeper-people:x:990:taro,anna\n")));
    apply.apply(&room.toml("")).expect("both");
    assert!(room.applied("firewall.nft").contains("{ 1000, 1001 }"));
    apply.back().expect("the way back");
    assert_eq!(
        room.target(),
        nobody,
        "what was before is not one of the steps"
    );
}

#[test]
fn problems_change_nothing_but_at_the_first_boot_the_defaults_learn_the_accounts() {
    let (room, services) = (Room::new(), Services::default());
    let bad = room.toml("ssh.password_login = \"no\"");
    let defaults = room.target();
    let error = on(&room, &services, false)
        .apply(&bad)
        .expect_err("a bad file");
    let error = format!("{error:#}");
    assert!(
        error.contains("keeper.toml:1: ssh.password_login = \"no\": expected true or false\n"),
        "{error}"
    );
    assert!(
        error.ends_with("nothing has changed: the image's own generation remains in force"),
        "{error}"
    );
    assert_eq!(room.target(), defaults);

    let error = on(&room, &services, true)
        .apply(&bad)
        .expect_err("a bad file");
    let error = format!("{error:#}");
    assert!(
        error.ends_with("\nthe default configuration is in force until then"),
        "{error}"
    );
    assert!(
        room.applied("firewall.nft")
            .contains("tcp dport 5901 meta skuid { 110, 1000 }")
    );
    assert_eq!(services.told.take(), [Service::Firewall]);

    let first = room.target();
    let error = on(&room, &services, true)
        .apply(&bad)
        .expect_err("a bad file");
    assert!(format!("{error:#}").contains("nothing has changed: generation "));
    assert_eq!((room.target(), services.told.take()), (first, vec![]));
}
