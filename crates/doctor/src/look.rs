//! Looks at everything that [`crate::judge()`] judges, near to far. What hangs is given up on after
//! some seconds; what comes before decides what is worth looking at.

mod door;
mod reach;
mod records;

pub use records::last_update;

use crate::seen::{Door, Entrance, Gpu, Lookup, Reach, Route, Seen, Wants};
use camino::Utf8PathBuf;
use cmd::Cmd;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::thread;

/// What the Colab machine is asked for its GPU.
const NVIDIA_SMI: &str = "nvidia-smi --query-gpu=name,memory.total --format=csv,noheader";
/// How long `keeper shell` may take for it, in seconds.
const GPU_SECONDS: &str = "30";

/// Where to look.
#[derive(Debug, Clone)]
pub struct Ways {
    /// The root file system.
    pub root: Utf8PathBuf,
    /// A web address that answers with the address it is asked from.
    pub echo: String,
    /// sshd's port on this device.
    pub sshd: u16,
    /// The command line of the device, for its `shell`.
    pub keeper: Utf8PathBuf,
}

impl Ways {
    fn file(&self, path: &str) -> Utf8PathBuf {
        self.root.join(path)
    }
}

/// Looks. It takes some seconds, and up to a minute and a half where much is silent.
pub fn look(wants: &Wants, ways: &Ways) -> Seen {
    let mut seen = Seen {
        adapters: near::adapters(&ways.file("sys/class/net")),
        route: route(ways),
        ..Seen::default()
    };
    // Near and far do not wait for each other.
    thread::scope(|scope| {
        let tunnel = scope.spawn(|| Tunnel::look(wants, ways));
        if seen.route.interface.is_some() {
            look_far(wants, ways, &mut seen);
        }
        if let Ok(tunnel) = tunnel.join() {
            seen.sshd = Some(tunnel.sshd);
            seen.enrolments = tunnel.enrolments;
            seen.entrance = tunnel.entrance;
            seen.vm = tunnel.vm;
            seen.gpu = tunnel.gpu;
        }
    });
    seen
}

fn route(ways: &Ways) -> Route {
    let Some(way) = near::default_v4(&ways.file("proc/net/route")) else {
        return Route::default();
    };
    let own = near::own_address((near::AFAR_V4, 9).into());
    Route {
        interface: Some(way.interface),
        address: own.and_then(|own| match own {
            IpAddr::V4(own) => Some(own),
            IpAddr::V6(_) => None,
        }),
        gateway: way.gateway,
    }
}

fn look_far(wants: &Wants, ways: &Ways, seen: &mut Seen) {
    let (host, port) = &wants.server;
    let lookup = reach::lookup(host, *port);
    if let Lookup::Found(addresses) = &lookup {
        let addresses = addresses.iter().map(|address| (*address, *port).into());
        seen.internet = Some(reach::connect(addresses));
    }
    seen.lookup = Some(lookup);
    let router = keeper_router::Ways::default();
    seen.router = seen
        .route
        .gateway
        .map(|gateway| keeper_router::outside_address(gateway, &router));
    if seen.internet == Some(Reach::Connected) {
        seen.outside = Some(reach::echo(&ways.echo));
    }
    if wants.ddns {
        let cache = ways.file("var/lib/keeper-ddns/ddclient.cache");
        seen.update = Some(records::update(&cache));
    }
    if wants.map {
        seen.mapping = Some(records::mapping(&ways.file("run/keeper-router/status")));
    }
    let Some(name) = &wants.public_name else {
        return;
    };
    let found = reach::lookup(name, wants.public_port);
    if let Lookup::Found(addresses) = &found {
        let v4 = addresses.iter().find(|address| address.is_ipv4());
        let address = *v4.unwrap_or(&addresses[0]);
        let keys = records::host_key(&ways.file("etc/ssh/ssh_host_ed25519_key.pub"));
        seen.port = Some(door::look((address, wants.public_port).into(), &keys));
    }
    seen.name = Some(found);
}

struct Tunnel {
    sshd: Door,
    enrolments: Option<Result<Vec<crate::Enrolment>, String>>,
    entrance: Option<Entrance>,
    vm: Option<Door>,
    gpu: Option<Gpu>,
}

impl Tunnel {
    fn look(wants: &Wants, ways: &Ways) -> Self {
        let keys = records::host_key(&ways.file("etc/ssh/ssh_host_ed25519_key.pub"));
        let mut tunnel = Self {
            sshd: door::look(local(ways.sshd), &keys),
            enrolments: None,
            entrance: None,
            vm: None,
            gpu: None,
        };
        if !wants.tunnel {
            return tunnel;
        }
        let applied = ways.file("etc/keeper/applied");
        tunnel.enrolments = Some(records::enrolments(&ways.file(tunnel::RECORD)));
        let table = records::read(&ways.file("proc/net/tcp"));
        let account = tunnel::account(&records::read(&ways.file("etc/passwd")), tunnel::DIALS_AS);
        let entrance = match tunnel::listener(&table, wants.entrance) {
            None => Entrance::Nobody,
            Some(one) if account == Some(one.uid) => Entrance::Tunnel,
            Some(one) => Entrance::Other(one.uid),
        };
        tunnel.entrance = Some(entrance);
        if entrance == Entrance::Tunnel {
            let keys = records::known_hosts(&applied.join("vm_known_hosts"));
            let door = match door::look(local(wants.entrance), &keys) {
                // Somebody listens, so it is the firewall that refuses.
                Door::Closed(Reach::Refused) => Door::NotAllowed,
                door => door,
            };
            tunnel.gpu = (door == Door::Expected).then(|| gpu(ways));
            tunnel.vm = Some(door);
        }
        tunnel
    }
}

fn local(port: u16) -> SocketAddr {
    (IpAddr::V4(Ipv4Addr::LOCALHOST), port).into()
}

fn gpu(ways: &Ways) -> Gpu {
    let shell = Cmd::new("timeout").args([GPU_SECONDS, ways.keeper.as_str()]);
    match shell.args(["shell", "--run", NVIDIA_SMI]).output() {
        Err(error) => Gpu::Unknown(error.to_string()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            let line = said.lines().next().unwrap_or_default().trim();
            match output.status.code() {
                Some(0) if !line.is_empty() => Gpu::Is(reach::cut(line)),
                // A shell's word for a program that is not there, and nvidia-smi's for no device.
                Some(127 | 6 | 9) => Gpu::None,
                Some(124) => Gpu::Unknown(format!("no answer within {GPU_SECONDS} s")),
                _ => Gpu::Unknown(format!("`keeper shell`: {}", output.status)),
            }
        }
    }
}
