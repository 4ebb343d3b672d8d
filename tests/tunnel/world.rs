//! The device, the router before it, a Colab machine and a laptop, each with a network of its own.

use std::path::Path;

use e2e::repository;
use image::progress::Progress;
use image::tools::{ToolSet, Tools};
use tempfile::TempDir;

use crate::machine::{LOG, Machine, wait};

/// What all machines have: a real sshd, a real IPython kernel.
const TUNNEL: ToolSet = ToolSet {
    name: "tunnel",
    packages: &[
        "bash",
        "coreutils",
        "dash",
        "findutils",
        "grep",
        "iproute2",
        "libc-bin",
        "login",
        "mawk",
        "ncurses-base",
        "nftables",
        "openssh-client",
        "openssh-server",
        "openssh-sftp-server",
        "passwd",
        "procps",
        "python3",
        "python3-ipykernel",
        "python3-nbclient",
        "rsync",
        "sed",
        "socat",
        "sudo",
        "systemd",
        "tmux",
        "util-linux",
    ],
};

/// The router's address on the internet.
pub const PUBLIC: &str = "203.0.113.7";
/// The device's on the local network.
const DEVICE: &str = "192.168.1.50";

const PASSWD: &str = "root:x:0:0::/root:/bin/bash\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n\
    keeperd:x:997:997::/:/usr/sbin/nologin\nkeeper:x:998:998::/home/keeper:/bin/bash\n\
    colab-tunnel:x:999:999::/nonexistent:/usr/sbin/nologin\n\
    keeper-shell:x:996:996::/var/lib/keeper-shell:/usr/sbin/nologin\n\
    hanako:x:1000:1000::/home/hanako:/bin/bash\ntanaka:x:1001:1001::/home/tanaka:/bin/bash\n\
    nobody:x:65534:65534::/:/usr/sbin/nologin\n";
const GROUP: &str = "root:x:0:\ntty:x:5:\nkeeper-people:x:990:hanako\nkeeper:x:998:\ncolab-tunnel:x:999:\n\
    keeper-shell:x:996:\nhanako:x:1000:\ntanaka:x:1001:\nnogroup:x:65534:\n";
const PLAIN_PASSWD: &str = "root:x:0:0::/root:/bin/bash\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n\
    nobody:x:65534:65534::/:/usr/sbin/nologin\n";
const PLAIN_GROUP: &str = "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n";

const TOML: &str =
    "[tunnel]\nenabled = true\npaid_plan_confirmed = true\naddress = \"203.0.113.7\"\n";

/// The tools, and room for the machines.
pub struct Ground {
    pub tools: Tools,
    dir: TempDir,
}

impl Ground {
    pub fn new() -> Self {
        let tools = e2e::tool_set(TUNNEL, &Progress::new(true));
        for dir in [
            "root",
            "run",
            "home",
            "mnt",
            "var",
            "usr/libexec/keeper",
            "usr/lib/keeper",
            "usr/local/bin",
        ] {
            fs_err::create_dir_all(tools.file(dir)).unwrap();
        }
        let dir = tempfile::tempdir().unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs_err::set_permissions(dir.path(), open).unwrap();
        Self { tools, dir }
    }

    fn room(&self, name: &str) -> std::path::PathBuf {
        let room = self.dir.path().join(name);
        fs_err::create_dir(&room).unwrap();
        room
    }

    /// Another machine on the internet, behind the router's link of this number.
    pub fn machine<'a>(&'a self, name: &str, router: &Machine<'a>, number: u8) -> Machine<'a> {
        let machine = Machine::start(&self.tools, &self.room(name), PLAIN_PASSWD, PLAIN_GROUP);
        machine.cable(
            ("eth0", &format!("198.51.{number}.2/24")),
            router,
            (&format!("wan{number}"), &format!("198.51.{number}.1/24")),
        );
        machine.sh(&format!("ip route add default via 198.51.{number}.1"));
        machine
    }

    /// A router that leads the public port to the device, and the device, with its sshd.
    pub fn home(&self) -> (Machine<'_>, Machine<'_>) {
        let router = Machine::start(&self.tools, &self.room("router"), PLAIN_PASSWD, PLAIN_GROUP);
        let device = Machine::start(&self.tools, &self.room("device"), PASSWD, GROUP);
        device.cable(
            ("eth0", &format!("{DEVICE}/24")),
            &router,
            ("lan", "192.168.1.1/24"),
        );
        device.sh("ip route add default via 192.168.1.1");
        router.sh(&format!(
            "ip address add {PUBLIC}/32 dev lo
             echo 1 >/proc/sys/net/ipv4/ip_forward
             nft -f - <<'END'
table ip nat {{
	chain in {{
		type nat hook prerouting priority -100
		ip daddr {PUBLIC} tcp dport 10022 dnat to {DEVICE}:22
	}}
}}
table ip cut {{
	set machines {{ type ipv4_addr; }}
	chain forward {{
		type filter hook forward priority 0
		ip saddr @machines drop
		ip daddr @machines drop
	}}
}}
END"
        ));
        install(&device);
        (router, device)
    }
}

