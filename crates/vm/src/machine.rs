//! A machine as plain data, and the QEMU command line that it is. Nothing here is started, read or
//! written.

use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::str::FromStr;

use anyhow::{Context, Result};
use camino::{Utf8Path, Utf8PathBuf};

use crate::disk::{Disk, Image};

/// The program.
pub(crate) const QEMU: &str = "qemu-system-aarch64";
/// What the guest's check finds its port by: /dev/virtio-ports/org.colab-keeper.check.
const CHECK_PORT: &str = "org.colab-keeper.check";
/// A Unix socket's path has no room for more bytes.
const LONGEST_SOCKET: usize = 107;

/// Who executes the guest's instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accel {
    /// QEMU itself: works everywhere.
    #[default]
    Tcg,
    /// The processor, which must be an arm64 one with a working /dev/kvm.
    Kvm,
}

impl FromStr for Accel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "tcg" => Ok(Self::Tcg),
            "kvm" => Ok(Self::Kvm),
            _ => Err(format!(
                "there is no accelerator {text:?}; there are tcg and kvm"
            )),
        }
    }
}

/// Where the serial console goes. The log has it in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Console {
    /// Into the log only.
    Log,
    /// To our stdin and stdout too; Ctrl-A X ends QEMU.
    Stdio,
}

/// A TCP port of the loopback interface that leads into the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forward {
    /// Ours.
    pub host: u16,
    /// The guest's.
    pub guest: u16,
}

/// The ports by which a machine is reached from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Leads to the guest's sshd.
    pub ssh: u16,
    /// Leads to the guest's remote desktop.
    pub rdp: u16,
}

impl Ports {
    /// Those that are given, free ones for the others.
    ///
    /// # Errors
    /// No port is free.
    pub fn choose(ssh: Option<u16>, rdp: Option<u16>) -> Result<Self> {
        // Both are held until both are known, so that they differ.
        let listen = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("finding a free port");
        let (first, second) = (listen()?, listen()?);
        Ok(Self {
            ssh: ssh.map_or_else(|| Ok(first.local_addr()?.port()), anyhow::Ok)?,
            rdp: rdp.map_or_else(|| Ok(second.local_addr()?.port()), anyhow::Ok)?,
        })
    }
}

/// One machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Who executes its instructions.
    pub accel: Accel,
    /// How many processors it has.
    pub cpus: u32,
    /// Its memory in MiB.
    pub memory_mib: u32,
    /// The kernel that QEMU starts.
    pub kernel: Utf8PathBuf,
    /// The initrd that QEMU hands to it.
    pub initrd: Utf8PathBuf,
    /// The kernel's command line.
    pub append: String,
    /// The card. It is written.
    pub disk: Disk,
    /// Whether a flush by the guest reaches the disk's file before the guest goes on: slower, and
    /// what makes a power cut honest.
    pub flushes: bool,
    /// Whether a monitor and a keyboard are attached to it.
    pub monitor: bool,
    /// Ports that lead into it.
    pub forwards: Vec<Forward>,
    /// Where its serial console goes.
    pub console: Console,
    /// The file that keeps what the console said.
    pub console_log: Utf8PathBuf,
    /// The directory of its sockets.
    pub sockets: Utf8PathBuf,
    /// Whether a reboot starts it again; otherwise it ends QEMU.
    pub reboots: bool,
    /// What `Running::save` saved, to go on from there instead of booting.
    pub resume: Option<Utf8PathBuf>,
}

impl Machine {
    /// A machine for `image` with a card in `run_dir`; the card itself is made elsewhere.
    pub fn new(
        image: &Image,
        card: Disk,
        run_dir: &Utf8Path,
        console_log: &Utf8Path,
        ports: Ports,
    ) -> Self {
        Self {
            accel: Accel::default(),
            cpus: 2,
            memory_mib: 2048,
            kernel: image.kernel.clone(),
            initrd: image.initrd.clone(),
            append: image.append.clone(),
            disk: card,
            flushes: false,
            monitor: false,
            forwards: vec![
                Forward {
                    host: ports.ssh,
                    guest: 22,
                },
                Forward {
                    host: ports.rdp,
                    guest: 3389,
                },
            ],
            console: Console::Log,
            console_log: console_log.to_owned(),
            sockets: run_dir.to_owned(),
            reboots: true,
            resume: None,
        }
    }

