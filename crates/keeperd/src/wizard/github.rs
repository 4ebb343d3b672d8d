//! The SSH keys that somebody has published at GitHub, by the distribution's curl. What it is to fetch goes in
//! at its stdin.

use crate::notices::{CURL, quoted};
use config::{AuthorizedKey, Text as _};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::time::timeout;
use web::Failure;

/// GitHub itself.
pub(super) const ADDRESS: &str = "https://github.com";

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(15);
/// The most bytes of an answer.
const MOST: u64 = 64 * 1024;
/// The most keys that are taken.
const KEYS: usize = 20;

/// The keys of `name`, each a line of an `authorized_keys` file.
///
/// # Errors
/// It is no name, has no keys, or GitHub does not answer.
pub(super) async fn keys(address: &str, name: &str) -> Result<Vec<String>, Failure> {
    if !is_name(name) {
        return Err(Failure::NotFound);
    }
    match timeout(LIMIT, fetch(&configuration(address, name))).await {
        Err(_) => Err(no_answer(format!("not done within {} s", LIMIT.as_secs()))),
        Ok(Err(error)) => Err(no_answer(error.to_string())),
        Ok(Ok((200, body))) if body.len() as u64 > MOST => {
            Err(Failure::Refused("the list of keys is too long".to_owned()))
        }
        Ok(Ok((200, body))) => match keys_of(&body, name) {
            keys if keys.is_empty() => Err(Failure::NotFound),
            keys => Ok(keys),
        },
        Ok(Ok((404, _))) => Err(Failure::NotFound),
        Ok(Ok((0, _))) => Err(no_answer("GitHub cannot be reached".to_owned())),
        Ok(Ok((status, _))) => Err(no_answer(format!(
            "GitHub answers with HTTP status {status}"
        ))),
    }
}

fn no_answer(why: String) -> Failure {
    Failure::NoAnswer(why)
}

fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=39).contains(&name.len()) && name.bytes().all(letter)
}

/// curl's configuration. Where GitHub sends one on to, nobody is sent.
fn configuration(address: &str, name: &str) -> String {
    let scheme = if address.starts_with("http:") {
        "=http"
    } else {
        "=https"
    };
    format!(
        "url = {}\nproto = \"{scheme}\"\nmax-time = {}\nmax-filesize = {MOST}\nwrite-out = \"%{{stderr}}%{{http_code}}\"\nsilent\n",
        quoted(&format!("{address}/{name}.keys")),
        LIMIT.as_secs() - 2,
    )
}

/// HTTP status, 0 without one, and at most a byte more than [`MOST`].
async fn fetch(configuration: &str) -> std::io::Result<(u16, String)> {
    let mut child = Command::new(CURL)
        // --disable: nobody's .curlrc.
        .args(["--disable", "--config", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // Who ends without reading all of it is judged by what it says.
        let _ = stdin.write_all(configuration.as_bytes()).await;
    }
    let (mut body, mut status) = (Vec::new(), Vec::new());
    if let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) {
        stdout.take(MOST + 1).read_to_end(&mut body).await?;
        if body.len() as u64 <= MOST {
            stderr.take(64).read_to_end(&mut status).await?;
        } else {
            status = b"200".to_vec();
        }
    }
    let _ = child.start_kill();
    let _ = child.wait().await;
    let status = String::from_utf8_lossy(&status)
        .trim()
        .parse()
        .unwrap_or_default();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// Those lines that are keys which may be let in, with whose they are.
fn keys_of(body: &str, name: &str) -> Vec<String> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        let key = format!("{} {} {name}@github", words.next()?, words.next()?);
        AuthorizedKey::parse(&key).is_ok().then_some(key)
    };
    body.lines().filter_map(line).take(KEYS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_name_is_githubs_kind_of_name() {
        for (name, expected) in [
            ("hanako-92", true),
            ("", false),
            (&"x".repeat(39), true),
            (&"x".repeat(40), false),
            ("a/b", false),
            ("..", false),
            ("a\nurl = \"http://evil\"", false),
            ("花子", false),
            ("a b", false),
        ] {
            assert_eq!(is_name(name), expected, "{name}");
        }
    }

    #[test]
    fn lines_that_are_keys_are_taken_up_to_twenty() {
        let body =
            format!("{KEY}\r\n<html>\n{KEY} somebody\ncommand=\"x\" {KEY}\nssh-dss AAAA\n\n");
        let expected = format!("{KEY} hanako@github");
        let keys = keys_of(&body.replace('\r', ""), "hanako");
        assert_eq!(keys, [expected.clone(), expected]);
        assert_eq!(keys_of(&format!("{KEY}\n").repeat(100), "x").len(), KEYS);
        assert_eq!(
            keys_of("-----BEGIN OPENSSH PRIVATE KEY-----\n", "x"),
            [""; 0]
        );
    }

    #[test]
    fn curl_is_told_the_address_at_its_stdin_and_only_https() {
        let told = configuration(ADDRESS, "hanako");
        assert!(
            told.starts_with("url = \"https://github.com/hanako.keys\"\nproto = \"=https\"\n"),
            "{told}"
        );
        assert!(!told.contains("location"), "{told}");
    }
}
