//! sshd reads what keeper-apply writes: all of it, as the file that it is, and for each account what
//! is meant for it.

use std::path::{Path, PathBuf};

use e2e::harness::trial_in_sandbox;
use image::progress::Progress;
use image::sandbox;
use image::tools::{self, Tools};
use keeper_apply::{Facts, render};
use libtest_mimic::Trial;
use tempfile::TempDir;

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox("sshd_takes_every_rendered_file", every_file),
        trial_in_sandbox("sshd_gives_each_account_what_is_meant_for_it", each_account),
        trial_in_sandbox("what_includes_the_file_is_under_no_condition", included),
        trial_in_sandbox("fail2ban_takes_its_jail", fail2ban),
    ]
}

const OFF: &str = "";
const ON: &str = "tunnel = { enabled = true, paid_plan_confirmed = true, entrance = 2022 }\n\
                  ssh.password_login = true";

/// A device with sshd, its accounts and a host key.
pub struct Device {
    pub tools: Tools,
    /// The same for the tools as for us.
    pub dir: TempDir,
}

impl Device {
    pub fn new() -> Self {
        let tools = e2e::tool_set(tools::DEVICE, &Progress::new(true));
        let dir = tempfile::tempdir().unwrap();
        let etc = dir.path().join("etc");
        fs_err::create_dir(&etc).unwrap();
        fs_err::write(etc.join("passwd"), PASSWD).unwrap();
        fs_err::write(etc.join("group"), GROUP).unwrap();
        // The tools are of several tests; what stands in their /etc is this one's alone.
        for name in ["passwd", "group"] {
            let there = tools.file(&format!("etc/{name}"));
            if !there.exists() {
                fs_err::write(&there, "").unwrap();
            }
            sandbox::bind(&etc.join(name), &there).unwrap();
        }
        fs_err::create_dir_all(tools.file("run")).unwrap();
        sandbox::tmpfs(&tools.file("run"), 16 << 20).unwrap();
        fs_err::create_dir(tools.file("run/sshd")).unwrap();
        Self { tools, dir }
    }

    /// What `keeper.toml` becomes on it.
    pub fn rendered(&self, toml: &str, post_quantum: bool) -> PathBuf {
        let facts = Facts {
            post_quantum,
            ..Facts::parse(PASSWD, GROUP)
        };
        let dir = self.dir.path().join("generation");
        fs_err::create_dir_all(&dir).unwrap();
        for (name, text) in render(&config::parse(toml).unwrap(), &facts) {
            fs_err::write(dir.join(name), text).unwrap();
        }
        dir
    }

    fn host_key(&self) -> PathBuf {
        let key = self.dir.path().join("key");
        if !key.exists() {
            let make = self.tools.cmd("/usr/bin/ssh-keygen");
            let make = make.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key);
            make.run().unwrap();
        }
        key
    }

    /// sshd's own reading of a file for one account; `-T` says it in lower case.
    fn settings(&self, file: &Path, user: &str) -> Vec<String> {
        let sshd = self.tools.cmd("/usr/sbin/sshd").arg("-T");
        let sshd = sshd
            .arg("-C")
            .arg(format!("user={user},host=h,addr=192.0.2.1"));
        let sshd = sshd.arg("-h").arg(self.host_key()).arg("-f").arg(file);
        let said = sshd.read().unwrap();
        said.lines().map(|line| line.trim().to_owned()).collect()
    }
}

const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n\
    xrdp:x:110:110::/:/usr/sbin/nologin\nkeeperd:x:997:997::/:/usr/sbin/nologin\n\
    keeper:x:998:998::/home/keeper:/bin/bash\ncolab-tunnel:x:999:999::/nonexistent:/usr/sbin/nologin\n\
    taro:x:1000:1000::/home/taro:/bin/bash\nowner:x:1001:1001::/home/owner:/bin/bash\n\
    nobody:x:65534:65534::/:/usr/sbin/nologin\n";
const GROUP: &str = "root:x:0:\nkeeper-people:x:990:taro\nkeeper:x:998:\ncolab-tunnel:x:999:\n\
    taro:x:1000:\nowner:x:1001:\nnogroup:x:65534:\n";

#[track_caller]
fn has(settings: &[String], line: &str) {
    let name = line.split(' ').next().unwrap();
    let of_name: Vec<&String> = settings
        .iter()
        .filter(|one| one.starts_with(&format!("{name} ")))
        .collect();
    assert!(
        settings.iter().any(|one| one == line),
        "{line}: {of_name:?}"
    );
}

