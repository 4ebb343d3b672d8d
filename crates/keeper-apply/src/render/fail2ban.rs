//! fail2ban's jail for sshd, for versions 0.11 to 1.1.
//!
//! RDP has no jail: xrdp logs no address of a client that fails behind its gateway. It is open to
//! the local network only.

/// `fail2ban.conf`, read as jail.d/keeper.conf.
pub(super) fn jail() -> String {
    "\
# What sshd says is in the journal; without a log file the default does not start.
[DEFAULT]
backend = systemd
banaction = nftables-multiport
banaction_allports = nftables-allports

# Every further ban of an address lasts longer.
[sshd]
enabled = true
mode = aggressive
maxretry = 5
findtime = 10m
bantime = 1h
bantime.increment = true
bantime.maxtime = 1w
"
    .to_owned()
}
