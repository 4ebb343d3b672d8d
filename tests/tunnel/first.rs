//! From enrolment to a shell in the machine, and to the end of it.

use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;

use crate::colab::{ALL, Colab};
use crate::machine::{Machine, wait};
use crate::world::{Ground, enrol, hanako, shell};

pub fn trials() -> Vec<Trial> {
    vec![trial_in_sandbox(
        "an_enrolled_machine_dials_home_has_a_shell_and_stops",
        whole,
    )]
}

fn whole() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let vm = ground.machine("vm", &router, 1);
    let (code, said) = shell(&device, "true");
    assert_eq!((code, &*said), (255, "No Colab machine is connected.\n"));

    let wishes = tunnel::Wishes {
        gpu: true,
        high_ram: false,
    };
    let (code, notebook) = hanako(&device, "keeper notebook");
    assert_eq!((code, notebook), (0, tunnel::notebook(wishes)));

    let secret = enrol(&device, "--name gpu");
    let expires = tunnel::Enrolment::decode(&secret).unwrap().expires;
    let (_, listed) = hanako(&device, "keeper tunnel keys");
    assert!(
        listed.ends_with(&format!("  gpu           good until {expires}\n")),
        "{listed}"
    );
    let mut colab = Colab::execute(&vm, &secret, ALL);
    assert!(colab.said("machine").contains("no GPU"));
    let prepared = colab.said("prepare");
    assert!(
        prepared.starts_with("✔ ready to dial 203.0.113.7, port 10022; good until "),
        "{prepared}"
    );
    assert_eq!(
        colab.said("connect"),
        "✔ connected; on your device: keeper shell\n"
    );

    // The status of the command is the shell's, and nothing but its output is on stdout.
    assert_eq!(
        shell(&device, "uname -n; id -u; exit 7"),
        (7, "vm\n0\n".into())
    );
    let (_, listed) = hanako(&device, "keeper tunnel keys");
    let good = format!("  gpu           good until {expires}; connected\n");
    assert!(listed.ends_with(&good), "{listed}");
    // What `keeper doctor` sees of it.
    let findings = findings(&device);
    for (step, verdict) in [
        ("enrolment", "ok"),
        ("tunnel", "ok"),
        ("vm", "ok"),
        ("gpu", "failed"),
    ] {
        let finding = findings.iter().find(|one| one["step"] == step);
        let finding = finding.expect("every step is there");
        assert_eq!(finding["verdict"], verdict, "{finding}");
    }
    // Whoever is none of the people gets no further than sudo.
    let script = "setpriv --reuid=tanaka --regid=tanaka --init-groups \
                  sudo -n -u keeper-shell /usr/libexec/keeper/shell run true";
    let (code, said) = device.attempt(script);
    assert!(
        code == 1 && said.contains("password is required"),
        "{code} {said}"
    );
    let (code, said) = hanako(&device, "cat /var/lib/keeper-shell/id_ed25519");
    assert!(
        code == 1 && said.contains("Permission denied"),
        "{code} {said}"
    );

    colab.interrupt();
    let watched = colab.said("watch");
    assert!(watched.contains("✔ connected"), "{watched}");
    assert!(colab.said("stop").starts_with("✔ the tunnel is closed"));
    assert_eq!(vm.attempt("ls -A /root/.colab-keeper").0, 2);
    wait("sshd has ended", || vm.sh("pgrep -c sshd || true") == "0\n");
    let (code, said) = shell(&device, "true");
    assert_eq!((code, &*said), (255, "No Colab machine is connected.\n"));
}

/// What `keeper doctor` says. There is no internet here, which is no matter of the tunnel's.
fn findings(device: &Machine) -> Vec<serde_json::Value> {
    let (_, said) = hanako(device, "keeper doctor --json 2>/dev/null");
    serde_json::from_str(&said).expect(&said)
}
