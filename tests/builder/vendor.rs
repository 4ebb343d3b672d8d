//! Getting a vendor's image: from servers that break, change or lie, with signatures that do not
//! count, and from files of the user's own; on what tests/fixtures/vendor-release.sh made.

mod download;
mod local;
mod signed;

use std::path::{Path, PathBuf};
use std::time::Duration;

use e2e::mirror::Mirror;
use image::hint::{chain_of, hint_of};
use image::profile::Import;
use image::progress::Progress;
use image::tools::Tools;
use image::vendor::download::Client;
use image::vendor::{Patience, Signers};
use libtest_mimic::Trial;
use tempfile::TempDir;

pub fn trials() -> Vec<Trial> {
    let mut trials = download::trials();
    trials.extend(signed::trials());
    trials.extend(local::trials());
    trials
}

/// The image with the highest version.
const IMAGE: &str = "board-20.04.10-server.img.xz";
const LIMIT: u64 = 1 << 20;

fn fixture(name: &str) -> PathBuf {
    e2e::repository()
        .join("tests/fixtures/vendor-release")
        .join(name)
}

/// What the fixture's SHA256SUMS says of a file.
fn sum_of(name: &str) -> String {
    let sums = fs_err::read_to_string(fixture("SHA256SUMS")).unwrap();
    let line = sums
        .lines()
        .find(|line| line.ends_with(&format!("*{name}")))
        .unwrap();
    line[..64].to_owned()
}

fn fingerprint(who: &str) -> String {
    let all = fs_err::read_to_string(fixture("fingerprints")).unwrap();
    let mut pairs = all.lines().filter_map(|line| line.split_once(' '));
    pairs.find(|(name, _)| *name == who).unwrap().1.to_owned()
}

/// A server of the release, which may be changed, and a cache of nothing.
struct Case {
    cache: TempDir,
    release: TempDir,
    mirror: Mirror,
    import: Import,
}

fn case() -> Case {
    let release = tempfile::tempdir().unwrap();
    image::files::copy_tree(&fixture(""), release.path()).unwrap();
    let mirror = Mirror::serve(release.path());
    let import = Import {
        url: mirror.url(),
        image: "board-*-server.img.xz".into(),
        signed_by: vec![fingerprint("signer")],
        keyring: "tests/fixtures/vendor-release/signer.gpg".into(),
    };
    Case {
        cache: tempfile::tempdir().unwrap(),
        release,
        mirror,
        import,
    }
}

impl Case {
    fn url(&self) -> String {
        format!("{}/{IMAGE}", self.mirror.url())
    }

    /// Where downloads of a test go.
    fn target(&self) -> PathBuf {
        self.cache.path().join("vendor").join(IMAGE)
    }

    fn part(&self) -> PathBuf {
        self.target().with_file_name(format!("{IMAGE}.part"))
    }

    fn download(&self) -> Result<(), image::vendor::Error> {
        let sum = sum_of(IMAGE);
        client(5).file(&self.url(), &self.target(), &sum, LIMIT, &quiet())
    }

    fn signers<'a>(&self, tools: &'a Tools) -> Signers<'a> {
        Signers::new(&self.import, &e2e::repository(), tools).unwrap()
    }
}

/// A client in a hurry.
fn client(tries: u32) -> Client {
    Client::new(Patience {
        connect: Duration::from_secs(5),
        stall: Duration::from_millis(500),
        tries,
        pause: Duration::from_millis(1),
    })
}

fn quiet() -> Progress {
    Progress::new(true)
}

#[track_caller]
fn assert_whole(file: &Path) {
    assert_eq!(image::digest::of_file(file).unwrap(), sum_of(IMAGE));
    let names = fs_err::read_dir(file.parent().unwrap()).unwrap();
    assert_eq!(names.count(), 1, "nothing is left beside it");
}

/// Asserts that an error, with its causes and its hint, says all of `parts`.
#[track_caller]
fn assert_says(error: &anyhow::Error, parts: &[&str]) {
    let hint = hint_of(error).unwrap_or_default();
    let said = format!("{}\nhint: {hint}", chain_of(error).join("\n"));
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
}
