//! `make-rdp-key` with a real openssl: a certificate of the device's own, once, whole or not at all.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;

use crate::settings::Device;

pub fn trials() -> Vec<Trial> {
    vec![trial_in_sandbox(
        "each_device_makes_its_own_rdp_key_once",
        once,
    )]
}

/// Runs the script on the device; what it said.
fn run(device: &Device, epoch: &Path) -> String {
    let script = "overlay/rdp/root/usr/libexec/keeper/make-rdp-key";
    let copy = device.dir.path().join("make-rdp-key");
    fs_err::copy(e2e::repository().join(script), &copy).unwrap();
    let at = |name: &str| device.dir.path().join(name);
    let path = format!("{}:/usr/sbin:/usr/bin", device.dir.path().display());
    device
        .tools
        .cmd("/bin/sh")
        .arg(copy)
        .env("PATH", path)
        .env("KEEPER_RDP_KEY", at("keeper"))
        .env("KEEPER_RDP_FINGERPRINTS", at("fingerprints"))
        .env("KEEPER_RDP_RSAKEYS", at("rsakeys.ini"))
        .env("KEEPER_RDP_GROUP", "taro")
        .env("KEEPER_CLOCK_EPOCH", epoch)
        .read()
        .unwrap()
}

fn mode(path: &PathBuf) -> u32 {
    fs_err::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn once() {
    let device = Device::new();
    let at = |name: &str| device.dir.path().join(name);
    // A power cut while it was made, and a clock that is behind the image.
    fs_err::create_dir(at("keeper.new")).unwrap();
    fs_err::write(at("epoch"), "").unwrap();
    let ahead = std::time::SystemTime::now() + std::time::Duration::from_secs(400 * 86400);
    fs_err::File::options()
        .write(true)
        .open(at("epoch"))
        .unwrap()
        .set_modified(ahead)
        .unwrap();

    let said = run(&device, &at("epoch"));
    assert!(
        said.starts_with("made this device's certificate for RDP\nfingerprint sha256 "),
        "{said}"
    );
    let key = at("keeper/key.pem");
    assert_eq!((mode(&key), mode(&at("keeper/cert.pem"))), (0o640, 0o644));
    assert_eq!(mode(&at("keeper")), 0o755);
    let none = fs_err::read_to_string(at("rsakeys.ini")).unwrap();
    assert_eq!(none, "[keys]\n");
    let x509 = device
        .tools
        .cmd("/usr/bin/openssl")
        .args(["x509", "-noout", "-text", "-in"]);
    let text = x509.arg(at("keeper/cert.pem")).read().unwrap();
    for part in ["(256 bit)", "ecdsa-with-SHA256", ".local"] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    // Ten years from the image's time on, and a day at most more.
    let ends = |days: u64| {
        let check = device
            .tools
            .cmd("/usr/bin/openssl")
            .args(["x509", "-noout", "-checkend"]);
        let check = check.arg((days * 86400).to_string()).arg("-in");
        check
            .arg(at("keeper/cert.pem"))
            .output()
            .unwrap()
            .status
            .code()
            == Some(1)
    };
    assert!(!ends(3650 + 400 - 1) && ends(3650 + 400 + 2));
    let fingerprints = fs_err::read_to_string(at("fingerprints")).unwrap();
    let shapes: Vec<_> = fingerprints
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(name, bytes)| (name, bytes.split(':').count()))
        .collect();
    assert_eq!(shapes, [("sha256", 32), ("sha1", 20)]);

    let before = fs_err::read(&key).unwrap();
    let said = run(&device, &at("epoch"));
    assert!(said.starts_with("fingerprint sha256 "), "{said}");
    assert_eq!(fs_err::read(&key).unwrap(), before);
    // Half of it, as after a cut in another order of things: it is made anew.
    fs_err::write(at("keeper/cert.pem"), "").unwrap();
    run(&device, &at("epoch"));
    assert_ne!(fs_err::read(&key).unwrap(), before);
}
