//! House rules that no other tool knows. Each is a function of a file's path and text.

use super::sources::{self, Source};
use super::{Complaint, Outcome};
use crate::repository;

/// A file longer than this does more than one thing.
const LONGEST: usize = 400;

/// Who may be named in an address in code. Reserved names (`*.example`, example.com, names without
/// a dot, private numbers) always may. Ubuntu's three are data of the profiles: where the vendor's
/// image is, and the archives to be asked when neither the user nor the host's apt names one.
const KNOWN_HOSTS: [&str; 9] = [
    // Tells a device its public address: ddclient and `keeper doctor` ask it.
    "api.ipify.org",
    "archive.ubuntu.com",
    "cdimage.ubuntu.com",
    "colab.research.google.com",
    // Has people's public keys, which the wizard fetches when asked to.
    "github.com",
    // The name of a format, which nobody asks for.
    "openbox.org",
    "ports.ubuntu.com",
    // The name of a format too.
    "schemas.xmlsoap.org",
    "www.raspberrypi.com",
];

/// # Errors
/// The files cannot be read.
pub fn check() -> Outcome {
    let own = Own::of_this_machine();
    let complaints = sources::all()?;
    Ok(complaints
        .iter()
        .flat_map(|source| look_at(source, &own))
        .collect())
}

/// What only this machine is called, and so has no place in a file for others.
#[derive(Debug, Default)]
struct Own(Vec<String>);

impl Own {
    fn of_this_machine() -> Self {
        let checkout = repository::root().display().to_string();
        let home = std::env::var("HOME").unwrap_or_default();
        // /root and /src are many machines'.
        let telling = |path: &String| path.matches('/').count() > 1;
        Self([checkout, home].into_iter().filter(telling).collect())
    }

    /// The first of its paths that a line names.
    fn named_in(&self, line: &str) -> Option<&String> {
        self.0.iter().find(|path| {
            line.match_indices(path.as_str()).any(|(at, _)| {
                let name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
                !line[..at].ends_with(name) && !line[at + path.len()..].starts_with(name)
            })
        })
    }
}

fn look_at(source: &Source, own: &Own) -> Vec<Complaint> {
    let code = !source.path.ends_with(".md") && !source.path.contains("LICENSE");
    let locked = source.path == "Cargo.lock";
    let mut complaints = Vec::new();
    if source.path.ends_with(".rs") {
        complaints.extend(rust(source));
    }
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        let mend = "end the file with a line end";
        complaints.push(Complaint::new(
            &*source.path,
            "the last line has no end",
            mend,
        ));
    }
    for (index, line) in source.text.split('\n').enumerate() {
        let place = || format!("{}:{}", source.path, index + 1);
        let mut complain = |what: String, mend: &str| {
            complaints.push(Complaint::new(place(), what, mend));
        };
        if line.ends_with([' ', '\t', '\r']) {
            complain("white space at the end of the line".into(), "remove it");
        }
        if let Some(marker) = unfinished(line) {
            complain(
                format!("an unfinished place ({marker})"),
                "finish it, or file an issue",
            );
        }
        if let Some(path) = own.named_in(line) {
            complain(
                format!("{path} is a path of this machine alone"),
                "make it relative",
            );
        }
        if code
            && !locked
            && let Some(host) = unknown_host(line)
        {
            let mend = "read it from what the user gave, or add it to KNOWN_HOSTS with a reason";
            complain(format!("the address of {host}"), mend);
        }
    }
    complaints
}

fn rust(source: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if !source.text.starts_with("//! ") {
        let mend = "begin it with a line `//! What lives here.`";
        complaints.push(Complaint::new(
            &*source.path,
            "it does not say what it is",
            mend,
        ));
    }
    let lines = source.text.lines().count();
    if lines > LONGEST {
        let what = format!("{lines} lines, {LONGEST} are allowed");
        complaints.push(Complaint::new(
            &*source.path,
            what,
            "divide it into modules",
        ));
    }
    complaints
}

