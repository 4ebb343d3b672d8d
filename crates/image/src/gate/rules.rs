//! What must not ship, one rule a function: pure, over a path and bytes.

use std::path::Path;

use crate::rootfs::Content;

/// ELF's e_machine of aarch64, and names for those that builds bring in by mistake.
const AARCH64: u16 = 183;
const MACHINES: [(u16, &str); 5] = [
    (3, "i386"),
    (40, "32-bit ARM"),
    (62, "x86-64"),
    (137, "VideoCore"),
    (243, "RISC-V"),
];

/// The machine that an ELF program is for, when it is not ours.
pub fn foreign_elf(bytes: &[u8]) -> Option<String> {
    let header = bytes.get(..20)?;
    if !header.starts_with(b"\x7fELF") {
        return None;
    }
    let machine = match header[5] {
        1 => u16::from_le_bytes([header[18], header[19]]),
        _ => u16::from_be_bytes([header[18], header[19]]),
    };
    // 0 and 247 (eBPF) run on no CPU.
    if [AARCH64, 0, 247].contains(&machine) {
        return None;
    }
    let known = MACHINES.iter().find(|(number, _)| *number == machine);
    Some(known.map_or_else(
        || format!("machine {machine}"),
        |(_, name)| (*name).to_owned(),
    ))
}

/// Whether a file holds the private half of a key, in PEM or OpenSSH's form.
pub fn is_private_key(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"-----BEGIN ").any(|at| {
        let line_end =
            memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        // A program or a manual that only names the marker has no key material behind it.
        let body = bytes[line_end..].iter().skip(1).take(40);
        bytes[at..line_end].ends_with(b"PRIVATE KEY-----")
            && body.filter(|byte| byte.is_ascii_alphanumeric()).count() >= 30
    })
}

/// Why nothing may stand at `path`.
pub fn forbidden_path(path: &Path, content: &Content) -> Option<&'static str> {
    let text = path.to_str()?;
    let rule = |pattern: &str| crate::glob::matches(pattern, text);
    if rule("etc/ssh/ssh_host_*") {
        return Some("is a host key: every device makes its own");
    }
    if rule("etc/xrdp/rsakeys.ini") {
        return Some("holds a private key: every device makes its own");
    }
    if rule("usr/sbin/policy-rc.d") || rule(".native**") || rule(".debs**") {
        return Some("belongs to the build");
    }
    if rule("var/lib/apt/lists/*") || rule("var/cache/apt/*.bin") {
        return Some("is a package list: it is old when the device starts");
    }
    if rule("var/lib/systemd/random-seed") || rule("var/lib/systemd/credential.secret") {
        return Some("is a secret: every device makes its own");
    }
    if rule("etc/resolv.conf") && !matches!(content, Content::Symlink(_)) {
        return Some("is a builder's resolv.conf: it should be a link into /run");
    }
    if rule("var/lib/dbus/machine-id") && !matches!(content, Content::Symlink(_)) {
        return Some("is a machine id: every device makes its own");
    }
    None
}

/// Why the file at `path` may not hold these bytes.
pub fn forbidden_text(path: &Path, bytes: &[u8]) -> Option<String> {
    let text = || String::from_utf8_lossy(bytes);
    match path.to_str()? {
        "etc/machine-id" if !["", "uninitialized\n"].contains(&&*text()) => {
            Some("is a machine id: every device makes its own".into())
        }
        "etc/shadow" => with_password(&text()).map(|user| format!("gives {user} a password")),
        "etc/passwd" => text().lines().find_map(|line| {
            let mut fields = line.split(':');
            let (user, password) = (fields.next()?, fields.next()?);
            (password != "x").then(|| format!("gives {user} a password field {password:?}"))
        }),
        other if other.starts_with("etc/apt/") && text().contains("Proxy \"") => {
            Some("sends the device's apt to a builder's proxy".into())
        }
        _ => None,
    }
}

/// The first user in a shadow file who could log in by password: a hash, or an empty field.
fn with_password(shadow: &str) -> Option<&str> {
    shadow.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (user, password) = (fields.next()?, fields.next()?);
        (!password.starts_with(['!', '*'])).then_some(user)
    })
}

/// Why a file of the boot partition is one person's, or one device's. FAT knows no capitals.
pub fn of_one_device(path: &Path) -> Option<&'static str> {
    match &*path.to_str()?.to_ascii_lowercase() {
        "keeper.toml" | "keeper.toml.txt" => {
            Some("is a preset: such an image is made with --preset")
        }
        "keeper.toml.used" | "keeper.toml.txt.used" => {
            Some("is what a device has left of a preset")
        }
        "keeper-setup.txt" => Some("is a device's notice, and may hold its setup code"),
        "keeper-reset" | "keeper-reset.txt" => Some("would reset the device"),
        _ => None,
    }
}

