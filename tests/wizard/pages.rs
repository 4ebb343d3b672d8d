//! Every page in both languages, filled in by hand and gone through, from the first to the summary.

use e2e::chromium::Chromium;
use e2e::tab::Tab;
use libtest_mimic::Trial;
use setup::{Field, Step};

use crate::device::Device;
use crate::person::{self, LANGUAGES, Language};
use crate::root::Root;
use crate::scenario;
use crate::sight::{self, Sight};

pub fn trials() -> Vec<Trial> {
    let names = [
        "every_page_is_gone_through_in_english",
        "every_page_is_gone_through_in_japanese",
    ];
    let both = names.into_iter().zip(LANGUAGES);
    both.map(|(name, language)| scenario(name, move |chromium| through(chromium, language)))
        .collect()
}

fn through(chromium: &Chromium, language: Language) {
    let device = Device::new();
    let root = Root::of(&device);
    let mut tab = Tab::open(chromium);
    tab.looks((1024, 768), false);
    // Whoever opens the device's address finds the wizard.
    tab.go(&device.url("/"));
    for step in Step::ALL {
        person::assert_at(&mut tab, &device, step);
        if step == Step::Language {
            Sight {
                language: "en",
                step: true,
            }
            .is_well(&mut tab, "before a language is chosen");
        } else {
            page(&mut tab, step, language);
        }
        if step != Step::Summary {
            if step == Step::Network {
                scan(&mut tab, language);
            }
            let chosen = |field| step == Step::Network && field == Field::WifiName;
            for answer in person::answers(step, language) {
                if !chosen(answer.0) {
                    person::give(&mut tab, answer);
                }
            }
            let sight = Sight {
                language: if step == Step::Language {
                    "en"
                } else {
                    language
                },
                step: true,
            };
            sight.is_well(&mut tab, &format!("{}, filled in", step.as_str()));
            sight::for_the_guide(&mut tab, language, step.as_str());
            person::next(&mut tab);
        }
        sight::is_at_peace(&mut tab, &device);
    }
    summary(&mut tab, language);
    sight::for_the_guide(&mut tab, language, Step::Summary.as_str());
    assert!(
        root.was_left_alone(),
        "nothing is changed before the last button"
    );
}

/// What holds of each page when it comes.
#[track_caller]
fn page(tab: &mut Tab, step: Step, language: Language) {
    Sight {
        language,
        step: true,
    }
    .is_well(tab, step.as_str());
    // Nothing takes the focus from a page that is in order: a reader begins at its heading.
    assert!(tab.is("document.activeElement === document.body"));
    // The first Tab leads to the first stop of the way, where one may go back to.
    tab.press("Tab");
    assert!(
        tab.is("document.activeElement.matches('nav.way a')"),
        "{}",
        step.as_str()
    );
    let here = tab.text("document.querySelector('nav.way [aria-current]').innerText.trim()");
    let stops = tab
        .text("[...document.querySelectorAll('nav.way li')].map(li => li.innerText.trim()).join()");
    assert_eq!(stops.split(',').nth(step as usize), Some(&*here));
    assert_eq!(stops.split(',').count(), Step::ALL.len());
}

/// The networks around are cards; one that is not among them has a field, which is there when it is chosen.
fn scan(tab: &mut Tab, language: Language) {
    person::press(tab, "scan");
    let names = tab.text(
        "[...document.querySelectorAll('.networks .card strong')].map(it => it.innerText).join()",
    );
    assert!(names.starts_with("Upstairs,ねこカフェ,Guests,"), "{names}");
    Sight {
        language,
        step: true,
    }
    .is_well(tab, "the networks around");
    let typed = format!(
        "document.querySelector('{}').checkVisibility()",
        person::id(Field::WifiName)
    );
    assert!(!tab.is(&typed), "nobody has to type what is chosen");
    tab.click("#network-other");
    assert!(tab.is(&typed));
    tab.click("#network-0");
    assert!(!tab.is(&typed));
}

/// All answers are there, and no secret is.
fn summary(tab: &mut Tab, language: Language) {
    let text = tab.text("document.body.innerText");
    for shown in [
        "study",
        "Europe/Berlin",
        "Upstairs",
        "hanako",
        person::NOTEBOOK,
        "12",
        "2200",
        "2022",
        "home.duckdns.org",
    ] {
        assert!(text.contains(shown), "{shown} is not in:\n{text}");
    }
    let set = if language == "en" {
        "Set, not shown"
    } else {
        "設定済み(表示されません)"
    };
    assert_eq!(text.matches(set).count(), 3, "{text}");
    let page = tab.text("document.documentElement.outerHTML");
    for secret in [person::PASSWORD, person::WIFI, person::TOKEN] {
        assert!(!page.contains(secret), "{secret} is in the page");
    }
}
