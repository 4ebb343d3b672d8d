//! What the pages say and what they do not, whatever they are made of.

use crate::overviews::{TOKEN, all, notices, pages as every, well};
use config::Language;
use control::{Gpu, InForce, KioskState, NotebookState, TunnelState};
use web::{Notice, Overview, PublicName, pages};

const LANGUAGES: [Language; 2] = [Language::En, Language::Ja];

pub fn page(overview: &Overview, language: Language) -> String {
    pages::dashboard(overview, None, TOKEN, language).into_string()
}

#[test]
fn every_page_is_whole_and_has_no_script() {
    for (name, page) in every() {
        let page = page.into_string();
        let lang = if name.ends_with("-ja") { "ja" } else { "en" };
        for part in [
            &*format!("<html lang=\"{lang}\">"),
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
            "<script", "style=", " onload", " onclick", "src=", "//", "@import", "url(", "<iframe",
        ] {
            assert!(!page.contains(part), "{name}: {part}: {page}");
        }
        // What asks for itself again has nothing to be typed.
        let refreshes = page.contains("<meta http-equiv=\"refresh\" content=\"15\">");
        assert_eq!(refreshes, name.starts_with("dashboard"), "{name}");
        for (input, _) in page.match_indices("<input") {
            assert!(
                page[input..].starts_with("<input type=\"hidden\""),
                "{name}"
            );
        }
        assert!(
            !page.contains("<textarea") && !page.contains("<select"),
            "{name}"
        );
    }
}

#[test]
fn the_two_languages_do_not_mix() {
    let japanese = |c: char| ('\u{3040}'..='\u{30ff}').contains(&c);
    for (name, page) in every() {
        let page = page.into_string();
        let is_japanese = name.ends_with("-ja");
        assert_eq!(page.contains(japanese), is_japanese, "{name}: {page}");
        if is_japanese {
            for word in ["the ", "Notebook", "Reload", "is ", "Not ", "間間", "、 "] {
                assert!(!page.contains(word), "{name}: {word}: {page}");
            }
        }
    }
}

#[test]
fn a_state_is_never_a_colour_alone() {
    for (name, overview) in all() {
        for language in LANGUAGES {
            let page = page(&overview, language);
            let cards: Vec<&str> = page.split("<li class=\"").skip(1).collect();
            assert!(cards.len() >= 3, "{name}: {page}");
            for card in cards {
                for empty in [
                    "<span class=\"mark\" aria-hidden=\"true\"></span>",
                    "<span class=\"verdict\"></span>",
                    "<p class=\"line\"></p>",
                    "<div class=\"buttons\"></div>",
                ] {
                    assert!(!card.contains(empty), "{name}: {empty}: {card}");
                }
                for part in [
                    "class=\"mark\"",
                    "class=\"verdict\"",
                    "class=\"line\"",
                    "class=\"button",
                ] {
                    assert!(card.contains(part), "{name}: {part}: {card}");
                }
            }
        }
    }
}

#[test]
fn what_needs_a_person_comes_first_with_its_button() {
    for (name, overview) in all() {
        for (language, heading, needs) in [
            (Language::En, "<h1>Something needs you</h1>", "needs you"),
            (
                Language::Ja,
                "<h1>対応が必要な項目があります</h1>",
                "要対応",
            ),
        ] {
            let page = page(&overview, language);
            let ranks: Vec<usize> = page
                .split("<li class=\"")
                .skip(1)
                .map(|card| match card.split('"').next() {
                    Some("person") => 0,
                    Some("failed") => 1,
                    _ => 2,
                })
                .collect();
            assert!(ranks.is_sorted(), "{name}: {ranks:?}");
            let is_needed = ranks[0] == 0;
            assert_eq!(page.contains(heading), is_needed, "{name}: {page}");
            let badge = format!("<span class=\"needs\">{needs}</span>");
            let count = ranks.iter().filter(|rank| **rank == 0).count();
            assert_eq!(page.matches(&badge).count(), count, "{name}");
        }
    }
}

