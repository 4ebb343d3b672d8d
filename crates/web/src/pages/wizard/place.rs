//! Keyboard, time zone, and name on the network.

use super::Page;
use super::parts::{self, Typed};
use crate::words::wizard::KEYBOARDS;
use maud::{Markup, html};
use setup::Field;

/// The list of time zones in the page.
const ZONES: &str = "zones";

pub(super) fn fields(page: &Page<'_>) -> Markup {
    let keyboards =
        KEYBOARDS.map(|(value, english, japanese)| (value, page.pick(english, japanese)));
    html! {
        (parts::select(page, Field::Keyboard, Typed { required: true, ..Typed::default() }, &keyboards, None))
        (parts::line(page, Field::Timezone, Typed {
            required: true,
            list: Some(ZONES),
            most: Some(64),
            pattern: Some("[A-Za-z][A-Za-z0-9_+\\/\\-]*"),
            ..Typed::default()
        }))
        datalist id=(ZONES) { @for zone in &page.view.zones { option value=(zone) {} } }
        (parts::line(page, Field::Hostname, Typed {
            required: true,
            most: Some(63),
            pattern: Some("[a-z0-9]([a-z0-9\\-]*[a-z0-9])?"),
            ..Typed::default()
        }))
    }
}