    /// QEMU's arguments.
    pub fn args(&self) -> Vec<String> {
        let mut args: Vec<String> = Vec::new();
        let mut add = |option: &str, value: String| args.extend([option.to_owned(), value]);
        let (machine, cpu, accel) = match self.accel {
            Accel::Tcg => ("virt", "cortex-a72", "tcg,thread=multi"),
            Accel::Kvm => ("virt,gic-version=host", "host", "kvm"),
        };
        add("-M", machine.into());
        add("-cpu", cpu.into());
        add("-accel", accel.into());
        add("-smp", self.cpus.to_string());
        add("-m", self.memory_mib.to_string());
        add("-display", "none".into());
        add("-kernel", self.kernel.to_string());
        add("-initrd", self.initrd.to_string());
        add("-append", self.append.clone());
        add("-drive", self.drive());
        add("-device", "virtio-blk-pci,drive=card".into());
        add("-netdev", self.network());
        // No boot from the network, so none of its ROM.
        add("-device", "virtio-net-pci,netdev=net,romfile=".into());
        add("-device", "virtio-rng-pci".into());
        if self.monitor {
            add("-device", "virtio-gpu-pci".into());
            add("-device", "virtio-keyboard-pci".into());
        }
        let check = comma_escaped(&self.check_socket());
        add(
            "-chardev",
            format!("socket,id=check,path={check},server=on,wait=off"),
        );
        add("-device", "virtio-serial-pci".into());
        add(
            "-device",
            format!("virtserialport,chardev=check,name={CHECK_PORT}"),
        );
        let log = comma_escaped(&self.console_log);
        match self.console {
            Console::Log => add("-chardev", format!("file,id=console,path={log}")),
            Console::Stdio => {
                add(
                    "-chardev",
                    format!("stdio,id=console,mux=on,signal=off,logfile={log}"),
                );
                add("-mon", "chardev=console,mode=readline".into());
            }
        }
        add("-serial", "chardev:console".into());
        let qmp = comma_escaped(&self.qmp_socket());
        add("-qmp", format!("unix:{qmp},server=on,wait=off"));
        if let Some(state) = &self.resume {
            add("-incoming", format!("file:{state}"));
        }
        args.extend(["-nodefaults".into(), "-no-user-config".into()]);
        if !self.reboots {
            args.push("-no-reboot".into());
        }
        args
    }

    /// Where the guest's check speaks.
    pub(crate) fn check_socket(&self) -> Utf8PathBuf {
        self.sockets.join("check.sock")
    }

    /// Where QEMU takes commands.
    pub(crate) fn qmp_socket(&self) -> Utf8PathBuf {
        self.sockets.join("qmp.sock")
    }

    /// Whether the paths of the sockets are longer than the system allows.
    pub(crate) fn sockets_too_long(&self) -> bool {
        self.check_socket().as_str().len() > LONGEST_SOCKET
    }

    fn drive(&self) -> String {
        let (file, format) = (comma_escaped(&self.disk.path), self.disk.format.name());
        let cache = if self.flushes { "writeback" } else { "unsafe" };
        format!("if=none,id=card,format={format},file={file},cache={cache},discard=unmap")
    }

    fn network(&self) -> String {
        let mut network = "user,id=net".to_owned();
        for forward in &self.forwards {
            network += &format!(",hostfwd=tcp:127.0.0.1:{}-:{}", forward.host, forward.guest);
        }
        network
    }
}

/// The command line as one could type it.
impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", cmd::Cmd::new(QEMU).args(self.args()))
    }
}

/// A path inside one of QEMU's options, where a comma would end it.
pub(crate) fn comma_escaped(path: &Utf8Path) -> String {
    path.as_str().replace(',', ",,")
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
