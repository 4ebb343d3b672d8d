//! Tests of what the rendered files mean. That the programs which read them agree is shown in
//! `tests/device`.

mod machines;
mod owner;

use std::collections::BTreeSet;

use super::*;

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn rendered(toml: &str, facts: &Facts) -> Files {
    render(&config::parse(toml).expect("a good configuration"), facts)
}

fn file(toml: &str, name: &str) -> String {
    rendered(toml, &device())[name].clone()
}

fn device() -> Facts {
    let passwd = "xrdp:x:110:110:::\nkeeper:x:998:998:::\nkeeperd:x:999:999:::\n\
                  taro:x:1000:1000:::\nanna:x:1001:1001:::\n";
    Facts::parse(passwd, "keeper-people:x:990:taro,anna\n")
}

/// The settings of one part of sshd's file, where "" is the part for all.
fn ssh(text: &str, part: &str) -> Vec<String> {
    let mut current = "";
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(condition) = line.strip_prefix("Match ") {
            current = condition;
        } else if current == part && !line.is_empty() && !line.starts_with('#') {
            found.push(line.to_owned());
        }
    }
    found
}

#[track_caller]
fn has(lines: &[String], line: &str) {
    assert!(lines.iter().any(|one| one == line), "{line}: {lines:#?}");
}

#[test]
fn nobody_logs_in_by_password_unless_the_owner_says_so_and_then_people_only() {
    let text = file("", "sshd.conf");
    has(&ssh(&text, ""), "PasswordAuthentication no");
    has(&ssh(&text, ""), "ChallengeResponseAuthentication no");
    has(&ssh(&text, ""), "PermitRootLogin no");
    assert!(!text.contains("PasswordAuthentication yes"));
    let text = file("ssh.password_login = true", "sshd.conf");
    has(&ssh(&text, ""), "PasswordAuthentication no");
    has(
        &ssh(&text, "Group keeper-people"),
        "PasswordAuthentication yes",
    );
    assert_eq!(text.matches("PasswordAuthentication yes").count(), 1);
}

#[test]
fn the_tunnels_account_opens_its_entrance_and_only_while_the_tunnel_is_on() {
    let text = file("", "sshd.conf");
    has(
        &ssh(&text, ""),
        "DenyUsers keeper keeperd keeper-shell setup keeper-setup colab-tunnel",
    );
    has(&ssh(&text, "User colab-tunnel"), "AllowTcpForwarding no");
    has(&ssh(&text, "User colab-tunnel"), "AuthorizedKeysFile none");
    let on = "tunnel = { enabled = true, paid_plan_confirmed = true, entrance = 2022 }";
    let text = file(on, "sshd.conf");
    has(
        &ssh(&text, ""),
        "DenyUsers keeper keeperd keeper-shell setup keeper-setup",
    );
    let part = ssh(&text, "User colab-tunnel");
    for line in [
        "AuthenticationMethods publickey",
        "AuthorizedKeysFile /etc/keeper/applied/tunnel.keys",
        "AllowTcpForwarding remote",
        "PermitListen localhost:2022",
        "PermitOpen none",
        "PermitTTY no",
        "MaxSessions 0",
        "ForceCommand /bin/false",
    ] {
        has(&part, line);
    }
}

#[test]
fn people_forward_to_three_ports_and_nothing_listens_for_them() {
    let text = file("tunnel.entrance = 2022", "sshd.conf");
    let part = ssh(&text, "Group keeper-people");
    has(&part, "AllowTcpForwarding local");
    has(&part, "PermitListen none");
    has(
        &part,
        "PermitOpen 127.0.0.1:8470 localhost:8470 127.0.0.1:5901 localhost:5901 127.0.0.1:2022 localhost:2022",
    );
    has(&ssh(&text, ""), "AllowTcpForwarding no");
}

/// The first condition counts: the tunnel's account gains nothing by becoming a person, and what
/// includes the file goes on without a condition.
#[test]
fn conditions_are_in_their_order_and_end() {
    let text = file("", "sshd.conf");
    let conditions: Vec<_> = text.lines().filter(|l| l.starts_with("Match ")).collect();
    assert_eq!(
        conditions,
        [
            "Match User colab-tunnel",
            "Match Group keeper-people",
            "Match all"
        ]
    );
    assert!(text.ends_with("\nMatch all\n"));
}

