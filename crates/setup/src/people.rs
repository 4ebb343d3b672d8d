//! What may be a login name, and what a password.

use crate::check::Reason;

/// The longest login name, in characters: useradd's limit.
const LONGEST_NAME: usize = 31;

/// The shortest password, in characters.
const SHORTEST: usize = 10;

/// The longest password, in characters. In bytes it is at most 512, which is what PAM and crypt take.
const LONGEST: usize = 128;
/// And in bytes: xrdp cuts longer ones off, and openssl soon after.
const LONGEST_BYTES: usize = 255;

/// Accounts and groups of Debian and Ubuntu, of what our images install or an owner may, and our own. Groups count: an
/// account is made with a group of its name. Whatever else a device has, keeper-apply sees there.
#[rustfmt::skip]
const TAKEN: &[&str] = &[
    // Debian's and Ubuntu's, in every installation.
    "adm", "audio", "backup", "bin", "cdrom", "crontab", "daemon", "dialout", "dip", "disk", "fax", "floppy", "games",
    "gnats", "input", "irc", "kmem", "kvm", "list", "lp", "mail", "man", "netdev", "news", "nobody", "nogroup", "operator",
    "plugdev", "proxy", "render", "root", "sasl", "sgx", "shadow", "src", "staff", "sudo", "sync", "sys", "tape", "tty",
    "users", "utmp", "uucp", "video", "voice", "www-data",
    // Of services.
    "avahi", "avahi-autoipd", "bluetooth", "clock", "colord", "cups-pk-helper", "ddclient", "dhcpcd", "dnsmasq", "docker",
    "fail2ban", "fwupd-refresh", "gdm", "geoclue", "gpio", "gnome-initial-setup", "gnome-remote-desktop", "hplip", "i2c",
    "kernoops", "landscape", "lightdm", "lpadmin", "lxd", "messagebus", "mysql", "nm-openvpn", "nm-openconnect", "ntp",
    "openldap", "pollinate", "polkitd", "postfix", "postdrop", "postgres", "pulse", "pulse-access", "rdma", "redis", "rpc",
    "rtkit", "sambashare", "saned", "scanner", "sddm", "speech-dispatcher", "spi", "ssh", "sshd", "ssl-cert", "sssd",
    "statd", "syslog", "tcpdump", "tss", "usbmux", "uuidd", "wheel", "whoopsie", "wireshark", "xrdp",
    // Names that mean the administrator elsewhere, so that nobody takes them for it here.
    "admin", "administrator", "guest", "nologin", "toor",
    // Ours.
    "colab", "colab-keeper", "colab-tunnel", "keeper", "keeperd", "setup", "tunnel",
    // What names of groups and tools make misleading.
    "all", "localhost", "none", "self", "shutdown",
];

/// Names that begin so are a system's.
const TAKEN_STARTS: [&str; 6] = ["keeper-", "systemd-", "snap-", "snapd-", "debian-", "gdm-"];

/// The most common passwords that are long enough to be asked about, in lower case.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "0123456789", "0987654321", "1234512345", "1234567890", "12345678900", "12345678910", "123456789a", "123456789q",
    "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc", "1qazxsw23edc", "3.1415926535", "9876543210", "a123456789", "abcdefghij",
    "adminadmin", "administrator", "asdfghjkl;", "asdfasdfasdf", "baseball123", "changeme123", "colab-keeper",
    "colabkeeper", "colabkeeper1", "football123", "iloveyou123", "iloveyou1234", "jesuschrist", "letmein123",
    "password12", "password123", "password1234", "passwordpassword", "passw0rd123", "princess123", "q1w2e3r4t5",
    "q1w2e3r4t5y6", "qwerty12345", "qwerty123456", "qwertyuiop", "raspberry1", "raspberrypi", "welcome123",
];

