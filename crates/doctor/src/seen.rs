//! What can be seen of the way, as plain data. Nothing here looks or judges.

use near::Adapter;
use std::net::{IpAddr, Ipv4Addr};

/// What the owner wants, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wants {
    /// Whether the tunnel is on.
    pub tunnel: bool,
    /// The name or address by which the Colab machine finds this device.
    pub public_name: Option<String>,
    /// The router's port that leads to this device's port 22.
    pub public_port: u16,
    /// Whether ddclient keeps the name up to date.
    pub ddns: bool,
    /// Whether this device asks the router to open the port.
    pub map: bool,
    /// The tunnel's entrance on loopback.
    pub entrance: u16,
    /// Whether the notebook asks for a GPU.
    pub gpu: bool,
    /// A server of the internet that matters: where the notebooks are.
    pub server: (String, u16),
}

/// What was seen. `None`: nobody has looked, since what comes before it is missing or it is not
/// wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Network adapters.
    pub adapters: Vec<Adapter>,
    /// The way out.
    pub route: Route,
    /// The name of [`Wants::server`].
    pub lookup: Option<Lookup>,
    /// That server itself.
    pub internet: Option<Reach>,
    /// What ddclient did last.
    pub update: Option<Update>,
    /// The public name.
    pub name: Option<Lookup>,
    /// The router's own outside address, as the router says.
    pub router: Option<Told>,
    /// The address that a server of the internet sees.
    pub outside: Option<Told>,
    /// The opened port, as whoever asks the router for it says.
    pub mapping: Option<Mapping>,
    /// What answers at the public name and port, seen from inside.
    pub port: Option<Door>,
    /// What answers at port 22 of this device.
    pub sshd: Option<Door>,
    /// The keys for Colab machines.
    pub enrolments: Option<Result<Vec<Enrolment>, String>>,
    /// Who listens at the tunnel's entrance.
    pub entrance: Option<Entrance>,
    /// What answers behind the entrance.
    pub vm: Option<Door>,
    /// The Colab machine's GPU.
    pub gpu: Option<Gpu>,
}

/// The way out over IPv4, which is what Colab machines have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// Over which adapter.
    pub interface: Option<String>,
    /// From which address.
    pub address: Option<Ipv4Addr>,
    /// Through which router.
    pub gateway: Option<Ipv4Addr>,
}

/// What became of looking a name up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Its addresses, at least one.
    Found(Vec<IpAddr>),
    /// Why there are none.
    Failed(String),
    /// No answer.
    TimedOut,
}

/// What became of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// It came about.
    Connected,
    /// The other machine does not want it.
    Refused,
    /// No answer.
    TimedOut,
    /// There is no way.
    Unreachable(String),
}

/// An address that somebody told, or why nobody did.
pub type Told = Result<Ipv4Addr, String>;

/// What ddclient did last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// It is not running.
    NotRunning,
    /// It has done nothing yet.
    Nothing,
    /// The provider has taken an address.
    Good {
        /// Which.
        address: String,
        /// Seconds since.
        ago: u64,
    },
    /// The provider has refused.
    Refused {
        /// Its word, such as `badauth`.
        word: String,
        /// Seconds since.
        ago: u64,
    },
}

/// The opened port, as `keeper-router` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapping {
    /// It is open.
    Open {
        /// The port that the router gave.
        port: u16,
        /// By which protocol.
        protocol: String,
    },
    /// It is not.
    Failed(String),
    /// Nobody has said anything.
    Silent,
}

/// What answers at a port where sshd should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// sshd with the key that it should have.
    Expected,
    /// sshd with another key.
    OtherKey,
    /// sshd, whose key there is nothing to compare with.
    Unpinned,
    /// Something that is no sshd.
    NotSsh,
    /// Something that closes the connection without a word.
    Silent,
    /// This account may not try.
    NotAllowed,
    /// No connection.
    Closed(Reach),
}

/// A key for a Colab machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Its name.
    pub name: String,
    /// Seconds until it expires; negative since it has.
    pub left: i64,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// Who listens at the tunnel's entrance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance {
    /// Nobody.
    Nobody,
    /// sshd, for the tunnel's account.
    Tunnel,
    /// Another account's program.
    Other(u32),
}

/// The Colab machine's GPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gpu {
    /// Name and memory, as nvidia-smi says.
    Is(String),
    /// There is none.
    None,
    /// It could not be asked.
    Unknown(String),
}
