//! Which notebooks are kept open, and how often they are loaded anew.

use super::Page;
use super::parts::{self, Typed};
use maud::{Markup, html};
use setup::Field;

pub(super) fn fields(page: &Page<'_>) -> Markup {
    html! {
        p.lead {
            (page.pick(
                "You sign in to Google later, on the device’s desktop; the password goes to Google alone.",
                "Google へのログインは、あとで機器のデスクトップから行います。パスワードは Google にだけ送られます。",
            ))
        }
        (parts::lines(page, Field::Notebooks, 4, "https://colab.research.google.com/drive/…"))
        (parts::line(page, Field::ReloadMinutes, Typed {
            required: true,
            mode: Some("numeric"),
            pattern: Some("[0-9]{1,4}"),
            most: Some(4),
            ..Typed::default()
        }))
    }
}
