//! Factory reset, asked for by a file on the card: the device is new, and nobody's.

use std::time::Duration;

use e2e::patience::{run, wait_for};
use libtest_mimic::Trial;
use look::{Client, Login, Screen, Security, has_words};

use crate::device::Device;
use crate::scenario;

pub fn trials() -> Vec<Trial> {
    vec![scenario("a_file_on_the_card_makes_the_device_new", reset)]
}

/// Until sshd answers, and until the wizard's first page is there, in emulation.
const SOON: Duration = Duration::from_secs(240);
const SIZE: (u32, u32) = (1600, 900);

fn reset(device: &mut Device) {
    let before = device.notice(|notice| notice.contains("SHA-256"));
    let before = fingerprint(&before.expect("a notice"));
    device.power_off().expect("it goes off");
    device.write("keeper-reset", "").expect("a card");
    device.start().expect("it starts");
    let notice =
        device.notice(|notice| notice.contains("Password:") && notice.contains("10.0.2.15"));
    let notice = notice.expect("a notice with a code");
    let now = fingerprint(&notice);
    assert_ne!(before, now, "expected a certificate of its own");
    for name in ["keeper-reset", "keeper.toml.used"] {
        assert_eq!(device.read(name).expect("a card"), None, "{name}");
    }
    refuses_taro(device);
    let code = notice
        .lines()
        .find_map(|line| line.trim().strip_prefix("Password:"));
    sees_the_wizard(device, code.expect("a code").trim(), &now);
    device.cut().expect("it was on");
}

fn refuses_taro(device: &Device) {
    // The host key that is known is the former device's.
    let other = wait_for("sshd", SOON, || {
        let said = device.taro("true").stderr;
        said.contains("IDENTIFICATION HAS CHANGED").then_some(())
    });
    assert!(other.is_some(), "expected another host key");
    fs_err::remove_file(device.known_hosts()).expect("it was written");
    let said = run(device.ssh().arg("true"), "", SOON);
    assert!(said.stderr.contains("Permission denied"), "{said:#?}");
}

/// The code opens the wizard; the certificate is the one of the notice.
fn sees_the_wizard(device: &Device, code: &str, fingerprint: &str) {
    let tools = &device.tools;
    let screen = Screen::start(tools, &device.dir.join("screen"), SIZE).expect("Xvfb starts");
    let login = Login {
        port: device.rdp_port(),
        user: "setup",
        password: code,
        fingerprint,
        security: Security::Tls,
    };
    let mut client = None;
    let seen = wait_for("the wizard", SOON, || {
        let gone = |client: &mut Client| client.ended().expect("it is our child").is_some();
        // xrdp may not be up yet.
        if client.as_mut().is_none_or(gone) {
            client = Client::start(tools, &screen, &login).ok();
        }
        let words = screen.words(tools).expect("the screen is there");
        // The wizard's display is not up yet: who sees this tries again.
        if has_words(&words, &["problem connecting"]) {
            client = None;
        }
        has_words(&words, &["Choose your language"]).then_some(())
    });
    let picture = screen.picture().expect("the screen is there");
    let file = device.artefacts.join("after-reset.png");
    picture.save(&file).expect("the artefacts can be written");
    assert!(seen.is_some(), "picture: {}", file.display());
}

/// The SHA-256 that a notice tells of the remote desktop's certificate.
fn fingerprint(notice: &str) -> String {
    let mut lines = notice.lines().skip_while(|line| line.trim() != "SHA-256");
    let value = lines
        .nth(1)
        .unwrap_or_else(|| panic!("no fingerprint in:\n{notice}"));
    value.trim().to_owned()
}
