//! Every message is what the protocol says, and what is none is refused in words.

use super::*;

#[test]
fn a_request_is_what_the_protocol_says() {
    let url = || "https://a.example/x?y#z".to_owned();
    for (request, expected) in [
        (Request::Status {}, r#"{"ask":"status"}"#),
        (Request::Reload { notebook: None }, r#"{"ask":"reload"}"#),
        (
            Request::Reload { notebook: Some(2) },
            r#"{"ask":"reload","notebook":2}"#,
        ),
        (Request::Pause {}, r#"{"ask":"pause"}"#),
        (Request::Resume {}, r#"{"ask":"resume"}"#),
        (Request::Renew {}, r#"{"ask":"renew"}"#),
        (
            Request::Open { url: url() },
            r#"{"ask":"open","url":"https://a.example/x?y#z"}"#,
        ),
        (
            Request::Close { url: url() },
            r#"{"ask":"close","url":"https://a.example/x?y#z"}"#,
        ),
        (Request::SignIn {}, r#"{"ask":"sign_in"}"#),
        (Request::SignedIn {}, r#"{"ask":"signed_in"}"#),
        (Request::Screenshot {}, r#"{"ask":"screenshot"}"#),
    ] {
        let line = to_line(&request).expect("a request is JSON");
        assert_eq!(line, format!("{expected}\n"));
        let back: Request = from_line(line.as_bytes()).expect("a request");
        assert_eq!(back, request);
    }
}

#[test]
fn what_is_no_request_is_refused_in_words() {
    for (line, reason) in [
        (
            "{\"ask\":\"moon\"}",
            "unknown variant `moon`, expected one of `status`, `reload`",
        ),
        ("{\"ask\":\"status\",\"x\":1}", "unknown field `x`"),
        ("{\"ask\":\"pause\",\"x\":1}", "unknown field `x`"),
        (
            "{\"ask\":\"reload\",\"notebook\":-1}",
            "invalid value: integer `-1`",
        ),
        (
            "{\"ask\":\"reload\",\"notebook\":\"1\"}",
            "invalid type: string",
        ),
        ("{\"ask\":\"open\"}", "missing field `url`"),
        ("{\"ask\":\"open\",\"url\":7}", "invalid type: integer"),
        ("{}", "missing field `ask`"),
        ("7", "invalid type"),
        ("status", "expected value"),
        ("", "EOF while parsing"),
    ] {
        let error = from_line::<Request>(line.as_bytes())
            .expect_err(line)
            .to_string();
        assert!(error.contains(reason), "{line}: {error}");
    }
    assert!(from_line::<Request>("[".repeat(MAX_REQUEST).as_bytes()).is_err());
    assert!(from_line::<Request>(b"\xff").is_err());
}

fn status() -> Status {
    Status {
        version: "0.1.0".into(),
        pid: 7,
        state: State::Misconfigured,
        reason: "line\nbreak".into(),
        uptime_seconds: 1,
        config: ConfigStatus {
            path: "/x".into(),
            in_force: InForce::Nothing,
            problems: vec!["家".into()],
        },
        browser: Some("installing 45%".into()),
        kiosk: Some(KioskStatus {
            state: KioskState::NotAnswering,
            detail: Some("no reply".into()),
            for_seconds: 20,
            restarts: 1,
        }),
        network: Some(NetworkStatus {
            ok: false,
            notebook: Some(1),
            summary: "no link".into(),
            for_seconds: 5,
        }),
        web: Some(WebStatus {
            address: WEB.into(),
            problem: None,
        }),
        notebooks: vec![NotebookStatus {
            number: 1,
            url: "https://a.example/".into(),
            state: NotebookState::WaitingForPerson,
            reason: "too many sessions".into(),
            for_seconds: 9,
            reloads: 12,
            last_reload_seconds: Some(600),
            next_reload_seconds: None,
            opened: true,
        }],
        keep: Some(KeepStatus {
            hours: 12,
            left_seconds: 43_200,
            paused: false,
            person: true,
            signing_in: false,
        }),
        tunnel: Some(TunnelStatus {
            state: TunnelState::Up,
            for_seconds: 70,
            detail: None,
            connected_seconds: Some(72),
            round_trip_us: Some(31_000),
            gpu: Some(Gpu {
                name: "Tesla T4".into(),
                memory_mib: 15_360,
            }),
        }),
    }
}

#[test]
fn a_reply_survives_its_line() {
    let message = "done\n".to_owned();
    for reply in [
        Reply::Status(status()),
        Reply::Done {
            message: message.clone(),
        },
        Reply::Picture {},
        Reply::Error { message },
    ] {
        let line = to_line(&reply).expect("a reply is JSON");
        assert_eq!(line.find('\n'), Some(line.len() - 1));
        let back: Reply = from_line(line.as_bytes()).expect("a reply");
        assert_eq!(back, reply);
    }
    let line = to_line(&Reply::Picture {}).expect("a reply is JSON");
    assert_eq!(line, "{\"reply\":\"picture\"}\n");
}

#[test]
fn a_machine_is_asked_and_answers_in_a_line_each() {
    let gpu = Some(Gpu {
        name: "Tesla T4".into(),
        memory_mib: 15_360,
    });
    for (machine, expected) in [
        (
            Machine::Up {
                round_trip_us: 9,
                gpu,
            },
            r#"{"state":"up","round_trip_us":9,"gpu":{"name":"Tesla T4","memory_mib":15360}}"#,
        ),
        (Machine::OtherKey, r#"{"state":"other_key"}"#),
        (Machine::NoSshd, r#"{"state":"no_sshd"}"#),
        (
            Machine::Unknown { why: "x".into() },
            r#"{"state":"unknown","why":"x"}"#,
        ),
    ] {
        let answer = Answer { number: 7, machine };
        let line = to_line(&answer).expect("an answer is JSON");
        assert_eq!(line, format!("{{\"number\":7,\"machine\":{expected}}}\n"));
        let back: Answer = from_line(line.as_bytes()).expect("an answer");
        assert_eq!(back, answer);
    }
    let question: Question = from_line(b"{\"number\":7}\n").expect("a question");
    assert_eq!(question, Question { number: 7 });
}

#[test]
fn states_have_the_names_of_the_protocol() {
    let names = NotebookState::ALL.map(|state| to_line(&state).expect("a state is JSON"));
    assert_eq!(
        names.concat(),
        "\"starting\"\n\"open\"\n\"reloading\"\n\"waiting_for_person\"\n\"signed_out\"\n\"crashed\"\n\
         \"offline\"\n\"capped\"\n\"paused\"\n"
    );
    let line = to_line(&[State::Keeping, State::NeedsPerson]).expect("states are JSON");
    assert_eq!(line, "[\"keeping\",\"needs_person\"]\n");
}

/// What is new can be absent: an earlier keeperd's answer is still one.
#[test]
fn a_status_without_notebooks_is_one() {
    let mut value = serde_json::to_value(status()).expect("a status is JSON");
    let fields = value.as_object_mut().expect("an object");
    for optional in [
        "browser",
        "kiosk",
        "network",
        "web",
        "notebooks",
        "keep",
        "tunnel",
    ] {
        fields.remove(optional).expect(optional);
    }
    let line = value.to_string();
    let status: Status = from_line(line.as_bytes()).expect("a status");
    assert_eq!((status.notebooks.len(), status.keep), (0, None));
}
