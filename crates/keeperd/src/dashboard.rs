//! How the device is, for the dashboard: from files of the kernel and of others, read when somebody looks.
//! Nothing is started and nothing is asked of the network.

use camino::Utf8Path;
use config::{Config, Text as _};
use control::Status;
use doctor::Update;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use web::{Overview, PublicName, Space, Updates};

/// The most bytes of a file.
const MOST: u64 = 256 * 1024;

/// Looks at the device whose root is at `system`.
pub(crate) fn overview(system: &Utf8Path, status: Status, config: Option<&Config>) -> Overview {
    let read = |path: &str| near::text(&system.join(path), MOST);
    Overview {
        status,
        disk: disk(system),
        memory: memory(&read("proc/meminfo")),
        temperature: temperature(&read("sys/class/thermal/thermal_zone0/temp")),
        uptime: uptime(&read("proc/uptime")),
        load: load(&read("proc/loadavg")),
        updates: updates(system),
        public_name: config.and_then(|config| {
            public_name(config, &read("var/lib/keeper-ddns/ddclient.cache"), now())
        }),
    }
}

/// What programs without rights can still have.
fn disk(system: &Utf8Path) -> Option<Space> {
    let seen = rustix::fs::statvfs(system.as_std_path()).ok()?;
    Some(Space {
        free: seen.f_bavail.saturating_mul(seen.f_frsize),
        total: seen.f_blocks.saturating_mul(seen.f_frsize),
    })
}

fn memory(meminfo: &str) -> Option<Space> {
    let bytes = |name| {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        kibibytes.checked_mul(1024)
    };
    Some(Space {
        free: bytes("MemAvailable:")?,
        total: bytes("MemTotal:")?,
    })
}

/// The kernel has thousandths.
fn temperature(text: &str) -> Option<f32> {
    let thousandths: i32 = text.trim().parse().ok()?;
    // Anything else is no processor's.
    (-100_000..=200_000)
        .contains(&thousandths)
        .then_some(thousandths as f32 / 1000.0)
}

fn uptime(text: &str) -> Duration {
    let seconds = text
        .split_whitespace()
        .next()
        .and_then(|text| text.parse().ok());
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .unwrap_or_default()
}

fn load(text: &str) -> Option<[f32; 3]> {
    let mut means = text.split_whitespace().map(str::parse::<f32>);
    let mut mean = || means.next()?.ok().filter(|mean| mean.is_finite());
    Some([mean()?, mean()?, mean()?])
}

/// As the distribution has last counted them for its own greeting. Where it does not count, nothing is said:
/// to count ourselves would cost a Raspberry Pi seconds.
fn updates(system: &Utf8Path) -> Option<Updates> {
    let counted = near::text(
        &system.join("var/lib/update-notifier/updates-available"),
        MOST,
    );
    let restart = |path: &str| system.join(path).exists();
    Some(Updates {
        waiting: waiting(&counted)?,
        restart: restart("run/reboot-required") || restart("var/run/reboot-required"),
    })
}

/// The sentence about them begins with their number, in every language.
fn waiting(text: &str) -> Option<u32> {
    let number = |line: &str| {
        let digits: String = line
            .trim()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    };
    text.lines().find_map(number)
}

fn public_name(config: &Config, cache: &str, now: u64) -> Option<PublicName> {
    config.ddns.provider?;
    let name = config.ddns.name.as_ref()?.as_str().to_owned();
    let (updated, error) = match doctor::look::last_update(cache, now) {
        Update::Good { ago, .. } => (Some(Duration::from_secs(ago)), None),
        Update::Refused { word, .. } => (None, Some(word)),
        Update::Nothing | Update::NotRunning => (None, None),
    };
    Some(PublicName {
        name,
        updated,
        error,
    })
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map(|since| since.as_secs()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_files_are_read_and_nonsense_is_nothing() {
        let text = "MemTotal:  2000 kB\nMemFree: 7 kB\nMemAvailable:    1000 kB\n";
        let space = Space {
            free: 1_024_000,
            total: 2_048_000,
        };
        assert_eq!(memory(text), Some(space));
        for text in [
            "",
            "MemTotal: 1 kB\n",
            "MemTotal: x\nMemAvailable: 1 kB",
            "MemTotal: 99999999999999999999\n",
        ] {
            assert_eq!(memory(text), None, "{text}");
        }
        assert_eq!(temperature("48312\n"), Some(48.312));
        for text in ["", "x", "999999999", "1e3"] {
            assert_eq!(temperature(text), None, "{text}");
        }
        assert_eq!(uptime("3600.25 9.1\n"), Duration::from_millis(3_600_250));
        for text in ["", "-1 2", "NaN", "inf"] {
            assert_eq!(uptime(text), Duration::ZERO, "{text}");
        }
        assert_eq!(load("0.50 1.25 2.00 1/200 999\n"), Some([0.5, 1.25, 2.0]));
        for text in ["", "1 2", "a b c", "NaN 1 2"] {
            assert_eq!(load(text), None, "{text}");
        }
    }

    #[test]
    fn updates_are_counted_as_the_distribution_has_counted_them() {
        for (text, expected) in [
            ("", None),
            ("\n0 updates can be applied immediately.\n", Some(0)),
            (
                "\nExpanded Security Maintenance is not enabled.\n\n12 updates can be applied immediately.\n3 more\n",
                Some(12),
            ),
            ("7 個のアップデートがすぐに適用されます。\n", Some(7)),
            ("no number\n", None),
        ] {
            assert_eq!(waiting(text), expected, "{text}");
        }
        let dir = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8Path::from_path(dir.path()).expect("a UTF-8 path");
        assert_eq!(updates(root), None);
        for dir in ["var/lib/update-notifier", "run"] {
            std::fs::create_dir_all(root.join(dir)).expect("a directory");
        }
        std::fs::write(
            root.join("var/lib/update-notifier/updates-available"),
            "2 x",
        )
        .expect("writing");
        std::fs::write(root.join("run/reboot-required"), "").expect("writing");
        assert_eq!(
            updates(root),
            Some(Updates {
                waiting: 2,
                restart: true
            })
        );
        assert!(disk(root).is_some_and(|space| space.total >= space.free));
    }

    #[test]
    fn a_public_name_is_there_where_somebody_keeps_it() {
        let config = |text| config::parse(text).expect("a configuration");
        assert_eq!(public_name(&Config::default(), "", 0), None);
        let kept = config("ddns.provider = \"duckdns\"\nddns.name = \"x.duckdns.org\"");
        let good = "atime=900,ip=203.0.113.7,mtime=400,status=good,wtime=30 x\n";
        let refused = "atime=900,ip=,mtime=0,status=badauth x\n";
        for (cache, updated, error) in [
            ("", None, None),
            (good, Some(Duration::from_secs(600)), None),
            (refused, None, Some("badauth".to_owned())),
        ] {
            let name = "x.duckdns.org".to_owned();
            let expected = PublicName {
                name,
                updated,
                error,
            };
            assert_eq!(public_name(&kept, cache, 1000), Some(expected));
        }
    }
}
