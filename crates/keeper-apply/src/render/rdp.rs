//! xrdp and its session manager, for versions 0.9.12 and 0.9.21: a gateway with a password to the
//! one desktop that is always there, and nothing else.

use super::ports::{RDP, SESMAN, VNC};
use crate::accounts::{Facts, PEOPLE, SETUP_PEOPLE};

/// `xrdp.ini`.
pub(super) fn xrdp() -> String {
    format!(
        "\
[Globals]
ini_version=1
fork=true
port={RDP}
tcp_nodelay=true
tcp_keepalive=true
; \"negotiate\" would fall back to RDP's own encryption when the key cannot be read.
security_layer=tls
crypt_level=high
certificate=/etc/xrdp/keeper/cert.pem
key_file=/etc/xrdp/keeper/key.pem
ssl_protocols=TLSv1.2, TLSv1.3
autorun=Keeper
allow_channels=true
; The desktop has one screen of a fixed size.
allow_multimon=false
bitmap_cache=true
bitmap_compression=true
bulk_compression=true
max_bpp=24
new_cursors=true
use_fastpath=both

; Up to version 0.9.17 the level DEBUG, which is the default of some, writes passwords into the log. The journal is the
; log: xrdp may not make a file in /var/log.
[Logging]
LogFile=/dev/null
LogLevel=INFO
EnableSyslog=true
SyslogLevel=INFO

; The clipboard and what it needs; no drives, no sound, no single windows.
[Channels]
rdpdr=false
rdpsnd=false
drdynvc=true
cliprdr=true
rail=false
xrdpvr=false
tcutils=false

; The password is checked by PAM through the session manager, then the desktop's VNC server is joined.
[Keeper]
name=Keeper
lib=libvnc.so
ip=127.0.0.1
port={VNC}
username=ask
password=ask
pamusername=same
pampassword=same
pamsessionmng=127.0.0.1
"
    )
}

/// `sesman.ini`: people get in, or, while the device has no owner, whoever has the setup code.
pub(super) fn sesman(facts: &Facts) -> String {
    let group = if facts.setup { SETUP_PEOPLE } else { PEOPLE };
    format!(
        "\
[Globals]
ListenAddress=127.0.0.1
ListenPort={SESMAN}
EnableUserWindowManager=false
DefaultWindowManager=startwm.sh

; Without AlwaysGroupCheck every account with a password gets in while the group is missing.
[Security]
AllowRootLogin=false
MaxLoginRetry=4
TerminalServerUsers={group}
TerminalServerAdmins={group}
AlwaysGroupCheck=true

[Sessions]
X11DisplayOffset=10
MaxSessions=1

[Logging]
LogFile=/dev/null
LogLevel=INFO
EnableSyslog=true
SyslogLevel=INFO

; Nobody starts a desktop of their own: the session manager only checks passwords here.
[Xorg]
param=/bin/false

[Xvnc]
param=/bin/false
"
    )
}