/// A mark that says "later". Put together here, so that this file does not hold one itself.
fn unfinished(line: &str) -> Option<String> {
    let marks = [("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK")];
    let mut marks = marks.iter().map(|(start, end)| format!("{start}{end}"));
    marks.find(|mark| {
        line.match_indices(mark.as_str()).any(|(at, _)| {
            let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !line[..at].ends_with(letter) && !line[at + mark.len()..].starts_with(letter)
        })
    })
}

/// The first host in a line's web addresses that is not known. A name with characters that no host
/// has is a placeholder.
fn unknown_host(line: &str) -> Option<&str> {
    let starts = line
        .match_indices("://")
        .map(|(at, mark)| (at, at + mark.len()));
    let web =
        starts.filter(|(at, _)| line[..*at].ends_with("http") || line[..*at].ends_with("https"));
    web.map(|(_, start)| host_at(&line[start..]))
        .find(|host| !is_known(host))
}

fn host_at(rest: &str) -> &str {
    let authority = rest
        .split(|c: char| "/\"'`<>)]},; \\?#".contains(c))
        .next()
        .unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    host.split(':').next().unwrap_or(host).trim_end_matches('.')
}

fn is_known(host: &str) -> bool {
    let real = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let number = host.split('.').all(|part| part.parse::<u8>().is_ok());
    let reserved = [
        "example",
        "example.com",
        "example.org",
        "test",
        "invalid",
        "localhost",
    ];
    number
        || !host.contains('.')
        || host.contains("..")
        || !host.chars().all(real)
        || KNOWN_HOSTS.contains(&host)
        || reserved
            .iter()
            .any(|name| host == *name || host.ends_with(&format!(".{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, text: &str) -> Vec<String> {
        let own = Own(vec!["/builds/7/keeper".into(), "/home/anna".into()]);
        let source = Source {
            path: path.into(),
            text: text.into(),
        };
        look_at(&source, &own)
            .into_iter()
            .map(|one| format!("{}: {}", one.place, one.what))
            .collect()
    }

    /// Put together, so that the rules do not find themselves here.
    fn odd() -> (String, String) {
        (["get", "it", "net"].join("."), ["TO", "DO"].concat())
    }

    #[test]
    fn a_good_file_is_left_in_peace() {
        let text = "//! A.\n// http://mirror.example/debian, https://…/x, http://127.0.0.1:8470/\n";
        assert_eq!(said("a.rs", text), [""; 0]);
        assert_eq!(said("a.md", &format!("https://{}\n", odd().0)), [""; 0]);
        assert_eq!(said("empty", ""), [""; 0]);
    }

    #[test]
    fn each_rule_names_its_place() {
        let (host, mark) = odd();
        let later = format!("//! A.\n// {mark}: more\n");
        let unfinished = format!("a.rs:2: an unfinished place ({mark})");
        let long = format!("//! A.\n{}", "// x\n".repeat(LONGEST));
        let address = format!("//! See https://me@{host}:8/x.\n");
        let unknown = format!("a.rs:1: the address of {host}");
        for (path, text, expected) in [
            ("a.rs", "fn main() {}\n", "a.rs: it does not say what it is"),
            ("a.rs", &*long, "a.rs: 401 lines, 400 are allowed"),
            ("a.sh", "x \n", "a.sh:1: white space at the end of the line"),
            (
                "a.toml",
                "a = 1\r\n",
                "a.toml:1: white space at the end of the line",
            ),
            ("a.toml", "a = 1", "a.toml: the last line has no end"),
            (
                "a.md",
                "see /builds/7/keeper/x\n",
                "a.md:1: /builds/7/keeper is a path of this machine alone",
            ),
            (
                "a.sh",
                "cd /home/anna\n",
                "a.sh:1: /home/anna is a path of this machine alone",
            ),
            ("a.rs", &later, &unfinished),
            ("a.rs", &address, &unknown),
        ] {
            assert_eq!(said(path, text), [expected]);
        }
    }

    #[test]
    fn a_mark_within_a_word_is_none() {
        assert_eq!(unfinished("let MAXXX_SIZE = 1; // methODOlogy"), None);
        assert!(unfinished(&format!("{}ME", "FIX")).is_some());
    }
}
