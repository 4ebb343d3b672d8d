//! The verbs that have keeperd do something: what they ask, and what they say.

use crate::harness::{StandIn, answered, keeper, stderr, stdout};

const VERBS: [(&[&str], &str); 9] = [
    (&["reload"], r#"{"ask":"reload"}"#),
    (&["reload", "2"], r#"{"ask":"reload","notebook":2}"#),
    (&["pause"], r#"{"ask":"pause"}"#),
    (&["resume"], r#"{"ask":"resume"}"#),
    (&["renew"], r#"{"ask":"renew"}"#),
    (
        &["open", "https://a.example/x?y#z"],
        r#"{"ask":"open","url":"https://a.example/x?y#z"}"#,
    ),
    (
        &["close", "https://a.example/x?y#z"],
        r#"{"ask":"close","url":"https://a.example/x?y#z"}"#,
    ),
    (&["sign-in"], r#"{"ask":"sign_in"}"#),
    (&["signed-in"], r#"{"ask":"signed_in"}"#),
];

#[test]
fn each_verb_asks_what_it_says() {
    for (arguments, request) in VERBS {
        let answer = b"{\"reply\":\"done\",\"message\":\"it is {} done\\u001b[2J\"}\n";
        let output = StandIn::new(answered(request, answer)).ask(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        assert_eq!(stdout(&output), "it is {} done [2J\n", "{arguments:?}");
        assert_eq!(stderr(&output), "", "{arguments:?}");
    }
}

#[test]
fn each_verb_says_what_went_wrong() {
    for (arguments, request) in VERBS {
        for (answer, message) in [
            (
                &b"{\"reply\":\"error\",\"message\":\"there is no notebook 2\"}\n"[..],
                "error: keeperd refuses: there is no notebook 2\n",
            ),
            (
                b"{\"reply\":\"picture\"}\n",
                "error: keeperd answered something else than it was asked\n\
                 hint: `journalctl -u keeperd -n 20` may say more\n",
            ),
            (
                b"{\"reply\":\"done\"",
                "error: talking to keeperd: unexpected end of file\n\
                 hint: `journalctl -u keeperd -n 20` may say more\n",
            ),
        ] {
            let output = StandIn::new(answered(request, answer)).ask(arguments);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}");
            let said = (stdout(&output), stderr(&output));
            assert_eq!(said, (String::new(), message.to_owned()), "{arguments:?}");
        }
        let output = keeper(&[arguments, &["--socket", "/nowhere"]].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let expected = "error: keeperd is not running: connecting to /nowhere: ";
        assert!(stderr(&output).starts_with(expected), "{arguments:?}");
    }
}
