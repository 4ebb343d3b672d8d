//! With less than others have: a browser without scripts, and a person without a mouse.

use e2e::chromium::Chromium;
use e2e::tab::Tab;
use libtest_mimic::Trial;
use serde_json::json;
use setup::{Answer, Ask, Step};

use crate::device::Device;
use crate::person::{self, How};
use crate::root::Root;
use crate::scenario;
use crate::sight;

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("without_scripts_all_of_it_works", without_scripts),
        scenario("without_a_mouse_all_of_it_works", without_mouse),
    ]
}

fn without_scripts(chromium: &Chromium) {
    let device = Device::new();
    let root = Root::of(&device);
    let mut tab = Tab::open(chromium);
    tab.call(
        "Emulation.setScriptExecutionDisabled",
        json!({"value": true}),
    );
    tab.go("data:text/html,<title>on</title><script>document.title = 'off'</script>");
    assert_eq!(tab.text("document.title"), "on", "scripts still run");
    tab.go(&device.url("/"));
    for step in Step::ALL.into_iter().filter(|step| *step != Step::Summary) {
        person::fill(&mut tab, step, "en");
        person::next(&mut tab);
    }
    person::assert_at(&mut tab, &device, Step::Summary);
    person::next(&mut tab);
    let mut asked = root.asked();
    assert!(matches!(asked.ask, Ask::SetUp(_)), "{:?}", asked.ask);
    fs_err::write(device.path("mark"), "").expect("the mark");
    asked.say(&Answer::Done { confirm: None });
    // The page looks again by itself, which takes no script.
    tab.until("document.querySelector('h1')?.innerText === 'The device is set up'");
}

/// Every element that the Tab key stops at, in the order of the page: of a choice among buttons one, and only what is
/// shown.
const STOPS: &str = "[...document.querySelectorAll('a[href], button, input, select, textarea')]
    .filter(it => it.type !== 'hidden' && it.tabIndex >= 0 && it.checkVisibility())
    .filter(it => it.type !== 'radio' || it.checked || !document.querySelector(`[name=${it.name}]:checked`)
        && it === document.querySelector(`[name=${it.name}]`))";

fn without_mouse(chromium: &Chromium) {
    let device = Device::new();
    let root = Root::of(&device);
    let mut tab = Tab::open(chromium);
    tab.go(&device.url("/setup"));
    for step in Step::ALL {
        person::assert_at(&mut tab, &device, step);
        walk(&mut tab, step);
        // Enter in a field presses the main button, as does Enter on the button; on the last page it begins.
        let in_field = matches!(step, Step::Language | Step::Place | Step::Owner);
        let wanted = if in_field {
            "input:not([type=checkbox])"
        } else {
            ".primary"
        };
        while !tab.is(&format!("document.activeElement.matches({wanted:?})")) {
            tab.press_back();
        }
        tab.loading(|tab| tab.press("Enter"));
    }
    drop(root.asked());
}

/// Goes through the page by Tab alone, and answers on the way.
fn walk(tab: &mut Tab, step: Step) {
    let answers = person::answers(step, "en");
    let count = |tab: &mut Tab| {
        tab.ask(&format!("{STOPS}.length"))
            .as_u64()
            .expect("a number")
    };
    let mut at = 0;
    while at < count(tab) {
        tab.press("Tab");
        let stop = tab.text("document.activeElement.id || document.activeElement.innerText");
        let is = tab.ask(&format!("{STOPS}.indexOf(document.activeElement)"));
        assert_eq!(is, at, "{}: {stop:?} is out of order", step.as_str());
        let ring = sight::ring(tab);
        assert!(
            ring[0] == "solid" && ring[1].as_f64() >= Some(2.0),
            "{stop}: the eye finds no focus: {ring}"
        );
        let inside = tab.is(
            "(box => box.bottom > 0 && box.top < innerHeight)(document.activeElement.getBoundingClientRect())",
        );
        assert!(inside, "{stop} has the focus and is out of sight");
        for (field, how, value) in &answers {
            let id = match how {
                How::Card => continue,
                _ => field.as_str(),
            };
            if id != stop {
                continue;
            }
            match how {
                How::Type => {
                    tab.clear();
                    tab.type_text(value);
                }
                How::Choose => tab.choose(&person::id(*field), value),
                How::Tick | How::Card => tab.press("Space"),
            }
        }
        at += 1;
    }
}
