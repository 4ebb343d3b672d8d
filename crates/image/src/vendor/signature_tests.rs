//! Tests of what gpgv's answers come to. Its lines are those of gpgv 2.2, with keys shortened to
//! one digit repeated.

use super::*;
use crate::hint::hint_of;

/// A line `KEYWORD …` in which `A` and `B` stand for fingerprints, `a` and `b` for key ids.
fn line(text: &str) -> String {
    let words = text.split(' ').map(|word| match word {
        "A" | "B" => word.repeat(40),
        "a" | "b" => word.to_ascii_uppercase().repeat(16),
        other => other.to_owned(),
    });
    format!("{MARK}{}\n", words.collect::<Vec<_>>().join(" "))
}

fn judged(lines: &[&str]) -> Result<String> {
    let status: String = lines.iter().map(|text| line(text)).collect();
    judge(&status, &["A".repeat(40)])
}

const NEW: &str = "NEWSIG vendor@example.invalid";
const VALID_A: &str = "VALIDSIG A 2023-11-14 1700000000 0 4 0 22 8 00 A";
const VALID_B: &str = "VALIDSIG B 2023-11-14 1700000000 0 4 0 22 8 00 B";

#[test]
fn a_trusted_key_or_a_subkey_of_one_counts() {
    for lines in [
        &[NEW, "GOODSIG a vendor", VALID_A][..],
        &[
            NEW,
            "GOODSIG b vendor",
            "VALIDSIG B 2023-11-14 1700000000 0 4 0 22 8 00 A",
        ],
        &[
            NEW,
            "GOODSIG a vendor",
            "VALIDSIG A 2023-11-14 1700000000 0 4 0 22 8 00 B",
        ],
        // Beside one that nobody knows, or another that is bad.
        &[
            NEW,
            "ERRSIG b 22 8 00 1700000000 9 B",
            "NO_PUBKEY b",
            NEW,
            "GOODSIG a vendor",
            VALID_A,
        ],
        &[NEW, "GOODSIG a vendor", VALID_A, NEW, "BADSIG b other"],
    ] {
        assert_eq!(judged(lines).unwrap(), "A".repeat(40), "{lines:?}");
    }
}

#[test]
fn each_other_answer_is_refused_in_its_own_words() {
    for (lines, expected) in [
        (&[NEW, "BADSIG a vendor"][..], "is of other contents"),
        (&[NEW, "GOODSIG b other", VALID_B], "it is signed by BBBB"),
        (
            &[NEW, "ERRSIG b 22 8 00 1700000000 9 B", "NO_PUBKEY b"],
            "it is signed by BBBB",
        ),
        (
            &[NEW, "ERRSIG b 1 10 00 1700000000 9 -", "NO_PUBKEY b"],
            "it is signed by BBBB",
        ),
        (
            &[NEW, "ERRSIG a 22 8 00 1700000000 9 A"],
            "the keyring does not hold that key",
        ),
        (
            &[NEW, "ERRSIG a 17 2 00 1700000000 5 A"],
            "cannot be checked: gpgv gives the reason 5",
        ),
        (
            &[NEW, "KEYEXPIRED 1702592000", "EXPKEYSIG a vendor", VALID_A],
            "that signed it expired at 2023-12-14 22:13 UTC",
        ),
        (
            &[
                NEW,
                "EXPSIG a vendor",
                "VALIDSIG A 2023-11-14 1700000000 1700086400 4 0 22 8 00 A",
            ],
            "expired at 2023-11-15 22:13 UTC",
        ),
        (&[NEW, "REVKEYSIG a vendor", VALID_A], "has been revoked"),
        (&["NODATA 1", "NODATA 2"], "it is no detached signature"),
        (&[], "it is no detached signature"),
        // Good, but of nobody knows whom: it takes the fingerprint of VALIDSIG.
        (&[NEW, "GOODSIG a vendor"], "gpgv says GOODSIG"),
        // Two in one, as before GnuPG said where each begins: the worse one stands.
        (
            &["BADSIG a vendor", "GOODSIG a vendor", VALID_A],
            "is of other contents",
        ),
        (
            &["GOODSIG b other", VALID_B, "REVKEYSIG a vendor", VALID_A],
            "has been revoked",
        ),
        // A name is the signer's own choice, and no answer.
        (
            &["NEWSIG GOODSIG", "BADSIG a GOODSIG a VALIDSIG A"],
            "is of other contents",
        ),
    ] {
        let error = judged(lines).unwrap_err();
        assert!(error.to_string().contains(expected), "{lines:?}: {error}");
        assert!(hint_of(&error).is_some(), "{lines:?}");
    }
}

#[test]
fn a_stranger_is_named_beside_the_one_who_is_wanted() {
    let error = judged(&[NEW, "GOODSIG b other", VALID_B]).unwrap_err();
    let expected = format!(
        "it is signed by {}, not by {}",
        "B".repeat(40),
        "A".repeat(40)
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn lines_without_the_mark_say_nothing() {
    let status = format!(
        "GOODSIG {0}\n{MARK}NODATA 1\nVALIDSIG {0} 1 1 0 4 0 22 8 00 {0}\n",
        "A".repeat(40)
    );
    judge(&status, &["A".repeat(40)]).unwrap_err();
}
