//! Tables of what programs say, hostile neighbours included.

use super::*;

fn network(name: &str, signal: u8, secured: bool) -> Network {
    Network {
        name: name.to_owned(),
        signal,
        secured,
    }
}

fn bss(lines: &str) -> String {
    format!("BSS 00:11:22:33:44:55(on wlan0)\n\tTSF: 1 usec\n\tfreq: 2412\n{lines}")
}

#[test]
fn iw_is_read() {
    for (lines, found) in [
        (
            "\tcapability: ESS (0x0001)\n\tsignal: -48.00 dBm\n\tSSID: Caf\\xc3\\xa9 4\n",
            Some(network("Café 4", 100, false)),
        ),
        (
            "\tcapability: ESS Privacy ShortSlotTime (0x0411)\n\tsignal: -70.00 dBm\n\tSSID: home\n",
            Some(network("home", 60, true)),
        ),
        (
            "\tsignal: -99.50 dBm\n\tSSID: a\n\tRSN:\t * Version: 1\n\t\t * Group cipher: CCMP\n",
            Some(network("a", 1, true)),
        ),
        (
            "\tSSID: a\n\tWPA:\t * Version: 1\n",
            Some(network("a", 0, true)),
        ),
        (
            "\tsignal: nonsense\n\tSSID: a\n",
            Some(network("a", 0, false)),
        ),
        (
            "\tsignal: NaN dBm\n\tSSID: a\n",
            Some(network("a", 0, false)),
        ),
        (
            "\tsignal: 1e39 dBm\n\tSSID: a\n",
            Some(network("a", 100, false)),
        ),
        // Spaces at its ends, a backslash, and what only looks like an escape.
        ("\tSSID: \\x20a\\x20\n", Some(network(" a ", 0, false))),
        ("\tSSID: a\\x5cx41\n", Some(network("a\\x41", 0, false))),
        ("\tSSID: a\\xg1\n", Some(network("a\\xg1", 0, false))),
        ("\tSSID: \\x\n", Some(network("\\x", 0, false))),
        (
            "\tSSID: $(reboot);`x`'\"\n",
            Some(network("$(reboot);`x`'\"", 0, false)),
        ),
        // The first name counts, and only one of the network's own.
        (
            "\tSSID: a\n\tSSID: b\n\t\tSSID: c\n",
            Some(network("a", 0, false)),
        ),
        // Hidden, control characters, an escape of a terminal, no UTF-8, too long.
        ("\tSSID: \n", None),
        ("\tSSID: \\x00\\x00\\x00\n", None),
        ("\tSSID: a\\x0ab\n", None),
        ("\tSSID: \\x1b[31m\n", None),
        ("\tSSID: \\xc2\\x85\n", None),
        ("\tSSID: \\xff\\xfe\n", None),
        ("\tSSID: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", None),
        ("\tsignal: -48.00 dBm\n", None),
        ("", None),
    ] {
        let found: Vec<Network> = found.into_iter().collect();
        assert_eq!(iw(bss(lines).as_bytes()), found, "{lines:?}");
    }
    assert_eq!(iw(b"\tSSID: of nobody\n"), []);
    assert_eq!(
        iw(b"BSS x\n\tSSID: a\xff\nBSS y\n\tSSID: b"),
        [network("b", 0, false)]
    );
}

#[test]
fn wpa_cli_is_read() {
    let head = "bssid / frequency / signal level / flags / ssid\n";
    for (line, found) in [
        (
            "00:11:22:33:44:55\t2412\t-60\t[WPA2-PSK-CCMP][ESS]\thome",
            Some(network("home", 80, true)),
        ),
        (
            "00:11:22:33:44:55\t2412\t-60\t[ESS]\tCaf\\xc3\\xa9",
            Some(network("Café", 80, false)),
        ),
        (
            "00:11:22:33:44:55\t2412\t-60\t[WEP][ESS]\ta\\\\b\\\"",
            Some(network("a\\b\"", 80, true)),
        ),
        ("00:11:22:33:44:55\t2412\t-60\t[ESS]\t\\n\\t\\r\\e", None),
        ("00:11:22:33:44:55\t2412\t-60\t[ESS]\ta\tb", None),
        ("00:11:22:33:44:55\t2412\t-60\t[ESS]\t", None),
        ("00:11:22:33:44:55\t2412\t-60\t[ESS]", None),
        ("\t\t\t\t", None),
        ("", None),
    ] {
        let found: Vec<Network> = found.into_iter().collect();
        assert_eq!(
            wpa_cli(format!("{head}{line}\n").as_bytes()),
            found,
            "{line:?}"
        );
    }
}

#[test]
fn nmcli_is_read() {
    for (line, found) in [
        ("82:WPA2:home", Some(network("home", 82, true))),
        ("30::open", Some(network("open", 30, false))),
        ("30:--:open", Some(network("open", 30, false))),
        (
            "255:WPA1 WPA2:a\\:b\\\\c",
            Some(network("a:b\\c", 100, true)),
        ),
        ("82:WPA2:", None),
        ("256:WPA2:a", None),
        ("-1:WPA2:a", None),
        (":::", None),
        ("82:WPA2:a\u{1b}[31m", None),
        ("nonsense", None),
    ] {
        let found: Vec<Network> = found.into_iter().collect();
        assert_eq!(nmcli(format!("{line}\n").as_bytes()), found, "{line:?}");
    }
    assert_eq!(nmcli(b"82:WPA2:\xff\xfe\n"), []);
}

#[test]
fn each_name_comes_once_and_the_strongest_first() {
    let seen = vec![
        network("b", 20, false),
        network("a", 40, true),
        network("b", 60, true),
        network("c", 40, false),
        network("b", 90, false),
    ];
    let found = strongest(seen);
    assert_eq!(
        found,
        [
            network("b", 90, true),
            network("a", 40, true),
            network("c", 40, false)
        ]
    );
    let many = (0..500)
        .map(|n| network(&n.to_string(), 50, false))
        .collect();
    assert_eq!(strongest(many).len(), MOST);
}