/// A password that a file of the boot partition gives somebody: cloud-init's ways to say it, and
/// Wi-Fi's. Comments do not count.
pub fn boot_secret(text: &str) -> Option<String> {
    const KEYS: [&str; 7] = [
        "password",
        "passwd",
        "plain_text_passwd",
        "hashed_passwd",
        "chpasswd",
        "psk",
        "wpa-psk",
    ];
    text.lines().enumerate().find_map(|(index, line)| {
        let code = line
            .split(" #")
            .next()
            .unwrap_or_default()
            .trim_start_matches([' ', '\t', '-']);
        if code.starts_with('#') {
            return None;
        }
        let (key, value) = code.split_once([':', '='])?;
        let key = key.trim().trim_matches('"').to_ascii_lowercase();
        let colon_pair = code.starts_with("ubuntu:") && !value.trim().is_empty();
        (KEYS.contains(&&*key) || colon_pair)
            .then(|| format!("gives a password in line {}", index + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elf(machine: u8) -> Vec<u8> {
        let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
        bytes.resize(18, 0);
        bytes.extend([machine, 0]);
        bytes
    }

    #[test]
    fn programs_for_another_machine_are_named() {
        assert_eq!(foreign_elf(&elf(62)).as_deref(), Some("x86-64"));
        assert_eq!(foreign_elf(&elf(99)).as_deref(), Some("machine 99"));
        assert_eq!(foreign_elf(&elf(183)), None);
        assert_eq!(foreign_elf(b"\x7fELF"), None);
        assert_eq!(foreign_elf(b"#!/bin/sh\n and so on and so on"), None);
    }

    #[test]
    fn keys_are_found_and_talk_about_keys_is_not() {
        let key = format!(
            "x\n-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n",
            "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU".repeat(2)
        );
        assert!(is_private_key(key.as_bytes()));
        assert!(!is_private_key(
            b"it says -----BEGIN PRIVATE KEY-----\n and no more than that"
        ));
        assert!(!is_private_key(
            b"-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n"
        ));
    }

    #[test]
    fn places_of_secrets_and_of_the_build_are_refused() {
        for path in [
            "etc/ssh/ssh_host_rsa_key",
            "etc/xrdp/rsakeys.ini",
            "usr/sbin/policy-rc.d",
            ".native/x",
            "var/lib/apt/lists/x",
            "etc/resolv.conf",
        ] {
            assert!(
                forbidden_path(Path::new(path), &Content::File(1)).is_some(),
                "{path}"
            );
        }
        let link = Content::Symlink("../run/x".into());
        assert!(forbidden_path(Path::new("etc/resolv.conf"), &link).is_none());
        assert!(forbidden_path(Path::new("etc/ssh/sshd_config"), &Content::File(1)).is_none());
    }

    #[test]
    fn passwords_are_refused_wherever_they_stand() {
        let shadow = Path::new("etc/shadow");
        assert_eq!(forbidden_text(shadow, b"root:*:1::\nx:!:1::\n"), None);
        assert_eq!(
            forbidden_text(shadow, b"root:$y$j9T$x:1::\n").as_deref(),
            Some("gives root a password")
        );
        assert_eq!(
            forbidden_text(shadow, b"pi::1::\n").as_deref(),
            Some("gives pi a password")
        );
        assert!(forbidden_text(Path::new("etc/passwd"), b"pi::1000:1000\n").is_some());
        assert!(forbidden_text(Path::new("etc/machine-id"), b"0123456789abcdef\n").is_some());
        assert!(forbidden_text(Path::new("etc/machine-id"), b"").is_none());
    }

    #[test]
    fn what_belongs_to_one_device_is_refused_however_it_is_written() {
        for path in [
            "keeper.toml",
            "KEEPER.TOML",
            "keeper.toml.txt",
            "Keeper.toml.TXT.used",
            "Keeper-Setup.txt",
            "keeper-reset",
        ] {
            assert!(of_one_device(Path::new(path)).is_some(), "{path}");
        }
        for path in ["keeper.toml.example", "overlays/keeper.toml", "README.txt"] {
            assert!(of_one_device(Path::new(path)).is_none(), "{path}");
        }
    }

    #[test]
    fn a_vendors_user_data_is_refused_and_comments_are_not() {
        let vendor = "#cloud-config\nchpasswd:\n  expire: true\n  list:\n  - ubuntu:ubuntu\n";
        assert_eq!(
            boot_secret(vendor).as_deref(),
            Some("gives a password in line 2")
        );
        assert_eq!(
            boot_secret("  - ubuntu:ubuntu\n").as_deref(),
            Some("gives a password in line 1")
        );
        assert_eq!(
            boot_secret("wifis:\n        password: \"x\"\n").as_deref(),
            Some("gives a password in line 2")
        );
        assert_eq!(
            boot_secret("#        password: \"PASSWORD\"\nssh_pwauth: false\n"),
            None
        );
        assert_eq!(boot_secret("arm_64bit=1\n# psk=x\n"), None);
    }
}
