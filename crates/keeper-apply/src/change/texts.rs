//! Texts of files in /etc that are no generation's, as pure functions: what was there is kept where it is another's.
//!
//! Whatever is put into them has been checked before; it is quoted for its format all the same.

use std::fmt::Write as _;

/// /etc/hosts with the device's own name.
pub(crate) fn hosts(text: &str, name: &str) -> String {
    let own = format!("127.0.1.1 {name}");
    let mut found = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_own = line.split_ascii_whitespace().next() == Some("127.0.1.1");
        if !is_own {
            lines.push(line.to_owned());
        } else if !found {
            found = true;
            lines.push(own.clone());
        }
    }
    if !found {
        lines.push(own);
    }
    lines.join("\n") + "\n"
}

/// /etc/default/keyboard with another layout. A variant belongs to its layout, so there is none then.
pub(super) fn keyboard(text: &str, layout: &str) -> String {
    let wanted = [
        ("XKBMODEL", None, "pc105"),
        ("XKBLAYOUT", Some(layout), layout),
        ("XKBVARIANT", Some(""), ""),
    ];
    let present = |line: &str, key: &str| {
        let rest = line.trim_start().strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    if text
        .lines()
        .any(|line| line == format!("XKBLAYOUT=\"{layout}\""))
    {
        return text.to_owned();
    }
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (key, value, otherwise) in wanted {
        match (lines.iter().position(|line| present(line, key)), value) {
            (Some(at), Some(value)) => lines[at] = format!("{key}=\"{value}\""),
            (Some(_), None) => {}
            (None, _) => lines.push(format!("{key}=\"{otherwise}\"")),
        }
    }
    lines.join("\n") + "\n"
}

/// What is known of a Wi-Fi network to join.
#[derive(Debug, Clone, Copy)]
pub(super) struct Join<'a> {
    /// The network interface.
    pub(super) interface: &'a str,
    /// SSID.
    pub(super) name: &'a str,
    /// None is an open network.
    pub(super) password: Option<&'a str>,
}

/// A file for netplan. `hidden` asks for the network by name, which finds the visible too.
pub(super) fn netplan(join: &Join<'_>) -> String {
    let mut text = format!(
        "# Written by keeper-apply; the wizard and the settings write it anew.\n\
         network:\n  version: 2\n  wifis:\n    {}:\n      dhcp4: true\n      optional: true\n      \
         access-points:\n        {}:\n          hidden: true\n",
        join.interface,
        yaml(join.name)
    );
    if let Some(password) = join.password {
        let _ = writeln!(text, "          password: {}", yaml(password));
    }
    text
}

/// A double-quoted YAML string of ASCII alone: no character is left that a reader may take for the end of a line.
fn yaml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
        }
    }
    quoted + "\""
}

/// A connection for NetworkManager. The SSID is written as numbers, so that nothing in it means anything.
pub(super) fn network_manager(join: &Join<'_>) -> String {
    let ssid: String = join.name.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte};");
        text
    });
    let mut text = format!(
        "[connection]\nid=keeper-wifi\ntype=wifi\ninterface-name={}\nautoconnect=true\n\n\
         [wifi]\nmode=infrastructure\nhidden=true\nssid={ssid}\n\n",
        join.interface
    );
    if let Some(password) = join.password {
        let escaped = password.replace('\\', "\\\\").replace(' ', "\\s");
        let _ = write!(text, "[wifi-security]\nkey-mgmt=wpa-psk\npsk={escaped}\n\n");
    }
    text + "[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n"
}

/// The country for the kernel, which decides by it which channels may be used. A file for modprobe, since netplan
/// before 0.105 has no key for it.
pub(super) fn country(country: &str) -> String {
    format!(
        "# Written by keeper-apply: the country whose rules Wi-Fi follows.\noptions cfg80211 ieee80211_regdom={country}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_name_stands_once_in_hosts() {
        for (text, result) in [
            ("", "127.0.1.1 new\n"),
            (
                "127.0.0.1 localhost",
                "127.0.0.1 localhost\n127.0.1.1 new\n",
            ),
            (
                "127.0.1.1\told old.lan\n::1 x\n127.0.1.1 again\n",
                "127.0.1.1 new\n::1 x\n",
            ),
            ("127.0.1.10 other\n", "127.0.1.10 other\n127.0.1.1 new\n"),
        ] {
            assert_eq!(hosts(text, "new"), result, "{text:?}");
            assert_eq!(hosts(result, "new"), result, "a second time");
        }
    }

    #[test]
    fn a_layout_takes_the_place_of_another_and_its_variant() {
        for (text, result) in [
            (
                "",
                "XKBMODEL=\"pc105\"\nXKBLAYOUT=\"jp\"\nXKBVARIANT=\"\"\n",
            ),
            (
                "# mine\nXKBMODEL=\"pc104\"\nXKBLAYOUT=\"us\"\nXKBVARIANT=\"dvorak\"\nBACKSPACE=\"guess\"\n",
                "# mine\nXKBMODEL=\"pc104\"\nXKBLAYOUT=\"jp\"\nXKBVARIANT=\"\"\nBACKSPACE=\"guess\"\n",
            ),
            (
                "XKBLAYOUT=\"jp\"\nXKBVARIANT=\"kana\"\n",
                "XKBLAYOUT=\"jp\"\nXKBVARIANT=\"kana\"\n",
            ),
        ] {
            assert_eq!(keyboard(text, "jp"), result, "{text:?}");
            assert_eq!(keyboard(result, "jp"), result, "a second time");
        }
    }

    #[test]
    fn nothing_in_a_name_or_password_leaves_its_quotes() {
        for (text, quoted) in [
            ("home", "\"home\""),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("$(reboot) `x` #!&*{}[]: ,", "\"$(reboot) `x` #!&*{}[]: ,\""),
            ("家", "\"\\U00005BB6\""),
            (
                "\u{2028}\u{85}\u{feff}\n",
                "\"\\U00002028\\U00000085\\U0000FEFF\\U0000000A\"",
            ),
        ] {
            assert_eq!(yaml(text), quoted);
            assert!(quoted.is_ascii());
        }
    }

    #[test]
    fn a_network_is_written_for_whoever_joins_it() {
        let join = Join {
            interface: "wlan0",
            name: "caf\u{e9}",
            password: Some(" a\\b c"),
        };
        let text = netplan(&join);
        assert!(text.contains("    wlan0:\n"), "{text}");
        assert!(text.contains("        \"caf\\U000000E9\":\n"), "{text}");
        assert!(
            text.contains("          password: \" a\\\\b c\"\n"),
            "{text}"
        );
        let text = network_manager(&join);
        assert!(text.contains("\nssid=99;97;102;195;169;\n"), "{text}");
        assert!(text.contains("\npsk=\\sa\\\\b\\sc\n"), "{text}");
        let open = Join {
            password: None,
            ..join
        };
        assert!(!netplan(&open).contains("password"));
        assert!(!network_manager(&open).contains("security"));
        assert!(country("JP").ends_with("\noptions cfg80211 ieee80211_regdom=JP\n"));
    }
}