/// sshd refuses a whole file for one keyword that it does not know.
#[test]
fn every_keyword_is_known_to_openssh_8_2() {
    let known = "AllowAgentForwarding AllowStreamLocalForwarding AllowTcpForwarding AuthenticationMethods \
        AuthorizedKeysFile ChallengeResponseAuthentication Ciphers ClientAliveCountMax ClientAliveInterval \
        DenyUsers ForceCommand GatewayPorts HostKey HostbasedAuthentication KexAlgorithms LogLevel \
        LoginGraceTime MACs Match MaxAuthTries MaxSessions MaxStartups PasswordAuthentication \
        PermitEmptyPasswords PermitListen PermitOpen PermitRootLogin PermitTTY PermitTunnel PermitUserEnvironment \
        PermitUserRC PubkeyAuthentication X11Forwarding";
    let known: BTreeSet<&str> = known.split_whitespace().collect();
    let lines = file("ssh.password_login = true", "sshd.conf");
    for line in lines.lines().map(str::trim) {
        let keyword = line.split(' ').next().unwrap_or_default();
        assert!(
            keyword.is_empty() || keyword == "#" || known.contains(keyword),
            "{line}"
        );
    }
}

#[test]
fn only_devices_with_post_quantum_exchanges_offer_no_others() {
    let old = rendered("", &device())["sshd.conf"].clone();
    assert!(!old.contains("-curve25519"), "8.2 would have none left");
    let facts = Facts {
        post_quantum: true,
        ..device()
    };
    let new = rendered("", &facts)["sshd.conf"].clone();
    assert!(new.contains("KexAlgorithms -curve25519-*,ecdh-*,diffie-hellman-*\n"));
}

#[test]
fn loopback_ports_are_for_those_who_need_them() {
    let text = file("tunnel.entrance = 2022", "firewall.nft");
    for line in [
        "tcp dport 5901 meta skuid { 110, 1000, 1001 } accept",
        "tcp dport 9222 meta skuid { 999 } accept",
        "tcp dport 8470 meta skuid { 998, 1000, 1001 } accept",
        "tcp dport 3350 meta skuid { 110 } accept",
        "tcp dport 2022 meta skuid { 1000, 1001 } accept",
        "tcp dport { 2022, 3350, 5901, 8470, 9222 } reject with tcp reset",
    ] {
        assert!(text.contains(&format!("\t{line}\n")), "{line}:\n{text}");
    }
    let shell = Facts::parse("keeper-shell:x:7:7:::\n", "");
    let text = &rendered("", &shell)["firewall.nft"];
    assert!(text.contains("tcp dport 20022 meta skuid { 7 } accept"));
}

/// nft refuses a file for an account that does not exist; nobody at all is let through then.
#[test]
fn a_device_without_accounts_lets_nobody_through() {
    let text = &rendered("", &Facts::default())["firewall.nft"];
    assert!(!text.contains("skuid"), "{text}");
    assert!(text.contains("tcp dport { 3350, 5901, 8470, 9222, 20022 } reject"));
}

/// The value of a key in one section of an ini file.
fn ini<'a>(text: &'a str, section: &str, key: &str) -> Option<&'a str> {
    let mut inside = false;
    text.lines().find_map(|line| {
        if line.starts_with('[') {
            inside = line == format!("[{section}]");
        }
        let (name, value) = line.split_once('=')?;
        (inside && name == key).then_some(value)
    })
}

#[test]
fn rdp_is_tls_to_the_one_desktop() {
    let text = file("", "xrdp.ini");
    assert_eq!(ini(&text, "Globals", "security_layer"), Some("tls"));
    assert_eq!(
        ini(&text, "Globals", "ssl_protocols"),
        Some("TLSv1.2, TLSv1.3")
    );
    assert_eq!(ini(&text, "Logging", "LogLevel"), Some("INFO"));
    assert_eq!(ini(&text, "Logging", "SyslogLevel"), Some("INFO"));
    let sections: Vec<_> = text.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(
        sections,
        ["[Globals]", "[Logging]", "[Channels]", "[Keeper]"]
    );
    let session = ini(&text, "Globals", "autorun").expect("a session");
    for (key, value) in [
        ("lib", "libvnc.so"),
        ("ip", "127.0.0.1"),
        ("port", "5901"),
        ("pamusername", "same"),
        ("pampassword", "same"),
        ("pamsessionmng", "127.0.0.1"),
    ] {
        assert_eq!(ini(&text, session, key), Some(value), "{key}");
    }
}

#[test]
fn the_session_manager_checks_people_and_starts_nothing() {
    let text = file("", "sesman.ini");
    for (section, key, value) in [
        ("Globals", "ListenAddress", "127.0.0.1"),
        ("Globals", "ListenPort", "3350"),
        ("Security", "AllowRootLogin", "false"),
        ("Security", "TerminalServerUsers", "keeper-people"),
        ("Security", "AlwaysGroupCheck", "true"),
        ("Logging", "LogLevel", "INFO"),
        ("Logging", "SyslogLevel", "INFO"),
        ("Xorg", "param", "/bin/false"),
        ("Xvnc", "param", "/bin/false"),
    ] {
        assert_eq!(ini(&text, section, key), Some(value), "{key}");
    }
}

