#!/bin/sh
# Decides, from inside, whether an image under test came up well, and says so to whoever booted it.
#
# Its words go to a port of the machine, one line each (crates/vm/src/protocol.rs). The last one repeats a number that
# only this boot's initramfs held, so that nothing but this script, come to its end, can say it.
set -u

port=/dev/virtio-ports/org.colab-keeper.check
gateway=10.0.2.2
# Set below: the number, and how many seconds of uptime the boot may take.
nonce=
limit=
# shellcheck source=/dev/null
. /run/keeper-check/settings

# Its time is the image's own "now": no file that came with the image is younger.
made=/usr/lib/clock-epoch
# Whether the device has an owner.
set_up=/var/lib/keeper-apply/set-up

uptime_seconds() {
	cut -d . -f 1 /proc/uptime
}

say() {
	printf '%s\n' "$*" >&3
}

# Several lines as one: the other side turns U+001F back.
as_line() {
	head -c 12000 | tr '\n' '\037'
}

# run NAME FUNCTION: reports what the function prints, as well when it returns 0.
run() {
	if detail=$("$2" 2>&1); then
		state=ok
	else
		state=fail
	fi
	say "check $1 $state $(printf '%s' "$detail" | as_line)"
}

# What there is to know about a unit that is not well.
tell_of() {
	systemctl status --no-pager --full --lines 0 "$1"
	journalctl --boot --no-pager --quiet --output short-monotonic --lines 15 --unit "$1"
}

# Waits until systemd has nothing left to start.
wait_for_boot() {
	while state=$(systemctl is-system-running); [ "$state" != running ]; do
		case $state in
		degraded | maintenance | stopping) return ;;
		esac
		if [ "$(uptime_seconds)" -ge "$limit" ]; then
			return
		fi
		sleep 1
	done
}

check_systemd() {
	echo "$state, uptime $(uptime_seconds) s"
	if [ "$state" != running ]; then
		systemctl list-jobs --no-pager --no-legend
		# Slow in emulation, so only where it may say something.
		systemd-analyze --no-pager blame | head -n 8
		return 1
	fi
}

check_units() {
	failed=$(systemctl list-units --all --plain --no-legend --state failed | cut -d ' ' -f 1)
	if [ -z "$failed" ]; then
		echo "none failed"
		return
	fi
	echo "$failed" | tr '\n' ' '
	echo
	for unit in $failed; do
		tell_of "$unit"
	done
	return 1
}

check_keeperd() {
	if ! systemctl is-active --quiet keeperd.service; then
		echo "keeperd.service is not active"
		tell_of keeperd.service
		return 1
	fi
	timeout 60 keeper status
}

