//! What follows the last button: each state of the work, its end, and what goes wrong.

use e2e::chromium::Chromium;
use e2e::tab::Tab;
use libtest_mimic::Trial;
use setup::{Answer, Ask, Progress, Step, Work};

use crate::device::Device;
use crate::looks::look;
use crate::person::{self, LANGUAGES, Language};
use crate::root::{self, Asked, Root};
use crate::scenario;
use crate::sight::{self, Sight};

pub fn trials() -> Vec<Trial> {
    let names = [
        "the_work_is_watched_to_its_end_in_english",
        "the_work_is_watched_to_its_end_in_japanese",
    ];
    let both = names.into_iter().zip(LANGUAGES);
    let mut trials: Vec<Trial> = both
        .map(|(name, language)| scenario(name, move |chromium| watched(chromium, language)))
        .collect();
    let names = [
        "work_that_fails_is_taken_back_and_tried_again_in_english",
        "work_that_fails_is_taken_back_and_tried_again_in_japanese",
    ];
    let both = names.into_iter().zip(LANGUAGES);
    trials.push(scenario(
        "what_keeper_apply_itself_refuses_is_shown",
        refused,
    ));
    trials.extend(
        both.map(|(name, language)| scenario(name, move |chromium| fails(chromium, language))),
    );
    trials
}

fn begun(chromium: &Chromium, device: &Device, root: &Root, language: Language) -> (Tab, Asked) {
    person::answered(device, Step::Summary, language);
    let mut tab = Tab::open(chromium);
    tab.go(&device.url("/setup/summary"));
    person::next(&mut tab);
    let asked = root.asked();
    let Ask::SetUp(change) = &asked.ask else {
        panic!("something else is asked: {:?}", asked.ask);
    };
    let owner = change.owner.as_ref().expect("an owner");
    assert_eq!(owner.name, "hanako");
    assert_eq!(tab.address(), device.url("/setup/progress"));
    (tab, asked)
}

/// None of these pages has answers.
fn no_step(language: Language) -> Sight {
    Sight {
        language,
        step: false,
    }
}

/// The classes of the parts, in their order.
fn states(tab: &mut Tab) -> String {
    tab.text("[...document.querySelectorAll('.steps li')].map(li => li.className).join(' ')")
}

fn watched(chromium: &Chromium, language: Language) {
    let device = Device::new();
    let root = Root::of(&device);
    let (mut tab, mut asked) = begun(chromium, &device, &root, language);
    let sight = no_step(language);
    assert_eq!(states(&mut tab), ["not-tried"; Work::ALL.len()].join(" "));
    asked.tell(Work::Check, Progress::Begun);
    // Nobody presses anything: the page looks by itself.
    tab.until("document.querySelector('.steps .begun')");
    look(&mut tab, sight, "begun");
    asked.tell(Work::Check, Progress::Done);
    for work in [Work::Settings, Work::Name, Work::Place] {
        asked.part(work);
    }
    asked.tell(Work::Secrets, Progress::Unchanged);
    asked.tell(Work::Network, Progress::Begun);
    tab.until("document.querySelectorAll('.steps .ok').length === 5");
    let expected = "ok ok ok ok ok begun not-tried not-tried";
    tab.until(&format!(
        "[...document.querySelectorAll('.steps li')].map(li => li.className).join(' ') === '{expected}'"
    ));
    look(&mut tab, sight, "applying");
    sight::for_the_guide(&mut tab, language, "applying");
    // Whoever wants to look at something else meanwhile is led back.
    tab.go(&device.url("/setup/owner"));
    assert_eq!(tab.address(), device.url("/setup/progress"));
    asked.tell(Work::Network, Progress::Done);
    asked.part(Work::Owner);
    // What keeper-apply has made of the device by now.
    let Ask::SetUp(change) = &asked.ask else {
        unreachable!("it was looked at")
    };
    device.configure(&change.keeper_toml);
    fs_err::write(device.path("mark"), "").expect("the mark");
    asked.part(Work::Finish);
    asked.say(&Answer::Done { confirm: Some(90) });
    let shown = "document.querySelector('main')?.innerText.includes('study.local')";
    tab.until(shown);
    tab.until("document.querySelector('form[action=\"/setup/confirm\"]')");
    look(&mut tab, sight, "done-confirm");
    tab.loading(|tab| {
        tab.click("form[action='/setup/confirm'] button");
        let mut confirmed = root.asked();
        assert!(
            matches!(confirmed.ask, Ask::Confirm {}),
            "{:?}",
            confirmed.ask
        );
        confirmed.say(&Answer::Done { confirm: None });
    });
    assert!(tab.is(shown) && !tab.is("document.querySelector('form')"));
    look(&mut tab, sight, "done");
    // Addresses as at home, and not those of whatever machine tests this.
    tab.ask(
        "(rows => { if (rows.length < 4) return;
            const [first, ...more] = rows[1].querySelectorAll('code');
            first.textContent = '192.168.1.23'; more.forEach(it => it.remove()); })
            (document.querySelectorAll('.answers:first-of-type dl > div'))",
    );
    sight::for_the_guide(&mut tab, language, "done");
    // From now on the device's address is the dashboard's, in the owner's language as soon as keeper.toml has it.
    tab.go(&device.url("/"));
    assert!(
        tab.is("document.querySelector('.board')"),
        "{}",
        tab.address()
    );
    sight::is_at_peace(&mut tab, &device);
}

fn fails(chromium: &Chromium, language: Language) {
    let device = Device::new();
    let root = Root::of(&device);
    let (mut tab, mut asked) = begun(chromium, &device, &root, language);
    let sight = no_step(language);
    asked.part(Work::Check);
    asked.tell(Work::Network, Progress::Begun);
    asked.say(&Answer::Failed {
        message: "joining Upstairs: the password is wrong".to_owned(),
    });
    tab.until("document.querySelector('.alert code')");
    let said = tab.text("document.querySelector('main').innerText");
    assert!(said.contains("the password is wrong"), "{said}");
    look(&mut tab, sight, "failed");
    // All answers are still there, the secrets too.
    tab.loading(|tab| tab.click("a.primary"));
    person::assert_at(&mut tab, &device, Step::Summary);
    person::next(&mut tab);
    // And this time whoever makes the change is lost on the way.
    drop(root.asked());
    tab.until("document.querySelector('.alert code')");
    look(&mut tab, sight, "unknown");
    fs_err::write(device.path("mark"), "").expect("the mark");
    tab.until("document.querySelector('main')?.innerText.includes('study.local')");
    sight::is_at_peace(&mut tab, &device);
}

fn refused(chromium: &Chromium) {
    let device = Device::new();
    root::real(&device);
    person::answered(&device, Step::Summary, "en");
    let mut tab = Tab::open(chromium);
    tab.go(&device.url("/setup/summary"));
    person::next(&mut tab);
    tab.until("document.querySelector('.alert code')");
    // keeperd knows this zone, and root looks with its own eyes.
    let said = tab.text("document.querySelector('.alert').innerText");
    assert_eq!(said.trim(), "this device knows no time zone Europe/Berlin");
    tab.loading(|tab| tab.click("a.primary"));
    person::assert_at(&mut tab, &device, Step::Summary);
}
