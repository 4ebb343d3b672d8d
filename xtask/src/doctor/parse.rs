//! Reading what Linux says of itself. Text in, values out; nothing here opens a file.

/// Ids that a root file system needs beside the user's own.
const RANGE: u64 = 65_536;
/// Where shadow's own tools begin to give ranges.
const FIRST: u64 = 100_000;

/// Major and minor number of a kernel release such as `6.8.0-45-generic`.
pub fn kernel_version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.trim().split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// A sysctl's value, when it is a number.
pub fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// Bytes that programs can still have, from /proc/meminfo.
pub fn available_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// The first range of subordinate ids that nobody has, after /etc/subuid and /etc/subgid; as
/// usermod takes it, last id included.
pub fn free_range(subuid: &str, subgid: &str) -> String {
    let end_of = |line: &str| {
        let mut fields = line.split(':').skip(1);
        let first: u64 = fields.next()?.trim().parse().ok()?;
        Some(first + fields.next()?.trim().parse::<u64>().ok()?)
    };
    let ends = subuid.lines().chain(subgid.lines()).filter_map(end_of);
    let first = ends.fold(FIRST, u64::max);
    format!("{first}-{}", first + RANGE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_of_all_sorts_have_a_version() {
        for (release, version) in [
            ("6.8.0-45-generic\n", Some((6, 8))),
            ("6.18.44", Some((6, 18))),
            ("6.7-rc3", Some((6, 7))),
            ("5.15.167.4-microsoft-standard-WSL2", Some((5, 15))),
            ("6", None),
            ("", None),
            ("linux", None),
        ] {
            assert_eq!(kernel_version(release), version, "{release:?}");
        }
    }

    #[test]
    fn sysctls_are_numbers_with_a_line_end() {
        assert_eq!(number("1\n"), Some(1));
        assert_eq!(number("-1"), Some(-1));
        assert_eq!(number(""), None);
        assert_eq!(number("on\n"), None);
    }

    #[test]
    fn memory_is_in_bytes() {
        let text = "MemTotal: 4096 kB\nMemFree: 1 kB\nMemAvailable:    2048 kB\n";
        assert_eq!(available_memory(text), Some(2 << 20));
        assert_eq!(available_memory("MemTotal: 4096 kB\n"), None);
    }

    #[test]
    fn a_free_range_lies_behind_all_others() {
        for (subuid, subgid, range) in [
            ("", "", "100000-165535"),
            ("anna:100000:65536\n", "", "165536-231071"),
            ("anna:100000:65536\n", "bob:165536:65536\n", "231072-296607"),
            ("early:1000:10\nnonsense\na:b:c\n", "", "100000-165535"),
        ] {
            assert_eq!(free_range(subuid, subgid), range);
        }
    }
}
