//! The real ddclient with the settings that keeper-apply renders and the unit's script completes,
//! against a provider that takes and refuses; and what `keeper doctor` makes of what it leaves.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cmd::Cmd;
use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;

use crate::settings::Device;

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox(
            "ddclient_updates_the_name_at_every_provider",
            every_provider,
        ),
        trial_in_sandbox("a_provider_that_refuses_is_understood", refused),
        trial_in_sandbox("a_secret_that_others_could_read_is_refused", secrets),
    ]
}

const SECRET: &str = "s3cr&t,x$y=`!z";
const OUTSIDE: &str = "203.0.113.7";

/// A provider on loopback that speaks TLS, as all do.
struct Provider {
    port: u16,
    /// What it was asked, but for the address.
    asked: Receiver<String>,
    tls: Child,
}

impl Provider {
    /// Tells the address, and answers updates so.
    fn new(device: &Device, answer: &'static str) -> Self {
        let (behind, asked) = serve(answer);
        let port = free_port();
        let (key, cert) = identity(device);
        let listen = format!(
            "OPENSSL-LISTEN:{port},bind=127.0.0.1,fork,verify=0,key={},cert={}",
            key.display(),
            cert.display()
        );
        let socat = device.tools.cmd("/usr/bin/socat");
        let socat = socat.arg(listen).arg(format!("TCP4:127.0.0.1:{behind}"));
        let mut command = socat.command();
        let tls = command.stderr(Stdio::null()).spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { port, asked, tls }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // It fails only for a process that is gone.
        let _ = self.tls.kill();
        let _ = self.tls.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Key and certificate of the provider, which ddclient is told to trust.
fn identity(device: &Device) -> (PathBuf, PathBuf) {
    let (key, cert) = (
        device.dir.path().join("provider.key"),
        device.dir.path().join("provider.pem"),
    );
    if !cert.exists() {
        let make = device.tools.cmd("/usr/bin/openssl");
        let make = make.args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256".split(' '));
        let make = make.args("-nodes -days 2 -subj /CN=provider".split(' '));
        let make = make.args(["-addext", "subjectAltName=IP:127.0.0.1", "-keyout"]);
        make.arg(&key).arg("-out").arg(&cert).run().unwrap();
    }
    (key, cert)
}

/// What is behind the TLS.
fn serve(answer: &'static str) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, asked) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap_or_default();
            let request = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let echo = request.starts_with("GET /echo");
            let body = if echo { OUTSIDE } else { answer };
            let head = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n";
            let _ = writeln!(stream, "{head}{body}");
            if !echo {
                let _ = sender.send(request);
            }
        }
    });
    (port, asked)
}

/// Has ddclient update once, which it does without an interval (4.0 takes 0 for a minute); what it said.
/// Names of servers become the stand-in's.
fn update(device: &Device, toml: &str, port: u16) -> String {
    let dir = device.dir.path();
    let rendered = device.rendered(toml, false).join("ddclient.conf");
    let text = fs_err::read_to_string(&rendered).unwrap();
    assert!(text.contains("\nssl=yes\nuse=web, web=https://"), "{text}");
    let here = format!("127.0.0.1:{port}");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("server=")) {
        lines.push(match line.split_once('=') {
            Some(("ssl", _)) => format!("{line}\nssl_ca_file={}", identity(device).1.display()),
            Some(("use", _)) => format!("use=web, web=https://{here}/echo"),
            Some(("protocol", _)) => format!("{line}\nserver={here}"),
            _ => line.to_owned(),
        });
    }
    fs_err::write(dir.join("settings"), lines.join("\n") + "\n").unwrap();
    secret(dir, SECRET, 0o600);
    completed(device).unwrap();
    let _ = fs_err::remove_file(dir.join("cache"));
    let once = device.tools.cmd("/usr/bin/perl").arg("/usr/bin/ddclient");
    let once = once.args(["-foreground", "-noquiet", "-file"]);
    let once = once.arg(dir.join("ddclient.conf"));
    let once = once.arg("-cache").arg(dir.join("cache"));
    let once = once.arg("-pid").arg(dir.join("pid"));
    let mut said = String::new();
    // Its status says nothing of what became of the update.
    let _ = once.run_with(|line| said += &format!("{line}\n"));
    assert!(!said.contains("s3cr"), "it is in the journal:\n{said}");
    said
}

