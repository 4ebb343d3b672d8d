//! What can be seen of a page, and whether it is well: `sight.js` looks, and here is what is made of it.

mod palette;

use std::path::PathBuf;

use e2e::tab::Tab;
use serde_json::{Value, json};

use crate::device::Device;
use crate::person::Language;

const LOOK: &str = include_str!("sight.js");

/// The sizes of a screen that the pages are made for, smallest first.
pub const SIZES: [(u32, u32); 3] = [(800, 600), (1280, 720), (1920, 1080)];

/// A page and what is expected of it.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    pub language: Language,
    /// Whether it is one of the pages with answers, with the way through them above.
    pub step: bool,
}

impl Sight {
    /// That nothing is wrong with what is shown now.
    #[track_caller]
    pub fn is_well(&self, tab: &mut Tab, what: &str) {
        let wrong = self.wrong(tab);
        assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
    }

    /// What is wrong with it, each after its kind.
    #[track_caller]
    pub fn wrong(&self, tab: &mut Tab) -> Vec<String> {
        let expected = json!({"language": self.language, "step": self.step});
        let wrong = tab.ask(&format!("{LOOK}({expected})"));
        let kinds = wrong.as_object().expect("lines by kind").iter();
        kinds
            .flat_map(|(kind, lines)| {
                let lines = lines.as_array().expect("lines").iter();
                lines.map(move |line| format!("{kind}: {}", line.as_str().unwrap_or_default()))
            })
            .collect()
    }
}

/// That all came from the device, and nothing was complained about.
#[track_caller]
pub fn is_at_peace(tab: &mut Tab, device: &Device) {
    let origin = device.origin() + "/";
    let elsewhere = |url: &String| !url.starts_with(&origin);
    let requests: Vec<String> = tab.requests().into_iter().filter(elsewhere).collect();
    assert_eq!(requests, [""; 0], "something was fetched from elsewhere");
    assert_eq!(tab.complaints(), [""; 0]);
}

/// Where a picture is kept.
pub fn file(name: &str) -> PathBuf {
    let cache = e2e::setting("E2E_CACHE");
    cache
        .join("test-artefacts/wizard")
        .join(format!("{name}.png"))
}

/// Keeps a picture for the guide, which `cargo xtask test --pictures` fetches: as the page is at first sight, of a usual
/// size, and with few colours.
pub fn for_the_guide(tab: &mut Tab, language: Language, page: &str) {
    tab.looks((1024, 768), false);
    tab.ask("scrollTo(0, 0), document.activeElement.blur()");
    tab.point_at_nothing();
    let ending = if language == "en" { "" } else { ".ja" };
    let file = file(&format!("guide/{page}{ending}"));
    tab.picture(&file);
    palette::reduce(&file);
}

/// Whether what has the focus is marked for the eye: a ring that stands out from what is around it.
pub fn ring(tab: &mut Tab) -> Value {
    tab.ask(
        "(() => { const it = document.activeElement.closest('.card') ?? document.activeElement;
           const style = getComputedStyle(it);
           return [style.outlineStyle, parseFloat(style.outlineWidth)]; })()",
    )
}
