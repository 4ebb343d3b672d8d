//! Somebody who sets a device up: what they answer on each page, and the ways through the pages.

use e2e::tab::Tab;
use setup::{Field, Step};

use crate::device::Device;

/// A language, as the first page has it.
pub type Language = &'static str;
pub const LANGUAGES: [Language; 2] = ["en", "ja"];

pub const PASSWORD: &str = "quiet-heron-42-lake";
pub const WIFI: &str = "seven-blue-otters";
pub const TOKEN: &str = "t0k3n-of-the-name";
pub const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA hanako@laptop";
pub const NOTEBOOK: &str = "https://colab.research.google.com/drive/1aBcD";

/// How an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Type,
    Choose,
    Tick,
    /// One of the cards of a choice: the radio button's id is the field's, a hyphen and this.
    Card,
}

/// What is answered on a page, in its order.
pub fn answers(step: Step, language: Language) -> Vec<(Field, How, &'static str)> {
    use How::{Card, Choose, Tick, Type};
    match step {
        Step::Language => vec![(Field::Language, Card, language)],
        Step::Place => vec![
            (Field::Keyboard, Choose, "jp"),
            (Field::Timezone, Type, "Europe/Berlin"),
            (Field::Hostname, Type, "study"),
        ],
        Step::Network => vec![
            (Field::WifiCountry, Choose, "JP"),
            (Field::WifiName, Type, "Upstairs"),
            (Field::Wifi, Type, WIFI),
        ],
        Step::Owner => vec![
            (Field::Owner, Type, "hanako"),
            (Field::Password, Type, PASSWORD),
            (Field::Again, Type, PASSWORD),
            (Field::Keys, Type, KEY),
        ],
        Step::Runtime => vec![(Field::Runtime, Card, "colab")],
        Step::Notebook => vec![
            (Field::Notebooks, Type, NOTEBOOK),
            (Field::ReloadMinutes, Type, "12"),
        ],
        Step::Tunnel => vec![
            (Field::Tunnel, Tick, "on"),
            (Field::PaidPlan, Tick, "on"),
            (Field::Entrance, Type, "2200"),
            (Field::PublicPort, Type, "2022"),
            (Field::DdnsProvider, Choose, "duckdns"),
            (Field::DdnsName, Type, "home.duckdns.org"),
            (Field::Ddns, Type, TOKEN),
        ],
        Step::Summary => Vec::new(),
    }
}

/// What a page is known by from outside.
pub fn id(field: Field) -> String {
    format!("#{}", field.as_str())
}

/// Gives one answer by hand.
#[track_caller]
pub fn give(tab: &mut Tab, (field, how, value): (Field, How, &str)) {
    let id = id(field);
    match how {
        How::Type => tab.fill(&id, value),
        How::Choose => tab.choose(&id, value),
        How::Tick => tab.tick(&id, value == "on"),
        How::Card => tab.click(&format!("{id}-{value}")),
    }
}

/// Answers a page by hand.
#[track_caller]
pub fn fill(tab: &mut Tab, step: Step, language: Language) {
    for answer in answers(step, language) {
        give(tab, answer);
    }
}

/// Presses the button that goes on, and waits for the page that comes.
#[track_caller]
pub fn next(tab: &mut Tab) {
    press(tab, "next");
}

/// Presses one of a page's buttons, and waits for the page that comes.
#[track_caller]
pub fn press(tab: &mut Tab, go: &str) {
    tab.loading(|tab| tab.click(&format!("button[name=go][value={go}]:not(.unseen)")));
}

/// The page that is shown, by its address.
#[track_caller]
pub fn assert_at(tab: &mut Tab, device: &Device, step: Step) {
    let expected = device.url(&format!("/setup/{}", step.as_str()));
    assert_eq!(
        tab.address(),
        expected,
        "{}",
        tab.text("document.body.innerText")
    );
}

/// Answers given before anybody looks: all pages up to this one.
pub fn answered(device: &Device, before: Step, language: Language) {
    for step in Step::ALL.into_iter().filter(|step| *step < before) {
        let answers = answers(step, language);
        let fields = answers
            .iter()
            .map(|(field, _, value)| (field.as_str(), *value));
        device.answer(step.as_str(), &fields.collect::<Vec<_>>());
    }
}

/// What stands in a field.
pub fn value(tab: &mut Tab, field: Field) -> String {
    tab.text(&format!("document.querySelector('{}').value", id(field)))
}

/// That the answers of a page stand in it; secrets never do.
#[track_caller]
pub fn assert_answered(tab: &mut Tab, step: Step, language: Language) {
    for (field, how, expected) in answers(step, language) {
        let id = id(field);
        match how {
            How::Tick => assert!(
                tab.is(&format!("document.querySelector('{id}').checked")),
                "{id}"
            ),
            How::Card => {
                let checked = format!("document.querySelector('{id}-{expected}').checked");
                assert!(tab.is(&checked), "{id}");
            }
            _ if field.is_secret() => assert_eq!(value(tab, field), "", "{id} is shown"),
            _ => assert_eq!(value(tab, field).trim(), expected, "{id}"),
        }
    }
}
