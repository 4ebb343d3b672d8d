//! Machines of all kinds, and what is said of them.

use super::*;

/// A machine on which all is well.
fn machine() -> Facts {
    let programs = [
        "apt-get",
        "apt-cache",
        "dpkg-deb",
        "tar",
        "git",
        "cc",
        "newuidmap",
        "newgidmap",
        "rustup",
    ];
    Facts {
        arch: "x86_64".into(),
        kernel: "6.8.0-45-generic".into(),
        uid: 1000,
        user: "anna".into(),
        programs: programs
            .map(|name| (name, format!("/usr/bin/{name}").into()))
            .into(),
        keyring: true,
        free_range: "165536-231071".into(),
        namespaces: Some(Ok(())),
        missing_targets: Some(vec![]),
        free_disk: Some(100 << 30),
        free_memory: Some(16 << 30),
        ..Facts::default()
    }
}

fn without(mut facts: Facts, program: &str) -> Facts {
    facts.programs.remove(program);
    facts
}

#[test]
fn nothing_is_said_of_a_sound_machine() {
    let findings = all(&machine());
    assert!(
        findings.iter().all(|finding| finding.state == State::Ok),
        "{findings:#?}"
    );
    assert!(
        findings.iter().all(|finding| finding.cure.is_none()),
        "{findings:#?}"
    );
}

#[test]
fn each_lack_has_its_state_and_its_cure() {
    let refused = || Some(Err(("not permitted".to_owned(), Some("ask".to_owned()))));
    let install = "sudo apt-get install --yes --no-install-recommends";
    let old = Facts {
        kernel: "6.1.0-26-amd64".into(),
        ..machine()
    };
    let arm = Facts {
        arch: "aarch64".into(),
        ..machine()
    };
    let keyless = Facts {
        keyring: false,
        ..machine()
    };
    let rangeless = Facts {
        id_problem: Some("anna has none".into()),
        ..machine()
    };
    let debian = Facts {
        namespaces: refused(),
        userns_clone: Some(0),
        ..machine()
    };
    let ubuntu = Facts {
        namespaces: refused(),
        apparmor_restricts: Some(1),
        ..machine()
    };
    let none = Facts {
        namespaces: refused(),
        max_userns: Some(0),
        ..machine()
    };
    let docker = Facts {
        namespaces: refused(),
        uid: 0,
        apparmor_restricts: Some(1),
        ..machine()
    };
    let full = Facts {
        free_disk: Some(1 << 30),
        ..machine()
    };
    let small = Facts {
        free_memory: Some(1 << 30),
        ..machine()
    };
    let no_rustup = Facts {
        missing_targets: Some(vec!["t"]),
        ..without(machine(), "rustup")
    };
    for (facts, name, state, cure) in [
        (old, "kernel", State::Missing, "boot Linux 6.7 or newer"),
        (
            arm,
            "architecture",
            State::Missing,
            "use a 64-bit PC or a virtual machine of that kind",
        ),
        (
            keyless,
            "Debian's keys",
            State::Missing,
            &*format!("{install} debian-archive-keyring"),
        ),
        (
            without(machine(), "newgidmap"),
            "id mapping",
            State::Missing,
            &*format!("{install} uidmap"),
        ),
        (
            without(machine(), "cc"),
            "C compiler",
            State::Missing,
            &*format!("{install} gcc libc6-dev"),
        ),
        (
            without(machine(), "tar"),
            "apt",
            State::Missing,
            "use Debian or Ubuntu, or a container of one",
        ),
        (
            rangeless,
            "subordinate ids",
            State::Missing,
            "sudo usermod --add-subuids 165536-231071 --add-subgids 165536-231071 anna",
        ),
        (
            debian,
            "namespaces",
            State::Missing,
            "sudo sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        (
            ubuntu,
            "namespaces",
            State::Missing,
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (
            none,
            "namespaces",
            State::Missing,
            "sudo sysctl -w user.max_user_namespaces=15000",
        ),
        (docker, "namespaces", State::Missing, "ask"),
        (
            no_rustup,
            "Rust targets",
            State::Missing,
            "install rustup, then: rustup target add t",
        ),
        (
            full,
            "disk for the cache",
            State::Warning,
            "make room, or name another place with --cache-dir DIR",
        ),
        (small, "memory", State::Warning, "end other programs"),
    ] {
        let findings = all(&facts);
        let unwell: Vec<_> = findings
            .iter()
            .filter(|finding| finding.state != State::Ok)
            .collect();
        assert_eq!(unwell.len(), 1, "{name}: {unwell:#?}");
        assert_eq!((unwell[0].name, unwell[0].state), (name, state));
        assert_eq!(
            unwell[0].cure.as_ref().unwrap().command(facts.is_root()),
            cure
        );
    }
}

#[test]
fn root_needs_no_subordinate_ids() {
    let mut facts = without(without(machine(), "newuidmap"), "newgidmap");
    facts.uid = 0;
    assert!(all(&facts).iter().all(|finding| finding.state == State::Ok));
}

#[test]
fn missing_targets_are_nothing_to_worry_about_with_rustup() {
    let facts = Facts {
        missing_targets: Some(vec!["t"]),
        ..machine()
    };
    assert!(all(&facts).iter().all(|finding| finding.state == State::Ok));
}

#[test]
fn without_ids_the_namespaces_are_not_to_blame() {
    let namespaces = Some(Err(("no newuidmap".to_owned(), None)));
    let facts = Facts {
        namespaces,
        apparmor_restricts: Some(1),
        ..without(machine(), "newuidmap")
    };
    let findings = all(&facts);
    let found = findings
        .iter()
        .find(|finding| finding.name == "namespaces")
        .unwrap();
    assert_eq!(
        found.cure,
        Some(Cure::Owner("mend the lines above first".into()))
    );
}
