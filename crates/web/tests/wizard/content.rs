//! What the pages say, and to whom.

use crate::markup::{Element, look_at, read};
use crate::samples::{Named, TOKEN, answered, faults, outcomes, steps};
use setup::{Fault, Field, Purpose, Reason, Step};
use web::View;
use web::pages::wizard::{Page, step};

fn all() -> Vec<Named> {
    let mut all = steps();
    all.extend(outcomes());
    all
}

fn show(view: &View, which: Step, faults: &[Fault]) -> String {
    show_for(Purpose::FirstBoot, view, which, faults)
}

fn show_for(purpose: Purpose, view: &View, which: Step, faults: &[Fault]) -> String {
    let page = Page {
        purpose,
        step: which,
        view,
        faults,
        note: None,
        github: "",
        approver: "",
        token: TOKEN,
    };
    step(&page).into_string()
}

#[test]
fn every_page_is_well_formed_and_every_field_has_a_label() {
    for (name, page) in all() {
        let page = page.into_string();
        if let Err(wrong) = look_at(&page) {
            panic!("{name}: {wrong}\n{page}");
        }
    }
}

#[test]
fn every_page_has_a_language_and_nothing_from_elsewhere() {
    for (name, page) in all() {
        let page = page.into_string();
        let tag = name.rsplit('-').next().expect("a language");
        assert!(page.contains(&format!("<html lang=\"{tag}\">")), "{name}");
        for part in [
            "<script",
            "style=",
            " on",
            "src=",
            "@import",
            "url(",
            "javascript:",
        ] {
            let in_a_tag = read(&page).expect("a page").iter().any(|element| {
                element
                    .attributes
                    .keys()
                    .any(|key| format!(" {key}").starts_with(part))
            });
            assert!(!in_a_tag, "{name}: {part}");
            assert!(part == " on" || !page.contains(part), "{name}: {part}");
        }
        for element in read(&page).expect("a page") {
            for link in ["href", "action", "formaction"].map(|link| element.get(link)) {
                let ours =
                    link.is_none_or(|link| link.starts_with(['/', '#']) && !link.starts_with("//"));
                assert!(ours, "{name}: {element:?}");
            }
        }
    }
}

#[test]
fn the_two_languages_do_not_mix() {
    let kana = |c: char| ('\u{3040}'..='\u{30ff}').contains(&c);
    for (name, page) in all() {
        if name.contains("-language-") {
            continue;
        }
        let page = page.into_string();
        assert_eq!(page.contains(kana), name.ends_with("-ja"), "{name}: {page}");
        if name.ends_with("-ja") {
            for word in ["the ", "Next", "Back", "(optional)", "This ", "You "] {
                assert!(!page.contains(word), "{name}: {word}: {page}");
            }
        }
    }
}

#[test]
fn one_is_told_where_one_is() {
    for (name, page) in steps() {
        let elements = read(&page.into_string()).expect("a page");
        let here = elements
            .iter()
            .filter(|element| element.get("aria-current") == Some("step"));
        assert_eq!(here.count(), 1, "{name}");
        let settings = name.starts_with("settings");
        let been = elements
            .iter()
            .filter(|element| element.is("a") && element.within.iter().any(|name| name == "nav"))
            .count();
        let expected = match (
            settings,
            name.contains("-blank-") || name.contains("-empty-") || name.contains("-failed-"),
        ) {
            (true, _) => 6,
            (false, true) => 0,
            (false, false) => 7,
        };
        assert_eq!(been, expected, "{name}");
    }
}

#[test]
fn a_form_has_one_main_button_and_its_token() {
    for (name, page) in steps() {
        let page = page.into_string();
        let elements = read(&page).expect("a page");
        let class = |wanted: &str| {
            let has = |element: &&Element| {
                element
                    .get("class")
                    .is_some_and(|class| class.split(' ').any(|one| one == wanted))
            };
            elements.iter().filter(has).count()
        };
        let stops = name.contains("-summary-stale-");
        assert_eq!(class("primary"), usize::from(!stops), "{name}");
        let forms = elements.iter().filter(|element| element.is("form"));
        let token = format!("name=\"token\" value=\"{TOKEN}\"");
        let tokens = page.matches(&token);
        assert_eq!(forms.count(), tokens.count(), "{name}");
        if !stops {
            // What the Enter key presses.
            let mut buttons = elements
                .iter()
                .filter(|element| element.is("button") && element.get("value") != Some("anew"));
            let first = buttons.next().expect("a button");
            assert_eq!(first.get("value"), Some("next"), "{name}");
        }
    }
}

#[test]
fn what_is_wrong_is_said_above_and_beside() {
    for which in Step::ALL {
        let faults = faults(which);
        let shown = faults.iter().filter(|fault| {
            // Approval is asked for in settings alone.
            fault.field.step() != Step::Summary
        });
        let page = show(&answered("en"), which, &faults);
        assert_eq!(
            page.contains("role=\"alert\""),
            !faults.is_empty(),
            "{which:?}"
        );
        for fault in shown {
            let name = fault.field.as_str();
            // Of a choice among buttons, the first one takes the focus.
            let to = match fault.field {
                Field::Language => "language-en",
                Field::Runtime => "runtime-colab",
                _ => name,
            };
            let links = page.matches(&format!("href=\"#{to}\"")).count();
            assert_eq!(links, 1, "{name}: {page}");
            assert!(
                page.contains(&format!("id=\"{name}-fault\"")),
                "{name}: {page}"
            );
        }
    }
}

#[test]
fn a_fault_of_another_page_leads_there() {
    let fault = Fault {
        field: Field::Owner,
        reason: Reason::Taken,
    };
    let page = show(&answered("en"), Step::Summary, &[fault]);
    assert!(page.contains("href=\"/setup/owner?check#owner\""), "{page}");
}

