//! Ways through the pages that are not straight on: back and forward, loaded anew, two tabs, and a keeperd
//! that is killed in the middle. Whatever was answered is still there.

use e2e::chromium::Chromium;
use e2e::tab::Tab;
use libtest_mimic::Trial;
use setup::{Field, Step};

use crate::device::Device;
use crate::person::{self, PASSWORD, WIFI};
use crate::root::Root;
use crate::scenario;
use crate::sight;

pub fn trials() -> Vec<Trial> {
    vec![
        scenario("back_and_forward_lose_nothing", back_and_forward),
        scenario("a_page_that_is_loaded_anew_is_the_same", anew),
        scenario("each_tab_sees_what_the_other_was_told", two_tabs),
        scenario("a_page_of_before_skips_no_check", stale),
        scenario("who_is_killed_goes_on_where_they_were", killed),
    ]
}

fn at(chromium: &Chromium, device: &Device, step: Step) -> Tab {
    person::answered(device, step, "en");
    let mut tab = Tab::open(chromium);
    tab.go(&device.url(&format!("/setup/{}", step.as_str())));
    tab
}

fn back_and_forward(chromium: &Chromium) {
    let device = Device::new();
    let mut tab = at(chromium, &device, Step::Place);
    for step in [Step::Place, Step::Network, Step::Owner] {
        person::fill(&mut tab, step, "en");
        person::next(&mut tab);
    }
    // The browser's own buttons, as far as there is anything before.
    for step in [Step::Owner, Step::Network, Step::Place] {
        tab.history(-1);
        person::assert_at(&mut tab, &device, step);
        person::assert_answered(&mut tab, step, "en");
    }
    for step in [Step::Network, Step::Owner, Step::Runtime] {
        tab.history(1);
        person::assert_at(&mut tab, &device, step);
    }
    // The page's: what was typed and not sent is kept too, even if it is wrong.
    person::press(&mut tab, "back");
    person::assert_at(&mut tab, &device, Step::Owner);
    person::assert_answered(&mut tab, Step::Owner, "en");
    tab.fill(&person::id(Field::Owner), "Hanako!");
    person::press(&mut tab, "back");
    person::assert_at(&mut tab, &device, Step::Network);
    person::next(&mut tab);
    assert_eq!(person::value(&mut tab, Field::Owner), "Hanako!");
    // And it is no answer yet: the way on leads past nothing.
    tab.go(&device.url("/setup"));
    person::assert_at(&mut tab, &device, Step::Owner);
    // The password is kept all the while, so that it need not be typed again.
    tab.fill(&person::id(Field::Owner), "hanako");
    person::next(&mut tab);
    person::assert_at(&mut tab, &device, Step::Runtime);
    // A stop of the way above leads back as well.
    tab.loading(|tab| tab.click("nav.way a[href='/setup/place']"));
    person::assert_answered(&mut tab, Step::Place, "en");
    sight::is_at_peace(&mut tab, &device);
}

fn anew(chromium: &Chromium) {
    let device = Device::new();
    let mut tab = at(chromium, &device, Step::Owner);
    tab.reload();
    person::assert_at(&mut tab, &device, Step::Owner);
    person::fill(&mut tab, Step::Owner, "en");
    tab.fill(&person::id(Field::Owner), "root");
    person::next(&mut tab);
    let fault = "document.querySelector('#owner-fault')";
    assert!(tab.is(fault));
    // The answer to a form: loading it anew sends the same once more, and says the same.
    tab.reload();
    assert!(tab.is(fault));
    assert_eq!(person::value(&mut tab, Field::Owner), "root");
    tab.fill(&person::id(Field::Owner), "hanako");
    tab.fill(&person::id(Field::Password), PASSWORD);
    tab.fill(&person::id(Field::Again), PASSWORD);
    person::next(&mut tab);
    person::assert_at(&mut tab, &device, Step::Runtime);
    tab.reload();
    person::assert_at(&mut tab, &device, Step::Runtime);
    tab.go(&device.url("/setup/owner"));
    person::assert_answered(&mut tab, Step::Owner, "en");
}

