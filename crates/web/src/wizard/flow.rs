//! The way from page to page: which is next, which is before, where each has its address.

use setup::{Fault, Purpose, Reason, Step};

/// The beginning of the addresses of a purpose's pages.
pub(crate) fn base(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::FirstBoot => "/setup",
        Purpose::Settings => "/settings",
    }
}

/// The address of a page.
pub(crate) fn address(purpose: Purpose, step: Step) -> String {
    format!("{}/{}", base(purpose), step.as_str())
}

/// The page of an address, if the purpose has it.
pub(crate) fn parse(purpose: Purpose, text: &str) -> Option<Step> {
    let step = Step::parse(text)?;
    Step::of(purpose).any(|known| known == step).then_some(step)
}

/// The page after this one; the last one stays.
pub(crate) fn next(purpose: Purpose, step: Step) -> Step {
    Step::of(purpose).find(|next| *next > step).unwrap_or(step)
}

/// The page before this one; the first one stays.
pub(crate) fn before(purpose: Purpose, step: Step) -> Step {
    let steps = Step::of(purpose).take_while(|before| *before < step);
    steps.last().unwrap_or(step)
}

/// Whether this keeps a page from being left: a warning does not.
pub(crate) fn is_in_the_way(fault: &Fault) -> bool {
    fault.reason != Reason::NoKey
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_there_is_the_way_back() {
        for purpose in [Purpose::FirstBoot, Purpose::Settings] {
            let steps: Vec<Step> = Step::of(purpose).collect();
            for pair in steps.windows(2) {
                assert_eq!(next(purpose, pair[0]), pair[1]);
                assert_eq!(before(purpose, pair[1]), pair[0]);
            }
            assert_eq!(before(purpose, Step::Language), Step::Language);
            assert_eq!(next(purpose, Step::Summary), Step::Summary);
        }
    }

    #[test]
    fn settings_have_no_page_for_an_owner() {
        assert_eq!(parse(Purpose::FirstBoot, "owner"), Some(Step::Owner));
        assert_eq!(parse(Purpose::Settings, "owner"), None);
        assert_eq!(next(Purpose::Settings, Step::Network), Step::Runtime);
        assert_eq!(parse(Purpose::Settings, "Language"), None);
    }
}
