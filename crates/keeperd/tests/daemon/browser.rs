//! keeperd's watch over a stand-in for the browser.

use crate::harness::Daemon;
use control::KioskState;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[test]
fn a_browser_that_answers_is_running() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let request: Vec<String> = BufReader::new(&stream)
            .lines()
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .collect();
        let body = "{\"Browser\":\"Chrome/120.0\"}";
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("sending");
        request
    });
    let dir = tempfile::tempdir().expect("a scratch directory");
    std::fs::write(dir.path().join("keeper.toml"), "").expect("writing the configuration");
    let daemon = Daemon::start_with(dir, &["--browser", &address]);
    let request = asked.join().expect("a request");
    assert_eq!(request[0], "GET /json/version HTTP/1.1");
    assert!(request.contains(&format!("host: {address}")), "{request:?}");

    // Generous: the machine may be busy or emulated.
    let end = Instant::now() + Duration::from_secs(30);
    let kiosk = loop {
        let kiosk = daemon.status().kiosk.expect("a status of the browser");
        if kiosk.state != KioskState::Starting {
            break kiosk;
        }
        assert!(Instant::now() < end, "{kiosk:?}");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(kiosk.state, KioskState::Running);
    assert_eq!(kiosk.detail.as_deref(), Some("Chrome/120.0"));
    assert_eq!(kiosk.restarts, 0);
    assert!(!daemon.dir.path().join("restart-browser").exists());
}
