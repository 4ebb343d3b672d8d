//! Which image a release comes to, and whose word is taken for it.

use e2e::harness::trial_in_sandbox;
use e2e::mirror::Fault;
use image::vendor::release::{self, Release};
use image::vendor::{BaseImage, acquire};
use libtest_mimic::Trial;

use super::*;

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox(
            "the_highest_version_is_fetched_and_later_asks_nobody",
            works_offline,
        ),
        trial_in_sandbox("update_reads_the_list_anew", updates),
        trial_in_sandbox("a_list_changed_after_signing_is_refused", changed),
        trial_in_sandbox(
            "a_signature_that_does_not_count_is_refused_with_the_reason",
            does_not_count,
        ),
        trial_in_sandbox("a_list_without_the_image_names_the_nearest", not_listed),
        trial_in_sandbox("a_release_that_is_not_there_is_named", missing),
        trial_in_sandbox("keyrings_come_from_the_tools_or_the_repository", keyrings),
    ]
}

fn resolve(case: &Case, tools: &Tools, update: bool) -> anyhow::Result<Release> {
    let signers = case.signers(tools);
    let cache = case.cache.path();
    release::resolve(&case.import, &signers, &client(2), cache, update, &quiet())
}

/// Nothing was remembered, so that the next run asks again.
#[track_caller]
fn assert_nothing_remembered(case: &Case) {
    assert!(!case.cache.path().join("resolved").exists());
}

fn works_offline() {
    let case = case();
    let tools = e2e::tools();
    let get = || {
        let (signers, cache) = (case.signers(&tools), case.cache.path());
        acquire(&case.import, &signers, cache, false, &quiet())
    };
    let expected = BaseImage {
        path: case.target(),
        sha256: sum_of(IMAGE),
        signer: Some(fingerprint("signer")),
    };
    assert_eq!(get().unwrap(), expected);
    assert_whole(&case.target());
    let asked = case.mirror.requests("").len();
    assert_eq!(asked, 3);
    assert_eq!(get().unwrap(), expected);
    assert_eq!(case.mirror.requests("").len(), asked);
}

fn updates() {
    let case = case();
    let tools = e2e::tools();
    let release = resolve(&case, &tools, false).unwrap();
    case.mirror.fault("SHA256SUMS", Fault::Missing);
    assert_eq!(resolve(&case, &tools, false).unwrap(), release);
    let error = resolve(&case, &tools, true).unwrap_err();
    assert_says(&error, &["/SHA256SUMS", "404 Not Found"]);
    case.mirror.mend("SHA256SUMS");
    assert_eq!(resolve(&case, &tools, true).unwrap(), release);
    assert_eq!(case.mirror.requests("SHA256SUMS").len(), 3);
}

fn changed() {
    let case = case();
    let list = case.release.path().join("SHA256SUMS");
    let text = fs_err::read_to_string(&list).unwrap();
    fs_err::write(&list, text.replace(&sum_of(IMAGE), &"a".repeat(64))).unwrap();
    let error = resolve(&case, &e2e::tools(), false).unwrap_err();
    let url = format!("checking {}/SHA256SUMS", case.mirror.url());
    assert_says(&error, &[&url, "is of other contents"]);
    assert_nothing_remembered(&case);
}

/// Each of another signature, who is trusted for it, and what is said.
fn does_not_count() {
    let tools = e2e::tools();
    for (signature, keyring, trusted, expected) in [
        ("by-stranger.gpg", "signer", "signer", "it is signed by "),
        ("by-stranger.gpg", "stranger", "signer", "it is signed by "),
        (
            "SHA256SUMS.gpg",
            "stranger",
            "signer",
            "the keyring does not hold that key",
        ),
        (
            "by-lapsed.gpg",
            "lapsed",
            "lapsed",
            "expired at 2023-12-14 22:13 UTC",
        ),
        (
            "expired.gpg",
            "signer",
            "signer",
            "expired at 2023-11-15 22:13 UTC",
        ),
        ("by-revoked.gpg", "revoked", "revoked", "has been revoked"),
        (
            "inline.gpg",
            "signer",
            "signer",
            "it is no detached signature",
        ),
        (
            "SHA256SUMS",
            "signer",
            "signer",
            "it is no detached signature",
        ),
    ] {
        let mut case = case();
        let there = case.release.path().join("SHA256SUMS.gpg");
        fs_err::copy(fixture(signature), there).unwrap();
        case.import.keyring = format!("tests/fixtures/vendor-release/{keyring}.gpg");
        case.import.signed_by = vec![fingerprint(trusted)];
        let error = resolve(&case, &tools, false).unwrap_err();
        assert_says(&error, &[expected, "hint: "]);
        if signature == "by-stranger.gpg" {
            let both = [fingerprint("stranger"), fingerprint("signer")];
            assert_says(&error, &[&both.join(", not by ")]);
        }
        assert_nothing_remembered(&case);
    }
}

fn not_listed() {
    let mut case = case();
    case.import.image = "board-*-serve.img.xz".into();
    let error = resolve(&case, &e2e::tools(), false).unwrap_err();
    assert_says(
        &error,
        &[
            "SHA256SUMS lists no file \"board-*-serve.img.xz\"",
            "hint: the nearest names are board-20.04.",
        ],
    );
}

fn missing() {
    let mut case = case();
    case.mirror.fault("SHA256SUMS", Fault::Missing);
    let tools = e2e::tools();
    let error = resolve(&case, &tools, false).unwrap_err();
    assert_says(&error, &["404 Not Found", "`url` under [import]"]);
    case.import.url = "http://127.0.0.1:1/release".into();
    let error = resolve(&case, &tools, false).unwrap_err();
    let parts = [
        "127.0.0.1:1 cannot be reached",
        "`--base FILE`",
        "--profile debian-12",
    ];
    assert_says(&error, &parts);
}

fn keyrings() {
    let tools = e2e::tools();
    let mut import = case().import;
    let mut check = |keyring: &str| {
        import.keyring = keyring.into();
        Signers::new(&import, &e2e::repository(), &tools).map(|_| ())
    };
    check("ubuntu-archive-keyring.gpg").unwrap();
    check("debian-archive-keyring.gpg").unwrap();
    let error = check("signer.gpg").unwrap_err();
    assert_says(
        &error,
        &["the builder's tools have no keyring \"signer.gpg\""],
    );
    let error = check("keys/signer.gpg").unwrap_err();
    assert_says(
        &error,
        &["the repository has no keyring \"keys/signer.gpg\""],
    );
}
