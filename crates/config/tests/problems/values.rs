//! Values that are not accepted.

use crate::{problems, refused};

#[test]
fn numbers() {
    let minutes = "expected a number of minutes from 1 to 1440";
    for (bad, shown) in [
        ("0", "0"),
        ("1441", "1441"),
        ("-1", "-1"),
        ("99999999999999999999", "99999999999999999999"),
        ("0x0", "0x0"),
        ("1.5", "1.5"),
        ("\"10\"", "\"10\""),
        ("true", "true"),
        ("[]", "[…]"),
        ("{}", "{…}"),
        ("1979-05-27", "1979-05-27"),
    ] {
        let toml = format!("[browser]\nreload_minutes = {bad}");
        refused(
            &toml,
            &format!("2: browser.reload_minutes = {shown}: {minutes}"),
        );
    }
    refused(
        "browser.keep_hours = 169",
        "1: browser.keep_hours = 169: expected a number of hours from 1 to 168",
    );
    refused(
        "tunnel.public_port = 0",
        "1: tunnel.public_port = 0: expected a port number from 1 to 65535",
    );
    for port in [1023, 3350, 3389, 5901, 8470, 9222, 65536] {
        refused(
            &format!("tunnel.entrance = {port}"),
            &format!(
                "1: tunnel.entrance = {port}: expected a port number from 1024 to 65535 but not 3350, 3389, 5901, 8470 or \
                 9222, which the device itself uses"
            ),
        );
    }
}

#[test]
fn public_addresses() {
    let expected =
        "expected a name such as \"home.example.org\", or an IP address, or \"\" for none";
    for bad in [
        "home example",
        "-a.example",
        "a..example",
        "203.0.113",
        "203.0.113.256",
        "a.example:22",
        "[::1]",
        "::g",
    ] {
        refused(
            &format!("tunnel.address = \"{bad}\""),
            &format!("1: tunnel.address = \"{bad}\": {expected}"),
        );
    }
    refused(
        "tunnel.address = \"https://a.example/\"",
        &format!(
            "1: tunnel.address = \"https://a.example/\": it is an address of a web page; {expected}"
        ),
    );
    for good in [
        "home.example.org",
        "home",
        "203.0.113.7",
        "2001:db8::1",
        "a-1.duckdns.org",
        "",
    ] {
        let read = config::parse(&format!("tunnel.address = \"{good}\""));
        assert!(read.is_ok(), "{good}: {read:?}");
    }
}

#[test]
fn words() {
    refused(
        "device.display = \"HDMI\"",
        "1: device.display = \"HDMI\": expected \"virtual\" or \"hdmi\"",
    );
    refused(
        "device.language = \"fr\"",
        "1: device.language = \"fr\": expected \"en\" or \"ja\"",
    );
    refused(
        "browser.mode = 1",
        "1: browser.mode = 1: expected \"kiosk\" or \"window\"",
    );
    refused(
        "ssh.password_login = \"yes\"",
        "1: ssh.password_login = \"yes\": expected true or false",
    );
}

#[test]
fn names() {
    for bad in [
        "",
        "-a",
        "a-",
        "A",
        "a.b",
        "a b",
        "a\\nb",
        "ä",
        "localhost",
        "$(reboot)",
        &"a".repeat(64),
    ] {
        let found = problems(&format!("device.hostname = \"{bad}\""));
        assert!(
            found[0]
                .ends_with(": expected a name of up to 63 letters a-z, digits and inner hyphens"),
            "{found:?}"
        );
    }
    for bad in [
        "",
        "/etc/passwd",
        "Asia/../x",
        "Asia/",
        "Asia Tokyo",
        "+9",
        "Asia/Tokyo\\n",
    ] {
        let found = problems(&format!("device.timezone = \"{bad}\""));
        assert!(
            found[0].ends_with(": expected a time zone such as \"Asia/Tokyo\" or \"UTC\""),
            "{found:?}"
        );
    }
    refused(
        "device.keyboard = \"us,de\"",
        "1: device.keyboard = \"us,de\": expected a keyboard layout such as \"us\", \"jp\" or \"gb\"",
    );
}

