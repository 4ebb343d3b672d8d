//! Reading what programs say of the networks they see, as pure functions of bytes. A network's name is whatever
//! somebody nearby has chosen: what is no readable name is left out, and nothing here fails.

use std::collections::BTreeMap;

use setup::Network;

/// More than one can choose from; a neighbour could invent any number.
const MOST: usize = 64;

/// Each name once, as strong as its strongest, strongest first. A name that is seen with and without a password wants
/// one: the other may be a trap.
pub(super) fn strongest(networks: Vec<Network>) -> Vec<Network> {
    let mut by_name: BTreeMap<String, Network> = BTreeMap::new();
    for network in networks {
        let known = by_name
            .entry(network.name.clone())
            .or_insert_with(|| network.clone());
        known.signal = known.signal.max(network.signal);
        known.secured |= network.secured;
    }
    let mut networks: Vec<Network> = by_name.into_values().collect();
    // Stable: equals stay in the order of their names.
    networks.sort_by_key(|network| std::cmp::Reverse(network.signal));
    networks.truncate(MOST);
    networks
}

/// What `iw dev … scan` says. It writes a name's bytes that are no printable ASCII as `\xNN`.
pub(super) fn iw(said: &[u8]) -> Vec<Network> {
    let mut networks = Vec::new();
    let mut seen: Option<Seen> = None;
    for line in said.split(|byte| *byte == b'\n') {
        if line.starts_with(b"BSS ") {
            networks.extend(seen.take().and_then(Seen::network));
            seen = Some(Seen::default());
            continue;
        }
        let Some(seen) = &mut seen else { continue };
        // One tab: two are a part of something.
        let Some(line) = line
            .strip_prefix(b"\t")
            .filter(|line| line.first() != Some(&b'\t'))
        else {
            continue;
        };
        let (key, value) = split(line, b':');
        match key {
            b"SSID" if seen.name.is_none() => {
                seen.name = Some(unescape(value.strip_prefix(b" ").unwrap_or(value)));
            }
            b"signal" => seen.signal = decibels(value),
            b"RSN" | b"WPA" => seen.secured = true,
            b"capability" => {
                let mut words = value.split(u8::is_ascii_whitespace);
                seen.secured |= words.any(|word| word == b"Privacy");
            }
            _ => {}
        }
    }
    networks.extend(seen.and_then(Seen::network));
    networks
}

/// What `wpa_cli scan_results` says: address, frequency, signal, flags and name, with tabs between.
pub(super) fn wpa_cli(said: &[u8]) -> Vec<Network> {
    let lines = said.split(|byte| *byte == b'\n');
    let network = |line: &[u8]| {
        let fields: Vec<&[u8]> = line.splitn(5, |byte| *byte == b'\t').collect();
        let [_, _, signal, flags, name] = fields[..] else {
            return None;
        };
        let flags = String::from_utf8_lossy(flags);
        Seen {
            name: Some(unescape(name)),
            signal: decibels(signal),
            secured: ["WPA", "WEP", "RSN", "SAE"]
                .iter()
                .any(|word| flags.contains(word)),
        }
        .network()
    };
    lines.filter_map(network).collect()
}

/// What `nmcli -t -f SIGNAL,SECURITY,SSID` says: colons between, and a backslash before those that are none.
pub(super) fn nmcli(said: &[u8]) -> Vec<Network> {
    let lines = said.split(|byte| *byte == b'\n');
    let network = |line: &[u8]| {
        let (signal, rest) = split(line, b':');
        let (security, name) = split(rest, b':');
        let signal = std::str::from_utf8(signal).ok()?.parse::<u8>().ok()?;
        let seen = Seen {
            name: Some(unescape(name)),
            signal: signal.min(100),
            secured: !security.is_empty() && security != b"--",
        };
        seen.network()
    };
    lines.filter_map(network).collect()
}

/// A network that is being read.
#[derive(Default)]
struct Seen {
    name: Option<Vec<u8>>,
    signal: u8,
    secured: bool,
}

impl Seen {
    fn network(self) -> Option<Network> {
        let name = String::from_utf8(self.name?).ok()?;
        setup::wifi_name(&name).is_ok().then_some(Network {
            name,
            signal: self.signal,
            secured: self.secured,
        })
    }
}

/// What stands before and after the first `at`.
fn split(line: &[u8], at: u8) -> (&[u8], &[u8]) {
    match line.iter().position(|byte| *byte == at) {
        Some(place) => (&line[..place], &line[place + 1..]),
        None => (line, b""),
    }
}

/// `-48.00 dBm` as 0 to 100, as NetworkManager counts it: -100 dBm is nothing, -50 all.
fn decibels(text: &[u8]) -> u8 {
    let text = String::from_utf8_lossy(text);
    let number = text.split_whitespace().next().unwrap_or_default();
    let number: f32 = number.parse().unwrap_or(-100.0);
    // A saturating cast: what is no number becomes 0.
    (2.0 * (number + 100.0)).clamp(0.0, 100.0) as u8
}

/// The bytes that `\xNN`, `\n` and the like stand for. What is no escape stands for itself.
fn unescape(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text);
    while let [first, tail @ ..] = rest {
        let (byte, left) = match (first, tail) {
            (b'\\', [b'x', high, low, left @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, left),
                _ => (*first, tail),
            },
            (b'\\', [b'n', left @ ..]) => (b'\n', left),
            (b'\\', [b'r', left @ ..]) => (b'\r', left),
            (b'\\', [b't', left @ ..]) => (b'\t', left),
            (b'\\', [b'e', left @ ..]) => (0x1b, left),
            (b'\\', [other @ (b'\\' | b'"' | b':'), left @ ..]) => (*other, left),
            _ => (*first, tail),
        };
        bytes.push(byte);
        rest = left;
    }
    bytes
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests;
