//! The router: the gateway of the first default route over IPv4, from a file of the kernel.

use camino::Utf8Path;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};

/// Flags of a route (linux/route.h): it is up and leads over a router.
const UP_GATEWAY: u32 = 0x3;

/// The router that the routes at `file` lead to.
pub(crate) fn of(file: &Utf8Path) -> Option<Ipv4Addr> {
    parse(&fs_err::read_to_string(file).ok()?)
}

/// Addresses are hexadecimal numbers in the machine's own order, which is little-endian on all of ours.
fn parse(table: &str) -> Option<Ipv4Addr> {
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, "00000000", gateway, flags, _, _, _, "00000000", ..] = fields[..] else {
            return None;
        };
        let flags = u32::from_str_radix(flags, 16).ok()?;
        let gateway = u32::from_str_radix(gateway, 16).ok()?;
        (flags & UP_GATEWAY == UP_GATEWAY).then(|| Ipv4Addr::from(gateway.to_le_bytes()))
    })
}

/// The address from which this device would send to the router. Nothing is sent.
pub(crate) fn own_address(gateway: Ipv4Addr) -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect((gateway, 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        IpAddr::V4(own) if !own.is_unspecified() => Some(own),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_router_is_found() {
        let table = |destination: &str, flags: &str| {
            format!("Iface\n eth0 {destination} 0101A8C0 {flags} 0 0 100 00000000 0 0 0\n")
        };
        let found = Some(Ipv4Addr::new(192, 168, 1, 1));
        assert_eq!(parse(&table("00000000", "0003")), found);
        for (destination, flags) in [
            ("00000001", "0003"),
            ("00000000", "0001"),
            ("00000000", "x"),
        ] {
            assert_eq!(parse(&table(destination, flags)), None);
        }
        assert_eq!(parse(""), None);
    }
}
