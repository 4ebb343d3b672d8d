//! The service from start to end, with a router of a thread on loopback.

use super::*;
use std::net::UdpSocket;
use std::sync::mpsc::channel;
use std::time::Instant;

/// How long a test waits for what does not come, before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A router that does as PCP wants, and what it was asked.
fn router() -> (Ways, Receiver<Vec<u8>>) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let address = socket.local_addr().expect("it is bound");
    let (sender, asked) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 1100];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let mut packet = buffer[..length].to_vec();
            let _ = sender.send(packet.clone());
            packet[1] |= 0x80;
            packet[3] = 0;
            let _ = socket.send_to(&packet, from);
        }
    });
    let ways = Ways {
        port: address.port(),
        search: address,
    };
    (ways, asked)
}

fn settings(dir: &tempfile::TempDir, ways: Ways, gateway: &str) -> Settings {
    let dir = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
    let routes = dir.join("route");
    let line = format!("Iface\neth0 00000000 {gateway} 0003 0 0 0 00000000 0 0 0\n");
    fs::write(&routes, line).expect("writing");
    Settings {
        map: true,
        port: 10022,
        status: dir.join("status"),
        nonce: dir.join("nonce"),
        routes,
        ways,
    }
}

#[test]
fn the_port_is_closed_at_the_end_and_known_again_after_it() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let (ways, asked) = router();
    let settings = settings(&dir, ways, "0100007F");
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let (stop, stopped) = channel();
        let service = {
            let settings = settings.clone();
            std::thread::spawn(move || run(&settings, &stopped))
        };
        let open = asked.recv_timeout(PATIENCE).expect("a request");
        assert_eq!(open[40..44], [0, 22, 0x27, 0x26]);
        let start = Instant::now();
        while fs::read_to_string(&settings.status).unwrap_or_default() != "open 10022 PCP\n" {
            assert!(start.elapsed() < PATIENCE, "the port is not opened");
            std::thread::sleep(Duration::from_millis(10));
        }
        stop.send(()).expect("it runs");
        service.join().expect("no panic").expect("a good end");
        let close = asked.recv_timeout(PATIENCE).expect("a request");
        assert_eq!(close[4..8], [0; 4]);
        assert_eq!(
            fs::read_to_string(&settings.status).expect("a status"),
            "off\n"
        );
        nonces.push(close[24..36].to_vec());
    }
    assert_eq!(nonces[0], nonces[1]);
    assert_ne!(nonces[0], [0; 12]);
}

#[test]
fn what_is_not_wanted_or_not_possible_is_said() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let (ways, asked) = router();
    let mut settings = settings(&dir, ways, "0100007F");
    let status = || fs::read_to_string(dir.path().join("status")).expect("a status");
    settings.map = false;
    let (stop, stopped) = channel();
    run(&settings, &stopped).expect("a good end");
    assert_eq!(status(), "off\n");
    assert!(asked.try_recv().is_err());

    settings.map = true;
    settings.routes = "/nowhere/route".into();
    let service = std::thread::spawn(move || run(&settings, &stopped));
    while status() == "off\n" {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(status(), "failed there is no router\n");
    stop.send(()).expect("it runs");
    service.join().expect("no panic").expect("a good end");
    assert!(asked.try_recv().is_err());
}

#[test]
fn a_lease_is_renewed_before_it_ends() {
    let opened = |seconds| Opened {
        wants: Wants {
            gateway: [192, 168, 1, 1].into(),
            own: [192, 168, 1, 9].into(),
            port: 10022,
        },
        protocol: crate::Protocol::NatPmp,
        seconds,
    };
    for (seconds, wait) in [
        (Some(3600), 1800),
        (Some(120), 60),
        // One that is not worth the name must not have us ask all the time.
        (Some(0), 30),
        (Some(u32::MAX), 1800),
        (None, 300),
    ] {
        assert_eq!(renewal(&opened(seconds)), Duration::from_secs(wait));
    }
}
