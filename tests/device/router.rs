//! keeper-router on a network of its own with a real miniupnpd for a router: what it opens leads to
//! port 22 of the device and nowhere else, and is closed when it ends.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::channel;

use e2e::harness::trial_in_sandbox;
use keeper_router::{Settings, Ways};
use libtest_mimic::Trial;

use crate::settings::Device;

/// How this program is started to be keeper-router.
const STEP: &str = "@keeper-router";

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox("miniupnpd_opens_the_port_by_each_protocol", each_protocol),
        trial_in_sandbox("a_router_that_knows_nothing_is_told", nobody),
    ]
}

/// The settings, when this program is to be keeper-router: a directory, and the port.
pub fn settings() -> Option<Settings> {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() != Some(STEP) {
        return None;
    }
    let dir = camino(args.next()?);
    Some(Settings {
        map: true,
        port: args.next()?.parse().ok()?,
        status: dir.join("status"),
        nonce: dir.join("nonce"),
        routes: "/proc/net/route".into(),
        ways: Ways {
            // Port 1 is nobody's: without PCP and NAT-PMP.
            port: args.next()?.parse().ok()?,
            ..Ways::default()
        },
    })
}

fn camino(path: String) -> camino::Utf8PathBuf {
    path.into()
}

/// Runs until stdin ends.
pub fn start(settings: &Settings) -> ExitCode {
    let (stop, stopped) = channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = stop.send(());
    });
    match keeper_router::run(settings, &stopped) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Device 192.168.9.2 — router 192.168.9.1 and 203.0.113.1 — outside 203.0.113.2. The router is this
/// namespace; the others are reached with `on_device` and `on_outside`.
const NETWORK: &str = r#"
there() {
	unshare --net sleep 120 >/dev/null 2>&1 &
	until [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
	echo $!
}
ip link set lo up
device=$(there); outside=$(there)
on_device() { nsenter --net=/proc/$device/ns/net "$@"; }
on_outside() { nsenter --net=/proc/$outside/ns/net "$@"; }
ip link add lan type veth peer name eth0
ip link set eth0 netns $device
ip link add wan type veth peer name eth0
ip link set eth0 netns $outside
ip address add 192.168.9.1/24 dev lan; ip link set lan up
ip address add 203.0.113.1/24 dev wan; ip link set wan up
for side in device outside; do on_$side ip link set lo up; on_$side ip link set eth0 up; done
on_device ip address add 192.168.9.2/24 dev eth0
on_device ip route add default via 192.168.9.1
on_outside ip address add 203.0.113.2/24 dev eth0
on_outside ip route add default via 203.0.113.1
echo 1 >/proc/sys/net/ipv4/ip_forward
for port in 22 23; do
	on_device socat TCP4-LISTEN:$port,fork,reuseaddr SYSTEM:"echo this is $port" >/dev/null 2>&1 &
done
reach() { on_outside socat -u TCP4:203.0.113.1:$1,connect-timeout=2 - 2>/dev/null || echo closed; }
wait_for() { i=0; until grep -q "$1" status 2>/dev/null; do i=$((i + 1)); [ $i -lt 200 ] || return 1; sleep 0.1; done; }
"#;

const MINIUPNPD: &str = r#"
nft -f - <<-end
	table inet filter {
		chain input { type filter hook input priority 0; policy accept; }
		chain forward { type filter hook forward priority 0; policy drop; ct state established,related accept; jump miniupnpd; }
		chain miniupnpd { }
		chain prerouting { type nat hook prerouting priority -100; policy accept; jump prerouting_miniupnpd; }
		chain postrouting { type nat hook postrouting priority 100; policy accept; jump postrouting_miniupnpd; oifname wan masquerade; }
		chain prerouting_miniupnpd { }
		chain postrouting_miniupnpd { }
	}
end
printf '%s\n' ext_ifname=wan ext_ip=203.0.113.1 listening_ip=lan enable_natpmp=yes enable_upnp=yes secure_mode=yes \
	uuid=00000000-0000-0000-0000-000000000001 upnp_table_name=filter upnp_nat_table_name=filter \
	upnp_forward_chain=miniupnpd upnp_nat_chain=prerouting_miniupnpd upnp_nat_postrouting_chain=postrouting_miniupnpd \
	ext_allow_private_ipv4=yes "allow 1024-65535 192.168.9.0/24 22" "deny 0-65535 0.0.0.0/0 0-65535" >conf
/usr/sbin/miniupnpd -d -f conf >log 2>&1 &
i=0; until grep -q "listening on" log; do i=$((i + 1)); [ $i -lt 100 ] || { cat log; exit 1; }; sleep 0.1; done
"#;

/// The router is one that speaks PCP, then one that knows only what was before it: the first byte of a
/// question is its version. Then nobody listens at the port that is asked, and only UPnP is left.
const TRY: &str = r#"
for way in pcp natpmp upnp; do
	port=5351
	case $way in
	natpmp) nft add rule inet filter input udp dport 5351 @th,64,8 2 drop ;;
	upnp) port=1 ;;
	esac
	rm -f status; mkfifo stdin
	on_device "$keeper" @keeper-router "$dir" 10022 $port <stdin 2>said &
	exec 3>stdin
	wait_for . || { cat said log; exit 1; }
	cat status; reach 10022; reach 22; reach 23
	exec 3>&-; wait_for off || { cat said log; exit 1; }
	reach 10022; rm stdin
done
"#;

/// What a script says that has such a network. Processes that it leaves end with it.
fn in_network(device: &Device, script: &str) -> String {
    let program = std::env::current_exe().unwrap();
    let dir = device.dir.path();
    device.tools.show(program.parent().unwrap()).unwrap();
    let unshare = device.tools.cmd("/usr/bin/unshare");
    let unshare = unshare.args(["--net", "--pid", "--fork", "--mount-proc"]);
    let start = format!(
        "cd {0}; dir={0}; keeper={1}\n{NETWORK}\n{script}",
        dir.display(),
        PathBuf::from(&program).display()
    );
    let run = unshare.args(["--propagation=unchanged", "sh", "-euc", &start]);
    match run.read() {
        Ok(said) => said,
        Err(error) => panic!("{error}"),
    }
}

fn each_protocol() {
    let device = Device::new();
    let said = in_network(&device, &format!("{MINIUPNPD}\n{TRY}"));
    let open = |protocol| format!("open 10022 {protocol}\nthis is 22\nclosed\nclosed\nclosed\n");
    assert_eq!(said, ["PCP", "NAT-PMP", "UPnP"].map(open).concat());
}

fn nobody() {
    let device = Device::new();
    let script = "mkfifo stdin; on_device \"$keeper\" @keeper-router \"$dir\" 10022 5351 <stdin 2>said &\n\
                  exec 3>stdin; wait_for . || cat said; cat status";
    let said = in_network(&device, script);
    assert_eq!(said, "failed no PCP; no NAT-PMP; no UPnP\n");
}
