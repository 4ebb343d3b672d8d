//! The way out: default routes in the kernel's tables, and the address that leads there.

use camino::Utf8Path;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use crate::{MOST, text};

/// Flags of a route (linux/route.h).
const UP: u32 = 0x1;
const REJECT: u32 = 0x200;

/// An address that only a default route leads to: kept for documentation (RFC 5737).
pub const AFAR_V4: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
/// Such an address of IPv6 (RFC 3849).
pub const AFAR_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));

/// A default route over IPv4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The adapter over which it leads.
    pub interface: String,
    /// The router to which it leads; none where the far end is on the line itself.
    pub gateway: Option<Ipv4Addr>,
}

/// The first default route in `/proc/net/route` or a file like it.
pub fn default_v4(table: &Utf8Path) -> Option<Way> {
    v4(&text(table, MOST))
}

/// Whether a default route leads over this interface, in `/proc/net/route` and `/proc/net/ipv6_route` or files like them.
pub fn leads_out_over(v4: &Utf8Path, v6: &Utf8Path, interface: &str) -> bool {
    ways_v4(&text(v4, MOST)).any(|way| way.interface == interface)
        || ways_v6(&text(v6, MOST)).any(|name| name == interface)
}

/// The interface of the first default route in `/proc/net/ipv6_route` or a file like it.
pub fn default_v6(table: &Utf8Path) -> Option<String> {
    v6(&text(table, MOST))
}

/// The address from which the kernel would send there; loopback only to itself. Connecting a UDP socket
/// only asks its routes: the far end never hears of it.
pub fn own_address(to: SocketAddr) -> Option<IpAddr> {
    let any: &str = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(to).ok()?;
    let own = socket.local_addr().ok()?.ip();
    let is_theirs = own.is_loopback() && !to.ip().is_loopback();
    (!own.is_unspecified() && !is_theirs).then_some(own)
}

/// Destination and mask are zero. Addresses are hexadecimal numbers in the machine's own order, which is
/// little-endian on all of ours.
fn ways_v4(table: &str) -> impl Iterator<Item = Way> {
    table.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [
            interface,
            "00000000",
            gateway,
            flags,
            _,
            _,
            _,
            "00000000",
            ..,
        ] = fields[..]
        else {
            return None;
        };
        let gateway = Ipv4Addr::from(u32::from_str_radix(gateway, 16).ok()?.to_le_bytes());
        Some(Way {
            interface: leads_out(interface, flags)?,
            gateway: (!gateway.is_unspecified()).then_some(gateway),
        })
    })
}

/// 0 bits of destination and source count.
fn ways_v6(table: &str) -> impl Iterator<Item = String> {
    table.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, "00", _, "00", _, _, _, _, flags, interface] = fields[..] else {
            return None;
        };
        leads_out(interface, flags)
    })
}

fn v4(table: &str) -> Option<Way> {
    ways_v4(table).next()
}

fn v6(table: &str) -> Option<String> {
    ways_v6(table).next()
}

fn leads_out(interface: &str, flags: &str) -> Option<String> {
    let flags = u32::from_str_radix(flags, 16).ok()?;
    (flags & UP != 0 && flags & REJECT == 0 && interface != "lo").then(|| interface.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_route_over_ipv4_is_found_with_its_router() {
        let route = |destination: &str, gateway: &str, flags: &str, mask: &str| {
            format!(
                "Iface\tDestination\tGateway\n\
                 eth0\t{destination}\t{gateway}\t{flags}\t0\t0\t100\t{mask}\t0\t0\t0\n"
            )
        };
        let zero = "00000000";
        let way = |gateway| {
            Some(Way {
                interface: "eth0".to_owned(),
                gateway,
            })
        };
        let router = way(Some(Ipv4Addr::new(192, 168, 1, 1)));
        assert_eq!(v4(&route(zero, "0101A8C0", "0003", zero)), router);
        assert_eq!(v4(&route(zero, zero, "0001", zero)), way(None));
        for table in [
            route("0001A8C0", zero, "0001", "00FFFFFF"),
            route(zero, "0101A8C0", "0002", zero),
            route(zero, "0101A8C0", "0203", zero),
            route(zero, "0101A8C0", "zz", zero),
            route(zero, "zz", "0003", zero),
            route(zero, "0101A8C0", "0003", "00000080"),
            "\0\n\u{fffd}\n00000000".to_owned(),
            String::new(),
        ] {
            assert_eq!(v4(&table), None, "{table}");
        }
    }

    #[test]
    fn the_default_route_over_ipv6_is_found_among_others() {
        let zero = "0".repeat(32);
        let line = |bits: &str, flags: &str, name: &str| {
            format!("{zero} {bits} {zero} 00 {zero} 00000400 1 0 {flags} {name}\n")
        };
        let both = line("40", "1", "eth1") + &line("00", "00450003", "eth0");
        assert_eq!(v6(&both).as_deref(), Some("eth0"));
        assert_eq!(v6(&line("00", "00200200", "lo")), None);
        assert_eq!(v6(&line("00", "00000003", "lo")), None);
        assert_eq!(v6("x"), None);
    }

    #[test]
    fn one_speaks_to_oneself_from_loopback() {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 9));
        assert_eq!(own_address(loopback), Some(loopback.ip()));
    }
}
