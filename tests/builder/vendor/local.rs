//! Images that the user has, and what is in images however they are packed.

use e2e::harness::trial_in_sandbox;
use image::vendor::local::take;
use image::vendor::unpack::unpack;
use libtest_mimic::Trial;

use super::*;

pub fn trials() -> Vec<Trial> {
    vec![
        trial_in_sandbox(
            "an_image_beside_its_signed_list_is_checked_against_it",
            checked,
        ),
        trial_in_sandbox("an_image_alone_is_taken_unchecked", unchecked),
        trial_in_sandbox(
            "an_image_that_its_list_does_not_confirm_is_refused",
            not_confirmed,
        ),
        trial_in_sandbox("every_packing_holds_the_same_image", same_bytes),
        trial_in_sandbox("a_cut_or_damaged_image_is_named", cut_off),
    ]
}

fn checked() {
    let (case, tools) = (case(), e2e::tools());
    let signers = case.signers(&tools);
    for ending in ["xz", "zst", "gz"] {
        let name = format!("board-20.04.10-server.img.{ending}");
        let file = case.release.path().join(&name);
        let taken = take(&file, Some(&signers), &quiet()).unwrap();
        assert_eq!(taken.sha256, sum_of(&name));
        assert_eq!(taken.signer, Some(fingerprint("signer")));
        assert_eq!(taken.path, file);
    }
}

fn unchecked() {
    let (case, tools) = (case(), e2e::tools());
    let signers = case.signers(&tools);
    let file = case.release.path().join(IMAGE);
    let taken = take(&file, None, &quiet()).unwrap();
    assert_eq!(taken.signer, None, "nobody could have signed it");
    for missing in ["SHA256SUMS.gpg", "SHA256SUMS"] {
        fs_err::remove_file(case.release.path().join(missing)).unwrap();
        let taken = take(&file, Some(&signers), &quiet()).unwrap();
        assert_eq!(
            (taken.signer, taken.sha256),
            (None, sum_of(IMAGE)),
            "{missing}"
        );
    }
}

fn not_confirmed() {
    let (case, tools) = (case(), e2e::tools());
    let signers = case.signers(&tools);
    let refused = |file: &Path, parts: &[&str]| {
        assert_says(&take(file, Some(&signers), &quiet()).unwrap_err(), parts);
    };
    let file = case.release.path().join(IMAGE);
    let other = case.release.path().join("mine.img.xz");
    fs_err::copy(&file, &other).unwrap();
    refused(
        &other,
        &[
            "mine.img.xz",
            "SHA256SUMS beside it does not list mine.img.xz",
            "in a directory without SHA256SUMS, the image is taken unchecked",
        ],
    );
    let mut bytes = fs_err::read(&file).unwrap();
    bytes[500] ^= 1;
    fs_err::write(&file, bytes).unwrap();
    refused(&file, &[IMAGE, "SHA256SUMS beside it says", &sum_of(IMAGE)]);
    let signature = case.release.path().join("SHA256SUMS.gpg");
    fs_err::copy(fixture("by-stranger.gpg"), signature).unwrap();
    refused(&file, &[IMAGE, "it is signed by", "not by"]);
    fs_err::write(&file, "").unwrap();
    refused(&file, &[IMAGE, "is empty"]);
    refused(case.release.path(), &["is a directory"]);
    refused(&case.release.path().join("none.img"), &["none.img"]);
}

fn same_bytes() {
    let (dir, tools) = (tempfile::tempdir().unwrap(), e2e::tools());
    let raw = dir.path().join("board.img");
    let size = unpack(&fixture(IMAGE), &raw, &tools, &quiet()).unwrap();
    assert_eq!(size, 700_001);
    let sum = sum_of("board-20.04.10-server.img");
    assert_eq!(image::digest::of_file(&raw).unwrap(), sum);
    let packed = ["zst", "gz"].map(|ending| {
        // A name that says nothing: the bytes do.
        let file = dir.path().join(format!("packed-{ending}"));
        let from = format!("board-20.04.10-server.img.{ending}");
        fs_err::copy(fixture(&from), &file).unwrap();
        file
    });
    for from in packed.iter().chain([&raw]) {
        let to = dir.path().join("again.img");
        assert_eq!(unpack(from, &to, &tools, &quiet()).unwrap(), size);
        assert_eq!(image::digest::of_file(&to).unwrap(), sum, "{from:?}");
        use std::os::unix::fs::MetadataExt;
        let blocks = fs_err::metadata(&to).unwrap().blocks();
        assert!(blocks * 512 < 300_000, "{from:?}: zeros take room");
    }
}

fn cut_off() {
    let (dir, tools) = (tempfile::tempdir().unwrap(), e2e::tools());
    for ending in ["xz", "zst", "gz"] {
        let whole = fs_err::read(fixture(&format!("board-20.04.10-server.img.{ending}"))).unwrap();
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 1;
        let cut = |at: usize| whole[..at].to_vec();
        for bytes in [cut(20), cut(whole.len() / 2), cut(whole.len() - 3), damaged] {
            let file = dir.path().join(format!("broken.img.{ending}"));
            fs_err::write(&file, &bytes).unwrap();
            let to = dir.path().join("raw");
            let error = unpack(&file, &to, &tools, &quiet()).unwrap_err();
            let shown = format!("unpacking {}", file.display());
            assert_says(&error, &[&shown, "is it whole?"]);
        }
    }
}
