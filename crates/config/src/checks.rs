//! What may stand in the strings of `keeper.toml`, addresses apart (those are in `url`).
//!
//! They check the shape only, so that no value can mean more than itself in the files it is
//! rendered into later.

use crate::setting::Refusal;
use data_encoding::BASE64;
use std::net::IpAddr;

fn accept_if(condition: bool) -> Result<(), Refusal> {
    if condition { Ok(()) } else { Err(None) }
}

pub(crate) fn hostname(name: &str) -> Result<(), Refusal> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    accept_if(
        (1..=63).contains(&name.len())
            && name.bytes().all(letter)
            && !name.starts_with('-')
            && !name.ends_with('-')
            && name != "localhost",
    )
}

pub(crate) fn address(text: &str) -> Result<(), Refusal> {
    if text.contains("://") {
        return Err(Some("it is an address of a web page"));
    }
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(letter)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // The last label of a name is never a number (RFC 1123, 2.1): that is a slip in an IP address.
    let named = text
        .rsplit('.')
        .next()
        .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()));
    accept_if(text.len() <= 253 && named && text.split('.').all(label))
}

pub(crate) fn domain_name(name: &str) -> Result<(), Refusal> {
    let whole = name.len() <= 253 && name.contains('.');
    // A last label of digits would be an address.
    let last = name.rsplit('.').next().unwrap_or_default();
    accept_if(
        whole
            && name.split('.').all(|label| hostname(label).is_ok())
            && last.bytes().any(|byte| byte.is_ascii_lowercase()),
    )
}

pub(crate) fn ddns_user(name: &str) -> Result<(), Refusal> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"@._+-:%".contains(&byte);
    accept_if((1..=254).contains(&name.len()) && name.bytes().all(letter))
}

pub(crate) fn time_zone(name: &str) -> Result<(), Refusal> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte);
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.bytes().all(letter)
    };
    accept_if(name.len() <= 64 && name.split('/').all(part))
}

pub(crate) fn keyboard(layout: &str) -> Result<(), Refusal> {
    accept_if(
        (2..=12).contains(&layout.len()) && layout.bytes().all(|byte| byte.is_ascii_lowercase()),
    )
}

/// Whether a private key was pasted in the place of a public one.
pub(crate) fn is_private_key(text: &str) -> bool {
    // OpenSSH's and PEM's, PuTTY's.
    ["PRIVATE KEY", "PuTTY-User-Key-File", "Private-Lines:"]
        .iter()
        .any(|mark| text.contains(mark))
}

/// Key types that OpenSSH 8.2 to 10 accepts by default.
const KEY_TYPES: [&str; 7] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

pub(crate) fn authorized_key(line: &str) -> Result<(), Refusal> {
    if is_private_key(line) {
        return Err(Some(
            "this is a private key, which must never leave its owner's computer",
        ));
    }
    if line.chars().any(char::is_control) {
        return Err(Some("it holds a line break or another control character"));
    }
    let mut words = line.split(' ');
    let (kind, blob) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    if !KEY_TYPES.contains(&kind) {
        return Err(Some(
            "it does not begin with a key type that is accepted here (options are not)",
        ));
    }
    let blob = BASE64.decode(blob.as_bytes()).unwrap_or_default();
    accept_if(is_key_blob(&blob, kind.as_bytes()))
        .map_err(|_| Some("the key itself is incomplete or damaged"))
}

/// RFC 4253, 6.6: fields of a 32-bit length and so many bytes, the first of which repeats the type.
fn is_key_blob(blob: &[u8], kind: &[u8]) -> bool {
    let (mut rest, mut fields) = (blob, 0);
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let Some((field, tail)) = tail.split_at_checked(u32::from_be_bytes(*length) as usize)
        else {
            return false;
        };
        if fields == 0 && field != kind {
            return false;
        }
        (rest, fields) = (tail, fields + 1);
    }
    rest.is_empty() && fields > 1
}
