//! The near end of the network: adapters, own address, default route. From files of the kernel, since
//! keeperd has no netlink; nothing is sent.

use camino::{Utf8Path, Utf8PathBuf};
use std::fs::File;
use std::io::Read as _;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use web::{Adapter, Link, Route};

/// The most bytes of a file that are read; a route has about 100.
const MOST: u64 = 64 * 1024;

/// The most adapters that are looked at.
const ADAPTERS: usize = 32;

/// Flags of a route (linux/route.h).
const UP: u32 = 0x1;
const REJECT: u32 = 0x200;

/// Where the kernel's files are.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// `/sys/class/net`.
    pub(crate) adapters: Utf8PathBuf,
    /// `/proc/net/route`.
    pub(crate) v4: Utf8PathBuf,
    /// `/proc/net/ipv6_route`.
    pub(crate) v6: Utf8PathBuf,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            adapters: "/sys/class/net".into(),
            v4: "/proc/net/route".into(),
            v6: "/proc/net/ipv6_route".into(),
        }
    }
}

impl Files {
    /// The adapters, by name. Hardware has a `device`; loopback, bridges and tunnels have none.
    pub(crate) fn link(&self) -> Link {
        let entries = self.adapters.read_dir_utf8().into_iter().flatten();
        let dirs = entries.flatten().map(|entry| entry.into_path());
        let hardware = dirs.filter(|dir| dir.join("device").exists());
        let mut adapters: Vec<Adapter> = hardware.take(ADAPTERS).map(|dir| adapter(&dir)).collect();
        adapters.sort_by(|one, other| one.name.cmp(&other.name));
        Link { adapters }
    }

    /// The way out, over IPv4 if there is one.
    pub(crate) fn route(&self) -> Route {
        let v4 =
            default_v4(&read(&self.v4)).map(|name| (name, own_address("0.0.0.0:0", "192.0.2.1:9")));
        let v6 = default_v6(&read(&self.v6))
            .map(|name| (name, own_address("[::]:0", "[2001:db8::1]:9")));
        match (v4, v6) {
            (Some((_, None)), Some((interface, address @ Some(_))))
            | (None, Some((interface, address))) => Route {
                interface: Some(interface),
                address,
            },
            (Some((interface, address)), _) => Route {
                interface: Some(interface),
                address,
            },
            (None, None) => Route::default(),
        }
    }
}

fn adapter(dir: &Utf8Path) -> Adapter {
    // The carrier of an adapter that is switched off cannot be read.
    let up = match read(&dir.join("carrier")).trim() {
        "" => read(&dir.join("operstate")).trim() == "up",
        carrier => carrier == "1",
    };
    Adapter {
        name: dir.file_name().unwrap_or_default().to_owned(),
        wireless: dir.join("wireless").exists() || dir.join("phy80211").exists(),
        up,
    }
}

fn read(path: &Utf8Path) -> String {
    // The kernel says no length of these files; most fit here, and are had at once.
    let mut bytes = Vec::with_capacity(4096);
    // What a reading that breaks off leaves is as good as nothing.
    let _ = File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The interface of the first default route in `/proc/net/route`: destination and mask are zero.
fn default_v4(table: &str) -> Option<String> {
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [interface, "00000000", _, flags, _, _, _, "00000000", ..] = fields[..] else {
            return None;
        };
        leads_out(interface, flags)
    })
}

/// The interface of the first default route in `/proc/net/ipv6_route`: 0 bits of the destination count.
fn default_v6(table: &str) -> Option<String> {
    table.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, "00", _, "00", _, _, _, _, flags, interface] = fields[..] else {
            return None;
        };
        leads_out(interface, flags)
    })
}

fn leads_out(interface: &str, flags: &str) -> Option<String> {
    let flags = u32::from_str_radix(flags, 16).ok()?;
    (flags & UP != 0 && flags & REJECT == 0 && interface != "lo").then(|| interface.to_owned())
}

/// The address that the kernel would send from. Connecting a UDP socket only asks its routes; the
/// far end, an address for documentation, never hears of it.
fn own_address(from: &str, to: &str) -> Option<IpAddr> {
    let socket = UdpSocket::bind(from).ok()?;
    socket.connect(to).ok()?;
    let own = socket.local_addr().map(|own: SocketAddr| own.ip()).ok()?;
    (!own.is_unspecified() && !own.is_loopback()).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    const V4: &str =
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";

    #[test]
    fn the_default_route_is_found_among_others() {
        let route = |destination: &str, flags: &str, mask: &str| {
            format!("{V4}eth0\t{destination}\t0101A8C0\t{flags}\t0\t0\t100\t{mask}\t0\t0\t0\n")
        };
        let eth0 = Some("eth0".to_owned());
        assert_eq!(default_v4(&route("00000000", "0003", "00000000")), eth0);
        for table in [
            route("0001A8C0", "0001", "00FFFFFF"),
            route("00000000", "0002", "00000000"),
            route("00000000", "0203", "00000000"),
            route("00000000", "zz", "00000000"),
            route("00000000", "0003", "00000080"),
            V4.to_owned(),
            "\0\n\u{fffd}\n00000000".to_owned(),
            String::new(),
        ] {
            assert_eq!(default_v4(&table), None, "{table}");
        }
        let zero = "0".repeat(32);
        let line = |bits: &str, flags: &str, name: &str| {
            format!("{zero} {bits} {zero} 00 {zero} 00000400 1 0 {flags} {name}\n")
        };
        assert_eq!(
            default_v6(&(line("40", "1", "eth1") + &line("00", "00450003", "eth0"))),
            eth0
        );
        assert_eq!(default_v6(&line("00", "00200200", "lo")), None);
        assert_eq!(default_v6(&line("00", "00000003", "lo")), None);
        assert_eq!(default_v6("x"), None);
    }

    #[test]
    fn adapters_are_hardware_alone() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        for (name, files) in [
            ("eth0", &[("carrier", "0\n"), ("operstate", "down\n")][..]),
            ("lo", &[("carrier", "1\n")]),
            ("wlan0", &[("carrier", "1\n")]),
            ("eth1", &[("operstate", "up\n")]),
        ] {
            std::fs::create_dir_all(root.join(name)).expect("a directory");
            for (file, text) in files {
                std::fs::write(root.join(name).join(file), text).expect("writing");
            }
            if name != "lo" {
                std::fs::create_dir(root.join(name).join("device")).expect("a directory");
            }
        }
        std::fs::create_dir(root.join("wlan0/wireless")).expect("a directory");
        let files = Files {
            adapters: root.to_owned(),
            v4: root.join("none"),
            v6: root.join("none"),
        };
        let found = files.link().adapters;
        let found: Vec<_> = found
            .iter()
            .map(|one| (&*one.name, one.wireless, one.up))
            .collect();
        assert_eq!(
            found,
            [
                ("eth0", false, false),
                ("eth1", false, true),
                ("wlan0", true, true)
            ]
        );
        assert_eq!(files.route(), Route::default());
    }
}