# The partition reaches the end of the card, but for less than 2 MiB, and the file system has at least 95 % of it.
check_root_size() {
	root=$(findmnt --noheadings --first-only --output SOURCE /)
	partition=$(readlink -f "/sys/class/block/${root##*/}")
	card=${partition%/*}
	start=$(cat "$partition/start")
	size=$(cat "$partition/size")
	end=$(cat "$card/size")
	blocks=$(dumpe2fs -h "$root" 2>/dev/null | sed -n 's/^Block count: *//p')
	block_size=$(dumpe2fs -h "$root" 2>/dev/null | sed -n 's/^Block size: *//p')
	filesystem=$((blocks * block_size / 512))
	echo "card $((end / 2048)) MiB, $root $((size / 2048)) MiB from $((start / 2048)), / $((filesystem / 2048)) MiB"
	[ $((end - start - size)) -lt 4096 ] && [ $((filesystem * 100)) -ge $(((end - start) * 95)) ]
}

check_labels() {
	well=true
	for pair in /=writable /boot/firmware=system-boot; do
		mountpoint=${pair%=*}
		source=$(findmnt --noheadings --first-only --output SOURCE "$mountpoint")
		label=
		if [ -n "$source" ]; then
			label=$(blkid --probe --match-tag LABEL --output value "$source")
		fi
		echo "$mountpoint: ${source:-not mounted} ${label:-without a label}"
		[ "$label" = "${pair#*=}" ] || well=false
	done
	$well
}

# The vendor's table knows the partitions by their labels too, but ours must be the one in force.
check_fstab() {
	findmnt --fstab --noheadings --output SOURCE,TARGET,OPTIONS || return 1
	grep -q '^LABEL=writable */ *ext4 .*noatime' /etc/fstab &&
		grep -q '^LABEL=system-boot */boot/firmware *vfat .*nofail' /etc/fstab
}

# It has read meta-data and user-data from the boot partition, and nobody got a password by it.
check_cloud_init() {
	echo "called $(uname -n)"
	# `cloud-init status` says the same, a minute later in emulation.
	result=$(tr -d '\n' </run/cloud-init/result.json) || { echo "cloud-init has not come to its end"; return 1; }
	echo "$result"
	echo "$result" | grep -q '"datasource": "[^"]*NoCloud' || return 1
	echo "$result" | grep -q '"errors": *\[ *\]' || return 1
	wanted=$(sed -n 's/^instance-id: *//p' /boot/firmware/meta-data)
	got=$(cat /var/lib/cloud/data/instance-id)
	if [ -z "$wanted" ] || [ "$wanted" != "$got" ]; then
		echo "the instance is ${got:-unknown} and not ${wanted:-named}"
		return 1
	fi
	cmp /boot/firmware/user-data /var/lib/cloud/instance/user-data.txt || return 1
	# Only whom the owner of the card has given one.
	awk -F : '$2 !~ /^[!*]/ { print $1 }' /etc/shadow | {
		while read -r able; do
			[ "$able" = setup ] && [ ! -e "$set_up" ] && continue
			grep -q -w "$able" /boot/firmware/user-data || { echo "$able can log in by a password"; exit 1; }
		done
	}
}

# ping has what its package gives it: file capabilities get lost where an image is copied carelessly.
check_capabilities() {
	ping=$(command -v ping) || { echo "there is no ping"; return 1; }
	ping=$(readlink -f "$ping")
	getcap "$ping"
	stat --format '%A' "$ping"
	if grep -q setcap /var/lib/dpkg/info/iputils-ping.postinst 2>/dev/null; then
		getcap "$ping" | grep -q cap_net_raw || [ -u "$ping" ]
	fi
}

check_network() {
	tries=60
	while route=$(ip -4 route show default) && [ -z "$route" ] && [ "$tries" -gt 0 ]; do
		tries=$((tries - 1))
		sleep 1
	done
	echo "${route:-no default route}"
	case $route in
	*"via $gateway "*) ;;
	*)
		ip address
		return 1
		;;
	esac
	if command -v ping >/dev/null; then
		ping -c 1 -W 10 "$gateway" >/dev/null || { echo "$gateway does not answer"; return 1; }
	fi
	# The card's owner may have switched it off.
	! grep -q '^ *use-dns: false$' /boot/firmware/network-config || return 0
	servers=$(cat /run/systemd/resolve/resolv.conf 2>/dev/null || cat /etc/resolv.conf)
	echo "$servers" | grep '^nameserver' || { echo "no nameserver"; return 1; }
	grep -q '^nameserver' /etc/resolv.conf || { echo "/etc/resolv.conf names none"; return 1; }
}

errors() {
	journalctl --boot --no-pager --quiet --output short-monotonic --priority err "$@"
}

check_journal() {
	ours=$(errors --unit 'keeper*')
	if [ -n "$ours" ]; then
		echo "$ours"
		return 1
	fi
	echo "no error of ours"
}

# Errors of everybody else, for the reader.
note_other_errors() {
	errors | head -n 30 | while IFS= read -r line; do
		say "note journal: $line"
	done
}

# The ed25519 key that sshd shows is the one on the card, and no key came with the image.
check_sshd() {
	shown=$(ssh-keyscan -4 -T 30 -t ed25519 127.0.0.1 2>/dev/null | cut -d ' ' -f 3)
	own=$(cut -d ' ' -f 2 /etc/ssh/ssh_host_ed25519_key.pub)
	if [ -z "$shown" ] || [ "$shown" != "$own" ]; then
		echo "sshd shows the key ${shown:-none}, the card has ${own:-none}"
		tell_of ssh.service
		return 1
	fi
	for key in /etc/ssh/ssh_host_*_key; do
		if [ -z "$(find "$key" -newer "$made")" ]; then
			echo "$key is as old as the image"
			return 1
		fi
	done
	echo "answers with its own new key"
}

# What sshd goes by, had cloud-init written the opposite: the drop-in that sorts first counts.
check_sshd_settings() {
	try=/run/keeper-check/ssh
	# Ours is a link, relative to where it lies.
	mkdir -p "$try" && cp -rL /etc/ssh/sshd_config.d "$try/" || return 1
	printf '%s yes\n' PasswordAuthentication ChallengeResponseAuthentication PermitRootLogin \
		>"$try/sshd_config.d/50-cloud-init.conf"
	sed "s,/etc/ssh/sshd_config.d,$try/sshd_config.d," /etc/ssh/sshd_config >"$try/sshd_config"
	# For an account of which no condition speaks.
	who=user=nobody,host=localhost,addr=127.0.0.1
	in_force=$(/usr/sbin/sshd -T -C "$who" -f "$try/sshd_config") || return 1
	for setting in 'passwordauthentication no' 'permitrootlogin no'; do
		echo "$setting"
		echo "$in_force" | grep -q -x "$setting" || { echo "is not in force"; return 1; }
	done
	# OpenSSH 8.7 renamed it.
	echo "$in_force" | grep -E -x '(challengeresponse|kbdinteractive)authentication no'
}