fn secret(dir: &Path, text: &str, mode: u32) {
    let file = dir.join("secret");
    fs_err::write(&file, text).unwrap();
    fs_err::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs the unit's script. The account that gets the file is root here.
fn completed(device: &Device) -> Result<(), String> {
    let dir = device.dir.path();
    let script = "overlay/ddns/root/usr/libexec/keeper/ddns-settings";
    let script = fs_err::read_to_string(e2e::repository().join(script)).unwrap();
    let script = script.replace("keeper-ddns:keeper-ddns", "0:0");
    let run = Cmd::new("sh").args(["-c", &script, "ddns-settings"]);
    let run = run.arg(dir.join("secret")).arg(dir.join("settings"));
    let mut said = String::new();
    let ended = run
        .arg(dir.join("ddclient.conf"))
        .run_with(|line| said += line);
    ended.map_err(|_| said)
}

fn every_provider() {
    let device = Device::new();
    let basic = |user: &str| {
        let pair = format!("{user}:{SECRET}");
        format!(
            "Authorization: Basic {}",
            data_encoding::BASE64.encode(pair.as_bytes())
        )
    };
    for (ddns, answer, parts) in [
        (
            "provider = \"duckdns\", name = \"home.duckdns.org\"",
            "OK",
            [
                "GET /update?domains=home&token=s3cr".to_owned(),
                OUTSIDE.to_owned(),
            ],
        ),
        (
            "provider = \"noip\", name = \"home.example.org\", user = \"me@example.org\"",
            "good 203.0.113.7",
            ["/nic/update?".to_owned(), basic("me@example.org")],
        ),
        (
            "provider = \"desec\", name = \"home.dedyn.io\"",
            "good",
            ["/nic/update?".to_owned(), basic("home.dedyn.io")],
        ),
        (
            "provider = \"dyndns2\", name = \"home.example.org\", server = \"up.example.net\", user = \"me\"",
            "nochg 203.0.113.7",
            ["myip=203.0.113.7".to_owned(), basic("me")],
        ),
    ] {
        let provider = Provider::new(&device, answer);
        let said = update(&device, &format!("ddns = {{ {ddns} }}"), provider.port);
        let request = provider
            .asked
            .try_recv()
            .unwrap_or_else(|_| panic!("{ddns}:\n{said}"));
        for part in parts {
            assert!(request.contains(&part), "{part}: {request}");
        }
        // That nothing had to be changed, ddclient mentions.
        let odd = said.contains("WARNING") && !answer.starts_with("nochg");
        assert!(!odd, "{ddns}:\n{said}");
        let cache = fs_err::read_to_string(device.dir.path().join("cache")).unwrap();
        assert!(
            !cache.contains("s3cr"),
            "it is there for all to read:\n{cache}"
        );
        let update = doctor::look::last_update(&cache, u64::MAX);
        let good = matches!(&update, doctor::Update::Good { address, .. } if address == OUTSIDE);
        assert!(good, "{update:?}:\n{cache}\n{said}");
    }
}

fn refused() {
    let device = Device::new();
    let toml = "ddns = { provider = \"desec\", name = \"home.dedyn.io\" }";
    for word in ["badauth", "nohost", "abuse", "911"] {
        let provider = Provider::new(&device, word);
        let said = update(&device, toml, provider.port);
        let cache = fs_err::read_to_string(device.dir.path().join("cache")).unwrap();
        let update = doctor::look::last_update(&cache, u64::MAX);
        let told = matches!(&update, doctor::Update::Refused { word: told, .. } if told == word);
        assert!(told, "{word}: {update:?}:\n{cache}\n{said}");
    }
}

fn secrets() {
    let device = Device::new();
    let dir = device.dir.path();
    fs_err::write(dir.join("settings"), "protocol=dyndns2\n").unwrap();
    assert!(
        completed(&device)
            .unwrap_err()
            .contains("is missing or empty")
    );
    for mode in [0o644, 0o640, 0o660] {
        secret(dir, SECRET, mode);
        assert!(
            completed(&device)
                .unwrap_err()
                .contains("by others than root")
        );
    }
    for bad in ["a b", "a'b", "a\"b", "a\\b", "a#b", "a\nb", "a\u{e4}"] {
        secret(dir, bad, 0o600);
        assert!(
            completed(&device).unwrap_err().contains("holds a space"),
            "{bad}"
        );
        assert!(!dir.join("ddclient.conf").exists());
    }
    secret(dir, "good\n", 0o600);
    completed(&device).unwrap();
    let file = dir.join("ddclient.conf");
    let text = fs_err::read_to_string(&file).unwrap();
    assert_eq!(text, "password='good'\nprotocol=dyndns2\n");
    let mode = fs_err::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
