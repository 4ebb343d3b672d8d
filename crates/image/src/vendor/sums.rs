//! SHA256SUMS, as sha256sum(1) writes it: reading it, and choosing a file from it. Whether it may
//! be believed is found out before, in [`super::signature`].

use std::cmp::Ordering;
use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use crate::glob;
use crate::hint::{self, Hint};

/// Names with their SHA-256, in lower case.
#[derive(Debug, PartialEq, Eq)]
pub struct Sums(BTreeMap<String, String>);

impl Sums {
    /// Reads lines `HASH *NAME` or `HASH  NAME`.
    ///
    /// # Errors
    /// A line is of another form, or a name is no plain file name or stands there twice.
    pub fn parse(text: &str) -> Result<Self> {
        let mut sums = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let (hash, name) =
                parse_line(line).with_context(|| format!("line {} of SHA256SUMS", index + 1))?;
            let before = sums.insert(name.to_owned(), hash.clone());
            ensure!(
                before.is_none_or(|before| before == hash),
                "SHA256SUMS lists {name:?} with two checksums"
            );
        }
        ensure!(!sums.is_empty(), "SHA256SUMS lists nothing");
        Ok(Self(sums))
    }

    /// The SHA-256 of one file.
    pub fn of(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The name with the highest version among those that match `pattern`, and its SHA-256.
    ///
    /// # Errors
    /// None matches; the nearest names are the hint.
    pub fn choose(&self, pattern: &str) -> Result<(&str, &str)> {
        let matching = self
            .0
            .iter()
            .filter(|(name, _)| glob::matches(pattern, name));
        match matching.max_by(|(a, _), (b, _)| by_version(a, b)) {
            Some((name, hash)) => Ok((name, hash)),
            None => Err(anyhow::anyhow!("SHA256SUMS lists no file {pattern:?}"))
                .hint(self.nearest(pattern)),
        }
    }

    /// A hint that names what is listed and nearest to `name`.
    pub fn nearest(&self, name: &str) -> String {
        hint::nearest(name, self.0.keys().map(String::as_str))
    }
}

fn parse_line(line: &str) -> Result<(String, &str)> {
    let form = "it is not of the form `HASH *NAME`";
    let (hash, rest) = line.split_once(' ').context(form)?;
    let name = rest.strip_prefix(['*', ' ']).context(form)?;
    ensure!(
        hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{form}"
    );
    // It becomes a file's name in the cache and the end of an address.
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+~".contains(c);
    if name.is_empty() || name.len() > 200 || name.starts_with('.') || !name.chars().all(plain) {
        bail!("{name:?} is no plain file name");
    }
    Ok((hash.to_ascii_lowercase(), name))
}

/// As people count: `20.04.10` comes behind `20.04.5`. Runs of digits are compared as numbers, all
/// else by bytes.
pub fn by_version(a: &str, b: &str) -> Ordering {
    let (mut a_rest, mut b_rest) = (a, b);
    loop {
        let ((a_text, a_number), (b_text, b_number));
        (a_text, a_number, a_rest) = split(a_rest);
        (b_text, b_number, b_rest) = split(b_rest);
        let order = a_text
            .cmp(b_text)
            .then(a_number.len().cmp(&b_number.len()))
            .then(a_number.cmp(b_number));
        if order != Ordering::Equal {
            return order;
        }
        if a_rest.is_empty() || b_rest.is_empty() {
            // What differs in leading zeros alone still has an order.
            return a_rest.len().cmp(&b_rest.len()).then(a.cmp(b));
        }
    }
}

/// The text up to the first digit, the number that begins there without its leading zeros, and
/// the rest.
fn split(text: &str) -> (&str, &str, &str) {
    let digit = |c: char| c.is_ascii_digit();
    let (before, from) = text.split_at(text.find(digit).unwrap_or(text.len()));
    let end = from.find(|c| !digit(c)).unwrap_or(from.len());
    let (number, rest) = from.split_at(end);
    (before, number.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::hint_of;

    fn line(hash: char, rest: &str) -> String {
        format!("{}{rest}\n", hash.to_string().repeat(64))
    }

    #[test]
    fn versions_are_ordered_as_people_count() {
        for (lower, higher) in [
            ("x-20.04.5-y", "x-20.04.10-y"),
            ("x-20.04-y", "x-20.04.1-y"),
            ("x-9", "x-10"),
            ("x-1", "x-1a"),
            ("x-01", "x-2"),
            ("x-99999999999999999999", "x-100000000000000000000"),
            ("a-2", "b-1"),
            ("", "1"),
        ] {
            assert_eq!(
                by_version(lower, higher),
                Ordering::Less,
                "{lower} {higher}"
            );
            assert_eq!(by_version(higher, lower), Ordering::Greater);
        }
        assert_eq!(by_version("x-1", "x-1"), Ordering::Equal);
        assert_ne!(by_version("x-01", "x-1"), Ordering::Equal);
    }

    #[test]
    fn both_forms_are_read_and_the_highest_version_wins() {
        let text = line('A', " *x-1.9.img") + &line('b', "  x-1.10.img") + "\n" + &line('c', " *y");
        let sums = Sums::parse(&text).unwrap();
        assert_eq!(
            sums.choose("x-*.img").unwrap(),
            ("x-1.10.img", &*"b".repeat(64))
        );
        assert_eq!(sums.of("x-1.9.img").unwrap(), "a".repeat(64));
        let error = sums.choose("x-*.iso").unwrap_err();
        assert_eq!(error.to_string(), "SHA256SUMS lists no file \"x-*.iso\"");
        assert!(
            hint_of(&error)
                .unwrap()
                .starts_with("the nearest names are x-1.9.img, ")
        );
    }

    #[test]
    fn what_is_no_list_of_checksums_is_refused() {
        for (text, expected) in [
            ("<html>".into(), "it is not of the form `HASH *NAME`"),
            (line('a', " x"), "it is not of the form `HASH *NAME`"),
            (line('g', " *x"), "it is not of the form `HASH *NAME`"),
            (line('a', " *../x"), "\"../x\" is no plain file name"),
            (line('a', " *a/b"), "\"a/b\" is no plain file name"),
            (line('a', " *"), "\"\" is no plain file name"),
            (line('a', " *x?y"), "\"x?y\" is no plain file name"),
            (
                line('a', &format!(" *{}", "x".repeat(201))),
                "is no plain file name",
            ),
        ] {
            let error = Sums::parse(&text).unwrap_err();
            let said = format!("{error:#}");
            assert!(said.starts_with("line 1 of SHA256SUMS: "), "{said}");
            assert!(said.contains(expected), "{said}");
        }
        let error = Sums::parse("\n\n").unwrap_err();
        assert_eq!(error.to_string(), "SHA256SUMS lists nothing");
        let twice = line('a', " *x") + &line('b', " *x");
        let error = Sums::parse(&twice).unwrap_err();
        assert!(error.to_string().contains("two checksums"), "{error}");
    }
}