/// Whether an account may be made under this name: `[a-z][a-z0-9_-]{0,30}`, and none of those that a system of ours has.
///
/// # Errors
/// Why not.
pub fn account_name(name: &str) -> Result<(), Reason> {
    if name.is_empty() {
        return Err(Reason::Missing);
    }
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let well_formed = name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| letter(byte) || b"_-".contains(&byte));
    if !well_formed {
        return Err(Reason::Form);
    }
    let of_a_system = TAKEN_STARTS.iter().any(|start| name.starts_with(start));
    if of_a_system || TAKEN.contains(&name) {
        return Err(Reason::Taken);
    }
    Ok(())
}

/// Whether this may be the owner's password: 10 to 128 characters, no control characters, neither their name nor one of
/// the most common.
///
/// # Errors
/// Why not.
pub fn password(password: &str, name: &str) -> Result<(), Reason> {
    if password.is_empty() {
        return Err(Reason::Missing);
    }
    if password.chars().any(char::is_control) {
        return Err(Reason::Characters);
    }
    if password.len() > LONGEST_BYTES {
        return Err(Reason::Form);
    }
    match password.chars().take(LONGEST + 1).count() {
        ..SHORTEST => return Err(Reason::Short),
        SHORTEST..=LONGEST => {}
        _ => return Err(Reason::Form),
    }
    let lower = password.to_lowercase();
    let mut characters = lower.chars();
    let first = characters.next();
    let repeated = characters.all(|character| Some(character) == first);
    if repeated || lower == name.to_lowercase() || COMMON.contains(&&*lower) {
        return Err(Reason::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_and_of_systems() {
        for good in ["h", "hanako", "pi", "ubuntu", "taro-2_x", &"a".repeat(31)] {
            assert_eq!(account_name(good), Ok(()), "{good}");
        }
        for bad in [
            "Hanako",
            "1st",
            "-a",
            "_apt",
            "花子",
            "a b",
            "a.b",
            "a:b",
            "a\n",
            "a/b",
            "$(id)",
            "a@b",
            &"a".repeat(32),
        ] {
            assert_eq!(account_name(bad), Err(Reason::Form), "{bad}");
        }
        for taken in [
            "root",
            "daemon",
            "www-data",
            "sudo",
            "xrdp",
            "keeper",
            "keeperd",
            "setup",
            "keeper-setup",
            "keeper-setup-people",
            "keeper-people",
            "keeper-shell",
            "keeper-ddns",
            "keeper-router",
            "colab-tunnel",
            "systemd-network",
        ] {
            assert_eq!(account_name(taken), Err(Reason::Taken), "{taken}");
        }
        assert_eq!(account_name(""), Err(Reason::Missing));
    }

    #[test]
    fn the_lists_hold_what_could_be_asked_at_all() {
        for name in TAKEN {
            assert_eq!(account_name(name), Err(Reason::Taken), "{name}");
        }
        for common in COMMON {
            assert_eq!(password(common, "x"), Err(Reason::Common), "{common}");
        }
    }

    #[test]
    fn passwords() {
        for good in [
            "correct horse",
            "ひらがなのパスワード",
            " leading and trailing ",
            "a:b'c\"d\\e$f`g",
            &"ab".repeat(64),
        ] {
            assert_eq!(password(good, "hanako"), Ok(()), "{good}");
        }
        for (bad, reason) in [
            ("", Reason::Missing),
            ("123456789", Reason::Short),
            ("ひらがな", Reason::Short),
            ("line\nbreak in it", Reason::Characters),
            ("a\0", Reason::Characters),
            ("tab\tulators", Reason::Characters),
            ("delete\u{7f}delete", Reason::Characters),
            (&"ab".repeat(65), Reason::Form),
            (&"長い".repeat(50), Reason::Form),
            ("PassWord123", Reason::Common),
            ("aaaaaaaaaaaa", Reason::Common),
            ("hanakosan-ga", Reason::Common),
        ] {
            assert_eq!(password(bad, "hanakosan-ga"), Err(reason), "{bad}");
        }
    }
}