#[test]
fn nobody_by_ssh_is_a_warning_and_no_fault() {
    let mut view = answered("en");
    view.draft.password_login = false;
    view.draft.keys = " \n".into();
    let fault = Fault {
        field: Field::Keys,
        reason: Reason::NoKey,
    };
    for (which, faults) in [
        (Step::Owner, vec![]),
        (Step::Owner, vec![fault]),
        (Step::Summary, vec![]),
    ] {
        let page = show(&view, which, &faults);
        assert_eq!(
            page.matches("nobody can log in over SSH").count(),
            1,
            "{page}"
        );
        assert!(!page.contains("role=\"alert\""), "{page}");
    }
    assert!(!show(&answered("en"), Step::Owner, &[]).contains("nobody can log in"));
}

#[test]
fn what_was_typed_is_shown_again_and_nothing_of_it_is_markup() {
    let evil = "\"><script>'&</textarea>";
    let mut view = answered("en");
    let draft = &mut view.draft;
    for text in [
        &mut draft.keyboard,
        &mut draft.timezone,
        &mut draft.hostname,
        &mut draft.wifi_country,
        &mut draft.wifi_name,
        &mut draft.owner,
        &mut draft.keys,
        &mut draft.runtime,
        &mut draft.notebooks,
        &mut draft.reload_minutes,
        &mut draft.entrance,
        &mut draft.public_port,
        &mut draft.address,
        &mut draft.ddns_provider,
        &mut draft.ddns_name,
        &mut draft.ddns_zone,
        &mut draft.ddns_user,
    ] {
        *text = evil.into();
    }
    view.zones = vec![evil.into()];
    view.problems = vec![evil.into()];
    view.router = Some(Err(evil.into()));
    for which in Step::ALL {
        let page = show(&view, which, &[]);
        assert!(!page.contains("<script"), "{which:?}: {page}");
        assert!(look_at(&page).is_ok(), "{which:?}: {:?}", look_at(&page));
        assert_eq!(
            page.contains("&lt;script&gt;"),
            which != Step::Runtime,
            "{which:?}"
        );
    }
}

#[test]
fn the_first_line_of_an_answer_survives_the_page() {
    // A browser drops one line end behind <textarea>.
    let page = show(&answered("en"), Step::Owner, &[]);
    assert!(page.contains(">\n\nssh-ed25519 AAAA one\n"), "{page}");
}

#[test]
fn a_secret_that_is_kept_is_said_to_be_and_no_more() {
    let page = show(&answered("en"), Step::Owner, &[]);
    assert!(
        page.contains("placeholder=\"Kept – leave empty to keep it\""),
        "{page}"
    );
    let summary = show(&answered("en"), Step::Summary, &[]);
    assert_eq!(summary.matches("Set, not shown").count(), 3, "{summary}");
    for secret in ["token=zz", "scrollTo"] {
        assert!(!summary.contains(secret), "{summary}");
    }
}

#[test]
fn a_device_at_work_keeps_the_secret_that_nobody_types() {
    let mut view = answered("en");
    view.kept.clear();
    let page = show_for(Purpose::Settings, &view, Step::Summary, &[]);
    let label = "<dt>Token or password of the provider</dt>";
    assert!(
        page.contains(&format!("{label}<dd>As it is</dd>")),
        "{page}"
    );
}

#[test]
fn the_summary_is_open_once_all_the_rest_is_answered() {
    let mut view = answered("en");
    for (visited, open) in [
        (Step::ALL[..7].to_vec(), true),
        (Step::ALL.to_vec(), true),
        (Step::ALL[..6].to_vec(), false),
        (Step::ALL[1..].to_vec(), false),
    ] {
        view.visited = visited;
        let page = show(&view, Step::Place, &[]);
        for part in ["value=\"review\"", "href=\"/setup/summary\""] {
            assert_eq!(page.contains(part), open, "{part}: {:?}", view.visited);
        }
    }
}

#[test]
fn a_secret_that_is_wrong_is_asked_for_again() {
    let mut view = answered("en");
    view.kept.push(Field::Again);
    for (field, reason) in [
        (Field::Password, Reason::Common),
        (Field::Again, Reason::Differs),
    ] {
        let page = show(&view, Step::Owner, &[Fault { field, reason }]);
        assert!(!page.contains("Kept"), "{page}");
        let elements = read(&page).expect("a page");
        for name in ["password", "again"] {
            let mut inputs = elements.iter();
            let input = inputs.find(|element| element.get("id") == Some(name));
            assert!(input.expect(name).get("required").is_some(), "{page}");
        }
    }
}

#[test]
fn wifi_is_optional_where_there_is_a_cable_and_in_settings() {
    let mut view = answered("en");
    for (purpose, wired, expected) in [
        (Purpose::FirstBoot, false, 1),
        (Purpose::FirstBoot, true, 3),
        (Purpose::Settings, false, 3),
    ] {
        view.wired = wired;
        let page = show_for(purpose, &view, Step::Network, &[]);
        // The name is in any case: it is typed for a hidden network alone.
        assert_eq!(page.matches("(optional)").count(), expected, "{page}");
    }
}

#[test]
fn the_summary_names_what_was_chosen() {
    let mut view = answered("en");
    view.draft.keyboard = "jp".into();
    view.draft.ddns_provider = "dyndns2".into();
    let page = show(&view, Step::Summary, &[]);
    for part in [
        "<dd>Japanese</dd>",
        "<dd>Japan</dd>",
        "<dd>Another one (dyndns2)</dd>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
