//! Every state says what is the matter and what to do, whatever text it is made of.

use crate::samples::{pages as all, states, well};
use config::{Language, NotebookUrl, Text as _};
use std::time::Duration;
use web::{Lookup, Server, SignIn, Start, Trouble, Verdict, duration, first_failure, pages, steps};

const LANGUAGES: [Language; 2] = [Language::En, Language::Ja];

fn text(number: usize, state: &Start, language: Language) -> String {
    pages::start(number, state, language)
        .expect("a page")
        .into_string()
}

#[test]
fn every_page_is_whole() {
    for (name, page) in all() {
        let page = page.into_string();
        let lang = if name.ends_with("-ja") {
            "<html lang=\"ja\">"
        } else {
            "<html lang=\"en\">"
        };
        for part in [
            lang,
            "<!DOCTYPE html>",
            "<meta charset=\"utf-8\">",
            "Colab Keeper",
            "<main><h1>",
            "</html>",
        ] {
            assert!(page.contains(part), "{name}: {part}: {page}");
        }
        assert_eq!(page.matches("<h1>").count(), 1, "{name}");
        for part in [
            "<script", "style=", "onload", "src=", "//", "@import", "url(",
        ] {
            let without_sample = page.replace("https://colab.research.google.com/drive/", "");
            assert!(!without_sample.contains(part), "{name}: {part}: {page}");
        }
        let refreshes = page.contains("<meta http-equiv=\"refresh\" content=\"10\">");
        let stays = name.starts_with("not-found") || name.starts_with("sign-in");
        assert_eq!(refreshes, !stays, "{name}");
    }
}

#[test]
fn the_two_languages_do_not_mix() {
    let japanese = |c: char| ('\u{3040}'..='\u{30ff}').contains(&c);
    for (name, page) in all() {
        let page = page.into_string();
        assert_eq!(
            page.contains(japanese),
            name.ends_with("-ja"),
            "{name}: {page}"
        );
        if name.ends_with("-ja") {
            for word in ["the ", "Failed", "Not tried", "Trying", "notebook ", "間間"] {
                assert!(!page.contains(word), "{name}: {word}: {page}");
            }
        }
    }
}

#[test]
fn every_trouble_names_one_thing_to_mend() {
    let troubles = states()
        .into_iter()
        .filter_map(|(name, state)| match state {
            Start::Trouble(trouble) => Some((name, trouble)),
            _ => None,
        });
    for (name, trouble) in troubles {
        for language in LANGUAGES {
            let failure = first_failure(&trouble.diagnosis, language).expect(name);
            let page = text(3, &Start::Trouble(trouble.clone()), language);
            let cure = failure.cure.expect("a cure");
            for part in [
                &*failure.seen,
                failure.title,
                cure,
                &duration(trouble.lasting, language),
                "3",
            ] {
                assert!(
                    !part.is_empty() && page.contains(part),
                    "{name}: {part}: {page}"
                );
            }
            let steps = steps(&trouble.diagnosis, language);
            let cures = steps.iter().filter(|step| step.cure.is_some()).count();
            assert_eq!(cures, 1, "{name}: {steps:?}");
            for step in steps {
                let silent = step.verdict == Verdict::NotTried;
                assert_eq!(step.seen.is_empty(), silent, "{name}: {step:?}");
            }
        }
    }
}

#[test]
fn the_steps_are_judged_from_near_to_far() {
    use Verdict::{Failed, NotTried, Ok};
    for (name, expected) in [
        ("link-down", [Failed, NotTried, NotTried, NotTried]),
        ("cable-unplugged", [Failed, NotTried, NotTried, NotTried]),
        ("no-adapter", [Failed, NotTried, NotTried, NotTried]),
        ("no-route", [Ok, Failed, Failed, NotTried]),
        ("no-address", [Ok, Failed, Failed, NotTried]),
        ("name-failed", [Ok, Ok, Failed, NotTried]),
        ("name-timed-out", [Ok, Ok, Failed, NotTried]),
        ("server-refused", [Ok, Ok, Ok, Failed]),
        ("way-by-tunnel", [Ok, Ok, Ok, Failed]),
    ] {
        let state = states()
            .into_iter()
            .find(|(found, _)| *found == name)
            .expect(name)
            .1;
        let Start::Trouble(trouble) = state else {
            panic!("{name} is no trouble");
        };
        assert_eq!(
            steps(&trouble.diagnosis, Language::En).map(|step| step.verdict),
            expected,
            "{name}"
        );
    }
    assert_eq!(
        steps(&well(), Language::Ja).map(|step| step.verdict),
        [Ok; 4]
    );
    assert_eq!(first_failure(&well(), Language::Ja), None);
}

#[test]
fn text_of_others_is_escaped() {
    let evil = "<script>\"'&</script>";
    let mut diagnosis = well();
    diagnosis.host = evil.into();
    diagnosis.link.adapters[0].name = evil.into();
    diagnosis.route.interface = Some(evil.into());
    diagnosis.lookup = Some(Lookup::Failed(evil.into()));
    diagnosis.server = Some(Server::NotHttp(evil.into()));
    let trouble = Start::Trouble(Trouble {
        diagnosis,
        lasting: Duration::MAX,
    });
    let problems = Start::Misconfigured {
        problems: vec![evil.into()],
    };
    let failed = SignIn::Failed(evil.into());
    let forged = SignIn::UnderWay {
        notebooks: Vec::new(),
        token: evil.into(),
    };
    for language in LANGUAGES {
        for page in [
            text(usize::MAX, &trouble, language),
            text(usize::MAX, &problems, language),
            pages::sign_in(&failed, language).into_string(),
            pages::sign_in(&forged, language).into_string(),
        ] {
            assert!(
                page.contains("&lt;script&gt;&quot;'&amp;&lt;/script&gt;"),
                "{page}"
            );
            assert!(!page.contains("<script"), "{page}");
        }
    }
}

#[test]
fn a_notebook_that_answers_has_no_page() {
    let url = NotebookUrl::parse("https://a.example/").expect("an address");
    assert!(pages::start(1, &Start::Open(url), Language::En).is_none());
}

#[test]
fn a_long_list_of_problems_is_cut() {
    let problems = (0..5000)
        .map(|number| format!("problem {number}"))
        .collect();
    let page = text(1, &Start::Misconfigured { problems }, Language::En);
    assert!(page.contains("problem 2<") && page.contains('…'));
    assert!(!page.contains("problem 3<"));
}

#[test]
fn spans_are_told_in_their_largest_unit() {
    for (seconds, english, japanese) in [
        (0, "0 s", "0 秒"),
        (59, "59 s", "59 秒"),
        (60, "1 min", "1 分"),
        (7199, "1 h", "1 時間"),
        (172_799, "47 h", "47 時間"),
        (172_800, "2 days", "2 日"),
    ] {
        let span = Duration::from_secs(seconds);
        assert_eq!(duration(span, Language::En), english);
        assert_eq!(duration(span, Language::Ja), japanese);
    }
}

#[test]
fn one_can_go_where_it_is_mended() {
    for (state, to) in [
        (Start::NotConfigured { count: 0 }, "/settings/notebook"),
        (Start::NotConfigured { count: 1 }, "/settings/notebook"),
        (
            Start::Trouble(Trouble {
                diagnosis: well(),
                lasting: Duration::from_secs(60),
            }),
            "/",
        ),
    ] {
        for language in LANGUAGES {
            let page = text(2, &state, language);
            assert!(page.contains(&format!("href=\"{to}\"")), "{to}: {page}");
        }
    }
}
