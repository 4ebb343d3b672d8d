//! Routers of a thread on loopback.

use super::*;
use std::sync::mpsc::{Receiver, channel};

const WANTS: Wants = Wants {
    gateway: Ipv4Addr::LOCALHOST,
    own: Ipv4Addr::LOCALHOST,
    port: 10022,
};
const NONCE: Nonce = [3; 12];

/// A router on loopback that answers with what `answer` makes of a packet; what it was asked.
fn router(answer: fn(&[u8]) -> Option<Vec<u8>>) -> (Ways, Receiver<Vec<u8>>) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let ways = Ways {
        port: socket.local_addr().expect("it is bound").port(),
        search: silent.local_addr().expect("it is bound"),
    };
    let (sender, asked) = channel();
    std::thread::spawn(move || {
        let _silent = silent;
        let mut buffer = [0; 1100];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let _ = sender.send(buffer[..length].to_vec());
            if let Some(answer) = answer(&buffer[..length]) {
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    (ways, asked)
}

fn pcp_answer(packet: &[u8]) -> Option<Vec<u8>> {
    let mut answer = packet.to_vec();
    (packet[0] == 2).then(|| {
        answer[1] |= 0x80;
        answer[3] = 0;
        answer
    })
}

#[test]
fn a_pcp_router_opens_and_closes() {
    let (ways, asked) = router(pcp_answer);
    let opened = open(WANTS, &NONCE, &ways).expect("a mapping");
    assert_eq!(opened.protocol, Protocol::Pcp(NONCE));
    assert_eq!(opened.seconds, Some(LEASE));
    opened.close(&ways).expect("closing");
    let packets: Vec<Vec<u8>> = asked.try_iter().collect();
    assert_eq!(packets.len(), 2);
    assert_eq!(packets[1][4..8], [0; 4]);
    assert_eq!(packets[1][24..36], NONCE);
}

#[test]
fn a_router_with_nat_pmp_alone_is_asked_by_it() {
    let (ways, asked) = router(|packet| match packet {
        [2, ..] => Some(vec![0, 0x81, 0, 1, 0, 0, 0, 0]),
        [0, 0] => Some(vec![0, 128, 0, 0, 0, 0, 0, 0, 203, 0, 113, 7]),
        [0, 2, ..] => {
            let mut answer = vec![0, 130, 0, 0, 0, 0, 0, 9];
            answer.extend(&packet[4..12]);
            Some(answer)
        }
        _ => None,
    });
    let opened = open(WANTS, &NONCE, &ways).expect("a mapping");
    assert_eq!(opened.protocol, Protocol::NatPmp);
    opened.close(&ways).expect("closing");
    let outside = outside_address(WANTS.gateway, &ways);
    assert_eq!(outside, Ok(Ipv4Addr::new(203, 0, 113, 7)));
    let last = asked.try_iter().nth(2).expect("a packet");
    assert_eq!(last, [0, 2, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn another_port_than_the_one_asked_for_is_given_back() {
    let (ways, asked) = router(|packet| {
        let mut answer = pcp_answer(packet)?;
        answer[43] ^= 1;
        Some(answer)
    });
    let why = open(WANTS, &NONCE, &ways).expect_err("another port");
    assert!(why.starts_with("it offers port 10023 instead"), "{why}");
    let second = asked.try_iter().nth(1).expect("a packet");
    assert_eq!(second[4..8], [0; 4]);
}

#[test]
fn a_router_that_knows_nothing_is_told_so() {
    let free = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let nobody = free.local_addr().expect("it is bound");
    drop(free);
    let ways = Ways {
        port: nobody.port(),
        search: nobody,
    };
    let why = open(WANTS, &NONCE, &ways).expect_err("nobody");
    assert_eq!(why, "no PCP; no NAT-PMP; no UPnP");
    let why = outside_address(WANTS.gateway, &ways).expect_err("nobody");
    assert_eq!(why, "no NAT-PMP; no UPnP");
}
