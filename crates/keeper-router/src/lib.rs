//! Has the router lead one port of its own to this device's port 22: PCP, NAT-PMP or UPnP, whichever
//! it speaks. Only SSH is ever mapped: port 22 is a constant, not an argument.
//!
//! Data flow: [`Wants`] → [`open`] asks in the order of the protocols' age, youngest first → an
//! [`Opened`], which is renewed by asking again and ended by [`Opened::close`]. `pcp` and `pmp` make
//! and read packets, `upnp` is three documents: pure, apart from asking.
//!
//! There is no crate in it but ours: the packets have fixed sizes, of the documents five words matter,
//! and what asks unknown routers should be small (decision 0017). Whatever a router says is bounded in
//! length and in time.

mod ask;
mod pcp;
mod pmp;
mod service;
mod upnp;
mod xml;

use std::net::Ipv4Addr;

pub use ask::{Opened, Protocol, Ways, open, outside_address};
pub use service::{Settings, run};

/// Where sshd listens on this device.
pub const SSH: u16 = 22;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wants {
    /// The router.
    pub gateway: Ipv4Addr,
    /// This device.
    pub own: Ipv4Addr,
    /// The router's port that is to lead here.
    pub port: u16,
}
