//! Adapters and the way out, from files of the kernel.

use crate::seen::{Adapter, Route};
use camino::Utf8Path;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use super::records::read;

/// The most adapters that are looked at.
const ADAPTERS: usize = 32;
/// Flags of a route (linux/route.h).
const UP: u32 = 0x1;
const REJECT: u32 = 0x200;

/// Hardware has a `device`; loopback, bridges and tunnels have none.
pub(super) fn adapters(dir: &Utf8Path) -> Vec<Adapter> {
    let entries = dir.read_dir_utf8().into_iter().flatten().flatten();
    let hardware = entries.filter(|entry| entry.path().join("device").exists());
    let mut adapters: Vec<Adapter> = hardware
        .take(ADAPTERS)
        .map(|entry| adapter(entry.path()))
        .collect();
    adapters.sort_by(|one, other| one.name.cmp(&other.name));
    adapters
}

fn adapter(dir: &Utf8Path) -> Adapter {
    Adapter {
        name: dir.file_name().unwrap_or_default().to_owned(),
        wireless: dir.join("wireless").exists() || dir.join("phy80211").exists(),
        // That of an adapter that is switched off cannot be read.
        up: read(&dir.join("carrier")).trim() == "1",
    }
}

pub(super) fn route(table: &Utf8Path) -> Route {
    let Some((interface, gateway)) = default_route(&read(table)) else {
        return Route::default();
    };
    Route {
        interface: Some(interface),
        address: own_address(),
        gateway: (!gateway.is_unspecified()).then_some(gateway),
    }
}

/// The first line whose destination and mask are zero. Addresses are hexadecimal numbers in the
/// machine's own order, which is little-endian on all of ours.
fn default_route(table: &str) -> Option<(String, Ipv4Addr)> {
    table.lines().skip(1).find_map(|line| {
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
        let flags = u32::from_str_radix(flags, 16).ok()?;
        let gateway = u32::from_str_radix(gateway, 16).ok()?;
        let leads = flags & UP != 0 && flags & REJECT == 0 && interface != "lo";
        leads.then(|| (interface.to_owned(), Ipv4Addr::from(gateway.to_le_bytes())))
    })
}

/// The address that the kernel would send from. Connecting a UDP socket only asks its routes; the
/// far end, an address for documentation, never hears of it.
fn own_address() -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    match socket.local_addr().ok()?.ip() {
        IpAddr::V4(own) if !own.is_unspecified() && !own.is_loopback() => Some(own),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_route_is_found_with_its_router() {
        let route = |destination: &str, flags: &str, mask: &str| {
            format!(
                "Iface\tDestination\tGateway\n\
                 eth0\t{destination}\t0101A8C0\t{flags}\t0\t0\t100\t{mask}\t0\t0\t0\n"
            )
        };
        let found = Some(("eth0".to_owned(), Ipv4Addr::new(192, 168, 1, 1)));
        assert_eq!(default_route(&route("00000000", "0003", "00000000")), found);
        for table in [
            route("0001A8C0", "0001", "00FFFFFF"),
            route("00000000", "0002", "00000000"),
            route("00000000", "0203", "00000000"),
            route("00000000", "zz", "00000000"),
            "\0\n\u{fffd}\n00000000".to_owned(),
            String::new(),
        ] {
            assert_eq!(default_route(&table), None, "{table}");
        }
    }

    #[test]
    fn adapters_are_hardware_alone() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        for (name, carrier) in [("eth0", "0\n"), ("lo", "1\n"), ("wlan0", "1\n")] {
            std::fs::create_dir_all(root.join(name)).expect("a directory");
            std::fs::write(root.join(name).join("carrier"), carrier).expect("writing");
            if name != "lo" {
                std::fs::create_dir(root.join(name).join("device")).expect("a directory");
            }
        }
        std::fs::create_dir(root.join("wlan0/wireless")).expect("a directory");
        let found = adapters(root);
        let found: Vec<_> = found
            .iter()
            .map(|one| (&*one.name, one.wireless, one.up))
            .collect();
        assert_eq!(found, [("eth0", false, false), ("wlan0", true, true)]);
        assert_eq!(adapters(&root.join("none")), []);
    }
}
