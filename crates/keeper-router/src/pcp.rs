//! PCP's MAP packets for one TCP port (RFC 6887).

use std::net::{Ipv4Addr, Ipv6Addr};

/// What both sides put into a mapping, so that only they can change it.
pub(crate) type Nonce = [u8; 12];

/// The length of a MAP packet without options.
pub(crate) const LENGTH: usize = 60;
const VERSION: u8 = 2;
const MAP: u8 = 1;
const RESPONSE: u8 = 0x80;
const TCP: u8 = 6;

/// A request to lead `port` of the router to `inner` of `own` for so many seconds; 0 ends it.
pub(crate) fn request(
    own: Ipv4Addr,
    inner: u16,
    port: u16,
    seconds: u32,
    nonce: &Nonce,
) -> [u8; LENGTH] {
    let mut packet = [0; LENGTH];
    packet[0] = VERSION;
    packet[1] = MAP;
    packet[4..8].copy_from_slice(&seconds.to_be_bytes());
    packet[8..24].copy_from_slice(&own.to_ipv6_mapped().octets());
    packet[24..36].copy_from_slice(nonce);
    packet[36] = TCP;
    packet[40..42].copy_from_slice(&inner.to_be_bytes());
    packet[42..44].copy_from_slice(&port.to_be_bytes());
    // Any address, of version 4.
    packet[44..60].copy_from_slice(&Ipv4Addr::UNSPECIFIED.to_ipv6_mapped().octets());
    packet
}

/// What the router has done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mapped {
    /// Its port; not always the one asked for.
    pub(crate) port: u16,
    /// For so many seconds.
    pub(crate) seconds: u32,
    /// Its outside address.
    pub(crate) outside: Option<Ipv4Addr>,
}

/// The answer to a request with this port and nonce; `None` for what is not one.
pub(crate) fn answer(packet: &[u8], inner: u16, nonce: &Nonce) -> Option<Result<Mapped, String>> {
    if packet.len() < 24 || packet[0] != VERSION || packet[1] != RESPONSE | MAP {
        return None;
    }
    if packet[3] != 0 {
        return Some(Err(refusal(packet[3])));
    }
    let field = |at: usize| u16::from_be_bytes([packet[at], packet[at + 1]]);
    if packet.len() < LENGTH || packet[24..36] != *nonce || field(40) != inner {
        return None;
    }
    let outside: [u8; 16] = packet[44..60].try_into().ok()?;
    Some(Ok(Mapped {
        port: field(42),
        seconds: u32::from_be_bytes([packet[4], packet[5], packet[6], packet[7]]),
        outside: Ipv6Addr::from(outside).to_ipv4_mapped(),
    }))
}

fn refusal(code: u8) -> String {
    let meaning = match code {
        1 => "it does not know this version",
        2 => "it does not allow it",
        4 | 9 => "it does not support it",
        7 => "it has no network itself",
        8 | 10 => "it has no room for more",
        11 => "the port is another device's",
        12 => "another router is between",
        _ => "it refuses",
    };
    format!("{meaning} (PCP result {code})")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: Nonce = [7; 12];

    fn answered(port: u16, seconds: u32) -> Vec<u8> {
        let own = Ipv4Addr::new(192, 168, 1, 9);
        let mut packet = request(own, 22, port, seconds, &NONCE).to_vec();
        packet[1] |= RESPONSE;
        packet[3] = 0;
        packet[8..24].fill(0);
        let outside = Ipv4Addr::new(203, 0, 113, 7).to_ipv6_mapped();
        packet[44..60].copy_from_slice(&outside.octets());
        packet
    }

    #[test]
    fn a_request_has_the_bytes_of_the_rfc() {
        let packet = request(Ipv4Addr::new(192, 168, 1, 9), 22, 10022, 3600, &NONCE);
        assert_eq!(packet[..8], [2, 1, 0, 0, 0, 0, 14, 16]);
        assert_eq!(packet[18..24], [0xff, 0xff, 192, 168, 1, 9]);
        assert_eq!(packet[36..44], [6, 0, 0, 0, 0, 22, 0x27, 0x26]);
        assert_eq!(packet[54..60], [0xff, 0xff, 0, 0, 0, 0]);
    }

    #[test]
    fn an_answer_is_believed_only_with_our_nonce() {
        let packet = answered(10022, 120);
        let mapped = Mapped {
            port: 10022,
            seconds: 120,
            outside: Some(Ipv4Addr::new(203, 0, 113, 7)),
        };
        assert_eq!(answer(&packet, 22, &NONCE), Some(Ok(mapped)));
        assert_eq!(answer(&packet, 22, &[8; 12]), None);
        assert_eq!(answer(&packet, 80, &NONCE), None);
        let mut refused = packet.clone();
        refused[3] = 11;
        let why = "the port is another device's (PCP result 11)".to_owned();
        assert_eq!(answer(&refused, 22, &NONCE), Some(Err(why)));
    }

    #[test]
    fn no_packet_is_too_odd() {
        let packet = answered(1, 1);
        for end in 0..LENGTH {
            assert_eq!(answer(&packet[..end], 22, &NONCE), None, "{end}");
        }
        for at in 0..LENGTH {
            let mut odd = packet.clone();
            odd[at] ^= 0xff;
            let _ = answer(&odd, 22, &NONCE);
        }
    }
}
