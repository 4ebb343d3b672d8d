//! UPnP's Internet Gateway Device: found by SSDP, described in XML, asked by SOAP over HTTP 1.0.
//!
//! Only the router itself is listened to: whoever else on the network answers the search is passed
//! over, and so is a document that leads elsewhere. So no neighbour can have us ask a third machine.

mod http;

use crate::xml;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// What is searched for.
const TARGETS: [&str; 2] = [
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
];
/// The services that map ports, the better ones first.
const SERVICES: [&str; 3] = [
    "urn:schemas-upnp-org:service:WANIPConnection:2",
    "urn:schemas-upnp-org:service:WANIPConnection:1",
    "urn:schemas-upnp-org:service:WANPPPConnection:1",
];
/// The router keeps a mapping without an end only.
const ONLY_PERMANENT: &str = "725";

/// A router that maps ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gateway {
    address: SocketAddr,
    path: String,
    service: &'static str,
}

/// Looks for the router; nobody else will do.
pub(crate) fn find(
    gateway: Ipv4Addr,
    search: SocketAddr,
    limit: Duration,
) -> Result<Gateway, String> {
    let said = |error: std::io::Error| error.to_string();
    let socket = UdpSocket::bind("0.0.0.0:0").map_err(said)?;
    for target in TARGETS {
        let question = format!(
            "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: {target}\r\n\r\n"
        );
        socket.send_to(question.as_bytes(), search).map_err(said)?;
    }
    let end = Instant::now() + limit;
    let mut buffer = [0; 2048];
    let mut reason = "no UPnP".to_owned();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(reason);
        }
        socket.set_read_timeout(Some(left)).map_err(said)?;
        let Ok((length, from)) = socket.recv_from(&mut buffer) else {
            return Err(reason);
        };
        if from.ip() != IpAddr::V4(gateway) {
            continue;
        }
        let answer = String::from_utf8_lossy(&buffer[..length]);
        match location(&answer, gateway).map(|place| describe(place, gateway)) {
            Some(Ok(found)) => return Ok(found),
            Some(Err(why)) => reason = why,
            None => {}
        }
    }
}

/// Address and path of a document on the router.
type Place = (SocketAddr, String);

/// Where an answer to the search says that the description is, if that is on the router.
fn location(answer: &str, gateway: Ipv4Addr) -> Option<Place> {
    let mut lines = answer.lines().skip(1);
    let line = lines.find(|line| {
        let name = line.split(':').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("location")
    })?;
    let (_, url) = line.split_once(':')?;
    place(url.trim(), gateway)
}

/// `http://ROUTER[:PORT]/path`, of this router alone.
fn place(url: &str, gateway: Ipv4Addr) -> Option<Place> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = match rest.find('/') {
        Some(at) => (&rest[..at], &rest[at..]),
        None => (rest, "/"),
    };
    let (host, port) = match host.split_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (host, 80),
    };
    let clean = path.len() <= 1024 && path.bytes().all(|byte| byte.is_ascii_graphic());
    (host.parse() == Ok(gateway) && clean).then(|| ((gateway, port).into(), path.to_owned()))
}

fn describe((address, path): Place, gateway: Ipv4Addr) -> Result<Gateway, String> {
    let (_, document) = http::get(address, &path)?;
    control(&document, address, gateway).ok_or_else(|| "its UPnP maps no ports".to_owned())
}

/// The service that maps ports, and where it is asked.
fn control(document: &str, address: SocketAddr, gateway: Ipv4Addr) -> Option<Gateway> {
    let offered = xml::elements(document, "service");
    SERVICES.iter().find_map(|service| {
        let one = offered
            .iter()
            .find(|one| xml::first(one, "serviceType") == Some(*service))?;
        let url = xml::unescape(xml::first(one, "controlURL")?);
        let (address, path) = match url.strip_prefix('/') {
            Some(_) => place(&format!("http://{address}{url}"), gateway)?,
            None if url.starts_with("http://") => place(&url, gateway)?,
            None => place(&format!("http://{address}/{url}"), gateway)?,
        };
        Some(Gateway {
            address,
            path,
            service,
        })
    })
}

impl Gateway {
    /// The router's outside address.
    pub(crate) fn outside(&self) -> Result<Ipv4Addr, String> {
        let answer = self.ask("GetExternalIPAddress", "")?;
        let address = xml::first(&answer, "NewExternalIPAddress").unwrap_or_default();
        address
            .parse()
            .map_err(|_| "it tells no address (UPnP)".to_owned())
    }

    /// Leads `port` of the router to `inner` of `own`; for how many seconds, `None` without end.
    pub(crate) fn map(
        &self,
        own: Ipv4Addr,
        inner: u16,
        port: u16,
        seconds: u32,
    ) -> Result<Option<u32>, String> {
        let arguments = |seconds: u32| {
            format!(
                "<NewRemoteHost></NewRemoteHost><NewExternalPort>{port}</NewExternalPort>\
                 <NewProtocol>TCP</NewProtocol><NewInternalPort>{inner}</NewInternalPort>\
                 <NewInternalClient>{own}</NewInternalClient><NewEnabled>1</NewEnabled>\
                 <NewPortMappingDescription>Colab Keeper SSH</NewPortMappingDescription>\
                 <NewLeaseDuration>{seconds}</NewLeaseDuration>"
            )
        };
        match self.ask("AddPortMapping", &arguments(seconds)) {
            Ok(_) => Ok(Some(seconds)),
            Err(why) if why.contains(ONLY_PERMANENT) => {
                self.ask("AddPortMapping", &arguments(0)).map(|_| None)
            }
            Err(why) => Err(why),
        }
    }

    /// Ends a mapping.
    pub(crate) fn unmap(&self, port: u16) -> Result<(), String> {
        let arguments = format!(
            "<NewRemoteHost></NewRemoteHost><NewExternalPort>{port}</NewExternalPort>\
             <NewProtocol>TCP</NewProtocol>"
        );
        self.ask("DeletePortMapping", &arguments).map(|_| ())
    }

    fn ask(&self, action: &str, arguments: &str) -> Result<String, String> {
        let service = xml::escape(self.service);
        let body = format!(
            "<?xml version=\"1.0\"?>\r\n\
             <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>\
             <u:{action} xmlns:u=\"{service}\">{arguments}</u:{action}></s:Body></s:Envelope>\r\n"
        );
        let header = format!("SOAPAction: \"{}#{action}\"", self.service);
        let (status, answer) = http::post(self.address, &self.path, &header, &body)?;
        if status == 200 {
            return Ok(answer);
        }
        Err(match xml::first(&answer, "errorCode") {
            Some(code) => refusal(code),
            None => format!("it answers with HTTP status {status} (UPnP)"),
        })
    }
}

fn refusal(code: &str) -> String {
    let meaning = match code {
        "606" | "401" => "it does not allow it",
        "718" => "the port is another device's",
        "725" => "it maps without an end only",
        "728" => "it has no room for more",
        "501" => "it failed",
        _ => "it refuses",
    };
    let code: String = code.chars().filter(char::is_ascii_digit).take(6).collect();
    format!("{meaning} (UPnP error {code})")
}

#[cfg(test)]
mod tests;