#[test]
fn the_session_is_told_what_to_show() {
    let text = file("", "session.env");
    let expected = "KEEPER_DISPLAY_KIND=virtual\nKEEPER_BROWSER_MODE=kiosk\n\
        KEEPER_BROWSER_PAGES=\"http://127.0.0.1:8470/start/1\"\nLANG=en_US.UTF-8\nKEEPER_KEYBOARD=us\n";
    assert_eq!(text, format!("# {HEADER}\n{expected}"));
    let toml = "browser.notebooks = [\"https://a/\", \"https://b/\"]\nbrowser.mode = \"window\"\n\
        device = { display = \"hdmi\", language = \"ja\", keyboard = \"jp\" }";
    let text = file(toml, "session.env");
    for line in [
        "KEEPER_DISPLAY_KIND=hdmi\n",
        "KEEPER_BROWSER_MODE=window\n",
        "KEEPER_BROWSER_PAGES=\"http://127.0.0.1:8470/start/1 http://127.0.0.1:8470/start/2\"\n",
        "LANG=ja_JP.UTF-8\n",
        "KEEPER_KEYBOARD=jp\n",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    let many: Vec<String> = (0..3000)
        .map(|page| format!("\"https://a/{page}\""))
        .collect();
    let many = many.join(",");
    let text = file(&format!("browser.notebooks = [{many}]"), "session.env");
    assert!(
        text.len() < 8192,
        "a variable of the environment has a greatest length"
    );
}

#[test]
fn fail2ban_reads_the_journal_and_bans_with_nftables() {
    let text = file("", "fail2ban.conf");
    assert_eq!(ini(&text, "DEFAULT", "backend "), Some(" systemd"));
    assert_eq!(
        ini(&text, "DEFAULT", "banaction "),
        Some(" nftables-multiport")
    );
    assert_eq!(ini(&text, "sshd", "enabled "), Some(" true"));
}

/// Every value that the checks of `config` let through stays on its line, in its file.
#[test]
fn no_value_breaks_out_of_its_line() {
    let nasty = [
        "\n",
        "\r",
        "\u{2028}",
        "\u{85}",
        "\u{b}",
        "\"",
        "\\",
        "#",
        ";",
        "$(reboot)",
        "`",
        "\0",
        "%",
        "{",
        "'",
        " PermitRootLogin yes",
        "\u{feff}",
        "家",
        "=",
        "\t",
    ];
    let usual = rendered("", &device());
    let mut accepted = 0;
    for text in nasty {
        let escaped: String = text
            .chars()
            .map(|c| format!("\\U{:08x}", u32::from(c)))
            .collect();
        for toml in [
            format!("ssh.authorized_keys = [\"{KEY} {escaped}x\"]"),
            format!("ssh.authorized_keys = [\"{escaped}{KEY}\"]"),
            format!("device.hostname = \"a{escaped}b\""),
            format!("device.timezone = \"A{escaped}b\""),
            format!("device.keyboard = \"us{escaped}\""),
            format!("device.language = \"en{escaped}\""),
            format!("browser.notebooks = [\"https://a/{escaped}\"]"),
            format!("browser.mode = \"kiosk{escaped}\""),
            format!(
                "notify.command = [\"/bin/true\", \"{}\"]",
                escaped.replace("\\U00000000", "")
            ),
            format!("notify.webhook = \"https://a/{escaped}\""),
        ] {
            let Ok(config) = config::parse(&toml) else {
                continue;
            };
            accepted += 1;
            for (name, content) in render(&config, &device()) {
                if name == "people.keys" {
                    let lines: Vec<_> = content.lines().skip(1).collect();
                    assert!(lines.len() <= 1, "{toml}: {lines:?}");
                    assert!(lines.iter().all(|line| line.starts_with(KEY)), "{toml}");
                    assert!(!content.contains(['\r', '\0', '\u{b}', '\u{85}']), "{toml}");
                } else {
                    assert_eq!(content, usual[name], "{name} of {toml}");
                }
            }
        }
    }
    assert!(
        accepted > 20,
        "{accepted} were tried, the others config refuses"
    );
}

#[test]
fn every_file_says_where_it_comes_from_and_ends_its_last_line() {
    for (name, text) in rendered("", &device()) {
        assert!(
            text.lines()
                .next()
                .is_some_and(|line| line.ends_with(HEADER)),
            "{name}"
        );
        assert!(text.ends_with('\n'), "{name}");
    }
}
