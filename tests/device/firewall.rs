//! The rendered firewall in a real kernel: loaded into a network of its own, and tried with sockets
//! of the accounts that it tells apart.

use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;

use crate::settings::Device;

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox("nft_takes_every_rendered_file", every_file),
        trial_in_sandbox("loopback_ports_open_for_their_accounts_alone", ports),
        trial_in_sandbox("rdp_is_reached_from_the_local_network_alone", rdp),
    ]
}

const TOML: &str = "tunnel.entrance = 2022";

/// Runs a script in a network that has nothing but a loopback interface; what it said. Processes that
/// it leaves end with it.
fn in_network(device: &Device, script: &str) -> String {
    let unshare = device.tools.cmd("/usr/bin/unshare").args([
        "--net",
        "--pid",
        "--fork",
        "--mount-proc",
        "--propagation=unchanged",
        "sh",
        "-euc",
    ]);
    let generation = device.rendered(TOML, false);
    let start = format!(
        "ip link set lo up\ncd {}\nload() {{ nft -f firewall.nft; }}\n{script}",
        generation.display()
    );
    match unshare.arg(start).read() {
        Ok(said) => said,
        Err(error) => panic!("{error}"),
    }
}

fn every_file() {
    let device = Device::new();
    for toml in ["", TOML] {
        device.rendered(toml, false);
        // Checked where there is no such table yet, then loaded twice: it replaces itself.
        let said = in_network(
            &device,
            "nft -c -f firewall.nft; load; load; nft -c -f firewall.nft\nnft list tables",
        );
        assert_eq!(said, "table inet keeper\n");
    }
    // What the image ships, of a device of which nothing is known.
    let shipped =
        e2e::repository().join("overlay/keeper/root/usr/lib/keeper/defaults/firewall.nft");
    let shipped = fs_err::read_to_string(shipped).unwrap();
    let file = device.dir.path().join("shipped.nft");
    fs_err::write(&file, shipped).unwrap();
    let said = in_network(
        &device,
        &format!("nft -f {}; nft list tables", file.display()),
    );
    assert_eq!(said, "table inet keeper\n");
    // Another table is nobody's business of ours.
    let said = in_network(&device, "nft add table inet other; load; nft list tables");
    assert_eq!(said, "table inet other\ntable inet keeper\n");
}

/// Listens on every port, on both loopbacks, and tries each as each account.
const TRY: &str = r#"
for port in 3350 5901 8470 9222 2022 4000; do
	for address in TCP4-LISTEN:$port,bind=127.0.0.1 TCP6-LISTEN:$port,bind=[::1]; do
		socat "$address,fork,reuseaddr" /dev/null >/dev/null 2>&1 &
	done
done
try() {
	setpriv --reuid="$1" --regid="$1" --clear-groups socat -u /dev/null "$2" 2>/dev/null
}
for port in 3350 5901 8470 9222 2022 4000; do
	for address in "TCP4:127.0.0.1:$port" "TCP6:[::1]:$port"; do
		# No rules yet: until it listens.
		until try 1001 "$address"; do sleep 0.1; done
	done
done
load
for port in 3350 5901 8470 9222 2022 4000; do
	for address in "TCP4:127.0.0.1:$port" "TCP6:[::1]:$port"; do
		open=
		for uid in 0 110 997 998 999 1000 1001; do
			if try $uid "$address"; then open="$open $uid"; fi
		done
		echo "$address$open"
	done
done
"#;

fn ports() {
    let device = Device::new();
    // xrdp is 110, keeperd 997, keeper 998, colab-tunnel 999, taro 1000 is a person, 1001 is none.
    let mut expected = String::new();
    for (port, open) in [
        (3350, "110"),
        (5901, "110 1000"),
        (8470, "998 1000"),
        (9222, "997"),
        (2022, "1000"),
        (4000, "0 110 997 998 999 1000 1001"),
    ] {
        expected += &format!("TCP4:127.0.0.1:{port} {open}\nTCP6:[::1]:{port} {open}\n");
    }
    assert_eq!(in_network(&device, TRY), expected);
}

/// Two ends of a cable: the device, and a network that is local or is not. A client that is dropped
/// waits, so it gives up by itself.
const CABLE: &str = r#"
unshare --net sleep 60 >/dev/null &
far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
ip link add near type veth peer name far
ip link set far netns $far
on_far() { nsenter --net=/proc/$far/ns/net "$@"; }
ip link set near up
on_far ip link set far up
for net in 192.168.7 172.20.7 203.0.113; do
	ip address add $net.1/24 dev near
	on_far ip address add $net.2/24 dev far
done
for net in fd00:7 2001:db8; do
	ip address add $net::1/64 dev near nodad
	on_far ip address add $net::2/64 dev far nodad
done
load
for port in 3389 22; do
	socat TCP4-LISTEN:$port,fork,reuseaddr /dev/null >/dev/null 2>&1 &
	socat TCP6-LISTEN:$port,fork,reuseaddr,ipv6only=1 /dev/null >/dev/null 2>&1 &
done
reach() {
	if "$@" -u /dev/null "$address" 2>/dev/null; then echo "$address open"; else echo "$address closed"; fi
}
for port in 3389 22; do
	address=TCP4:127.0.0.1:$port
	until socat -u /dev/null $address 2>/dev/null; do sleep 0.1; done
	reach socat
	for host in 192.168.7.1 172.20.7.1 203.0.113.1; do
		address=TCP4:$host:$port,connect-timeout=2
		reach on_far socat
	done
	address="TCP6:[::1]:$port"
	until socat -u /dev/null "$address" 2>/dev/null; do sleep 0.1; done
	for host in fd00:7::1 2001:db8::1; do
		address="TCP6:[$host]:$port,connect-timeout=2"
		reach on_far socat
	done
done
"#;

fn rdp() {
    let device = Device::new();
    let expected = "\
TCP4:127.0.0.1:3389 open
TCP4:192.168.7.1:3389,connect-timeout=2 open
TCP4:172.20.7.1:3389,connect-timeout=2 open
TCP4:203.0.113.1:3389,connect-timeout=2 closed
TCP6:[fd00:7::1]:3389,connect-timeout=2 open
TCP6:[2001:db8::1]:3389,connect-timeout=2 closed
TCP4:127.0.0.1:22 open
TCP4:192.168.7.1:22,connect-timeout=2 open
TCP4:172.20.7.1:22,connect-timeout=2 open
TCP4:203.0.113.1:22,connect-timeout=2 open
TCP6:[fd00:7::1]:22,connect-timeout=2 open
TCP6:[2001:db8::1]:22,connect-timeout=2 open
";
    assert_eq!(in_network(&device, CABLE), expected);
}
