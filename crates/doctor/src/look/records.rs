//! What others on the device have written down: ddclient, keeper-router, keeper-apply, sshd's keys.

use super::door;
use super::reach::cut;
use crate::seen::{Enrolment, Mapping, Update};
use camino::Utf8Path;
use cmd::Cmd;
use std::time::{SystemTime, UNIX_EPOCH};
use tunnel::{Enrolled, Record, Time};

/// The most bytes of a file that are read.
const MOST: u64 = 256 * 1024;
/// The unit that runs ddclient.
const DDNS: &str = "keeper-ddns.service";

/// The text of a file.
pub(super) fn read(path: &Utf8Path) -> String {
    near::text(path, MOST)
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map(|since| since.as_secs()).unwrap_or_default()
}

/// What ddclient did last.
pub(super) fn update(cache: &Utf8Path) -> Update {
    let running = Cmd::new("systemctl").args(["is-active", "--quiet", DDNS]);
    let running = running.output().is_ok_and(|output| output.status.success());
    match last_update(&read(cache), now()) {
        Update::Nothing if !running => Update::NotRunning,
        update => update,
    }
}

/// From ddclient's cache, in which a line has `key=value` with commas between, and then the name. The
/// keys end in `ipv4` since 3.10, where the protocol knows both kinds of addresses.
pub fn last_update(cache: &str, now: u64) -> Update {
    let line = cache
        .lines()
        .find(|line| !line.starts_with('#') && line.contains('='));
    let Some(line) = line else {
        return Update::Nothing;
    };
    let settings = line.split_whitespace().next().unwrap_or_default();
    let value = |keys: &[&str]| {
        let pairs = settings.split(',').filter_map(|pair| pair.split_once('='));
        let known = pairs.filter(|(key, value)| keys.contains(key) && !value.is_empty());
        known.map(|(_, value)| cut(value)).next()
    };
    let ago = |key| {
        let time = value(&[key]).and_then(|time| time.parse::<u64>().ok());
        now.saturating_sub(time.unwrap_or(now))
    };
    // 3.10 writes both, and one of them stays as it was at the start.
    let words: Vec<String> = [value(&["status"]), value(&["status-ipv4"])]
        .into_iter()
        .flatten()
        .collect();
    let good = words.iter().any(|word| word == "good" || word == "nochg");
    match words.into_iter().next() {
        None => Update::Nothing,
        Some(_) if good => Update::Good {
            address: value(&["ipv4", "ip"]).unwrap_or_default(),
            ago: ago("mtime"),
        },
        Some(word) => Update::Refused {
            word,
            ago: ago("atime"),
        },
    }
}

/// What keeper-router says: `open PORT PROTOCOL`, `failed WHY`, `off`.
pub(super) fn mapping(status: &Utf8Path) -> Mapping {
    let text = read(status);
    let line = text.lines().next().unwrap_or_default();
    match line.split_once(' ') {
        Some(("open", rest)) => {
            let (port, protocol) = rest.split_once(' ').unwrap_or((rest, ""));
            match port.parse() {
                Ok(port) => Mapping::Open {
                    port,
                    protocol: cut(protocol),
                },
                Err(_) => Mapping::Silent,
            }
        }
        Some(("failed", why)) => Mapping::Failed(cut(why)),
        _ => Mapping::Silent,
    }
}

/// Type and key of a public key file.
pub(super) fn host_key(file: &Utf8Path) -> Vec<String> {
    door::keys(&format!("host {}", read(file)))
}

pub(super) fn known_hosts(file: &Utf8Path) -> Vec<String> {
    door::keys(&read(file))
}

