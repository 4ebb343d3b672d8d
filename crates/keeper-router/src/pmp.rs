//! NAT-PMP's packets for one TCP port, and its question for the router's address (RFC 6886).

use std::net::Ipv4Addr;

const VERSION: u8 = 0;
const ADDRESS: u8 = 0;
const TCP: u8 = 2;
const RESPONSE: u8 = 0x80;

/// What is the router's outside address?
pub(crate) const ASK_ADDRESS: [u8; 2] = [VERSION, ADDRESS];

/// A request to lead `port` of the router to `inner` of whoever sends it, for so many seconds; 0 ends
/// it.
pub(crate) fn request(inner: u16, port: u16, seconds: u32) -> [u8; 12] {
    let mut packet = [0; 12];
    packet[1] = TCP;
    packet[4..6].copy_from_slice(&inner.to_be_bytes());
    // To end a mapping the port must be 0.
    let port = if seconds == 0 { 0 } else { port };
    packet[6..8].copy_from_slice(&port.to_be_bytes());
    packet[8..12].copy_from_slice(&seconds.to_be_bytes());
    packet
}

/// The router's outside address; `None` for what is no answer to [`ASK_ADDRESS`].
pub(crate) fn address(packet: &[u8]) -> Option<Result<Ipv4Addr, String>> {
    let body = body(packet, ADDRESS)?;
    Some(body.and_then(|body| match body.first_chunk::<4>() {
        Some(octets) => Ok(Ipv4Addr::from(*octets)),
        None => Err("its answer is cut short".to_owned()),
    }))
}

/// Port and seconds of the mapping; `None` for what is no answer to a request for `inner`.
pub(crate) fn answer(packet: &[u8], inner: u16) -> Option<Result<(u16, u32), String>> {
    let body = match body(packet, TCP)? {
        Ok(body) => body,
        Err(why) => return Some(Err(why)),
    };
    let [a, b, c, d, e, f, g, h] = *body.first_chunk::<8>()?;
    let port = u16::from_be_bytes([c, d]);
    let seconds = u32::from_be_bytes([e, f, g, h]);
    (u16::from_be_bytes([a, b]) == inner).then_some(Ok((port, seconds)))
}

/// What follows the eight bytes that every answer begins with.
fn body(packet: &[u8], operation: u8) -> Option<Result<&[u8], String>> {
    let (head, body) = packet.split_at_checked(8)?;
    if head[0] != VERSION || head[1] != RESPONSE | operation {
        return None;
    }
    let code = u16::from_be_bytes([head[2], head[3]]);
    Some(match code {
        0 => Ok(body),
        1 => Err("it does not know this version (NAT-PMP result 1)".to_owned()),
        2 => Err("it does not allow it (NAT-PMP result 2)".to_owned()),
        3 => Err("it has no network itself (NAT-PMP result 3)".to_owned()),
        4 => Err("it has no room for more (NAT-PMP result 4)".to_owned()),
        _ => Err(format!("it refuses (NAT-PMP result {code})")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_have_the_bytes_of_the_rfc() {
        let open = [0, 2, 0, 0, 0, 22, 0x27, 0x26, 0, 0, 14, 16];
        assert_eq!(request(22, 10022, 3600), open);
        assert_eq!(request(22, 10022, 0), [0, 2, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn answers_are_read() {
        let told = [0, 128, 0, 0, 1, 2, 3, 4, 203, 0, 113, 7];
        let outside = Ipv4Addr::new(203, 0, 113, 7);
        assert_eq!(address(&told), Some(Ok(outside)));
        assert!(matches!(address(&told[..9]), Some(Err(_))));
        let mapped = [0, 130, 0, 0, 1, 2, 3, 4, 0, 22, 0x27, 0x26, 0, 0, 14, 16];
        assert_eq!(answer(&mapped, 22), Some(Ok((10022, 3600))));
        assert_eq!(answer(&mapped, 23), None);
        assert_eq!(answer(&told, 22), None);
        let refused = [0, 130, 0, 2, 0, 0, 0, 0];
        let why = "it does not allow it (NAT-PMP result 2)".to_owned();
        assert_eq!(answer(&refused, 22), Some(Err(why)));
        for end in 0..mapped.len() {
            assert_eq!(answer(&mapped[..end], 22), None, "{end}");
        }
    }
}
