//! How the pages look: at each size of a screen, light and dark, in both languages. Nothing sticks out
//! and all can be read; and a picture of each is kept for people to judge.

use std::time::Duration;

use e2e::chromium::Chromium;
use e2e::notebook::Notebook;
use e2e::patience::wait_for;
use e2e::tab::Tab;
use libtest_mimic::Trial;
use setup::{Field, Step};

use crate::device::Device;
use crate::person::{self, LANGUAGES, Language};
use crate::root::Root;
use crate::scenario;
use crate::sight::{self, SIZES, Sight};

/// The smallest and the largest screen.
const ENDS: [(u32, u32); 2] = [SIZES[0], SIZES[2]];

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(90);

pub fn trials() -> Vec<Trial> {
    let names = [
        "the_pages_look_well_in_english",
        "the_pages_look_well_in_japanese",
    ];
    let both = names.into_iter().zip(LANGUAGES);
    let mut trials: Vec<Trial> = both
        .map(|(name, language)| scenario(name, move |chromium| wizard(chromium, language)))
        .collect();
    trials.push(scenario("who_looks_sees_what_is_wrong", eyes));
    trials.push(scenario(
        "the_dashboard_and_the_settings_look_well",
        settings,
    ));
    trials
}

/// A page on which everything is wrong that is looked for, so that none of it is passed over.
const WRONG: &str = "data:text/html;charset=utf-8,<!doctype html><html lang='en'><title>x</title><body>\
    <h1>One</h1><h1>Two</h1><p style='color: rgb(150,150,150)'>Grey</p><p>これは日本語です</p><input name='a'>\
    <p style='font-size: 8px'>Small</p><button></button><div style='width: 3000px'>Wide</div>\
    <p aria-describedby='nothing' style='width: 20px'>Unbreakable</p><i id='b'></i><i id='b'></i>";

fn eyes(chromium: &Chromium) {
    let mut tab = Tab::open(chromium);
    tab.looks(SIZES[0], false);
    tab.go(WRONG);
    let sight = Sight {
        language: "en",
        step: true,
    };
    let wrong = sight.wrong(&mut tab).join("\n");
    for seen in [
        "structure: not one heading",
        "structure: title",
        "structure: not one main",
        "structure: nobody knows where one is",
        "structure: not one main button",
        "structure: no label",
        "structure: says nothing",
        "structure: an id twice",
        "structure: described by nothing",
        "structure: not ours",
        "language: en: これは日本語です",
        "layout: it scrolls sideways",
        "layout: sticks out",
        "layout: longer than its place: Unbreakable",
        "layout: too small to read: Small",
        "to 1: Grey",
    ] {
        assert!(wrong.contains(seen), "{seen} is not in:\n{wrong}");
    }
    let japanese = Sight {
        language: "ja",
        ..sight
    };
    let wrong = japanese.wrong(&mut tab).join("\n");
    assert!(wrong.contains("structure: lang is en"), "{wrong}");
}

/// Looks at what is shown from all sides, and keeps pictures.
pub fn look(tab: &mut Tab, sight: Sight, page: &str) {
    look_at(tab, sight, page, &SIZES);
}

fn look_at(tab: &mut Tab, sight: Sight, page: &str, sizes: &[(u32, u32)]) {
    for size in sizes {
        for dark in [false, true] {
            tab.looks(*size, dark);
            let scheme = if dark { "dark" } else { "light" };
            let name = format!("{}-{page}-{}x{}-{scheme}", sight.language, size.0, size.1);
            // A picture takes longer than the look: of each larger size one is enough.
            if *size == SIZES[0] || dark == (*size == SIZES[2]) {
                tab.picture(&sight::file(&name));
            }
            sight.is_well(tab, &name);
        }
    }
}

fn wizard(chromium: &Chromium, language: Language) {
    let device = Device::new();
    let _root = Root::of(&device);
    person::answered(&device, Step::Summary, language);
    let mut tab = Tab::open(chromium);
    let sight = Sight {
        language,
        step: true,
    };
    for step in Step::ALL {
        tab.go(&device.url(&format!("/setup/{}", step.as_str())));
        if step == Step::Network {
            person::press(&mut tab, "scan");
        }
        look(&mut tab, sight, step.as_str());
    }
    // With faults, which are said above the form and at each field.
    tab.go(&device.url("/setup/owner"));
    tab.fill(&person::id(Field::Owner), "root");
    tab.fill(&person::id(Field::Password), "1234567890");
    tab.fill(
        &person::id(Field::Keys),
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    );
    person::next(&mut tab);
    assert!(tab.is("document.querySelectorAll('.fault').length >= 3"));
    look(&mut tab, sight, "owner-faults");
    sight::is_at_peace(&mut tab, &device);
    // What a new device shows before anything is answered.
    let device = Device::new();
    device.answer("language", &[("language", language)]);
    for step in ["network", "tunnel", "owner"] {
        tab.go(&device.url(&format!("/setup/{step}")));
        look_at(&mut tab, sight, &format!("{step}-new"), &SIZES[..1]);
    }
    tab.go(&device.url("/setup/nowhere"));
    look_at(
        &mut tab,
        Sight {
            language,
            step: false,
        },
        "nowhere",
        &SIZES[..1],
    );
    sight::is_at_peace(&mut tab, &device);
}

fn settings(chromium: &Chromium) {
    let notebook = Notebook::open("LAKE");
    let url = format!("http://127.0.0.1:{}/notebook", notebook.port());
    let notebooks = format!("browser.notebooks = [\"{url}\"]\n");
    let device = Device::keeping(chromium, &notebooks);
    let mut tab = Tab::open(chromium);
    tab.go(&device.url("/"));
    assert!(
        tab.is("document.querySelector('.board')"),
        "the dashboard is there"
    );
    let english = Sight {
        language: "en",
        step: false,
    };
    look_at(&mut tab, english, "dashboard-new", &ENDS);
    let well = wait_for("the notebook", SOON, || {
        tab.reload();
        let well = "!document.querySelector('.board :is(.failed, .busy, .person)')";
        tab.is(well).then_some(())
    });
    assert!(well.is_some(), "{}", tab.text("document.body.innerText"));
    for language in LANGUAGES {
        device.configure(&format!("device.language = \"{language}\"\n{notebooks}"));
        let spoken = wait_for("the language", SOON, || {
            tab.go(&device.url("/"));
            tab.is(&format!("document.documentElement.lang === '{language}'"))
                .then_some(())
        });
        assert!(spoken.is_some(), "{}", device.journal());
        at_work(&mut tab, &device, language);
    }
}

fn at_work(tab: &mut Tab, device: &Device, language: Language) {
    let plain = Sight {
        language,
        step: false,
    };
    look_at(tab, plain, "dashboard", &ENDS);
    // As it is called on a device.
    tab.ask(&format!(
        "(at => {{ while (at.nextNode()) at.currentNode.data = at.currentNode.data.replaceAll({:?}, '/etc/keeper/keeper.toml'); }})
            (document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT))",
        device.path("keeper.toml")
    ));
    sight::for_the_guide(tab, language, "dashboard");
    for step in Step::of(setup::Purpose::Settings) {
        tab.go(&device.url(&format!("/settings/{}", step.as_str())));
        let sight = Sight {
            language,
            step: true,
        };
        look_at(tab, sight, &format!("settings-{}", step.as_str()), &ENDS);
    }
    sight::is_at_peace(tab, device);
}
