//! What a device says of itself on the monitor's console, and in `keeper-setup.txt` on the boot partition: how to set it
//! up, and afterwards how to reach it. In English and Japanese.

use crate::code::Code;

mod english;
mod japanese;

/// The login name with which a new device is set up.
const SETUP_NAME: &str = "setup";

/// So many pairs of a fingerprint go on a line of the console, which has 80 columns.
const PAIRS: usize = 16;

/// What is known of the device.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// Its name on the network.
    pub hostname: &'a str,
    /// Its addresses on the local network, most useful first; none when there is no network yet.
    pub addresses: &'a [String],
    /// The setup code; none once the device has an owner.
    pub code: Option<&'a Code>,
    /// The fingerprint of the RDP certificate (SHA-256, `AB:CD:…`), once there is one. Several lines as in
    /// /run/keeper-rdp-fingerprint, `sha256 AB:…` and `sha1 AB:…`, are shown each with its name.
    pub fingerprint: Option<&'a str>,
    /// What was wrong with a preset, a line each; empty when there was none or nothing was wrong.
    pub problems: &'a [String],
    /// What else has failed, or has become of the owner's files, a line each.
    pub remarks: &'a [String],
}

/// Where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// The console: English only, since the kernel's font has no Japanese.
    Console,
    /// The file: English, then Japanese; lines end as Windows wants them.
    File,
}

impl Notice<'_> {
    /// The text.
    pub fn text(&self, words: Words) -> String {
        let mut lines = english::lines(self, words);
        let end = match words {
            Words::Console => "\n",
            Words::File => {
                lines.extend([String::new(), String::new()]);
                lines.extend(japanese::lines(self));
                "\r\n"
            }
        };
        lines.iter().map(|line| printable(line) + end).collect()
    }

    /// The name under which other computers find it without being told its address.
    fn local_name(&self) -> String {
        format!("{}.local", self.hostname)
    }

    /// Name and value of each fingerprint.
    fn fingerprints(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let lines = self.fingerprint.into_iter().flat_map(str::lines);
        let named = lines.map(|line| match line.trim().split_once(' ') {
            Some(("sha1", value)) => ("SHA-1", value.trim()),
            Some((_, value)) => ("SHA-256", value.trim()),
            None => ("SHA-256", line.trim()),
        });
        named.filter(|(_, value)| !value.is_empty())
    }
}

/// A fingerprint in lines that fit where it is shown.
fn in_lines(fingerprint: &str, words: Words) -> Vec<String> {
    let pairs: Vec<&str> = fingerprint.split(':').collect();
    match words {
        Words::File => vec![fingerprint.to_owned()],
        Words::Console => pairs.chunks(PAIRS).map(|line| line.join(":")).collect(),
    }
}

/// Nothing in it can steer a terminal.
fn printable(line: &str) -> String {
    let shown = |c: char| if c.is_control() { '?' } else { c };
    line.chars().map(shown).collect()
}

#[cfg(test)]
mod tests;
