//! What pages are made from: plain data, found out by somebody else.

use config::NotebookUrl;
use near::Adapter;
use std::net::IpAddr;
use std::time::Duration;

/// What the browser's start page for one notebook has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The notebook's server answers: the browser is sent there.
    Open(NotebookUrl),
    /// It does not.
    Trouble(Trouble),
    /// No such notebook is configured.
    NotConfigured {
        /// How many are.
        count: usize,
    },
    /// There is no usable configuration.
    Misconfigured {
        /// What is wrong with it, one line each.
        problems: Vec<String>,
    },
}

/// What the page for signing in has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// The browser waits for a person to sign in.
    UnderWay {
        /// Where that is done.
        notebooks: Vec<NotebookUrl>,
        /// What the "done" button sends, so that no other page can.
        token: String,
    },
    /// Nobody has asked to sign in.
    NotUnderWay,
    /// The person has said that it is done.
    Done,
    /// The person has said so on a page that this server did not make.
    Stale,
    /// It could not be ended; why, in words.
    Failed(String),
}

/// A notebook whose server does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What was found on the way to it.
    pub diagnosis: Diagnosis,
    /// For how long. Not the time of day since when: without a network, a Raspberry Pi does not
    /// know what time it is.
    pub lasting: Duration,
}

/// What was found on the way to a notebook's server, from the near end to the far one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The server's name or address. The rest of the notebook's address may be a secret.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// Cable and Wi-Fi.
    pub link: Link,
    /// Own address and the way out.
    pub route: Route,
    /// Name lookup; none when it was not tried.
    pub lookup: Option<Lookup>,
    /// The server; none when it was not tried.
    pub server: Option<Server>,
}

impl Diagnosis {
    /// Whether the notebook's server answers. What lies before it does not matter then: a server in
    /// the same room needs no way out of it.
    pub fn answers(&self) -> bool {
        self.server == Some(Server::Answers)
    }

    /// Whether there is a link: a connected adapter, or a way out over something that is none.
    pub fn is_linked(&self) -> bool {
        self.link.is_up() || self.other_way().is_some()
    }

    /// The interface of the way out, when it is no adapter but a bridge or a tunnel. Of an adapter
    /// that has lost its link, a route may still be there, and leads nowhere.
    pub(crate) fn other_way(&self) -> Option<&str> {
        let interface = self.route.interface.as_deref()?;
        let mut adapters = self.link.adapters.iter();
        adapters
            .all(|adapter| adapter.name != interface)
            .then_some(interface)
    }
}

/// The network adapters; none at all is possible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// Hardware only: no loopback, bridge or tunnel.
    pub adapters: Vec<Adapter>,
}

impl Link {
    /// Whether any adapter is connected.
    pub fn is_up(&self) -> bool {
        self.adapters.iter().any(|adapter| adapter.up)
    }
}

/// The way out of the local network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// The interface of the default route.
    pub interface: Option<String>,
    /// The device's own address on it.
    pub address: Option<IpAddr>,
}

impl Route {
    /// Whether something can be sent to elsewhere, and can come back.
    pub fn is_complete(&self) -> bool {
        self.interface.is_some() && self.address.is_some()
    }
}

/// What became of the server's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It is an address already.
    NotNeeded,
    /// It has this address, perhaps among others.
    Found(IpAddr),
    /// It has none, or nobody could be asked; in the resolver's words.
    Failed(String),
    /// No answer within this time.
    TimedOut(Duration),
}

/// What the server did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Server {
    /// It answers.
    Answers,
    /// Its machine refuses connections on this port.
    Refused,
    /// No answer within this time.
    TimedOut(Duration),
    /// It cannot be reached; in the system's words.
    Unreachable(String),
    /// A proxy answers in its place that it is not there, with this HTTP status.
    NotReady(u16),
    /// Something answers that is no web server; in our words.
    NotHttp(String),
}