/// The keys for Colab machines, the newest last; none before the first.
pub(super) fn enrolments(record: &Utf8Path) -> Result<Vec<Enrolment>, String> {
    let loaded = Record::load(record.as_std_path());
    let record = loaded.map_err(|why| cut(&format!("{record}: {why:#}")))?;
    let now = Time::now().seconds();
    let enrolment = |key: Enrolled| Enrolment {
        name: key.name,
        left: key.expires.seconds().saturating_sub(now),
        revoked: key.revoked.is_some(),
    };
    Ok(record.keys.into_iter().map(enrolment).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ddclient_did_is_read_from_its_cache() {
        let line = |line: &str| format!("## ddclient-3.10.0\n## last updated at …\n{line}\n");
        let good = line("atime=900,ip=203.0.113.7,mtime=400,status=good,wtime=30 home.example.org");
        let expected = Update::Good {
            address: "203.0.113.7".into(),
            ago: 600,
        };
        assert_eq!(last_update(&good, 1000), expected);
        let both = line("atime=900,ip=203.0.113.7,mtime=400,status=good,status-ipv4=noconnect x.y");
        assert_eq!(last_update(&both, 1000), expected);
        let new = line("atime=900,ipv4=203.0.113.7,mtime=400,status-ipv4=good home.example.org");
        assert_eq!(last_update(&new, 1000), expected);
        let refused = line("atime=900,ip=,mtime=0,status=badauth,status-ipv4=noconnect x.y");
        let expected = Update::Refused {
            word: "badauth".into(),
            ago: 100,
        };
        assert_eq!(last_update(&refused, 1000), expected);
        for text in ["", "## only\n", "atime=1,status= x", "=\0,,= ="] {
            assert_eq!(last_update(text, 1000), Update::Nothing, "{text:?}");
        }
    }

    #[test]
    fn what_keeper_router_says_is_read() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let file = Utf8Path::from_path(dir.path())
            .expect("a UTF-8 path")
            .join("status");
        assert_eq!(mapping(&file), Mapping::Silent);
        for (said, expected) in [
            (
                "open 10022 PCP\n",
                Mapping::Open {
                    port: 10022,
                    protocol: "PCP".into(),
                },
            ),
            (
                "failed no router answers\n",
                Mapping::Failed("no router answers".into()),
            ),
            ("off\n", Mapping::Silent),
            ("open x\n", Mapping::Silent),
        ] {
            std::fs::write(&file, said).expect("writing");
            assert_eq!(mapping(&file), expected, "{said}");
        }
    }

    #[test]
    fn keys_are_read_from_their_record() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let file = Utf8Path::from_path(dir.path())
            .expect("a UTF-8 path")
            .join("tunnel.toml");
        assert_eq!(enrolments(&file), Ok(vec![]));
        let key =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let key = tunnel::PublicKey::parse(key).expect("a key");
        let enrolled = Enrolled {
            id: key.id(),
            name: "colab".into(),
            dial_key: key.clone(),
            host_key: key,
            made: Time::at(0),
            expires: Time::now().plus_days(2),
            revoked: None,
        };
        let revoked = Enrolled {
            expires: Time::at(100),
            revoked: Some(Time::at(50)),
            ..enrolled.clone()
        };
        let record = Record {
            keys: vec![enrolled, revoked],
        };
        std::fs::write(&file, record.to_toml().expect("text")).expect("writing");
        let read = enrolments(&file).expect("a record");
        assert!((172_700..=172_800).contains(&read[0].left), "{read:?}");
        assert!(!read[0].revoked);
        assert!(read[1].left < 0 && read[1].revoked, "{read:?}");
        for text in ["key = 1".to_owned(), "#".repeat(300 * 1024)] {
            std::fs::write(&file, text).expect("writing");
            let why = enrolments(&file).expect_err("no record");
            assert!(why.starts_with(file.as_str()), "{why}");
        }
        // What is there and cannot be read is not the same as nothing.
        std::fs::remove_file(&file).expect("removing");
        std::fs::create_dir(&file).expect("a directory");
        let why = enrolments(&file).expect_err("no file");
        assert!(why.contains("directory"), "{why}");
    }
}
