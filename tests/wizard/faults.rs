//! Everything that can be answered wrongly, by the rows of `table`: noticed while it is typed, where the
//! browser can know it, and said by the server beside the field in the page's language.

mod table;

use std::collections::HashSet;

use e2e::chromium::Chromium;
use e2e::tab::Tab;
use libtest_mimic::Trial;
use setup::{Field, Reason, Step};

use crate::device::Device;
use crate::person::{self, Language, id};
use crate::scenario;
use table::{Kind, Row, rows};

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("every_fault_is_said_at_its_field_in_english", |chromium| {
            all(chromium, "en")
        }),
        scenario("every_fault_is_said_at_its_field_in_japanese", |chromium| {
            all(chromium, "ja")
        }),
        scenario("what_is_only_unwise_is_a_warning", warning),
        Trial::test("there_is_a_row_for_every_kind_of_fault", || {
            e2e::harness::run(complete)
        }),
    ]
}

/// The number of a kind. A new one does not compile until it has one, and then needs a row.
const fn number(reason: &Reason) -> usize {
    match reason {
        Reason::Missing => 0,
        Reason::Form => 1,
        Reason::Line(_) => 2,
        Reason::PrivateKey => 3,
        Reason::Taken => 4,
        Reason::Short => 5,
        Reason::Common => 6,
        Reason::Characters => 7,
        Reason::Differs => 8,
        Reason::PaidPlan => 9,
        Reason::Provider => 10,
        Reason::Name => 11,
        // No fault, and keeps nobody: `what_is_only_unwise_is_a_warning`.
        Reason::NoKey => 12,
    }
}

/// How many kinds there are.
const KINDS: usize = 13;

/// Fields that are right whatever they say: switches. Who has no wish to log in by SSH needs no key, and the password's
/// repetition can only differ.
const ALWAYS_RIGHT: [Field; 4] = [
    Field::WifiOpen,
    Field::PasswordLogin,
    Field::Tunnel,
    Field::Router,
];

/// What a good answer to the tunnel's page leaves empty.
const NOT_GIVEN: [(&str, &str); 4] = [
    ("address", ""),
    ("ddns_server", ""),
    ("ddns_zone", ""),
    ("ddns_user", ""),
];

fn complete() {
    let rows = rows();
    for kind in (0..KINDS).filter(|kind| *kind != number(&Reason::NoKey)) {
        let found = rows.iter().any(|row| number(&row.reason) == kind);
        assert!(found, "no row for kind {kind}");
    }
    for field in Field::ALL
        .into_iter()
        .filter(|field| !ALWAYS_RIGHT.contains(field))
    {
        let found = rows.iter().any(|row| row.field == field);
        assert!(found, "no row for {field:?}");
    }
}

fn all(chromium: &Chromium, language: Language) {
    let new = Device::new();
    person::answered(&new, Step::Summary, language);
    let at_work = Device::at_work(&format!("device.language = \"{language}\""));
    let mut tab = Tab::open(chromium);
    let mut said = HashSet::new();
    for row in rows() {
        // The checks are the same in every language, and each sentence is to be seen once.
        if !said.insert((row.field, number(&row.reason))) && language != "en" {
            continue;
        }
        let step = row.field.step();
        // A secret that was given once is kept, and need not be given again.
        let never = (row.reason == Reason::Missing && row.field.is_secret()).then(Device::new);
        if let Some(device) = &never {
            device.answer("language", &[("language", language)]);
        }
        let (device, base) = match (step, &never) {
            (Step::Summary, _) => (&at_work, "settings"),
            (_, Some(device)) => (device, "setup"),
            (_, None) => (&new, "setup"),
        };
        tab.go(&device.url(&format!("/{base}/{}", step.as_str())));
        try_one(&mut tab, &row, language);
        if step != Step::Summary && never.is_none() {
            // For the next row, all is right again.
            let answers = person::answers(step, language);
            let mut fields: Vec<_> = answers
                .iter()
                .map(|(field, _, value)| (field.as_str(), *value))
                .collect();
            match step {
                Step::Network => fields.push(("network", "other")),
                Step::Tunnel => fields.extend(NOT_GIVEN),
                _ => {}
            }
            device.answer(step.as_str(), &fields);
        }
    }
}

