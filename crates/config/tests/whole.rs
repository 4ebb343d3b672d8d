//! Whole files: read, written, cut, missing.

use config::{Config, parse};

const FULL: &str = r#"
[device]
hostname = "pi-4"
timezone = "America/Argentina/Buenos_Aires"
language = "ja"
keyboard = "jp"
display = "hdmi"
[browser]
notebooks = ["https://colab.research.google.com/drive/1?a=b#c", "http://gpu:8888/lab"]
reload_minutes = 1440
keep_hours = 0xa8
mode = "window"
[tunnel]
enabled = true
paid_plan_confirmed = true
entrance = 1024
public_port = 1
address = "2001:db8::1"
gpu = false
high_ram = true
days = 365
[ddns]
provider = "dyndns2"
name = "home.example.org"
server = "update.example.net"
user = "me@example.org"
[router]
map = true
[ssh]
password_login = true
authorized_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA \"me\" at 家"]
[notify]
webhook = "https://hooks.example/s3cret"
ntfy = "https://ntfy.example/topic"
command = ["/usr/bin/logger", "a b", "\"'\\"]
"#;

#[test]
fn written_and_read_again_it_is_the_same() {
    let full = parse(FULL).expect("a full configuration");
    assert_eq!(parse(&full.to_toml()), Ok(full.clone()));
    assert_eq!(parse(&Config::default().to_toml()), Ok(Config::default()));
    assert_eq!(parse(""), Ok(Config::default()));
    assert_eq!(full.browser.keep_hours.get(), 168);
    assert!(full.tunnel.switch.enabled());
    assert!(!format!("{full:?}").contains("s3cret"));
}

#[test]
fn the_public_name_is_the_tunnels_address_or_else_the_ddns_name() {
    let name = |text: &str| {
        let config = parse(text).expect("a good configuration");
        config.public_name().map(str::to_owned)
    };
    let ddns = "[ddns]\nprovider = \"desec\"\nname = \"home.dedyn.io\"\n";
    let tunnel = "[tunnel]\naddress = \"203.0.113.7\"\n";
    assert_eq!(name(""), None);
    assert_eq!(name(ddns).as_deref(), Some("home.dedyn.io"));
    assert_eq!(
        name(&format!("{tunnel}{ddns}")).as_deref(),
        Some("203.0.113.7")
    );
}

#[test]
fn a_file_cut_anywhere_is_read_or_refused_but_never_a_panic() {
    for (end, _) in FULL.char_indices() {
        if let Err(problems) = parse(&FULL[..end]) {
            assert!(!problems.list().is_empty());
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem_that_names_it() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let dir = camino::Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
    let (missing, binary, good) = (
        dir.join("none.toml"),
        dir.join("binary.toml"),
        dir.join("good.toml"),
    );
    std::fs::write(&binary, b"\xff").expect("writing");
    std::fs::write(&good, "\n\nbrowser.mode = \"x\"").expect("writing");
    let load = |path| config::load(path).expect_err("a bad file").to_string();
    assert_eq!(
        load(&missing),
        format!("{missing}: reading the file: No such file or directory (os error 2)")
    );
    assert_eq!(
        load(&binary),
        format!("{binary}: reading the file: it is not UTF-8 text")
    );
    assert!(load(&good).starts_with(&format!("{good}:3: browser.mode = \"x\": ")));
}
