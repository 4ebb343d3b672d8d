//! The image itself, from a server that misbehaves.

use e2e::harness::{trial, trial_in_sandbox};
use e2e::mirror::Fault;
use image::vendor::release::{self, Release};
use libtest_mimic::Trial;

use super::*;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_broken_download_is_resumed_where_it_broke", resumes),
        trial("a_download_may_break_again_and_again", resumes_often),
        trial(
            "a_download_that_was_given_up_is_gone_on_with",
            resumes_next_time,
        ),
        trial("a_stalled_download_is_resumed", resumes_after_a_stall),
        trial("a_busy_server_is_asked_again", asks_again),
        trial(
            "a_download_that_was_complete_is_not_fetched_again",
            keeps_the_complete,
        ),
        trial("a_server_without_ranges_sends_it_anew", begins_anew),
        trial(
            "two_versions_of_a_file_are_not_glued_together",
            does_not_glue,
        ),
        trial(
            "a_server_that_glues_is_not_believed",
            does_not_believe_a_gluer,
        ),
        trial("a_part_of_another_file_ends_as_nothing", discards_the_wrong),
        trial(
            "a_download_with_another_checksum_is_removed",
            refuses_corruption,
        ),
        trial("a_missing_image_is_named_by_its_address", names_the_missing),
        trial("a_redirect_is_followed_but_not_for_ever", redirects),
        trial("a_file_larger_than_it_may_be_is_refused", refuses_the_large),
        trial(
            "a_server_that_is_not_there_is_named_with_the_ways_on",
            names_the_host,
        ),
        trial("a_damaged_image_in_the_cache_is_fetched_again", mends_cache),
        trial_in_sandbox("a_full_disk_is_found_before_the_download", full_disk),
    ]
}

fn resumes() {
    let case = case();
    case.mirror.fault(IMAGE, Fault::BreaksOnceAfter(10_000));
    case.download().unwrap();
    assert_eq!(case.mirror.requests(IMAGE), [0, 10_000]);
    assert_whole(&case.target());
}

fn resumes_often() {
    let case = case();
    case.mirror.fault(IMAGE, Fault::BreaksEachTimeAfter(10_000));
    case.download().unwrap();
    assert_eq!(
        case.mirror.requests(IMAGE),
        [0, 10_000, 20_000, 30_000, 40_000]
    );
    assert_whole(&case.target());
}

fn resumes_next_time() {
    let case = case();
    case.mirror.fault(IMAGE, Fault::BreaksEachTimeAfter(1000));
    let error = anyhow::Error::new(case.download().unwrap_err());
    assert_says(&error, &["the connection to 127.0.0.1:", " broke: "]);
    assert_eq!(fs_err::metadata(case.part()).unwrap().len(), 5000);
    assert!(!case.target().exists());
    case.mirror.mend(IMAGE);
    case.download().unwrap();
    assert_eq!(
        case.mirror.requests(IMAGE),
        [0, 1000, 2000, 3000, 4000, 5000]
    );
    assert_whole(&case.target());
}

fn resumes_after_a_stall() {
    let case = case();
    case.mirror.fault(IMAGE, Fault::StallsOnceAfter(10_000));
    case.download().unwrap();
    assert_eq!(case.mirror.requests(IMAGE), [0, 10_000]);
    assert_whole(&case.target());
}

fn asks_again() {
    let case = case();
    break_off(&case, 10_000);
    case.mirror.fault(IMAGE, Fault::BusyOnce);
    case.download().unwrap();
    assert_eq!(case.mirror.requests(IMAGE), [0, 10_000, 10_000]);
    assert_whole(&case.target());
}

/// Breaks it off after so many bytes, as a kill would.
fn break_off(case: &Case, bytes: usize) {
    case.mirror.fault(IMAGE, Fault::BreaksOnceAfter(bytes));
    let sum = sum_of(IMAGE);
    client(1)
        .file(&case.url(), &case.target(), &sum, LIMIT, &quiet())
        .unwrap_err();
    assert_eq!(fs_err::metadata(case.part()).unwrap().len(), bytes as u64);
}

fn keeps_the_complete() {
    let case = case();
    break_off(&case, 10_000);
    let whole = fs_err::read(fixture(IMAGE)).unwrap();
    fs_err::write(case.part(), &whole).unwrap();
    case.download().unwrap();
    assert_eq!(case.mirror.requests(IMAGE), [0, whole.len()]);
    assert_whole(&case.target());
}

fn begins_anew() {
    let case = case();
    break_off(&case, 10_000);
    case.mirror.fault(IMAGE, Fault::IgnoresRange);
    case.download().unwrap();
    assert_eq!(case.mirror.requests(IMAGE), [0, 10_000]);
    assert_whole(&case.target());
}

/// The server has one file, is asked for the beginning of it, and then has another.
fn changes_after_a_break(case: &Case) {
    fs_err::write(case.release.path().join(IMAGE), vec![7; 41_000]).unwrap();
    case.mirror.tag(IMAGE, "\"earlier\"");
    break_off(case, 10_000);
    fs_err::copy(fixture(IMAGE), case.release.path().join(IMAGE)).unwrap();
    case.mirror.tag(IMAGE, "\"later\"");
}

