//! The near end of the network: adapters, own address, default route.

use camino::{Utf8Path, Utf8PathBuf};
use std::net::IpAddr;
use web::{Link, Route};

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
    /// Those below this root.
    pub(crate) fn below(root: &Utf8Path) -> Self {
        let Self { adapters, v4, v6 } = Self::default();
        let below = |path: Utf8PathBuf| match path.strip_prefix("/") {
            Ok(relative) => root.join(relative),
            Err(_) => path,
        };
        Self {
            adapters: below(adapters),
            v4: below(v4),
            v6: below(v6),
        }
    }

    /// Whether a Wi-Fi network is joined, and leads out: a default route is over it, beside which there may be a cable's.
    pub(crate) fn has_way_out_by_air(&self) -> bool {
        let adapters = self.link().adapters;
        let mut air = adapters.iter().filter(|one| one.up && one.wireless);
        air.any(|one| near::leads_out_over(&self.v4, &self.v6, &one.name))
    }

    /// The adapters.
    pub(crate) fn link(&self) -> Link {
        let adapters = near::adapters(&self.adapters);
        Link { adapters }
    }

    /// The way out, over IPv4 if there is one.
    pub(crate) fn route(&self) -> Route {
        let v4 = near::default_v4(&self.v4).map(|way| Way::new(way.interface, near::AFAR_V4));
        let v6 = near::default_v6(&self.v6).map(|name| Way::new(name, near::AFAR_V6));
        choose(v4, v6).map_or_else(Route::default, |way| Route {
            interface: Some(way.interface),
            address: way.address,
        })
    }
}

/// A default route.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    interface: String,
    /// The own address on it, if there is one.
    address: Option<IpAddr>,
}

impl Way {
    fn new(interface: String, afar: IpAddr) -> Self {
        let address = near::own_address((afar, 9).into());
        Self { interface, address }
    }
}

/// The way over IPv4, unless only the other one has an address.
fn choose(v4: Option<Way>, v6: Option<Way>) -> Option<Way> {
    let has_address = |way: &Option<Way>| way.as_ref().is_some_and(|way| way.address.is_some());
    if has_address(&v6) && !has_address(&v4) {
        v6
    } else {
        v4.or(v6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_out_is_over_ipv4_unless_only_the_other_has_an_address() {
        let way = |interface: &str, address: Option<&str>| {
            let address = address.map(|text| text.parse().expect("an address"));
            let interface = interface.to_owned();
            Some(Way { interface, address })
        };
        let (v4, v6) = (Some("192.168.1.20"), Some("2001:db8::20"));
        for (over_v4, over_v6, expected) in [
            (None, None, None),
            (way("eth0", v4), None, Some("eth0")),
            (way("eth0", None), None, Some("eth0")),
            (None, way("eth1", v6), Some("eth1")),
            (None, way("eth1", None), Some("eth1")),
            (way("eth0", v4), way("eth1", v6), Some("eth0")),
            (way("eth0", v4), way("eth1", None), Some("eth0")),
            (way("eth0", None), way("eth1", v6), Some("eth1")),
            (way("eth0", None), way("eth1", None), Some("eth0")),
        ] {
            let shown = format!("{over_v4:?}, {over_v6:?}");
            let chosen = choose(over_v4, over_v6).map(|way| way.interface);
            assert_eq!(chosen.as_deref(), expected, "{shown}");
        }
    }

    #[test]
    fn without_the_kernels_files_there_is_no_way_out() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        let files = Files {
            adapters: root.join("none"),
            v4: root.join("v4"),
            v6: root.join("v6"),
        };
        assert_eq!(files.route(), Route::default());
        let route = "Iface\n eth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0\n";
        std::fs::write(&files.v4, route).expect("writing");
        assert_eq!(files.route().interface.as_deref(), Some("eth0"));
    }

    #[test]
    fn a_cable_proves_nothing_of_the_air() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
        let files = Files::below(&root);
        let set = |name: &str, carrier: &str| {
            let adapter = files.adapters.join(name);
            std::fs::create_dir_all(adapter.join("device")).expect("a directory");
            std::fs::write(adapter.join("carrier"), carrier).expect("writing");
        };
        std::fs::create_dir_all(files.adapters.join("wlan0/wireless")).expect("a directory");
        std::fs::create_dir_all(root.join("proc/net")).expect("a directory");
        for (cable, air, over, expected) in [
            ("0", "0", &[][..], false),
            ("0", "1", &[], false),
            ("0", "1", &["wlan0"], true),
            // Of a network that was left, a route may be.
            ("0", "0", &["wlan0"], false),
            ("0", "1", &["eth0"], false),
            ("1", "0", &["eth0"], false),
            ("1", "0", &["eth0", "wlan0"], false),
            ("1", "1", &["eth0"], false),
            ("1", "1", &["eth0", "wlan0"], true),
            ("1", "1", &["wg0"], false),
        ] {
            set("eth0", cable);
            set("wlan0", air);
            let route =
                |name: &&str| format!("{name} 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0\n");
            let routes: String = over.iter().map(route).collect();
            std::fs::write(&files.v4, format!("Iface\n{routes}")).expect("writing");
            assert_eq!(
                files.has_way_out_by_air(),
                expected,
                "{cable} {air} {over:?}"
            );
        }
    }
}