#[test]
fn addresses() {
    refused(
        "browser.notebooks = [\n  \"https://a/\",\n  \"file:///etc/passwd\",\n]",
        "3: browser.notebooks[1] = \"file:///etc/passwd\": expected an http:// or https:// address",
    );
    refused(
        "browser.notebooks = [\"https://me:pw@host/?token=s3cret\"]",
        "1: browser.notebooks[0] = \"https://…@host/?…\": it holds a user name or password; expected an http:// or \
         https:// address",
    );
    refused(
        "browser.notebooks = [\"https://a/\", \"https://a/\"]",
        "1: browser.notebooks[1] = \"https://a/\": it is in the list already",
    );
    refused(
        "browser.notebooks = \"https://a/\"",
        "1: browser.notebooks = \"https://a/\": expected a list, each item an http:// or https:// address",
    );
    refused(
        "notify.webhook = \"hooks.example/T0/s3cret\"",
        "1: notify.webhook = (not shown): expected an http:// or https:// address, or \"\" for none",
    );
}

#[test]
fn keys_of_people() {
    let key = |line: &str| problems(&format!("ssh.authorized_keys = [{line:?}]")).remove(0);
    let expected =
        "; expected one line of an OpenSSH public key file, such as \"ssh-ed25519 AAAA… name\"";
    for (line, reason) in [
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA",
            "this is a private key",
        ),
        (
            "command=\"reboot\" ssh-ed25519 AAAA",
            "it does not begin with a key type",
        ),
        (
            "ssh-dss AAAAB3NzaC1kc3M=",
            "it does not begin with a key type",
        ),
        (
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ",
            "the key itself is incomplete or damaged",
        ),
        (
            "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAAA==",
            "the key itself is incomplete or damaged",
        ),
        ("ssh-ed25519", "the key itself is incomplete or damaged"),
        ("ssh-ed25519 AAAA\nssh-rsa AAAA", "it holds a line break"),
    ] {
        let found = key(line);
        assert!(
            found.contains(&format!(": {reason}")) && found.ends_with(expected),
            "{found}"
        );
        assert!(!found.contains("BEGIN"), "{found}");
    }
}

#[test]
fn commands() {
    let expected = "expected a list of a program's absolute path and its arguments, such as \
                    [\"/usr/local/bin/tell\", \"me\"], or []";
    refused(
        "notify.command = \"tell\"",
        &format!("1: notify.command = \"tell\": {expected}"),
    );
    refused(
        "notify.command = [1]",
        &format!("1: notify.command = […]: {expected}"),
    );
    refused(
        "notify.command = [\"tell\"]",
        &format!("1: notify.command = […]: its program is no absolute path; {expected}"),
    );
}

#[test]
fn tunnel_without_consent() {
    refused(
        "[tunnel]\nenabled = true",
        "2: tunnel.enabled = true: needs paid_plan_confirmed = true: Colab allows SSH only on a paid plan with a \
         positive balance, and blocks accounts that use it otherwise",
    );
}

#[test]
fn names_and_their_providers() {
    let name = "expected a name such as \"home.example.org\", in lower case, or \"\" for none";
    for bad in [
        "home",
        "Home.example.org",
        "home..org",
        "-a.org",
        "192.0.2.7",
        "a.b'c",
        "a.org\\n",
    ] {
        let toml = format!("ddns.name = \"{bad}\"");
        refused(&toml, &format!("1: ddns.name = \"{bad}\": {name}"));
    }
    let user =
        "expected an account name of up to 254 letters, digits and @ . _ + - : %, or \"\" for none";
    for bad in ["a b", "a,b", "a'b", "a#b"] {
        let toml = format!("ddns.user = \"{bad}\"");
        refused(&toml, &format!("1: ddns.user = \"{bad}\": {user}"));
    }
    for (ddns, problem) in [
        (
            "provider = \"desec\"",
            "provider = \"desec\": needs ddns.name, the name at this provider",
        ),
        (
            "provider = \"noip\", name = \"a.b\"",
            "provider = \"noip\": needs ddns.user, the account at this provider",
        ),
        (
            "provider = \"dyndns2\", name = \"a.b\", user = \"u\"",
            "provider = \"dyndns2\": needs ddns.server, the provider's update server",
        ),
        (
            "provider = \"desec\", name = \"a.b\", server = \"c.d\"",
            "server = \"c.d\": belongs to ddns.provider = \"dyndns2\" alone",
        ),
        (
            "provider = \"cloudflare\", name = \"a.b\"",
            "provider = \"cloudflare\": needs ddns.zone, the domain at this provider",
        ),
        (
            "provider = \"cloudflare\", name = \"xa.b\", zone = \"a.b\"",
            "zone = \"a.b\": ddns.name is not in it",
        ),
        (
            "provider = \"duckdns\", name = \"a.b\"",
            "name = \"a.b\": DuckDNS has names such as \"home.duckdns.org\"",
        ),
    ] {
        refused(
            &format!("ddns = {{ {ddns} }}"),
            &format!("1: ddns.{problem}"),
        );
    }
}
