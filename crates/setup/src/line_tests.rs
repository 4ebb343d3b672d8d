//! Messages there and back, and lines that are none.

use super::*;
use crate::message::{Answer, Approval, Ask, Change, Network, Owner, Progress, Wifi, Work};
use crate::secret::Secret;
use proptest::prelude::*;

fn secrets() -> impl Strategy<Value = Option<Secret>> {
    prop::option::of("(?s).{0,20}".prop_map(Secret::new))
}

fn changes() -> impl Strategy<Value = Change> {
    let owner = ("(?s).{0,9}", secrets(), secrets());
    let owner = owner.prop_map(|(name, password, password_hash)| Owner {
        name,
        password,
        password_hash,
    });
    let wifi = (".{0,3}", "(?s).{0,9}", secrets());
    let wifi = wifi.prop_map(|(country, name, password)| Wifi {
        country,
        name,
        password,
    });
    let approval = (".{0,9}", ".{0,9}").prop_map(|(name, password)| Approval {
        name,
        password: Secret::new(password),
    });
    (
        "(?s).{0,99}",
        prop::option::of("[0-9a-f]{64}"),
        prop::option::of(owner),
        prop::option::of(wifi),
        secrets(),
        prop::option::of(approval),
    )
        .prop_map(
            |(keeper_toml, instead_of, owner, wifi, ddns_secret, approval)| Change {
                keeper_toml,
                instead_of,
                owner,
                wifi,
                ddns_secret,
                approval,
            },
        )
}

fn asks() -> impl Strategy<Value = Ask> {
    prop_oneof![
        ".{0,3}".prop_map(|country| Ask::Scan { country }),
        changes().prop_map(|change| Ask::SetUp(Box::new(change))),
        changes().prop_map(|change| Ask::Change(Box::new(change))),
        Just(Ask::Confirm {}),
    ]
}

fn answers() -> impl Strategy<Value = Answer> {
    let network = ("(?s).{0,9}", any::<u8>(), any::<bool>());
    let network = network.prop_map(|(name, signal, secured)| Network {
        name,
        signal,
        secured,
    });
    let progress = prop::sample::select(vec![Progress::Begun, Progress::Done, Progress::Unchanged]);
    let work = prop::sample::select(Work::ALL.to_vec());
    prop_oneof![
        prop::collection::vec(network, 0..4).prop_map(|networks| Answer::Networks { networks }),
        (work, progress).prop_map(|(work, progress)| Answer::Progress { work, progress }),
        any::<Option<u32>>().prop_map(|confirm| Answer::Done { confirm }),
        "(?s).{0,40}".prop_map(|message| Answer::Refused { message }),
        "(?s).{0,40}".prop_map(|message| Answer::Failed { message }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_question_arrives_as_it_was_asked(ask in asks()) {
        let line = to_line(&ask).expect("a line");
        prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert_eq!(parse_line::<Ask>(&line), Ok(ask.clone()));
        prop_assert_eq!(parse_line::<Ask>(&line[..line.len() - 1]), Ok(ask));
    }

    #[test]
    fn an_answer_arrives_as_it_was_given(answer in answers()) {
        let line = to_line(&answer).expect("a line");
        prop_assert_eq!(parse_line::<Answer>(&line), Ok(answer));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (parse_line::<Ask>(&bytes), parse_line::<Answer>(&bytes));
    }

    #[test]
    fn a_question_cut_short_is_refused(ask in asks(), part in 0.0..1.0f64) {
        let line = to_line(&ask).expect("a line");
        let end = ((line.len() - 1) as f64 * part) as usize;
        prop_assert!(parse_line::<Ask>(&line[..end]).is_err());
    }
}

#[test]
fn the_words_of_a_message_are_these() {
    for (line, ask) in [
        (
            r#"{"ask":"scan"}"#,
            Ask::Scan {
                country: String::new(),
            },
        ),
        (r#"{"ask":"confirm"}"#, Ask::Confirm {}),
        (
            r#"{"ask":"set_up","keeper_toml":"x"}"#,
            Ask::SetUp(Box::new(Change {
                keeper_toml: "x".into(),
                ..Change::default()
            })),
        ),
    ] {
        assert_eq!(parse_line::<Ask>(line.as_bytes()), Ok(ask), "{line}");
    }
    let progress = Answer::Progress {
        work: Work::Check,
        progress: Progress::Begun,
    };
    let line = to_line(&progress).expect("a line");
    assert_eq!(
        line,
        b"{\"answer\":\"progress\",\"work\":\"check\",\"progress\":\"begun\"}\n"
    );
    assert!(!progress.is_last() && Answer::Done { confirm: None }.is_last());
}

#[test]
fn what_is_no_message_is_refused_without_a_word_of_it() {
    for line in [
        "",
        "\n",
        "null",
        "[]",
        "{}",
        "s3cret",
        "{\"ask\":\"s3cret\"}",
        "{\"ask\":\"scan\",\"s3cret\":1}",
        "{\"ask\":\"confirm\",\"s3cret\":1}",
        "{\"ask\":\"scan\"}{\"ask\":\"scan\"}",
        "{\"ask\":\"set_up\"}",
        "{\"ask\":\"set_up\",\"keeper_toml\":\"\",\"s3cret\":\"s3cret\"}",
        "{\"ask\":\"set_up\",\"keeper_toml\":\"\",\"wifi\":\"s3cret\"}",
        "{\"ask\":\"change\",\"keeper_toml\":\"\",\"approval\":{\"name\":\"a\",\"password\":[\"s3cret\"]}}",
        "{\"ask\":\"change\",\"keeper_toml\":\"\",\"ddns_secret\":{\"s3cret\":1}}",
        &"[".repeat(10_000),
    ] {
        let error = parse_line::<Ask>(line.as_bytes()).expect_err(line);
        assert!(matches!(error, LineError::Unknown { .. }), "{line}");
        assert!(!format!("{error}{error:?}").contains("s3cret"), "{line}");
    }
}

#[test]
fn what_is_secret_in_a_question_is_not_in_its_debug_text() {
    let secret = || Some(Secret::new("s3cret"));
    let ask = Ask::SetUp(Box::new(Change {
        keeper_toml: "[notify]\nwebhook = \"https://hooks.example/s3cret\"".into(),
        owner: Some(Owner {
            name: "hanako".into(),
            password: secret(),
            password_hash: secret(),
        }),
        ddns_secret: secret(),
        ..Change::default()
    }));
    let shown = format!("{ask:?}");
    assert!(
        shown.contains("hanako") && !shown.contains("s3cret"),
        "{shown}"
    );
}

#[test]
fn a_line_that_is_too_long_is_refused_by_both_ends() {
    let with = |length: usize| Answer::Failed {
        message: "x".repeat(length),
    };
    let around = to_line(&with(0)).expect("a line").len();
    let longest = to_line(&with(MAX_LINE - around)).expect("a line");
    assert_eq!(longest.len(), MAX_LINE);
    assert!(parse_line::<Answer>(&longest).is_ok());
    assert_eq!(
        to_line(&with(MAX_LINE - around + 1)),
        Err(LineError::TooLong)
    );
    let spaces = [longest, b" ".to_vec()].concat();
    assert_eq!(parse_line::<Answer>(&spaces), Err(LineError::TooLong));
}
