//! What fields look like. Each has a label; its hint and what is wrong with it are tied to it.

use super::Page;
use crate::wizard::form::{GO, ON, TOKEN};
use crate::words::wizard as words;
use maud::{Markup, html};
use setup::Field;

/// What is particular about a field that is typed.
#[derive(Clone, Copy, Default)]
pub(super) struct Typed {
    /// Whether the form waits for it.
    pub(super) required: bool,
    /// Whether it is no matter of taste, even if the form does not wait for it.
    pub(super) expected: bool,
    /// What a browser may fill in; `off` when empty.
    pub(super) autocomplete: &'static str,
    /// Which keys a screen keyboard shows.
    pub(super) mode: Option<&'static str>,
    /// As HTML has it: matches all of it.
    pub(super) pattern: Option<&'static str>,
    /// Characters.
    pub(super) least: Option<u16>,
    /// Characters.
    pub(super) most: Option<u16>,
    /// The `id` of a list of proposals.
    pub(super) list: Option<&'static str>,
    /// An example, never more than the hint says.
    pub(super) example: Option<&'static str>,
}

impl Typed {
    fn autocomplete(&self) -> &'static str {
        if self.autocomplete.is_empty() {
            "off"
        } else {
            self.autocomplete
        }
    }
}

/// What the form must carry.
pub(super) fn token(token: &str) -> Markup {
    html! { input type="hidden" name=(TOKEN) value=(token); }
}

/// A button beside the main one; a form need not be right for it, unless it goes on.
pub(super) fn button(go: &str, text: &str, unchecked: bool) -> Markup {
    html! {
        button.button type="submit" name=(GO) value=(go) formnovalidate[unchecked] { (text) }
    }
}

/// One line of text.
pub(super) fn line(page: &Page<'_>, field: Field, typed: Typed) -> Markup {
    let name = field.as_str();
    around(
        page,
        field,
        !(typed.required || typed.expected),
        html! {
            input id=(name) name=(name) type="text" value=(page.text(field))
                autocomplete=(typed.autocomplete()) autocapitalize="none" spellcheck="false"
                inputmode=[typed.mode] pattern=[typed.pattern] minlength=[typed.least] maxlength=[typed.most]
                list=[typed.list] placeholder=[typed.example] required[typed.required]
                aria-describedby=[described(page, field)] aria-invalid=[invalid(page, field)];
        },
    )
}

/// Several lines of text.
pub(super) fn lines(page: &Page<'_>, field: Field, rows: u8, example: &str) -> Markup {
    let name = field.as_str();
    around(
        page,
        field,
        true,
        html! {
            // A browser drops the first line end; what begins with one would lose it.
            textarea id=(name) name=(name) rows=(rows) autocomplete="off" autocapitalize="none" spellcheck="false"
                wrap="off" placeholder=(example)
                aria-describedby=[described(page, field)] aria-invalid=[invalid(page, field)] {
                "\n" (page.text(field))
            }
        },
    )
}

/// A secret: what is kept is not in the page.
pub(super) fn secret(page: &Page<'_>, field: Field, typed: Typed) -> Markup {
    let name = field.as_str();
    let kept = page.is_settled(field);
    let placeholder = kept.then(|| {
        page.pick(
            "Kept – leave empty to keep it",
            "保存済み(変更しない場合は空のまま)",
        )
    });
    let required = typed.required && !kept;
    around(
        page,
        field,
        !(typed.required || typed.expected),
        html! {
            input id=(name) name=(name) type="password" autocomplete=(typed.autocomplete())
                minlength=[typed.least] maxlength=[typed.most] placeholder=[placeholder] required[required]
                aria-describedby=[described(page, field)] aria-invalid=[invalid(page, field)];
        },
    )
}

/// A choice among many. What is in force can be chosen even if it is not among them.
pub(super) fn select(
    page: &Page<'_>,
    field: Field,
    wanted: Typed,
    options: &[(&str, &str)],
    none: Option<&str>,
) -> Markup {
    let name = field.as_str();
    let chosen = page.text(field);
    let known = chosen.is_empty() || options.iter().any(|(value, _)| *value == chosen);
    around(
        page,
        field,
        !(wanted.required || wanted.expected),
        html! {
            select id=(name) name=(name) autocomplete="off" required[wanted.required]
                aria-describedby=[described(page, field)] aria-invalid=[invalid(page, field)] {
                @if let Some(none) = none { option value="" selected[chosen.is_empty()] { (none) } }
                @if !known { option value=(chosen) selected { (chosen) } }
                @for (value, text) in options {
                    option value=(value) selected[*value == chosen] { (text) }
                }
            }
        },
    )
}

/// Something to tick.
pub(super) fn switch(page: &Page<'_>, field: Field) -> Markup {
    let name = field.as_str();
    html! {
        div.field.switch {
            input id=(name) name=(name) type="checkbox" value=(ON) checked[page.is_on(field)] autocomplete="off"
                aria-describedby=[described(page, field)] aria-invalid=[invalid(page, field)];
            div {
                label for=(name) { (words::label(field, page.language())) }
                (hint_and_fault(page, field))
            }
        }
    }
}

/// A field's fault, for where the field is not a single input.
pub(super) fn fault(page: &Page<'_>, field: Field) -> Markup {
    html! {
        @if let Some(fault) = page.fault(field) {
            p.fault id=(format!("{}-fault", field.as_str())) { (words::sentence(fault, page.language())) }
        }
    }
}

/// The `id` of what a link to a field leads to: of a choice among buttons, the first one.
pub(super) fn first_of(field: Field) -> &'static str {
    match field {
        Field::Language => "language-en",
        Field::Runtime => "runtime-colab",
        _ => field.as_str(),
    }
}

fn around(page: &Page<'_>, field: Field, optional: bool, input: Markup) -> Markup {
    html! {
        div.field {
            label for=(field.as_str()) {
                (words::label(field, page.language()))
                @if optional { " " span.optional { (page.pick("(optional)", "(省略可)")) } }
            }
            (hint_and_fault(page, field))
            (input)
        }
    }
}

fn hint_and_fault(page: &Page<'_>, field: Field) -> Markup {
    let hint = words::hint(field, page.language());
    html! {
        @if !hint.is_empty() { p.hint id=(format!("{}-hint", field.as_str())) { (hint) } }
        (fault(page, field))
    }
}

/// The ids of what describes a field.
pub(super) fn described(page: &Page<'_>, field: Field) -> Option<String> {
    let name = field.as_str();
    let has_hint = !words::hint(field, page.language()).is_empty();
    let hint = has_hint.then(|| format!("{name}-hint"));
    let fault = page.fault(field).map(|_| format!("{name}-fault"));
    let ids: Vec<String> = hint.into_iter().chain(fault).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

pub(super) fn invalid(page: &Page<'_>, field: Field) -> Option<&'static str> {
    page.fault(field).map(|_| "true")
}
