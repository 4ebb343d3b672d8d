//! What probes lead to, in tables: a probe every 20 s, and what it must come to.

use super::*;

/// One probe: answered, silent, gone.
const A: char = 'a';
const S: char = 's';
const G: char = 'g';

const PERIOD: Duration = Duration::from_secs(20);

fn probe(kind: char) -> Probe {
    match kind {
        A => Probe::Answered("Chrome/1".into()),
        S => Probe::Silent("no reply".into()),
        G => Probe::Gone("refused".into()),
        _ => unreachable!("{kind} is no probe"),
    }
}

/// The letter of the last state, and after which probes (counted from 1) a restart was asked for.
fn run(probes: &str) -> (char, Vec<usize>) {
    let start = Instant::now();
    let mut watch = Watch::new(Policy::default(), start);
    let mut asked = Vec::new();
    for (number, kind) in (1..).zip(probes.chars()) {
        let now = start + PERIOD * u32::try_from(number).expect("few probes");
        if watch.observe(probe(kind), now).is_some() {
            asked.push(number);
        }
    }
    assert_eq!(watch.restarts() as usize, asked.len());
    let letter = match watch.state() {
        State::Starting => '?',
        State::Running { .. } => 'r',
        State::NotAnswering { .. } => 'n',
        State::Absent => '-',
    };
    (letter, asked)
}

#[test]
fn what_probes_lead_to() {
    for (what, probes, state, asked) in [
        ("nothing yet", "", '?', &[][..]),
        ("still starting", "ggggg", '?', &[]),
        (
            "never came up: not ours to restart",
            "ggggggggggggggggggggggggggggggggggggggg",
            '-',
            &[],
        ),
        ("came up late", "ggggggggggga", 'r', &[]),
        ("came up", "gga", 'r', &[]),
        ("one hiccup", "asa", 'r', &[]),
        ("hiccups that are no row", "assssassssassss", 'n', &[]),
        ("a hang", "asssss", 'n', &[6]),
        ("a hang that the restart mends", "asssssgga", 'r', &[6]),
        ("closed, and back by itself", "aggggga", 'r', &[]),
        ("closed, and does not come back", "agggggggggg", 'n', &[11]),
        ("silent and gone by turns", "asgsgsgsgsg", 'n', &[11]),
        (
            "there, but never answers: keeperd may be the younger",
            "gssssssssss",
            'n',
            &[11],
        ),
        ("slow to answer after its start", "gsssssa", 'r', &[]),
    ] {
        assert_eq!(run(probes), (state, asked.to_vec()), "{what}");
    }
}

#[test]
fn requests_that_do_not_help_become_rare() {
    // It answers, hangs for good, and is looked at for two hours.
    let (state, asked) = run(&("a".to_owned() + &"s".repeat(360)));
    let gaps: Vec<usize> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!((state, asked[0]), ('n', 6));
    // 3, 6, 12, 24 and 48 minutes.
    assert_eq!(gaps, [9, 18, 36, 72, 144]);
}

#[test]
fn a_browser_that_hangs_again_and_again_is_given_time() {
    // Each restart helps for a minute: the pause grows all the same.
    let (_, asked) = run(&"aaasssss".repeat(60));
    let gaps: Vec<usize> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.iter().all(|gap| *gap >= 9), "{gaps:?}");
    assert!(gaps.last() > gaps.first(), "{gaps:?}");

    // After a stable time, the first pause counts again.
    let stable = "a".repeat(40) + "sssss";
    let (_, asked) = run(&stable.repeat(4));
    assert_eq!(asked, [45, 90, 135, 180]);
}

#[test]
fn a_state_says_since_when_and_why() {
    let start = Instant::now();
    let at = |seconds| start + Duration::from_secs(seconds);
    let mut watch = Watch::new(Policy::default(), start);
    watch.observe(probe(A), at(20));
    watch.observe(Probe::Answered("Chrome/2".into()), at(40));
    assert_eq!(
        (watch.state(), watch.since()),
        (
            &State::Running {
                version: "Chrome/2".into()
            },
            at(20)
        )
    );
    watch.observe(probe(S), at(60));
    watch.observe(probe(G), at(80));
    assert_eq!(
        (watch.state(), watch.since()),
        (
            &State::NotAnswering {
                why: "refused".into()
            },
            at(60)
        )
    );
    for seconds in [100, 120, 140, 160] {
        assert_eq!(watch.observe(probe(S), at(seconds)), None);
    }
    let reason = watch.observe(probe(S), at(180)).expect("a request");
    assert_eq!(reason, "no reply, for 120 s");
}