fn try_one(tab: &mut Tab, row: &Row, language: Language) {
    let what = format!("{language}: {:?} as {:?}", row.field, row.given);
    let before = border(tab, &id(row.field));
    for (field, kind, text) in row.given {
        match kind {
            Kind::Typed => {
                if text.is_empty() {
                    // What is left empty without a thought is no answer yet.
                    tab.fill(&id(*field), "x");
                }
                tab.fill(&id(*field), text);
            }
            Kind::Long(times) => tab.fill(&id(*field), &text.repeat(*times)),
            Kind::Chosen => tab.choose(&id(*field), text),
            Kind::On => tab.tick(&id(*field), true),
            Kind::Off => tab.tick(&id(*field), false),
            Kind::Forged => forge(tab, *field, text),
        }
    }
    let id = id(row.field);
    // While it is typed: the browser marks the field as soon as it is left.
    let marked = tab.is(&format!(
        "document.querySelector('{id}').matches(':user-invalid')"
    ));
    assert_eq!(marked, row.live, "{what}: is it noticed at once?");
    if row.live {
        assert_ne!(border(tab, &id), before, "{what}: it looks as before");
        // And leads nowhere: the browser itself says what is wrong, in its own words.
        tab.staying(|tab| tab.click(".actions .primary"));
        // As a browser that checks nothing.
        tab.ask("document.querySelector('form:has(.actions)').noValidate = true");
    }
    person::next(tab);
    said(tab, row, language, &what);
}

fn border(tab: &mut Tab, selector: &str) -> String {
    tab.text(&format!(
        "getComputedStyle(document.querySelector('{selector}')).borderTopColor"
    ))
}

/// A value that the page does not offer: as of a page that somebody has altered.
fn forge(tab: &mut Tab, field: Field, value: &str) {
    tab.ask(&format!(
        "(it => {{ const chosen = it.matches('select') ? it.selectedOptions[0] : it.querySelector(':checked');
           chosen.value = {value:?}; }})(document.querySelector('{}'))",
        id(field)
    ));
}

fn said(tab: &mut Tab, row: &Row, language: Language, what: &str) {
    let name = row.field.as_str();
    let fault = format!("document.querySelector('#{name}-fault')");
    assert!(
        tab.is(&fault),
        "{what}: {}",
        tab.text("document.body.innerText")
    );
    let text = tab.text(&format!("{fault}.innerText"));
    // Who sends no language that there is, is told so in English.
    if language == "en" || row.field == Field::Language {
        assert!(text.contains(row.words), "{what}: {text}");
    } else {
        let kana = |letter: char| ('\u{3040}'..='\u{30ff}').contains(&letter);
        assert!(text.contains(kana), "{what}: {text}");
    }
    // At its field, for whoever hears the page too; and at the top, with a link to it, where the focus is.
    let described = format!(
        "(it => it.getAttribute('aria-describedby').split(' ').includes('{name}-fault')
            && (it.matches('fieldset') || it.getAttribute('aria-invalid') === 'true'))(document.querySelector('#{name}'))"
    );
    assert!(tab.is(&described), "{what}: the field does not say so");
    // The browser leads there when it has drawn the page.
    tab.until("document.activeElement.matches('.alert')");
    let listed = tab.text("document.querySelector('.alert').innerText");
    assert!(listed.contains(&*text), "{what}: {listed}");
    let leads = "[...document.querySelectorAll('.alert a')].every(a => document.getElementById(a.hash.slice(1)))";
    assert!(tab.is(leads), "{what}: a link leads nowhere");
    // What was typed is kept, but for secrets.
    for (field, kind, typed) in row
        .given
        .iter()
        .filter(|(_, kind, _)| matches!(kind, Kind::Typed))
    {
        let value = person::value(tab, *field);
        if row.reason == Reason::PrivateKey {
            // It is kept nowhere, and so it does not come back either.
            assert!(!value.contains("PRIVATE"), "{what}: {value}");
            continue;
        }
        let expected = if field.is_secret() { "" } else { typed };
        assert_eq!(value, expected, "{what}: {field:?} {kind:?}");
    }
    // And it is to be seen, even where the style hides what is not needed.
    assert!(
        tab.is(&format!(
            "document.querySelector('#{name}').checkVisibility()"
        )),
        "{what}"
    );
}

fn warning(chromium: &Chromium) {
    for (language, words) in [
        ("en", "nobody can log in over SSH"),
        ("ja", "SSH ではログインできません"),
    ] {
        let device = Device::new();
        person::answered(&device, Step::Summary, language);
        device.answer("owner", &[("owner", "hanako"), ("keys", "")]);
        let mut tab = Tab::open(chromium);
        for page in ["owner", "summary"] {
            tab.go(&device.url(&format!("/setup/{page}")));
            let warned = tab
                .text("[...document.querySelectorAll('.warning')].map(it => it.innerText).join()");
            assert!(warned.contains(words), "{page}: {warned}");
        }
    }
}
