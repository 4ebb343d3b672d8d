//! Asking the router: PCP, then NAT-PMP, then UPnP, until one of them answers.

use crate::pcp::{self, Nonce};
use crate::upnp::{self, Gateway};
use crate::{SSH, Wants, pmp};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long the router is to keep what it opens, in seconds; it is renewed before.
const LEASE: u32 = 3600;
/// How long each try waits for an answer. RFC 6886 begins with a quarter of a second and doubles it.
const TRIES: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];
/// How long the search for a UPnP router takes; they answer within a second.
const SEARCH: Duration = Duration::from_secs(3);

/// Where routers listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// The port of PCP and NAT-PMP.
    pub port: u16,
    /// Where UPnP's search goes: a group of the local network.
    pub search: SocketAddr,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            port: 5351,
            search: (Ipv4Addr::new(239, 255, 255, 250), 1900).into(),
        }
    }
}

/// By which protocol a router was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protocol {
    /// RFC 6887.
    Pcp(Nonce),
    /// RFC 6886.
    NatPmp,
    /// UPnP's Internet Gateway Device.
    Upnp(Box<Control>),
}

/// Where a router takes UPnP's requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control(Gateway);

impl Protocol {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pcp(_) => "PCP",
            Self::NatPmp => "NAT-PMP",
            Self::Upnp(_) => "UPnP",
        }
    }
}

/// A port that the router has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// For what was asked.
    pub wants: Wants,
    /// How.
    pub protocol: Protocol,
    /// For how many seconds; `None` until it is closed or the router forgets it.
    pub seconds: Option<u32>,
}

/// Has the router open the port, or keep it open: asking again is renewing.
///
/// # Errors
/// What each protocol met, in words.
pub fn open(wants: Wants, nonce: &Nonce, ways: &Ways) -> Result<Opened, String> {
    let opened = |protocol, seconds| Opened {
        wants,
        protocol,
        seconds,
    };
    let mut reasons = Vec::new();
    match by_pcp(wants, LEASE, nonce, ways) {
        Ok(mapped) if mapped.port == wants.port => {
            return Ok(opened(Protocol::Pcp(*nonce), Some(mapped.seconds)));
        }
        Ok(mapped) => {
            // Not the port that the notebook knows: it is given back.
            let _ = by_pcp(wants, 0, nonce, ways);
            reasons.push(taken(mapped.port));
        }
        Err(why) => reasons.push(why),
    }
    match by_pmp(wants, LEASE, ways) {
        Ok((port, seconds)) if port == wants.port => {
            return Ok(opened(Protocol::NatPmp, Some(seconds)));
        }
        Ok((port, _)) => {
            let _ = by_pmp(wants, 0, ways);
            reasons.push(taken(port));
        }
        Err(why) => reasons.push(why),
    }
    let gateway = upnp::find(wants.gateway, ways.search, SEARCH);
    let mapped = gateway.and_then(|gateway| {
        let seconds = gateway.map(wants.own, SSH, wants.port, LEASE)?;
        Ok((gateway, seconds))
    });
    match mapped {
        Ok((gateway, seconds)) => Ok(opened(Protocol::Upnp(Box::new(Control(gateway))), seconds)),
        Err(why) => {
            reasons.push(why);
            reasons.dedup();
            Err(reasons.join("; "))
        }
    }
}

fn taken(port: u16) -> String {
    format!("it offers port {port} instead: the port is another device's")
}

impl Opened {
    /// Has the router close the port again.
    ///
    /// # Errors
    /// It did not say that it has. Then it does when its time is over.
    pub fn close(&self, ways: &Ways) -> Result<(), String> {
        match &self.protocol {
            Protocol::Pcp(nonce) => by_pcp(self.wants, 0, nonce, ways).map(|_| ()),
            Protocol::NatPmp => by_pmp(self.wants, 0, ways).map(|_| ()),
            Protocol::Upnp(control) => control.0.unmap(self.wants.port),
        }
    }
}

/// The router's own outside address, as it says; nothing is changed.
///
/// # Errors
/// It speaks none of the protocols, or tells no address.
pub fn outside_address(gateway: Ipv4Addr, ways: &Ways) -> Result<Ipv4Addr, String> {
    let by_pmp = ask(gateway, ways, &pmp::ASK_ADDRESS, pmp::address, "NAT-PMP");
    by_pmp.or_else(|first| {
        let gateway = upnp::find(gateway, ways.search, SEARCH);
        let told = gateway.and_then(|gateway| gateway.outside());
        told.map_err(|second| format!("{first}; {second}"))
    })
}

fn by_pcp(wants: Wants, seconds: u32, nonce: &Nonce, ways: &Ways) -> Result<pcp::Mapped, String> {
    let request = pcp::request(wants.own, SSH, wants.port, seconds, nonce);
    let answer = |packet: &[u8]| pcp::answer(packet, SSH, nonce);
    ask(wants.gateway, ways, &request, answer, "PCP")
}

fn by_pmp(wants: Wants, seconds: u32, ways: &Ways) -> Result<(u16, u32), String> {
    let request = pmp::request(SSH, wants.port, seconds);
    let answer = |packet: &[u8]| pmp::answer(packet, SSH);
    ask(wants.gateway, ways, &request, answer, "NAT-PMP")
}

/// Sends a packet until an answer comes. A socket that is connected hears the router alone.
fn ask<T>(
    gateway: Ipv4Addr,
    ways: &Ways,
    request: &[u8],
    answer: impl Fn(&[u8]) -> Option<Result<T, String>>,
    protocol: &str,
) -> Result<T, String> {
    let none = || format!("no {protocol}");
    let socket = UdpSocket::bind("0.0.0.0:0").map_err(|error| error.to_string())?;
    socket
        .connect((gateway, ways.port))
        .map_err(|error| error.to_string())?;
    let mut buffer = [0; 1100];
    for limit in TRIES {
        // Refused already: nobody listens there.
        socket.send(request).map_err(|_| none())?;
        let end = std::time::Instant::now() + limit;
        loop {
            let left = end.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() {
                break;
            }
            let _ = socket.set_read_timeout(Some(left));
            match socket.recv(&mut buffer) {
                Ok(length) => match answer(&buffer[..length]) {
                    Some(answer) => return answer,
                    // Another version's word for not knowing ours.
                    None if length >= 4 && buffer[0] != request[0] => return Err(none()),
                    None => {}
                },
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                    return Err(none());
                }
                Err(_) => break,
            }
        }
    }
    Err(none())
}

#[cfg(test)]
mod tests;