fn two_tabs(chromium: &Chromium) {
    let device = Device::new();
    let mut one = at(chromium, &device, Step::Place);
    let mut other = Tab::open(chromium);
    other.go(&device.url("/setup/place"));
    person::fill(&mut one, Step::Place, "en");
    person::next(&mut one);
    other.reload();
    person::assert_answered(&mut other, Step::Place, "en");
    person::next(&mut other);
    // Both are on the same page now. The form that was sent last counts, whichever button sent it.
    person::fill(&mut one, Step::Network, "en");
    person::next(&mut one);
    other.fill(&person::id(Field::WifiName), "Downstairs");
    person::press(&mut other, "back");
    person::assert_answered(&mut other, Step::Place, "en");
    one.history(-1);
    one.reload();
    assert_eq!(person::value(&mut one, Field::WifiName), "Downstairs");
    person::answered(&device, Step::Summary, "en");
    for tab in [&mut one, &mut other] {
        tab.go(&device.url("/setup"));
        person::assert_at(tab, &device, Step::Summary);
    }
}

fn stale(chromium: &Chromium) {
    let device = Device::new();
    let root = Root::of(&device);
    let mut old = at(chromium, &device, Step::Owner);
    person::answered(&device, Step::Summary, "en");
    let mut summary = Tab::open(chromium);
    summary.go(&device.url("/setup/summary"));
    // In a tab of before somebody answers wrongly, and goes back.
    old.fill(&person::id(Field::Owner), "root");
    person::press(&mut old, "back");
    // The summary that is still shown knows nothing of it, and begins nothing.
    person::next(&mut summary);
    assert!(root.was_left_alone());
    let alert = summary.text("document.querySelector('.alert').innerText");
    assert!(
        alert.contains("User name") && alert.contains("The system itself uses this name"),
        "{alert}"
    );
    // The rest is as it was.
    let text = summary.text("document.body.innerText");
    for shown in ["study", "Upstairs", "home.duckdns.org"] {
        assert!(text.contains(shown), "{text}");
    }
    // The link leads to the field, which says the same.
    summary.loading(|tab| tab.click(".alert a[href*='#owner']"));
    assert!(summary.is("document.querySelector('#owner-fault')"));
    summary.fill(&person::id(Field::Owner), "hanako");
    person::press(&mut summary, "review");
    person::assert_at(&mut summary, &device, Step::Summary);
    person::next(&mut summary);
    drop(root.asked());
}

fn killed(chromium: &Chromium) {
    let mut device = Device::new();
    let mut tab = at(chromium, &device, Step::Notebook);
    person::fill(&mut tab, Step::Notebook, "en");
    device.killed_and_started();
    // The page is of the one before: nothing is taken, and nothing is lost.
    person::next(&mut tab);
    person::assert_at(&mut tab, &device, Step::Notebook);
    let alert = tab.text("document.querySelector('.alert').innerText");
    assert!(alert.contains("This page had grown old"), "{alert}");
    person::assert_answered(&mut tab, Step::Notebook, "en");
    person::next(&mut tab);
    person::assert_at(&mut tab, &device, Step::Tunnel);
    person::fill(&mut tab, Step::Tunnel, "en");
    person::next(&mut tab);
    person::assert_at(&mut tab, &device, Step::Summary);
    // The secrets of before are asked again, each at its place, and nothing begins without them.
    person::next(&mut tab);
    let alert = tab.text("document.querySelector('.alert').innerText");
    assert!(
        alert.contains("Wi-Fi password") && alert.contains("Password"),
        "{alert}"
    );
    tab.loading(|tab| tab.click(".alert a[href*='#wifi']"));
    tab.fill(&person::id(Field::Wifi), WIFI);
    person::press(&mut tab, "review");
    person::next(&mut tab);
    tab.loading(|tab| tab.click(".alert a[href*='#password']"));
    assert_eq!(person::value(&mut tab, Field::Owner), "hanako");
    tab.fill(&person::id(Field::Password), PASSWORD);
    tab.fill(&person::id(Field::Again), PASSWORD);
    let root = Root::of(&device);
    person::press(&mut tab, "review");
    person::next(&mut tab);
    drop(root.asked());
    // Who comes by the front door is led to where one was: all is answered.
    let mut device = Device::new();
    person::answered(&device, Step::Runtime, "ja");
    device.answer("network", &[("network", "none"), ("wifi_name", "")]);
    device.killed_and_started();
    tab.go(&device.url("/"));
    person::assert_at(&mut tab, &device, Step::Owner);
    assert_eq!(tab.text("document.documentElement.lang"), "ja");
    person::assert_answered(&mut tab, Step::Owner, "ja");
}
