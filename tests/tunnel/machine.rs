//! A machine without hardware: a root, a network and processes of its own, all gone when it is
//! dropped. Its programs are those of one set of tools that all machines share.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use cmd::Cmd;
use image::tools::Tools;

/// How long what takes a moment may take on a busy machine.
const SOON: Duration = Duration::from_secs(90);

/// In a machine's room: what its sshd logs.
pub const LOG: &str = "sshd.log";

/// Mounts what is its own over what is everybody's. `$0` is its room.
const OWN: &str = r#"
mount --bind "$0/etc" /etc
for dir in /root /run /home /mnt /var; do mount -t tmpfs -o mode=0755 tmpfs $dir; done
mkdir -p /var/lib /var/tmp /run/sshd
chmod 1777 /var/tmp; chmod 700 /root
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts /dev/pts
mount --bind /dev/pts/ptmx /dev/ptmx
echo "$1" >/proc/sys/kernel/hostname
ip link set lo up
touch "$0/up"
# The first process is who buries the others: a shell that waits does.
sleep infinity &
wait
"#;

/// A machine that is up.
pub struct Machine<'a> {
    tools: &'a Tools,
    child: Child,
    /// The number of its first process, in our own namespace.
    init: u32,
    /// Visible to it at the same path.
    pub room: PathBuf,
}

impl Drop for Machine<'_> {
    fn drop(&mut self) {
        let log = fs_err::read_to_string(self.room.join(LOG));
        if let (true, Ok(log)) = (std::thread::panicking(), log) {
            eprintln!("    what sshd of {:?} has logged:\n{log}", self.room);
        }
        // Its first process takes all others along; it fails only for a machine that is down.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl<'a> Machine<'a> {
    /// Starts one whose accounts are these. `room` is an empty directory below /tmp.
    pub fn start(tools: &'a Tools, room: &Path, passwd: &str, group: &str) -> Self {
        let etc = room.join("etc");
        Cmd::new("cp")
            .arg("-a")
            .args([&tools.file("etc"), &etc])
            .run()
            .unwrap();
        fs_err::write(etc.join("passwd"), passwd).unwrap();
        fs_err::write(etc.join("group"), group).unwrap();
        let shadow: String = passwd
            .lines()
            .filter_map(|line| line.split(':').next())
            .map(|name| format!("{name}:*:20000::::::\n"))
            .collect();
        fs_err::write(etc.join("shadow"), shadow).unwrap();
        let start = tools.cmd("/usr/bin/unshare").args([
            "--net",
            "--mount",
            "--uts",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "--propagation=unchanged",
            "sh",
            "-euc",
            OWN,
        ]);
        let name = room.file_name().unwrap();
        let mut command = start.arg(room).arg(name).command();
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        wait("a machine is up", || room.join("up").exists());
        let children = format!("/proc/{0}/task/{0}/children", child.id());
        let init = fs_err::read_to_string(children).unwrap();
        Self {
            tools,
            init: init.trim().parse().unwrap(),
            child,
            room: room.to_owned(),
        }
    }

    /// A shell script in it, as root.
    pub fn cmd(&self, script: &str) -> Cmd {
        self.tools
            .cmd("/usr/bin/nsenter")
            .arg(format!("--target={}", self.init))
            .args(["--net", "--mount", "--uts", "--pid", "--root", "--wd"])
            .args(["sh", "-euc", script])
    }

    /// What the script says; it must end well.
    #[track_caller]
    pub fn sh(&self, script: &str) -> String {
        let said = self.cmd(script).read();
        said.unwrap_or_else(|error| panic!("{error}"))
    }

    /// How it ended, and all that it said.
    pub fn attempt(&self, script: &str) -> (i32, String) {
        let script = format!("exec 2>&1\n{script}");
        let output = self.cmd(&script).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code().unwrap_or(-1), said)
    }

    /// What its sshd has logged.
    #[track_caller]
    pub fn logged(&self) -> String {
        fs_err::read_to_string(self.room.join(LOG)).unwrap()
    }

    /// A cable to another machine: the name and the address of both ends.
    pub fn cable(
        &self,
        (near, address): (&str, &str),
        other: &Machine,
        (far, far_address): (&str, &str),
    ) {
        // Made outside, where both are numbers that we know.
        let script = format!(
            "ip link add {near} type veth peer name {far} netns /proc/{}/ns/net",
            other.init
        );
        self.outside(&script);
        self.sh(&format!(
            "ip address add {address} dev {near}; ip link set {near} up"
        ));
        other.sh(&format!(
            "ip address add {far_address} dev {far}; ip link set {far} up"
        ));
    }

    fn outside(&self, script: &str) {
        let enter = self.tools.cmd("/usr/bin/nsenter");
        let enter = enter.arg(format!("--net=/proc/{}/ns/net", self.init));
        enter.args(["sh", "-euc", script]).run().unwrap();
    }
}

/// Waits until it is so.
#[track_caller]
pub fn wait(what: &str, is_so: impl FnMut() -> bool) {
    wait_for(what, SOON, is_so);
}

/// Waits until it is so; how long that took.
#[track_caller]
pub fn wait_for(what: &str, limit: Duration, mut is_so: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < limit, "not within {limit:?}: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
    start.elapsed()
}