fn does_not_glue() {
    let case = case();
    changes_after_a_break(&case);
    case.download().unwrap();
    assert_eq!(case.mirror.requests(IMAGE), [0, 10_000]);
    assert_whole(&case.target());
}

fn does_not_believe_a_gluer() {
    let case = case();
    changes_after_a_break(&case);
    case.mirror.fault(IMAGE, Fault::IgnoresIfRange);
    case.download().unwrap();
    assert_eq!(case.mirror.requests(IMAGE), [0, 10_000, 0]);
    assert_whole(&case.target());
}

fn discards_the_wrong() {
    let case = case();
    break_off(&case, 10_000);
    fs_err::write(case.part(), vec![7; 10_000]).unwrap();
    let error = anyhow::Error::new(case.download().unwrap_err());
    assert_says(&error, &["has SHA-256", "what was fetched is removed"]);
    assert_eq!(
        fs_err::read_dir(case.cache.path().join("vendor"))
            .unwrap()
            .count(),
        0
    );
    case.download().unwrap();
    assert_whole(&case.target());
}

fn refuses_corruption() {
    let case = case();
    case.mirror.fault(IMAGE, Fault::Corrupt);
    let error = anyhow::Error::new(case.download().unwrap_err());
    assert_says(&error, &[&case.url(), &sum_of(IMAGE)]);
    assert_eq!(case.mirror.requests(IMAGE).len(), 1);
    let left = fs_err::read_dir(case.cache.path().join("vendor")).unwrap();
    assert_eq!(left.count(), 0);
}

fn release() -> Release {
    Release {
        name: IMAGE.into(),
        sha256: sum_of(IMAGE),
        signer: fingerprint("signer"),
    }
}

fn fetch(case: &Case) -> anyhow::Result<PathBuf> {
    let cache = case.cache.path();
    release::fetch(&case.import, &release(), &client(5), cache, &quiet())
}

fn names_the_missing() {
    let case = case();
    case.mirror.fault(IMAGE, Fault::Missing);
    let error = fetch(&case).unwrap_err();
    assert_says(&error, &[&case.url(), "404 Not Found", "--update"]);
    assert_eq!(
        case.mirror.requests(IMAGE).len(),
        1,
        "it will not be there at the next try"
    );
}

fn redirects() {
    let case = case();
    // With a part there, so that what is asked for elsewhere is a range too.
    break_off(&case, 10_000);
    case.mirror.fault(IMAGE, Fault::Redirects);
    case.download().unwrap();
    assert_eq!(case.mirror.requests(IMAGE), [0, 10_000, 10_000]);
    assert_whole(&case.target());
    fs_err::remove_file(case.target()).unwrap();
    case.mirror.fault(IMAGE, Fault::RedirectsForEver);
    let error = anyhow::Error::new(case.download().unwrap_err());
    assert_says(&error, &["redirects without end"]);
}

fn refuses_the_large() {
    let case = case();
    let (url, sum) = (case.url(), sum_of(IMAGE));
    let file = client(5).file(&url, &case.target(), &sum, 40_000, &quiet());
    let error = anyhow::Error::new(file.unwrap_err());
    assert_says(&error, &[&url, "has more than 40000 bytes"]);
    assert!(!case.part().exists());
    let bytes = client(5).bytes(&url, 40_000, &quiet());
    let error = anyhow::Error::new(bytes.unwrap_err());
    assert_says(&error, &[&url, "has more than 40000 bytes"]);
    assert_eq!(case.mirror.requests(IMAGE).len(), 2);
}

fn names_the_host() {
    let mut case = case();
    // Port 1 of loopback: nobody listens there.
    case.import.url = "http://127.0.0.1:1/release".into();
    let error = fetch(&case).unwrap_err();
    assert_says(
        &error,
        &[
            &format!("fetching http://127.0.0.1:1/release/{IMAGE}"),
            "127.0.0.1:1 cannot be reached",
            "`--base FILE` takes an image that you have",
            "--profile debian-12 builds without 127.0.0.1:1",
        ],
    );
    // A name that cannot be: RFC 6761 reserves its last part for that.
    case.import.url = "http://nobody.invalid/release".into();
    let error = fetch(&case).unwrap_err();
    assert_says(&error, &["nobody.invalid cannot be reached: "]);
}

fn mends_cache() {
    let case = case();
    let file = fetch(&case).unwrap();
    let mut bytes = fs_err::read(&file).unwrap();
    bytes[500] ^= 1;
    fs_err::write(&file, bytes).unwrap();
    assert_eq!(fetch(&case).unwrap(), file);
    assert_eq!(case.mirror.requests(IMAGE), [0, 0]);
    assert_whole(&file);
}

fn full_disk() {
    let case = case();
    let dir = case.cache.path().join("vendor");
    fs_err::create_dir(&dir).unwrap();
    image::sandbox::tmpfs(&dir, 32 << 10).unwrap();
    let error = fetch(&case).unwrap_err();
    assert_says(&error, &["No space left on device", "1 MiB of board-"]);
    assert!(!case.part().exists());
}