# Asks the manager of the desktop's user, or of the user who sets the device up.
of_user() {
	user=$1
	shift
	runuser -u "$user" -- env XDG_RUNTIME_DIR="/run/user/$(id -u "$user")" systemctl --user --no-pager "$@"
}

# Without an owner there are the wizard's display and its browser, and nothing of the desktop.
check_setup() {
	for unit in keeper-setup-display keeper-setup-windows keeper-setup-browser; do
		is_up keeper-setup "$unit" || return 1
	done
	for unit in keeper-display keeper-kiosk; do
		if of_user keeper is-active --quiet "$unit.service"; then
			echo "$unit.service runs before the device has an owner"
			return 1
		fi
	done
	grep -q 'setup' /boot/firmware/keeper-setup.txt || { echo "keeper-setup.txt does not say how to log in"; return 1; }
	[ ! -e /boot/firmware/keeper.toml ]
}

# Nobody has logged in, and the desktop is there, each part of it.
check_desktop() {
	for unit in keeper-display keeper-windows keeper-session-helper keeper-kiosk; do
		is_up keeper "$unit" || return 1
	done
}

# Waits for a unit of that user's.
is_up() {
	until of_user "$1" is-active --quiet "$2.service"; do
		if [ "$(uptime_seconds)" -ge "$limit" ]; then
			echo "$2.service is not active"
			of_user "$1" status --full --lines 0 "$2.service"
			journalctl --boot --no-pager --quiet --output short-monotonic --lines 15 "_SYSTEMD_USER_UNIT=$2.service"
			return 1
		fi
		sleep 2
	done
	echo "$2, started $(of_user "$1" show --value --property NRestarts "$2.service") times again"
}

# The browser shows the notebook, or keeperd's page when there is none; asked as keeperd asks it: the only one whom the
# firewall lets through.
check_kiosk() {
	wanted=$(sed -n 's/^notebooks = \["\(.*\)"\]$/\1/p' /etc/keeper/keeper.toml 2>/dev/null)
	[ -n "$wanted" ] || wanted=http://127.0.0.1:8470/start/1
	until pages=$(runuser -u keeperd -- curl --silent --max-time 10 http://127.0.0.1:9222/json/list) &&
		echo "$pages" | grep -q -F "\"url\": \"$wanted\""; do
		if [ "$(uptime_seconds)" -ge "$limit" ]; then
			echo "the browser does not show $wanted but: ${pages:-nothing}"
			return 1
		fi
		sleep 2
	done
	echo "$pages" | grep -E '"(title|url)"'
	if runuser -u nobody -- curl --silent --max-time 10 --output /dev/null http://127.0.0.1:9222/json/version; then
		echo "and lets everybody in"
		return 1
	fi
}

# It listens, with a key of its own that xrdp alone can read.
check_rdp() {
	[ -n "$(ss --no-header --listening --tcp sport = 3389)" ] || { echo "nothing listens on 3389"; tell_of xrdp.service; return 1; }
	stat --format '%n %A %U:%G' /etc/xrdp/keeper/key.pem || return 1
	[ "$(stat --format '%a %U %G' /etc/xrdp/keeper/key.pem)" = "640 root xrdp" ] || return 1
	if [ -z "$(find /etc/xrdp/keeper/key.pem -newer "$made")" ]; then
		echo "the key is as old as the image"
		return 1
	fi
}

# systemd takes over what D-Bus has, so a number that came with the image can hide there.
check_machine_id() {
	cat /etc/machine-id
	grep -q -x '[0-9a-f]\{32\}' /etc/machine-id || return 1
	for file in /etc/machine-id /var/lib/dbus/machine-id; do
		if [ -f "$file" ] && [ ! -L "$file" ] && [ -z "$(find "$file" -newer "$made")" ]; then
			echo "$file is as old as the image"
			return 1
		fi
	done
}

# The port comes with its driver, which udev loads.
while [ ! -e "$port" ] && [ "$(uptime_seconds)" -lt "$limit" ]; do
	sleep 1
done
exec 3>"$port"

wait_for_boot
say booted
run systemd check_systemd
run units check_units
run keeperd check_keeperd
run root-size check_root_size
run labels check_labels
run fstab check_fstab
run cloud-init check_cloud_init
run capabilities check_capabilities
run network check_network
run sshd check_sshd
run sshd-settings check_sshd_settings
if [ -e "$set_up" ]; then
	run desktop check_desktop
	run kiosk check_kiosk
else
	run setup check_setup
fi
run rdp check_rdp
run machine-id check_machine_id
run journal check_journal
note_other_errors
say "done $nonce"