/// What the image has, as far as the tunnel is concerned.
fn install(device: &Machine) {
    let overlay = repository().join("overlay");
    let lay = |from: &Path, to: &str| {
        // The device does not see the repository.
        let name = device.room.join("laid");
        fs_err::copy(from, &name).unwrap();
        device.sh(&format!(
            "mkdir -p $(dirname {to}); cp {} {to}",
            name.display()
        ));
    };
    let tunnel = overlay.join("tunnel/root");
    for path in [
        "usr/libexec/keeper/shell",
        "usr/lib/keeper/shell.tmux",
        "etc/sudoers.d/keeper-shell",
    ] {
        let to = match path.strip_prefix("usr/") {
            Some(rest) => format!("/mnt/usr/{rest}"),
            None => format!("/{path}"),
        };
        lay(&tunnel.join(path), &to);
    }
    // There is no systemd: whoever asks it learns that nothing runs.
    let nothing = device.room.join("systemctl");
    fs_err::write(&nothing, "#!/bin/sh\necho inactive\nexit 3\n").unwrap();
    lay(&nothing, "/mnt/usr/local/bin/systemctl");
    for (setting, to) in [
        ("E2E_KEEPER_APPLY", "/mnt/usr/libexec/keeper/keeper-apply"),
        ("E2E_KEEPER_TUNNEL", "/mnt/usr/libexec/keeper/keeper-tunnel"),
        ("E2E_KEEPER", "/mnt/usr/local/bin/keeper"),
        ("E2E_KEEPERD", "/mnt/usr/local/bin/keeperd"),
    ] {
        lay(&e2e::setting(setting), to);
    }
    // sudo asks nobody: whom it lets through is its own file's to say.
    let pam = ["auth", "account", "session", "password"];
    let pam = pam.map(|kind| format!("{kind} required pam_permit.so\n"));
    for name in ["sudo", "other"] {
        fs_err::write(device.room.join("etc/pam.d").join(name), pam.concat()).unwrap();
    }
    fs_err::write(
        device.room.join("etc/hosts"),
        "127.0.0.1 localhost device\n",
    )
    .unwrap();
    fs_err::create_dir_all(device.room.join("etc/keeper")).unwrap();
    fs_err::write(device.room.join("etc/keeper/keeper.toml"), TOML).unwrap();
    let log = device.room.join(LOG);
    device.sh(&format!(
        "chmod 440 /etc/sudoers.d/keeper-shell
         chmod 755 /mnt/usr/libexec/keeper/* /mnt/usr/local/bin/*
         # /usr is everybody's: what is the device's own is laid over it.
         mount --bind /mnt/usr/libexec/keeper /usr/libexec/keeper
         mount --bind /mnt/usr/lib/keeper /usr/lib/keeper
         mount --bind /mnt/usr/local/bin /usr/local/bin
         install -d -m 700 -o keeper-shell -g keeper-shell /var/lib/keeper-shell /run/keeper-shell
         install -d -o hanako -g hanako /home/hanako
         ssh-keygen -q -t ed25519 -N '' -C '' -f /etc/ssh/ssh_host_ed25519_key
         # From 9.8 on sshd holds off who has failed several times. Whoever is refused here has done so for the test.
         echo 'PerSourcePenalties no' >/etc/ssh/sshd_config
         /usr/sbin/sshd -t -h /etc/ssh/ssh_host_ed25519_key || : >/etc/ssh/sshd_config
         echo 'Include /etc/keeper/applied/sshd.conf' >>/etc/ssh/sshd_config
         # It has an owner.
         install -d /var/lib/keeper-apply && touch /var/lib/keeper-apply/set-up
         /usr/libexec/keeper/keeper-apply apply --boot
         nft -f /etc/keeper/applied/firewall.nft
         /usr/sbin/sshd -E {}",
        log.display()
    ));
    wait("sshd listens", || {
        device.attempt("socat -u /dev/null TCP4:127.0.0.1:22").0 == 0
    });
}

/// Enrols a machine on the device; what its person pastes.
pub fn enrol(device: &Machine, options: &str) -> String {
    let said = device.sh(&format!("keeper tunnel enrol {options}"));
    said.trim().to_owned()
}

/// As a person of the device.
pub fn hanako(device: &Machine, script: &str) -> (i32, String) {
    let file = device.room.join("script");
    fs_err::write(&file, script).unwrap();
    device.attempt(&format!(
        "exec setpriv --reuid=hanako --regid=hanako --init-groups env USER=hanako sh {}",
        file.display()
    ))
}

/// A command in the Colab machine, by a person of the device.
pub fn shell(device: &Machine, command: &str) -> (i32, String) {
    hanako(device, &format!("exec keeper shell --run '{command}'"))
}

/// Hanako's laptop, set up as `keeper ssh-config` says.
pub fn laptop<'a>(ground: &'a Ground, router: &Machine<'a>, device: &Machine<'a>) -> Machine<'a> {
    let laptop = ground.machine("laptop", router, 9);
    laptop.sh("mkdir -m 700 /root/.ssh; ssh-keygen -q -t ed25519 -N '' -C hanako -f /root/.ssh/id_ed25519");
    let key = laptop.sh("cat /root/.ssh/id_ed25519.pub");
    let toml = format!("{TOML}[ssh]\nauthorized_keys = [{:?}]\n", key.trim());
    fs_err::write(device.room.join("etc/keeper/keeper.toml"), toml).unwrap();
    device.sh("keeper apply");
    let (code, config) = hanako(device, "keeper ssh-config");
    assert_eq!(code, 0, "{config}");
    fs_err::write(laptop.room.join("config"), config).unwrap();
    let device_key = device.sh("cat /etc/ssh/ssh_host_ed25519_key.pub");
    fs_err::write(
        laptop.room.join("known"),
        format!("[{PUBLIC}]:10022 {device_key}"),
    )
    .unwrap();
    let room = laptop.room.display();
    laptop.sh(&format!(
        "cp {room}/config {room}/known /root/.ssh/; cd /root/.ssh; mv known known_hosts"
    ));
    laptop
}