#[test]
fn no_secret_is_shown() {
    let secret = "https://me:s3cret@hooks.example/s3cret?token=s3cret#s3cret";
    let mut overview = well();
    let status = &mut overview.status;
    status.reason = secret.into();
    status.config.in_force = InForce::Earlier;
    status.config.problems = vec![format!("notify.webhook = {secret}: …")];
    status.browser = Some(secret.into());
    let kiosk = status.kiosk.as_mut().expect("a kiosk");
    (kiosk.state, kiosk.detail) = (KioskState::NotAnswering, Some("s3cret".into()));
    status.network.as_mut().expect("a network").summary = "s3cret.example answers".into();
    status.notebooks[0].state = NotebookState::WaitingForPerson;
    status.notebooks[0].reason = format!("the tab is at {secret}");
    status.tunnel.as_mut().expect("a tunnel").detail = Some(secret.into());
    overview.public_name.as_mut().expect("a name").error = Some(secret.into());
    for language in LANGUAGES {
        let lines = [format!("sending to \"{secret}\" failed")];
        let notice = Notice::Failed(web::Act::Renew, secret.into());
        for page in [
            pages::dashboard(&overview, Some(&notice), TOKEN, language),
            pages::cards(&overview, None, language),
            pages::logs(&lines, language),
            pages::no_notebook(secret, language),
        ] {
            let page = page.into_string();
            assert!(page.contains("https://…@hooks.example/…"), "{page}");
            assert!(!page.contains("s3cret"), "{page}");
            assert!(!page.contains("notebook.example"), "{page}");
        }
    }
}

#[test]
fn text_of_others_is_escaped() {
    let evil = "<script>\"'&</script>\r\n\u{0}\u{202e}";
    let mut overview = well();
    let status = &mut overview.status;
    status.version = evil.into();
    status.config.path = evil.into();
    status.config.in_force = InForce::Nothing;
    status.config.problems = vec![evil.into(); 9];
    status.notebooks[0].state = NotebookState::Crashed;
    status.notebooks[0].reason = evil.into();
    let tunnel = status.tunnel.as_mut().expect("a tunnel");
    (tunnel.state, tunnel.detail) = (TunnelState::Unknown, Some(evil.into()));
    tunnel.gpu = Some(Gpu {
        name: evil.into(),
        memory_mib: u64::MAX,
    });
    overview.public_name = Some(PublicName {
        name: evil.into(),
        updated: None,
        error: Some(evil.into()),
    });
    let lines = vec![evil.to_owned(); 3];
    for language in LANGUAGES {
        for page in [
            pages::dashboard(&overview, None, evil, language),
            pages::cards(&overview, None, language),
            pages::logs(&lines, language),
            pages::no_notebook(evil, language),
        ] {
            let page = page.into_string();
            assert!(
                page.contains("&lt;script&gt;&quot;'&amp;&lt;/script&gt;"),
                "{page}"
            );
            assert!(!page.contains("<script"), "{page}");
        }
        let cards = pages::cards(&overview, None, language).into_string();
        assert!(!cards.contains(['\r', '\n', '\0', '\u{202e}']), "{cards}");
        // Three are enough, and that there are more.
        let card = cards.split("id=\"settings\"").nth(1).expect("a card");
        let card = card.split("</ul>").next().expect("its problems");
        assert_eq!(card.matches("<li><code>").count(), 4, "{card}");
    }
}

#[test]
fn for_programs_there_are_no_buttons() {
    for (name, overview) in all() {
        let cards = pages::cards(&overview, None, Language::En).into_string();
        assert!(cards.starts_with("<ol class=\"board\""), "{name}: {cards}");
        for part in ["<form", "<input", "<button", TOKEN] {
            assert!(!cards.contains(part), "{name}: {part}: {cards}");
        }
    }
}

#[test]
fn every_button_is_told_what_became_of_it() {
    for language in LANGUAGES {
        let mut seen = Vec::new();
        for notice in notices() {
            let page = pages::dashboard(&well(), Some(&notice), TOKEN, language).into_string();
            let failed = matches!(notice, Notice::Failed(..));
            let class = if failed { "notice failed" } else { "notice ok" };
            let (_, said) = page
                .split_once(&format!("<p class=\"{class}\" role=\"status\">"))
                .expect("a notice");
            let (said, _) = said.split_once("</p>").expect("its end");
            assert_eq!(said.contains("<code>…</code>"), failed, "{said}");
            seen.push(said.to_owned());
        }
        seen.sort();
        seen.dedup();
        // A reload that is refused is refused in the same words, with a number or without.
        assert_eq!(seen.len(), notices().len() - 1);
    }
    assert!(!page(&well(), Language::En).contains("class=\"notice"));
}

#[test]
fn a_log_is_bounded_and_ends_with_the_newest_line() {
    let lines: Vec<String> = (0..3000).map(|number| format!("line {number}.")).collect();
    let page = pages::logs(&lines, Language::En).into_string();
    assert!(page.contains("<li>line 2999.</li></ol>"), "{page}");
    assert!(
        page.contains("<ol class=\"log\"><li>line 2800.</li>"),
        "{page}"
    );
    let long = vec!["x".repeat(1_000_000); 300];
    assert!(pages::logs(&long, Language::En).into_string().len() < 80 * 1024);
}