fn every_file() {
    let device = Device::new();
    for (toml, post_quantum) in [(OFF, false), (OFF, true), (ON, false), (ON, true)] {
        let file = device.rendered(toml, post_quantum).join("sshd.conf");
        let check = device.tools.cmd("/usr/sbin/sshd").arg("-t");
        // The image's own key is made at its first boot; keeper-apply gives a key like this then.
        let check = check.arg("-h").arg(device.host_key()).arg("-f").arg(file);
        check.run().unwrap();
    }
    // A file that sshd does not take is one that this test would not pass.
    let file = device.rendered(OFF, false).join("sshd.conf");
    fs_err::write(&file, "NoSuchKeyword yes\n").unwrap();
    let check = device.tools.cmd("/usr/sbin/sshd").arg("-t");
    let check = check.arg("-h").arg(device.host_key()).arg("-f").arg(file);
    assert!(check.run().is_err());
}

fn each_account() {
    let device = Device::new();
    let file = device.rendered(ON, false).join("sshd.conf");
    let owner = device.settings(&file, "owner");
    for line in [
        "passwordauthentication no",
        "kbdinteractiveauthentication no",
        "permitrootlogin no",
        "allowtcpforwarding no",
        "allowstreamlocalforwarding no",
        "allowagentforwarding no",
        "x11forwarding no",
        "permittunnel no",
        "loglevel VERBOSE",
        "hostkey /etc/ssh/ssh_host_ed25519_key",
        "denyusers keeper",
        "denyusers keeperd",
        "denyusers keeper-shell",
    ] {
        has(&owner, line);
    }
    assert!(!owner.contains(&"denyusers colab-tunnel".to_owned()));
    let exchanges = owner.iter().find(|line| line.starts_with("kexalgorithms "));
    let exchanges = exchanges.unwrap();
    assert!(exchanges.contains("curve25519-sha256"), "{exchanges}");
    for weak in ["nistp", "group14", "group-exchange", "sha1"] {
        assert!(!exchanges.contains(weak), "{exchanges}");
    }

    let tunnel = device.settings(&file, "colab-tunnel");
    for line in [
        "passwordauthentication no",
        "authenticationmethods publickey",
        "authorizedkeysfile /etc/keeper/applied/tunnel.keys",
        "allowtcpforwarding remote",
        "allowstreamlocalforwarding no",
        "permitlisten localhost:2022",
        "permitopen none",
        "permittty no",
        "maxsessions 0",
        "forcecommand /bin/false",
        "clientaliveinterval 10",
        "clientalivecountmax 3",
    ] {
        has(&tunnel, line);
    }

    let taro = device.settings(&file, "taro");
    for line in [
        "passwordauthentication yes",
        "authorizedkeysfile .ssh/authorized_keys /etc/keeper/applied/people.keys",
        "allowtcpforwarding local",
        "permitlisten none",
    ] {
        has(&taro, line);
    }

    let file = device.rendered(OFF, true).join("sshd.conf");
    let owner = device.settings(&file, "owner");
    has(&owner, "denyusers colab-tunnel");
    let exchanges = owner.iter().find(|line| line.starts_with("kexalgorithms "));
    let exchanges = exchanges.unwrap().split_once(' ').unwrap().1;
    for exchange in exchanges.split(',') {
        let post_quantum = exchange.starts_with("sntrup761") || exchange.starts_with("mlkem768");
        assert!(post_quantum, "{exchange}");
    }
    has(
        &device.settings(&file, "colab-tunnel"),
        "allowtcpforwarding no",
    );
    has(&device.settings(&file, "taro"), "passwordauthentication no");
}

fn included() {
    let device = Device::new();
    let file = device.rendered(ON, false).join("sshd.conf");
    let main = device.dir.path().join("sshd_config");
    // The last two stand where a vendor's file would; ours were first.
    let text = format!(
        "Include {}\nPermitRootLogin yes\nPasswordAuthentication yes\nBanner /etc/issue\n",
        file.display()
    );
    fs_err::write(&main, text).unwrap();
    for user in ["owner", "taro", "colab-tunnel"] {
        let settings = device.settings(&main, user);
        has(&settings, "banner /etc/issue");
        has(&settings, "permitrootlogin no");
    }
    has(
        &device.settings(&main, "owner"),
        "passwordauthentication no",
    );
}

fn fail2ban() {
    let device = Device::new();
    let jails = device.tools.file("etc/fail2ban/jail.d");
    let file = device.rendered(OFF, false).join("fail2ban.conf");
    let there = jails.join("keeper.conf");
    fs_err::write(&there, "").unwrap();
    sandbox::bind(&file, &there).unwrap();
    let dump = device.tools.cmd("/usr/bin/fail2ban-client").arg("-d");
    let dump = dump.read().unwrap();
    for part in [
        "['add', 'sshd', 'systemd']",
        "['set', 'sshd', 'maxretry', 5]",
        "'nftables-multiport'",
    ] {
        assert!(dump.contains(part), "{part}:\n{dump}");
    }
}
