//! A router's documents, and a router of a thread on loopback.

use super::*;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

const LOCAL: Ipv4Addr = Ipv4Addr::LOCALHOST;

const DESCRIPTION: &str = "<?xml version=\"1.0\"?><root><device><serviceList><service>\
    <serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>\
    <controlURL>/l3</controlURL></service></serviceList><deviceList><device><serviceList><service>\
    <serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>\
    <controlURL>/ctl?a=1&amp;b</controlURL></service></serviceList></device></deviceList></device></root>";

/// A router that answers the search and then gives these answers, one a connection; what it was asked.
fn router(answers: Vec<(u16, String)>) -> (SocketAddr, Receiver<String>) {
    let search = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let documents = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = search.local_addr().expect("it is bound");
    let place = documents.local_addr().expect("it is bound");
    let (sender, asked) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 2048];
        let (_, from) = search.recv_from(&mut buffer).expect("a search");
        let answer = format!("HTTP/1.1 200 OK\r\nLocation: http://{place}/d.xml\r\n\r\n");
        search.send_to(answer.as_bytes(), from).expect("sending");
        for (status, body) in answers {
            let (mut stream, _) = documents.accept().expect("a connection");
            let length = stream.read(&mut buffer).expect("a request");
            let request = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let _ = sender.send(request);
            let _ = write!(stream, "HTTP/1.1 {status} X\r\n\r\n{body}");
        }
    });
    (address, asked)
}

fn found(answers: Vec<(u16, String)>) -> (Gateway, Receiver<String>) {
    let all = std::iter::once((200, DESCRIPTION.to_owned())).chain(answers);
    let (search, asked) = router(all.collect());
    let gateway = find(LOCAL, search, Duration::from_secs(5)).expect("a router");
    assert!(
        asked
            .recv()
            .expect("a request")
            .starts_with("GET /d.xml HTTP/1.0\r\n")
    );
    (gateway, asked)
}

#[test]
fn a_port_is_mapped_and_unmapped() {
    let address = "<e><b><NewExternalIPAddress>203.0.113.7</NewExternalIPAddress></b></e>";
    let (gateway, asked) = found(vec![
        (200, address.to_owned()),
        (200, String::new()),
        (200, String::new()),
    ]);
    assert_eq!(gateway.outside(), Ok(Ipv4Addr::new(203, 0, 113, 7)));
    let own = Ipv4Addr::new(192, 168, 1, 9);
    assert_eq!(gateway.map(own, 22, 10022, 3600), Ok(Some(3600)));
    assert_eq!(gateway.unmap(10022), Ok(()));
    let requests: Vec<String> = asked.iter().collect();
    assert!(
        requests[0].starts_with("POST /ctl?a=1&b HTTP/1.0\r\n"),
        "{}",
        requests[0]
    );
    for part in [
        "SOAPAction: \"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping\"",
        "<NewExternalPort>10022</NewExternalPort>",
        "<NewInternalPort>22</NewInternalPort>",
        "<NewInternalClient>192.168.1.9</NewInternalClient>",
    ] {
        assert!(requests[1].contains(part), "{part}: {}", requests[1]);
    }
    assert!(
        requests[2].contains("#DeletePortMapping"),
        "{}",
        requests[2]
    );
}

#[test]
fn a_router_that_keeps_mappings_without_end_only_is_asked_for_one() {
    let only = "<s:Fault><errorCode>725</errorCode></s:Fault>".to_owned();
    let (gateway, asked) = found(vec![(500, only), (200, String::new())]);
    assert_eq!(gateway.map(LOCAL, 22, 1, 3600), Ok(None));
    let last = asked.iter().last().expect("a request");
    assert!(last.contains("<NewLeaseDuration>0<"), "{last}");
}

#[test]
fn a_refusal_says_why() {
    for (status, body, why) in [
        (
            500,
            "<errorCode>718</errorCode>",
            "the port is another device's (UPnP error 718)",
        ),
        (
            500,
            "<errorCode>606</errorCode>",
            "it does not allow it (UPnP error 606)",
        ),
        (
            500,
            "<errorCode>\x1b7</errorCode>",
            "it refuses (UPnP error 7)",
        ),
        (404, "", "it answers with HTTP status 404 (UPnP)"),
    ] {
        let (gateway, _asked) = found(vec![(status, body.to_owned())]);
        assert_eq!(gateway.map(LOCAL, 22, 1, 1), Err(why.to_owned()));
    }
}

#[test]
fn only_the_router_itself_is_listened_to() {
    let answer = |place: &str| format!("HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: {place}\r\n\r\n");
    let router = Ipv4Addr::new(192, 168, 1, 1);
    let at = |place: &str| location(&answer(place), router);
    let found = Some(((router, 5000).into(), "/d.xml".to_owned()));
    assert_eq!(at("http://192.168.1.1:5000/d.xml"), found);
    assert_eq!(
        at("http://192.168.1.1"),
        Some(((router, 80).into(), "/".to_owned()))
    );
    for elsewhere in [
        "http://192.168.1.2:5000/d.xml",
        "http://router.example/d.xml",
        "https://192.168.1.1/d.xml",
        "http://192.168.1.1@203.0.113.7/",
        "http://192.168.1.1:99999/",
        "http://192.168.1.1/a b",
        "",
    ] {
        assert_eq!(at(elsewhere), None, "{elsewhere}");
    }
    let leads = DESCRIPTION.replace("/ctl?a=1&amp;b", "http://192.168.1.2/ctl");
    assert_eq!(control(&leads, (router, 5000).into(), router), None);
    // Somebody else on the network, who is asked here.
    let (search, asked) = super::tests::router(vec![]);
    let nobody = find(router, search, Duration::from_millis(300));
    assert_eq!(nobody, Err("no UPnP".to_owned()));
    assert!(asked.recv().is_err());
}

#[test]
fn a_router_that_maps_nothing_says_so() {
    let other = DESCRIPTION.replace("WANIPConnection", "Printer");
    let (search, _asked) = router(vec![(200, other)]);
    let found = find(LOCAL, search, Duration::from_secs(5));
    assert_eq!(found, Err("its UPnP maps no ports".to_owned()));
}
